"""Migration operation that raises the wall around tenant tables."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation, OperationCategory

POLICY = "(site_id = (current_setting('psp.site'::text))::integer)"
"""The one policy text allowed, as PostgreSQL prints it (`stack.md` 1.3 measured why no other)."""


def _is_tenant(model) -> bool:
    return any(f.name == "site" and f.is_relation for f in model._meta.local_fields)


def _composite_keys(model):
    """Yield (column, target table) for every foreign key of a tenant model to another tenant model."""
    for field in model._meta.local_fields:
        if field.many_to_one or field.one_to_one:
            target = field.remote_field.model
            if field.name not in ("site", "pgh_obj") and _is_tenant(target):
                yield field.column, target._meta.db_table


class RaiseWall(Operation):
    """Row security, `(site_id, id)` keys, composite foreign keys and grants for the named models.

    Args:
        models: model names of the migration's app, parents before children.
        delete: names of models whose rows the application may delete (draft rows only; each has a reason
            in `docs/adr/0003`).
        history: also wall the `<Model>History` tables that `keep_history` made.
    """

    category = OperationCategory.SQL
    reduces_to_sql = True
    reversible = True

    def __init__(self, models, delete=(), history=True):
        self.models, self.delete, self.history = list(models), list(delete), history

    def deconstruct(self):
        kwargs: dict[str, Any] = {"models": self.models}
        if self.delete:
            kwargs["delete"] = self.delete
        if not self.history:
            kwargs["history"] = False
        return (self.__class__.__qualname__, [], kwargs)

    def describe(self):
        return f"Raise the wall around {', '.join(self.models)}"

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for name in self.models:
            model = to_state.apps.get_model(app_label, name)
            self._wall(schema_editor, model._meta.db_table)
            self._keys(schema_editor, model)
            verbs = "SELECT, INSERT, UPDATE" + (", DELETE" if name in self.delete else "")
            schema_editor.execute(f"GRANT {verbs} ON {model._meta.db_table} TO psp_app")
            if self.history:
                past = to_state.apps.get_model(app_label, f"{name}History")._meta.db_table
                self._wall(schema_editor, past)
                schema_editor.execute(f"GRANT SELECT, INSERT ON {past} TO psp_app")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for name in reversed(self.models):
            table = from_state.apps.get_model(app_label, name)._meta.db_table
            schema_editor.execute(f"DROP POLICY site ON {table}")

    @staticmethod
    def _wall(editor, table: str) -> None:
        editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        editor.execute(
            f"CREATE POLICY site ON {table} TO psp_app"
            " USING (site_id = current_setting('psp.site')::int)"
            " WITH CHECK (site_id = current_setting('psp.site')::int)"
        )

    @staticmethod
    def _keys(editor, model) -> None:
        table = model._meta.db_table
        editor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table[:52]}_site_id UNIQUE (site_id, id)")
        for column, target in _composite_keys(model):
            editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {table[:30]}_{column[:22]}_wall"
                f" FOREIGN KEY (site_id, {column}) REFERENCES {target} (site_id, id)"
                " DEFERRABLE INITIALLY DEFERRED"
            )


class Grant(Operation):
    """Grants on tables without row security, read before a site is known; the narrowest that work.

    Args:
        grants: list of (model name, verbs, role), e.g. `("user", "SELECT, INSERT, UPDATE", "psp_app")`.
    """

    category = OperationCategory.SQL
    reduces_to_sql = True
    reversible = True

    def __init__(self, grants):
        self.grants = [tuple(g) for g in grants]

    def deconstruct(self):
        return (self.__class__.__qualname__, [], {"grants": self.grants})

    def describe(self):
        return "Grant " + ", ".join(f"{role}: {name}" for name, _, role in self.grants)

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for name, verbs, role in self.grants:
            model = to_state.apps.get_model(app_label, name)
            schema_editor.execute(f"GRANT {verbs} ON {model._meta.db_table} TO {role}")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for name, _, role in self.grants:
            table = from_state.apps.get_model(app_label, name)._meta.db_table
            schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
