"""Work handed to Celery: ids in, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from counties.models import Site
from counties.wall import site_scope
from partners.actions.clinical import watch_month


@shared_task(name="partners.watch_clinical_support")
def watch_clinical_support() -> None:
    """Every morning: from the 25th on each site has the row that "no clinical support yet" is told about."""
    today = timezone.localdate()
    for site in Site.objects.all():
        if not site.is_closed:
            with site_scope(site.id):
                watch_month(today)
