"""The one way to write into the trail."""

import logging
from collections.abc import Iterable

from audit import context
from audit.models import AuditEvent

log = logging.getLogger(__name__)
LONGEST_ID = (
    64  # an id may come from an address, mistyped or made up; a refusal must be recorded all the same
)


def record(
    verb: str,
    *objects: object,
    kind: str = "",
    ids: Iterable[object] = (),
    reason: str = "",
    site_id: int | None = None,
    actor_id: int | None = None,
    **facts: object,
) -> AuditEvent:
    """Add one event: `record("match.ended", match, reason=...)`, `record("family.viewed", family)`.

    A list page is one event with the ids shown (`kind="family", ids=[...]`). `facts` are counts, codes and
    file kinds, never names or field values (ASVS 16.2.5). Written in the caller's transaction, so an action
    and its event stand or fall together.
    """
    now = context.current()
    shown = [_id(getattr(o, "pk", o)) for o in objects] or [_id(i) for i in ids]
    return AuditEvent.objects.create(
        verb=verb,
        object_kind=kind or (objects[0]._meta.model_name if objects and hasattr(objects[0], "_meta") else ""),
        object_ids=shown,
        reason=reason,
        facts=facts,
        site_id=site_id if site_id is not None else now.site_id,
        actor_id=actor_id if actor_id is not None else now.actor_id,
        source=now.source,
        ip_hash=now.ip_hash,
        request_id=now.request_id,
    )


def _id(value: object) -> str:
    """An id as the trail keeps it: PostgreSQL's JSON holds no NUL."""
    return str(value).replace("\0", "")[:LONGEST_ID]
