"""Questions tests put to the audit trail of a site."""

from __future__ import annotations

from accounts.models import User
from audit.models import AuditEvent
from counties.models import Site
from counties.wall import site_scope


def recorded(site: Site, verb: str, about: object = None, by: User | None = None) -> bool:
    """Whether the site's trail holds the verb, about this row (or id) and by this person when they are given."""
    with site_scope(site.id):
        events = AuditEvent.objects.filter(verb=verb)
        if about is not None:
            events = events.filter(object_ids__contains=[str(getattr(about, "pk", about))])
        if by is not None:
            events = events.filter(actor_id=by.pk)
        return events.exists()


def verbs_about(site: Site, kind: str, row: object) -> list[str]:
    """The verbs of a row's trail, in alphabetical order."""
    with site_scope(site.id):
        return sorted(AuditEvent.objects.about(kind, row.pk).values_list("verb", flat=True))
