"""What PSP keeps about a parent, without what is others' (`domain.md` 10.1, 10.6), in headed lists and as a PDF."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags

from activities.models import Contact, FamilyEvent, Goal
from activities.questions import said as said_in_answers
from counties.access import Access
from counties.dates import us_date
from counties.free_text import REPORTER
from families.models import Child, Consent, Disclosure, Parent
from families.panels import parent_facts
from matching.models import Match
from referrals.models import Participation, Referral

WITHHELD = "Withheld."
OURS = {
    "Your own number": "Number at the site",
    "Would like a partner who is a": "You would like a partner who is a",
}
"""Words of the staff's page that would mislead the parent."""
LEFT_OUT = (
    "Left out, as the law asks: who made a report, incidents, notes of the staff, and what concerns somebody else."
    " Ask your coordinator if something is wrong or missing."
)


def sections_of(
    access: Access, parent: Parent, *, with_notes: bool
) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Headed lists of (term, value). A note that may tell who reported is withheld, whatever was ticked."""
    mine = {"referral__parent": parent}
    contacts = Contact.objects.visible_to(access).filter(**mine).select_related("partner").order_by("held_on")
    contacts = contacts.prefetch_related("answers__question")
    events = FamilyEvent.objects.visible_to(access).filter(**mine, is_cancelled=False).order_by("held_on")
    parts = Participation.objects.visible_to(access).filter(parent=parent).select_related("enrollment")
    matches = (
        Match.objects.visible_to(access).filter(~Q(starts_on=None), parent=parent).select_related("partner")
    )
    sections = [
        ("About you", [_fact(term, value) for term, value in parent_facts(parent) if value]),
        ("Your children", _children(access, parent)),
        ("Referrals", [_referral(r) for r in Referral.objects.visible_to(access).filter(parent=parent)]),
        ("Taking part", [(us_date(p.starts_on), _until(p.ends_on)) for p in parts]),
        ("Your parent partners", [(str(m.partner), f"{us_date(m.starts_on)}, {_until(m.ends_on)}") for m in matches]),
        ("Contacts", [(us_date(c.held_on), _contact(c, with_notes)) for c in contacts]),
        ("Hearings and meetings", [(us_date(e.held_on), e.get_kind_display()) for e in events]),
        ("Your goals", [(us_date(g.set_on), f"{g.words} ({g.get_status_display().lower()})") for g in
                        Goal.objects.visible_to(access).filter(parent=parent)]),
        ("Your consents", [_consent(c) for c in Consent.objects.visible_to(access).filter(parent=parent)]),
        ("What was shared about you", [
            (us_date(d.disclosed_on), f"{d.what}, to {d.recipient}, for {d.purpose}")
            for d in Disclosure.objects.visible_to(access).filter(parent=parent)
        ]),
    ]  # fmt: skip
    return [(heading, items) for heading, items in sections if items]


def _fact(term: str, value: Any) -> tuple[str, str]:
    return OURS.get(term, term), strip_tags(str(value))


def _children(access: Access, parent: Parent) -> list[tuple[str, str]]:
    children = (
        Child.objects.visible_to(access).filter(family=parent.family).prefetch_related("removal_episodes")
    )
    return [(str(child), "; ".join(_life(child)) or "No more is recorded") for child in children]


def _life(child: Child) -> list[str]:
    born = [f"Born {us_date(child.date_of_birth)}"] if child.date_of_birth else []
    away = [
        f"Out of home from {us_date(e.removed_on)}, {_until(e.discharged_on)}"
        for e in child.removal_episodes.all()
    ]
    return born + away


def _referral(referral: Referral) -> tuple[str, str]:
    decided = (
        f": {referral.get_outcome_display().lower()} on {us_date(referral.decided_on)}"
        if referral.decided_on
        else ""
    )
    return us_date(referral.referred_on), f"{referral.reference}{decided}"


def _contact(contact: Contact, with_notes: bool) -> str:
    said = f"{contact.get_mode_display()}, {contact.get_result_display().lower()}, with {contact.partner}"
    own = said_in_answers(contact.answers.all())
    said += f". {own}" if own else ""
    if not (with_notes and contact.note_read):
        return said
    # An entry shared with another family speaks of both; a phrase about a report may point to who made it.
    tells_of_others = contact.shared_id is not None or REPORTER.search(contact.note_read)
    return f"{said}. {WITHHELD if tells_of_others else contact.note_read}"


def _consent(consent: Consent) -> tuple[str, str]:
    to = f" to {consent.recipient}, for {consent.purpose}" if consent.recipient else ""
    ended = f"; revoked {us_date(timezone.localdate(consent.revoked_at))}" if consent.revoked_at else ""
    return us_date(
        consent.starts_on
    ), f"{consent.get_kind_display()}{to}, {_until(consent.expires_on)}{ended}"


def _until(day: Any) -> str:
    return f"until {us_date(day)}" if day else "still"


def as_pdf(
    parent: Parent, sections: list[tuple[str, list[tuple[str, Any]]]], *, mark: str, reason: str
) -> bytes:
    """The copy as an accessible PDF; `mark` says who made it, when and where, `reason` what for."""
    from reporting.files.as_pdf import print_html  # WeasyPrint takes seconds to load; only a worker prints

    facts = {"parent": parent, "sections": sections, "mark": mark, "reason": reason, "left_out": LEFT_OUT}
    return print_html(render_to_string("psp/copy_pdf.html", facts))
