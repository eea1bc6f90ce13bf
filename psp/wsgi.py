"""What the web server runs: `gunicorn psp.wsgi --preload`.

Loaded once, before gunicorn forks: every address with all behind it, and no connection, for those cannot be shared.
"""

import os

from django.core.wsgi import get_wsgi_application

from psp import stack

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psp.settings")
stack.ensure()

application = get_wsgi_application()

from django.db import connections  # noqa: E402 (settings are read only now)
from django.urls import get_resolver  # noqa: E402

from counties.checks import refuse_dangerous_role  # noqa: E402

refuse_dangerous_role()
get_resolver().url_patterns  # noqa: B018 (reading it loads every view)
connections.close_all()
