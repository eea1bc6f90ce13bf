"""The queue's app: `celery -A psp worker`, `celery -A psp beat`. Its schedule is in settings."""

import os

from celery import Celery

from psp import stack

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psp.settings")
stack.ensure()

app = Celery("psp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
