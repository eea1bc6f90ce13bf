"""V18: no screen, code, import or API offers testifying, writing the case plan, supervising, or transporting."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.urls import get_resolver

from activities import forms as contact_forms
from activities import forms_family
from activities.api import ContactSerializer
from activities.codes import Activity, IncidentType, ResourceType
from activities.imports import ContactsSheet
from activities.models import Contact

OFFERED = {
    "mentoring", "case_plan_engagement", "court_prep", "court_attend", "court_debrief", "team_meeting",
    "permanency_review", "family_interaction_prep", "family_interaction_debrief", "parent_child_connection",
    "resource_linkage", "goal_setting", "skill_practice", "recovery_support", "crisis_support", "system_navigation",
    "peer_group", "celebration_closing", "outreach_attempt",
}  # fmt: skip
"""The activities of `domain.md` section 3, no more."""

NEVER = re.compile(
    r"testif|testimon|witness|supervis|transport|driv(e|ing)|\bride|"
    r"(writ|author|creat|draft)\w* (of |up )?(the |a )?case.?plan",
    re.IGNORECASE,
)
HARMLESS = {"transport_resource", "Transportation resource"}
"""A bus pass the parent is linked to; nobody of the program drives a child."""


def _choices() -> set[str]:
    """Every code and label a form of the room offers."""
    classes = [
        one
        for module in (contact_forms, forms_family)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, forms.BaseForm)
    ]
    fields = [field for one in classes for field in one.base_fields.values()]
    listed = [f for f in fields if isinstance(f, forms.ChoiceField | forms.MultipleChoiceField)]
    listed = [f for f in listed if not isinstance(f, forms.ModelChoiceField)]
    return {str(word) for field in listed for pair in field.choices for word in pair}


def test_the_activities_are_those_of_the_list() -> None:
    assert set(Activity.values) == OFFERED


def test_no_code_or_label_names_what_a_partner_never_does() -> None:
    lists = [*Activity.choices, *ResourceType.choices, *IncidentType.choices]
    words = {word for pair in lists for word in pair} | _choices()
    assert "court_attend" in words
    assert {word for word in words if NEVER.search(word)} - HARMLESS == set()


def test_no_address_of_the_room_names_it() -> None:
    room = next(r for r in get_resolver().url_patterns if str(r.pattern) == "sites/<slug:site>/")
    urls = next(r for r in room.url_patterns if getattr(r, "namespace", "") == "activities")
    names = {f"{one.pattern} {one.name}" for one in urls.url_patterns}
    assert names and not {name for name in names if NEVER.search(name)}


def test_import_api_and_database_take_the_same_list() -> None:
    column = next(c for c in ContactsSheet.columns if c.name == "activities")
    assert set(column.codes) == OFFERED
    field = ContactSerializer().fields["activities"]
    assert set(field.child.choices) == OFFERED
    check = next(c for c in Contact._meta.constraints if c.name == "v18_contact_activities")
    assert set(dict(check.condition.children)["activities__contained_by"]) == OFFERED


@pytest.mark.parametrize(
    "forbidden",
    ["Testifying in court", "Supervised visit", "Drive the child", "Writing the case plan", "Transporting"],
)
def test_the_words_looked_for_would_be_found(forbidden: str) -> None:
    assert NEVER.search(forbidden)
