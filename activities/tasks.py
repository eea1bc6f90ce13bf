"""Work handed to Celery: ids in, safe to run twice."""

from celery import shared_task

from activities.actions.drafts import expire_drafts as expire
from counties.models import Site
from counties.wall import site_scope


@shared_task(name="activities.expire_drafts")
def expire_drafts() -> None:
    """Every night: unfinished contacts that nobody has edited for days are emptied."""
    for site_id in Site.objects.values_list("id", flat=True):
        with site_scope(site_id):
            expire()
