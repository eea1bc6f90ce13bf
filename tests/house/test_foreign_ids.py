"""Another site's id in any field of any form, in any filter and behind any `?`: an error without names, recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.db.models import Model
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from counties.forms import SiteChoiceField, SiteMultipleChoiceField
from counties.models import Site
from counties.wall import SiteModel, site_scope
from tests.house.test_urls import SITE, Tried, _own, tried  # noqa: F401
from tests.house.world import CANARY, World, build_world

pytestmark = pytest.mark.django_db

ASKED = (
    "referral",
    "partner",
    "family",
    "parent",
    "child",
    "enrollment",
    "draft",
    "match",
    "session",
    "person",
)
"""What pages are asked for by a link of ours: `?referral=...`."""


NO_TENANT_ROWS = {
    "referrals.views_transfer.OfferTransferForm.to_site": "the other sites, by their public names"
}


def _subclasses(one: type) -> Iterator[type]:
    for below in one.__subclasses__():
        yield below
        yield from _subclasses(below)


def test_every_choice_among_tenant_rows_knows_the_wall() -> None:
    """Django's own field would refuse as well, but tell nobody."""
    open_ones = {
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in _subclasses(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.ModelChoiceField)
        if not isinstance(field, SiteChoiceField | SiteMultipleChoiceField)
        if field.queryset is None or issubclass(field.queryset.model, SiteModel | User)
    }
    assert open_ones == set(NO_TENANT_ROWS)


def _forms(context: Any) -> list[forms.BaseForm]:
    """Every form a page was made with."""
    found = {}
    for layer in context or []:
        for one in layer.dicts if hasattr(layer, "dicts") else [layer]:
            for value in one.values():
                if isinstance(value, forms.BaseForm):
                    found[id(value)] = value
    return list(found.values())


def _choices(form: forms.BaseForm, theirs: dict[type[Model], Any]) -> dict[str, Any]:
    """The names of the form's fields that choose a row, each with a row of the other site."""
    return {
        form.add_prefix(name): theirs[field.queryset.model]
        for name, field in form.fields.items()
        if isinstance(field, forms.ModelChoiceField) and field.queryset.model in theirs
    }


def _refusals(site: Site) -> int:
    with site_scope(site.id):
        return AuditEvent.objects.filter(verb="access.refused").count()


def _keys(world: World) -> dict[type[Model], Any]:
    """Of each kind of thing one, and of its people the coordinator."""
    return {type(thing): thing.pk for thing in world.things.values()} | {User: world.coordinator.pk}


def test_a_row_of_another_site_in_any_field(
    rock: Site,
    door: Site,
    client_for: Callable[[User], Client],
    tried: Tried,  # noqa: F811
) -> None:
    ours, theirs = build_world(rock), build_world(door, token=CANARY)
    keys, seen = _keys(theirs), 0
    asked = {name: theirs.things[name].pk for name in ASKED if name in theirs.things}
    browser = client_for(ours.coordinator)
    for name in SITE:
        address = _own(name, ours)
        page = browser.get(address, asked)
        tried.expect(CANARY not in page.content.decode(errors="replace"), name, "behind a ?")
        if page.status_code == 404:
            page = browser.get(address)
        for form in _forms(page.context):
            sent = _choices(form, keys)
            if not sent:
                continue
            seen, before = seen + len(sent), _refusals(rock)
            is_filter = form.is_bound  # on a page nobody has sent anything to
            for send in (browser.get,) if is_filter else (browser.post, browser.get):
                answer = send(address, sent)
                said = answer.content.decode(errors="replace").lower()
                tried.expect(answer.status_code in (200, 400, 404), name, sorted(sent), answer.status_code)
                tried.expect(CANARY.lower() not in said, name, sorted(sent), "names it")
                if _refusals(rock) > before:
                    break  # a form that is sent by GET takes the second way
            else:
                tried.expect(False, name, sorted(sent), "is not recorded")
    assert seen > 25
