"""Mail of this room. It names the program and a link, never a family."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from counties.actions.invitations import token_of
from counties.models import Invitation


def invitation_mail(invitation: Invitation) -> EmailMessage:
    """The mail with the link that accepts an invitation."""
    link = settings.ADDRESS.rstrip("/") + reverse("invitation", args=[token_of(invitation)])
    body = render_to_string("counties/invitation_mail.txt", {"invitation": invitation, "link": link})
    place = invitation.site.name if invitation.site else "the State of Wisconsin"
    return EmailMessage(f"PSP: your invitation to {place}", body, to=[invitation.email])


def digest_mail(person: User, news: list[tuple[str, int, int]]) -> EmailMessage:
    """The mail that says how many messages wait.

    Args:
        news: for each site its name, how many messages are new, and how many wait in all.
    """
    link = settings.ADDRESS.rstrip("/") + reverse("account_login") if settings.ADDRESS else ""
    body = render_to_string("counties/digest_mail.txt", {"news": news, "link": link, "person": person})
    return EmailMessage(digest_words(news), body, to=[person.email])


def digest_words(news: list[tuple[str, int, int]]) -> str:
    """One line that may stand in a mail's subject or a text message."""
    new = sum(count for _, count, _ in news)
    return f"PSP: {new} new message{'s wait' if new != 1 else ' waits'} for you"
