"""No setting of a session takes a trigger out of the way.

Every trigger of pgtrigger first asks a function whether the session named it in `pgtrigger.ignore`. The application's
role could name it as well, in raw SQL, so here that function answers no, whoever asks. A table's owner may still
disable a trigger of it: a change of the schema, which no application role can make.
"""

from pgtrigger import compiler

IGNORE_NOTHING = """
CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT false';
"""


def let_nothing_be_ignored() -> None:
    """Installing any trigger brings the library's own function back; let the same statement replace it again."""

    def install_sql(self: compiler.Trigger) -> str:
        return f"{self.sql}{IGNORE_NOTHING}"

    setattr(compiler.Trigger, "install_sql", property(install_sql))  # noqa: B010 (a property, replaced)
