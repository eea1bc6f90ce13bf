"""What the web server runs: `gunicorn psp.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from psp import stack

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psp.settings")
stack.ensure()

application = get_wsgi_application()

from counties.checks import refuse_dangerous_role  # noqa: E402 (models load only now)

refuse_dangerous_role()
