"""Mail of this room. It names the program and a link, never a family."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from counties.actions.invitations import token_of
from counties.models import Invitation


def invitation_mail(invitation: Invitation) -> EmailMessage:
    """The mail with the link that accepts an invitation."""
    link = settings.ADDRESS.rstrip("/") + reverse("invitation", args=[token_of(invitation)])
    body = render_to_string("counties/invitation_mail.txt", {"invitation": invitation, "link": link})
    place = invitation.site.name if invitation.site else "the State of Wisconsin"
    return EmailMessage(f"PSP: your invitation to {place}", body, to=[invitation.email])
