"""A person reads a message, or puts it aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.record import record
from counties.models import Message
from counties.models.messages import Messages

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def read_messages(*, messages: Messages, by: User) -> int:
    """Mark one's own unread messages among these as read; returns how many were."""
    unread = list(messages.filter(person=by, read_at=None).values_list("pk", flat=True))
    if unread:
        Message.objects.filter(pk__in=unread).update(read_at=timezone.now())
        record("message.read", kind="message", ids=unread)
    return len(unread)


@transaction.atomic
def finish_message(*, message: Message, by: User) -> Message:
    """Put a message aside, or take it out again when it was put aside before."""
    message = Message.objects.select_for_update().get(pk=message.pk, person=by)
    now = timezone.now()
    message.done_at = None if message.done_at else now
    message.read_at = message.read_at or now
    message.save(update_fields=["done_at", "read_at"])
    record("message.finished" if message.done_at else "message.reopened", message)
    return message
