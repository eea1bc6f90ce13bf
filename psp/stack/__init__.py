"""The embedded stack: a real PostgreSQL and a real Redis, started by the product itself.

`ensure()` is called before Django's settings are read, by manage.py, psp/celery.py, psp/wsgi.py and the tests.
Afterwards the environment holds

    DATABASE_URL        signs in as psp_web, which may become psp_app or psp_state
    DATABASE_OWNER_URL  signs in as psp_migrator, which may become psp_owner (migrations)
    REDIS_URL
    PSP_SECRET_KEY, PSP_FIELD_KEYS      unless the operator brought the database: then the keys as well

What is already set is used as it is:

* both database addresses: two roles made by the operator with roles.sql and database.sql (production);
* DATABASE_URL alone, and its role is a superuser (a developer's own server): our roles are made there, and the
  product goes on as psp_web with a password kept in the data directory. Roles belong to a whole server, so only one
  data directory may use a server this way;
* DATABASE_URL alone, any other role: the application runs, commands that need the owner refuse.

What is not set is started under PSP_DATA_DIR (default `.psp` in the project), listening on 127.0.0.1 only, with
passwords made once and kept there in `secrets.json`, readable by its owner alone. Two data directories make two
independent stacks. A new database is migrated once, and has no demo data.

The servers belong to a small keeper process (keeper.py) and stay while at least one process that called
`ensure()` lives, however that process ends; then they stop. So nothing is left behind, and a command typed while
`make demo` runs shares its servers. Not for production: there, set the addresses.
"""

from psp.stack.data_dir import DataDir, data_dir
from psp.stack.keeping import StackNotStarted
from psp.stack.ready import ensure, for_command

__all__ = ["DataDir", "StackNotStarted", "data_dir", "ensure", "for_command"]
