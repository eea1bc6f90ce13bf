"""Asking for a list as a file, making it, and forgetting it when its days are over."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties import jobs
from counties.action_forms import ask_about
from counties.free_text import scan_free_text
from counties.wall.scope import current_site_id
from exchange.exporting import LISTS
from exchange.models import KEEP_FOR, Export

JOB = "export.list"
MADE = ("content", "row_count", "family_ids", "sha256", "made_at", "expires_at")
"""What the worker fills in."""
SAME_CLICK = dt.timedelta(minutes=1)


@transaction.atomic
def ask_for_export(
    *, what: str, kind: str, reason: str, by: User, filters: str = "", confirmed: Collection[str] = ()
) -> Export:
    """Have a worker make a file of a list; the same asked twice in a minute is one.

    Args:
        what: name of one of `LISTS`.
        filters: the list's query string.
        reason: what it is for; goes into the file, the row and the trail.

    Raises:
        SocialSecurityNumber, Unconfirmed: V17, about the reason.
    """
    ask_about(scan_free_text(reason=reason), confirmed)
    same = Export.objects.filter(
        what=what, kind=kind, reason=reason, filters=filters, asked_by=by, made_at=None,
        asked_at__gt=timezone.now() - SAME_CLICK,
    )  # fmt: skip
    if twice := same.first():
        return twice
    export = Export(
        site_id=current_site_id(), what=what, kind=kind, filters=filters, reason=reason, asked_by=by
    )
    export.full_clean(exclude=["site", *MADE])
    export.save(force_insert=True)
    filtered = bool(set(QueryDict(filters)) - {"sort"})
    record("export.asked", export, reason=reason, list=what, file=kind, filtered=filtered)
    jobs.ask_for(kind=JOB, key=str(export.pk), by=by, arguments={"export": str(export.pk)})
    return export


@transaction.atomic
def keep_export(*, export: Export, content: bytes, row_count: int, family_ids: Collection) -> Export:
    """Keep the file a worker made, once; the families in it find the export in their trail."""
    now = timezone.now()
    kept = Export.objects.filter(pk=export.pk, made_at=None).update(
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        row_count=row_count,
        family_ids=sorted(family_ids),
        made_at=now,
        expires_at=now + KEEP_FOR,
    )
    if kept:
        noun = LISTS[export.what].noun
        about = (
            {"kind": "family", "ids": sorted(family_ids)}
            if family_ids
            else {"kind": "export", "ids": [export.pk]}
        )
        record(
            f"{noun}.exported", **about, actor_id=export.asked_by_id, reason=export.reason, rows=row_count,
            file=export.kind, export=str(export.pk),
        )  # fmt: skip
    return export


@transaction.atomic
def forget_expired_exports() -> int:
    """Empty the files whose days are over, in the present site; their rows stay. Returns how many."""
    over = list(Export.objects.over(timezone.now()).values_list("pk", flat=True))
    if over:
        Export.objects.filter(pk__in=over).update(content=b"")
        record("export.expired", kind="export", ids=over)
    return len(over)
