"""What stood in a contact before each correction: who changed it, when and why."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from activities.models import Contact
from audit.models import AuditEvent

SHOWN = 20


def corrections_of(contact: Contact) -> list[dict[str, Any]]:
    """The latest corrections, newest first: `before` (the row as it was), `at`, `by`, `reason`; three queries."""
    rows = list(contact.history.order_by("-pgh_id")[: SHOWN + 1])
    people = User.objects.in_bulk({row.pgh_actor for row in rows if row.pgh_actor})
    asked = AuditEvent.objects.filter(
        verb="contact.corrected", request_id__in={row.pgh_request for row in rows if row.pgh_request}
    )
    reasons = dict(asked.values_list("request_id", "reason"))
    return [
        {
            "before": before,
            "at": after.pgh_created_at,
            "by": people.get(after.pgh_actor),
            "reason": reasons.get(after.pgh_request, ""),
        }
        for after, before in zip(rows, rows[1:], strict=False)
    ]
