"""Work handed to Celery that needs every room: a parent's own copy of the record."""

from __future__ import annotations

import json

from django.utils import timezone

from counties.access import access_to_site
from counties.jobs import CannotDoJob, Progress, Result, handles
from counties.models import Job, Site
from counties.permissions import Right
from counties.wall import site_scope
from families.models import Parent
from psp.record_copy import as_pdf, sections_of

COPY = "record.copy"


@handles(COPY, Right.DISCLOSURE_RECORD)
def make_copy(job: Job, progress: Progress) -> Result:
    """Print the copy a person asked for, by the rights they have now."""
    progress(10, "Reading the record")
    with site_scope(job.site_id, actor_id=job.asked_by_id):
        site = Site.objects.select_related("settings").get(pk=job.site_id)
        access = access_to_site(job.asked_by, site)
        parent = (
            Parent.objects.visible_to(access)
            .select_related("family")
            .filter(pk=job.arguments["parent"])
            .first()
        )
        if parent is None or Right.DISCLOSURE_RECORD not in access:
            raise CannotDoJob("You may not make a copy of this record any more.")
        sections = sections_of(access, parent, with_notes=job.arguments["with_notes"])
    progress(40, "Printing")
    asked = timezone.localtime(job.asked_at)
    mark = f"Made by {job.asked_by.name} on {asked:%m/%d/%Y %H:%M} at {site.name}"
    reason = json.loads(bytes(job.input_file))["reason"]
    content = as_pdf(parent, sections, mark=mark, reason=reason)
    name = f"record-{parent.family.reference}-{asked:%Y-%m-%d}.pdf"
    return Result(file=content, file_name=name, file_type="application/pdf")
