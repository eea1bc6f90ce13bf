"""Mail of this room. It names the program and a link, never a family."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from counties.actions.invitations import token_of
from counties.models import Invitation
from counties.texts import INVITATION


def invitation_mail(invitation: Invitation) -> EmailMessage:
    """The mail with the link that accepts an invitation."""
    link = settings.ADDRESS.rstrip("/") + reverse("invitation", args=[token_of(invitation)])
    place = invitation.site.name if invitation.site else "the State of Wisconsin"
    facts: dict[str, object] = {
        "inviter": invitation.invited_by.name,
        "site": place,
        "role": invitation.label,
    }
    site = invitation.site
    opening = (
        INVITATION.filled(site.settings, **facts) if site else INVITATION.fill(INVITATION.default, facts)
    )
    context = {"invitation": invitation, "link": link, "opening": opening}
    body = render_to_string("counties/invitation_mail.txt", context)
    return EmailMessage(f"PSP: your invitation to {' '.join(place.split())}", body, to=[invitation.email])


def digest_mail(
    person: User, news: list[tuple[str, int, int]], passages: dict[str, str] | None = None
) -> EmailMessage:
    """The mail that says how many messages wait.

    Args:
        news: for each site its name, how many messages are new, and how many wait in all.
        passages: what a site has written itself, by its name.
    """
    link = settings.ADDRESS.rstrip("/") + reverse("account_login") if settings.ADDRESS else ""
    lines = [(site, new, waiting, (passages or {}).get(site, "")) for site, new, waiting in news]
    context = {"lines": lines, "link": link, "person": person}
    body = render_to_string("counties/digest_mail.txt", context)
    return EmailMessage(digest_words(news), body, to=[person.email])


def digest_words(news: list[tuple[str, int, int]]) -> str:
    """One line that may stand in a mail's subject or a text message."""
    new = sum(count for _, count, _ in news)
    return f"PSP: {new} new message{'s wait' if new != 1 else ' waits'} for you"
