"""A site chooses what it offers of the state's lists, and how it calls it; the state's code stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from activities.actions import correct_contact
from activities.forms import LogContactForm
from activities.models import Contact
from audit.models import AuditEvent
from counties.code_lists import LISTS
from counties.models import Site, SiteSettings
from counties.wall import site_scope
from referrals.models import Referral
from tests.factories.activities import make_contact
from tests.factories.referrals import make_enrollment, make_referral

pytestmark = pytest.mark.django_db
URL = "/sites/rock/settings/lists/"
EVERY = {f"on_{name}_{code}": "on" for name, one in LISTS.items() for code in one.codes.values}


@pytest.fixture
def browser(rock_coordinator: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(rock_coordinator)


def without(*fields: str, **more: str) -> dict[str, str]:
    return {name: value for name, value in EVERY.items() if name not in fields} | more


def test_a_code_switched_off_and_a_word_of_ones_own_hold_at_this_site_only(
    browser: Client, rock: Site, door: Site
) -> None:
    sent = without("on_activity_peer_group", name_activity_mentoring="Walking  alongside")
    assert browser.post(URL, sent).headers["Location"] == URL
    here = SiteSettings.objects.get(site=rock)
    assert here.code_lists["activity"] == {
        "off": ["peer_group"],
        "labels": {"mentoring": "Walking alongside"},
    }
    offered = dict(LISTS["activity"].offered(here))
    assert "peer_group" not in offered and offered["mentoring"] == "Walking alongside"
    assert "peer_group" in dict(LISTS["activity"].offered(door.settings))
    assert here.history.order_by("-pgh_id").first().code_lists == here.code_lists
    with site_scope(rock.id):
        assert AuditEvent.objects.get(verb="settings.changed").facts["fields"] == ["code_lists"]
    page = browser.get(URL).content.decode()
    assert 'value="Walking alongside"' in page and page.count("Always") == 3


@pytest.mark.parametrize(
    ("field", "word", "says"),
    [
        ("name_activity_mentoring", "Peer group", "called the same"),
        ("name_activity_resource_linkage", "Transportation to visits", "never does this"),
        ("name_activity_mentoring", "123-45-6789", "Social Security"),
        ("name_referral_source_gal", "x" * 41, "at most 40"),
    ],
)
def test_a_word_that_cannot_stand_is_refused_beside_its_field(
    browser: Client, rock: Site, field: str, word: str, says: str
) -> None:
    page = browser.post(URL, without(**{field: word}))
    assert page.status_code == 200
    form = page.context["form"]
    assert says in str(form.errors[field]) and form[field].value() == word
    assert SiteSettings.objects.get(site=rock).code_lists == {}


def test_what_a_rule_needs_cannot_be_switched_off(browser: Client, rock: Site) -> None:
    browser.post(URL, {"name_activity_mentoring": ""})
    settings = SiteSettings.objects.get(site=rock)
    assert [code for code, _ in LISTS["activity"].offered(settings)] == ["outreach_attempt"]
    assert [code for code, _ in LISTS["referral_source"].offered(settings)] == ["self", "other"]


def test_a_code_switched_off_stays_on_old_contacts_and_is_refused_for_new_ones(
    browser: Client, rock: Site, rock_coordinator: User
) -> None:
    enrollment = make_enrollment(rock)
    contact = make_contact(rock, enrollment, activities=["peer_group"])
    browser.post(URL, without("on_activity_peer_group"))
    facts = {
        "held_on": contact.held_on,
        "mode": "phone",
        "result": "completed",
        "minutes": 30,
        "by": rock_coordinator,
    }
    assert "Peer group" in browser.get(f"/sites/rock/contacts/{contact.pk}/").content.decode()
    form = browser.get(f"/sites/rock/contacts/{contact.pk}/correct/").context["form"]
    assert "peer_group" in dict(form.fields["activities"].choices)
    form = browser.get("/sites/rock/contacts/log/").context["form"]
    assert isinstance(form, LogContactForm) and "peer_group" not in dict(form.fields["activities"].choices)
    other = make_contact(rock, enrollment, activities=["mentoring"])
    with site_scope(rock.id):
        correct_contact(contact=contact, reason="typo", activities=["peer_group"], **facts)
        with pytest.raises(ValidationError, match="no longer offers “Peer group”"):
            correct_contact(contact=other, reason="typo", activities=["peer_group"], **facts)
        assert Contact.objects.get(pk=other.pk).activities == ["mentoring"]


def test_a_source_switched_off_is_gone_from_every_form_and_readable_on_old_referrals(
    browser: Client, rock: Site, client: Client
) -> None:
    referral = make_referral(rock, source="clts")
    browser.post(URL, without("on_referral_source_clts", name_referral_source_gal="Lawyer of the child"))
    for form in (
        browser.get("/sites/rock/referrals/new/").context["form"],
        client.get("/refer/rock/parent/").context["form"],
    ):
        offered = dict(form.fields["source"].choices)
        assert "clts" not in offered and offered["gal"] == "Lawyer of the child"
    sent = {"source": "clts", "referred_on": "2026-01-05", "first_name": "Ann"}
    assert "source" in browser.post("/sites/rock/referrals/new/", sent).context["form"].errors
    with site_scope(rock.id):
        assert Referral.objects.count() == 1
    listed = browser.get("/sites/rock/referrals/?source=clts").content.decode()
    assert referral.reference in listed and "Children&#x27;s Long-Term Support" in listed
