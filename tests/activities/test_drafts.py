"""Unfinished contacts: kept while somebody types, taken up on any device, nobody else's, gone in time."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import DRAFT_DAYS, Contact, ContactDraft
from activities.tasks import expire_drafts
from counties.wall import site_scope
from matching.models import Match
from tests.activities.conftest import rows
from tests.factories.activities import make_draft
from tests.factories.families import make_parent
from tests.factories.referrals import make_accepted_referral
from tests.raw_sql import refused

SAVE = reverse("activities:save_draft", args=["rock"])
LOG = reverse("activities:log", args=["rock"])
TODAY = reverse("today", args=["rock"])
pytestmark = pytest.mark.django_db


@pytest.fixture
def half(typed) -> dict[str, str]:
    """Half a contact, as the page sends it by itself."""
    sent = typed | {"minutes": "", "note": "We went thr", "version": "0"}
    return sent | {"id": str(uuid.uuid4()), "window": str(uuid.uuid4())}


def test_what_is_typed_is_kept_and_taken_up_on_another_device(rock, rock_partner, referral, half, client_for):
    told = client_for(rock_partner).post(SAVE, half).json()
    assert told["version"] == 1 and told["saved"] == f"{timezone.localtime():%H:%M}"
    phone = client_for(rock_partner)
    today = phone.get(TODAY).content.decode()
    assert "Unfinished contacts" in today and f"?draft={half['id']}" in today
    form = phone.get(LOG, {"draft": half["id"]}).context["form"]
    values = {name: form[name].value() for name in ("id", "note", "mode", "activities", "version")}
    assert values == {
        "id": half["id"], "note": "We went thr", "mode": "in_person_home", "version": 1,
        "activities": ["mentoring", "court_prep"],
    }  # fmt: skip
    assert form["referral"].value() == referral.pk and str(form["window"].value()) != half["window"]


def test_a_logged_contact_leaves_no_draft(rock, rock_partner, enrollment, half, client_for):
    browser = client_for(rock_partner)
    browser.post(SAVE, half)
    assert browser.post(LOG, half | {"minutes": "30"}).status_code == 302
    (draft,) = rows(ContactDraft, rock)
    assert (draft.note, draft.answers, draft.referral) == ("", {}, None) and draft.ended_at
    late = browser.post(SAVE, half)
    assert late.status_code == 409 and "logged already" in late.json()["problem"]
    assert "Unfinished contacts</h2>" not in browser.get(TODAY).content.decode()


def test_the_back_button_after_logging_drops_nothing_in_silence(
    rock, rock_partner, enrollment, half, client_for
):
    browser, sent = client_for(rock_partner), half | {"minutes": "30"}
    browser.post(LOG, sent)
    page = browser.post(LOG, sent | {"note": "Changed after going back"})
    assert "logged already" in page.content.decode() and "Changed after going back" in page.content.decode()
    assert [contact.note for contact in rows(Contact, rock)] == ["We went thr"]


def test_the_address_of_a_draft_that_is_logged_leads_to_the_entry(
    rock, rock_partner, rock_coordinator, enrollment, half, client_for
):
    browser, sent, taken_up = client_for(rock_partner), half | {"minutes": "30"}, f"{LOG}?draft={half['id']}"
    browser.post(SAVE, half)
    assert [browser.post(taken_up, sent).status_code for _ in range(2)] == [302, 302]
    entry = reverse("activities:detail", args=["rock", half["id"]])
    assert browser.get(taken_up).url == entry and len(rows(Contact, rock)) == 1
    assert client_for(rock_coordinator).get(taken_up).status_code == 404
    assert browser.get(LOG, {"draft": "nonsense"}).status_code == 404


class TestTwoWindows:
    def test_the_later_save_does_not_overwrite(self, rock, rock_partner, referral, half, client_for):
        browser, other = client_for(rock_partner), half | {"window": str(uuid.uuid4())}
        browser.post(SAVE, half)
        answer = browser.post(SAVE, other | {"note": "An older page"})
        assert answer.status_code == 409 and "Another window" in answer.json()["problem"]
        assert browser.post(SAVE, other | {"version": "1", "note": "Seen"}).json()["version"] == 2
        assert browser.post(SAVE, half | {"version": "1"}).status_code == 409
        assert [draft.note for draft in rows(ContactDraft, rock)] == ["Seen"]

    def test_a_window_goes_on_over_its_own_saves(self, rock, rock_partner, referral, half, client_for):
        browser = client_for(rock_partner)
        assert [browser.post(SAVE, half).json()["version"] for _ in range(3)] == [1, 2, 3]

    def test_logging_an_older_page_asks_first(self, rock, rock_partner, enrollment, half, client_for):
        browser = client_for(rock_partner)
        browser.post(SAVE, half | {"note": "Newer words"})
        sent = half | {"minutes": "30", "window": str(uuid.uuid4())}
        page = browser.post(LOG, sent)
        (tick,) = [key for key, _ in page.context["form"].fields["confirmed"].choices]
        assert "Another window" in page.content.decode() and rows(Contact, rock) == []
        assert browser.post(LOG, sent | {"confirmed": tick}).status_code == 302


class TestWhose:
    def test_nobody_else_reads_saves_or_throws_it_away(
        self, rock, rock_partner, rock_coordinator, referral, half, client_for
    ):
        client_for(rock_partner).post(SAVE, half)
        browser = client_for(rock_coordinator)
        assert browser.get(LOG, {"draft": half["id"]}).status_code == 404
        assert browser.post(SAVE, half).status_code == 409
        assert browser.post(reverse("activities:discard_draft", args=["rock", half["id"]])).status_code == 404
        assert half["id"] not in browser.get(TODAY).content.decode()
        assert [draft.note for draft in rows(ContactDraft, rock)] == ["We went thr"]

    def test_when_the_match_ends_it_is_out_of_sight(self, rock, rock_partner, referral, half, client_for):
        browser = client_for(rock_partner)
        browser.post(SAVE, half)
        with site_scope(rock.id):
            Match.objects.update(status="ended", ends_on=timezone.localdate())
        assert browser.get(LOG, {"draft": half["id"]}).status_code == 404
        assert half["id"] not in browser.get(TODAY).content.decode()

    def test_a_parent_of_others_is_not_kept(self, rock, rock_partner, referral, half, client_for):
        other = make_accepted_referral(rock, make_parent(rock))
        assert client_for(rock_partner).post(SAVE, half | {"referral": str(other.pk)}).status_code == 400
        assert rows(ContactDraft, rock) == []

    def test_an_id_of_another_site_tells_nothing(
        self, rock, door, door_partner, rock_partner, half, client_for
    ):
        theirs = make_draft(door, door_partner)
        answer = client_for(rock_partner).post(SAVE, half | {"referral": "", "id": str(theirs.pk)})
        assert answer.status_code == 409 and rows(ContactDraft, rock) == []


def test_a_social_security_number_is_never_kept(rock, rock_partner, referral, half, client_for):
    answer = client_for(rock_partner).post(SAVE, half | {"note": "Hers is 123-45-6789"})
    assert answer.status_code == 400 and "Social Security number" in answer.json()["problem"]
    draft = make_draft(rock, rock_partner)
    sql = "UPDATE activities_contactdraft SET note = '123-45-6789' WHERE id = %s"
    assert "v17_contactdraft_note" in refused(rock, sql, draft.pk)


def test_a_character_nothing_can_keep_costs_no_word(rock, rock_partner, referral, half, client_for):
    sent = half | {"note": "We went\0 through", "mode": "\0phone"}
    assert client_for(rock_partner).post(SAVE, sent).status_code == 200
    (draft,) = rows(ContactDraft, rock)
    assert (draft.note, draft.answers["mode"]) == ("We went through", ["phone"])


def test_without_keys_nothing_is_kept(rock, rock_partner, half, client_for):
    assert client_for(rock_partner).post(SAVE, half | {"window": "x"}).status_code == 400


def test_a_draft_expires_unless_it_is_edited(rock, rock_partner, client_for):
    old = timezone.now() - dt.timedelta(days=DRAFT_DAYS, minutes=1)
    gone = make_draft(rock, rock_partner, note="Long ago", begun_at=old, saved_at=old)
    edited = make_draft(rock, rock_partner, note="Edited since", begun_at=old)
    assert client_for(rock_partner).get(LOG, {"draft": gone.pk}).status_code == 404
    for _ in range(2):
        expire_drafts()
    notes = {draft.pk: (draft.note, draft.ended_at is not None) for draft in rows(ContactDraft, rock)}
    assert notes == {gone.pk: ("", True), edited.pk: ("Edited since", False)}


def test_it_can_be_thrown_away(rock, rock_partner, client_for):
    draft = make_draft(rock, rock_partner, note="Never mind")
    client_for(rock_partner).post(reverse("activities:discard_draft", args=["rock", draft.pk]))
    assert [(one.note, one.ended_at is None) for one in rows(ContactDraft, rock)] == [("", False)]
    sql = "UPDATE activities_contactdraft SET note = 'x' WHERE id = %s"
    assert "draft_ended_is_empty" in refused(rock, sql, draft.pk)


def test_an_expired_session_loses_nothing(rock, rock_partner, referral, half, client_for, client):
    """The page is sent to sign in, and what was kept before is there afterwards."""
    browser = client_for(rock_partner)
    browser.post(SAVE, half)
    assert (
        client.post(SAVE, half | {"note": "We went through"})
        .headers["Location"]
        .startswith("/accounts/login/")
    )
    form = client_for(rock_partner).get(LOG, {"draft": half["id"]}).context["form"]
    assert form["note"].value() == "We went thr"


def test_the_family_is_chosen_when_there_is_one(rock, rock_partner, referral, client_for):
    assert client_for(rock_partner).get(LOG).context["form"]["referral"].value() == referral.pk
