"""This room's part of the family page (`docs/interface.md`)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.html import format_html

from counties.access import Access
from families.models import Child, Consent, Disclosure, Family, FamilyTie, Merge, Parent


def family_panel(access: Access, family: Family) -> dict[str, Any]:
    """Parents, children with their removals, consents, the latest disclosures, ties and merges; eight queries."""
    today = timezone.localdate()
    parents = list(Parent.objects.visible_to(access).filter(family=family))
    consents = list(Consent.objects.visible_to(access).filter(parent__in=parents).select_related("parent"))
    live = set(Consent.objects.filter(parent__in=parents).live_on(today).values_list("pk", flat=True))
    return {
        "family_facts": _facts(family),
        "parents": [{"parent": parent, "facts": parent_facts(parent)} for parent in parents],
        "children": _children(access, family),
        "live_consents": [c for c in consents if c.pk in live],
        "past_consents": [c for c in consents if c.pk not in live],
        "disclosures": Disclosure.objects.visible_to(access).filter(parent__in=parents)
        .select_related("parent", "disclosed_by")[:5],
        "ties": _ties(access, family),
        "merges": Merge.objects.visible_to(access).standing().filter(kept=family)
        .select_related("emptied", "merged_by"),
    }  # fmt: skip


def _facts(family: Family) -> list[tuple[str, Any]]:
    tracks = dict(Family._meta.get_field("court_tracks").base_field.choices)
    facts = [
        ("Your own number", family.source_id),
        ("eWiSACWIS case id", family.state_case_id),
        ("Court and program tracks", ", ".join(tracks[code] for code in family.court_tracks)),
        ("Notes", family.notes),
    ]
    return [(term, value) for term, value in facts if value]


def parent_facts(parent: Parent) -> list[tuple[str, Any]]:
    """What the parent told, in words; the four first always stand, so that a gap is seen."""
    races = dict(Parent._meta.get_field("races").base_field.choices)
    experience = dict(Parent._meta.get_field("shared_experience").base_field.choices)
    always = [
        ("Phone", _phone(parent)),
        ("Town or city", parent.municipality),
        ("Children's situation", parent.get_case_type_display()),
        ("Language", _language(parent)),
        ("Date of birth", f"{parent.date_of_birth:%m/%d/%Y}" if parent.date_of_birth else ""),
        ("Race", ", ".join(str(races[code]) for code in parent.races)),
    ]
    told = [
        ("E-mail", parent.email),
        ("Gender", parent.get_gender_display()),
        ("Hispanic origin", parent.get_hispanic_display()),
        (
            "Tribal connection",
            ", ".join(filter(None, [parent.get_tribal_connection_display(), parent.tribe])),
        ),
        ("Shared experience", ", ".join(str(experience[code]) for code in parent.shared_experience)),
        ("Would like a partner who is a", parent.get_prefers_gender_display()),
        ("Would like a partner of this culture", parent.prefers_culture),
        ("Your own number", parent.source_id),
    ]
    return always + [(term, value) for term, value in told if value]


def _phone(parent: Parent) -> str:
    """A number that a phone dials at a touch."""
    dialed = "".join(sign for sign in parent.phone if sign.isdigit() or sign == "+")
    return (
        format_html('<a class="usa-link" href="tel:{}">{}</a>', dialed, parent.phone)
        if dialed
        else parent.phone
    )


def _language(parent: Parent) -> str:
    interpreter = ", with an interpreter" if parent.needs_interpreter == "yes" else ""
    return (
        f"{parent.get_language_display()}{interpreter}" if parent.language else interpreter.removeprefix(", ")
    )


def _children(access: Access, family: Family) -> list[Child]:
    return list(
        Child.objects.visible_to(access)
        .filter(family=family)
        .prefetch_related("removal_episodes__placements")
    )


def _ties(access: Access, family: Family) -> list[FamilyTie]:
    """Standing ties, for coordinators; nobody else is told who on the staff knows a family."""
    if "family.seal" not in access:
        return []
    ties = FamilyTie.objects.visible_to(access).standing().filter(family=family)
    return list(ties.select_related("person"))
