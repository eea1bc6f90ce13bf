"""A new partner does not read what an earlier one wrote, through any door, until a coordinator opens it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from activities.actions import close_notes, open_notes
from activities.actions.notes import MatchNotRunning
from activities.models import Contact, FollowUp, Kept, NoteOpening
from counties.access import access_to_site
from counties.wall import site_scope
from matching.models import Match
from tests.activities.conftest import rows
from tests.factories.activities import make_contact, make_follow_up, make_note_opening, make_outreach
from tests.factories.counties import make_person
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral
from tests.trail import recorded

BEGAN = dt.date(2025, 7, 1)
WORD, OWN, LATER, PROMISE = "Heronwood", "Larkspur", "Quillfeather", "Thistledown"
pytestmark = pytest.mark.django_db


@pytest.fixture
def match(rock, rock_partner_profile, referral, enrollment) -> Match:
    """`rock_partner` took over on 07/01/2025; the earlier partner wrote `WORD` and promised `PROMISE`."""
    with site_scope(rock.id):
        Match.objects.filter(referral=referral).update(starts_on=BEGAN)
    earlier = make_partner(rock, first_name="Eda")
    make_match(rock, referral, earlier, ends_on=BEGAN)
    day = BEGAN - dt.timedelta(days=1)
    make_contact(rock, enrollment, earlier, note=f"{WORD} was hard", held_on=day)
    make_contact(rock, enrollment, rock_partner_profile, note=OWN, held_on=day)
    make_contact(rock, enrollment, earlier, note=LATER, held_on=BEGAN)
    before = timezone.now() - dt.timedelta(days=1000)
    person = make_person("Eda Old", "eda@rock.example")
    make_follow_up(rock, referral, person, words=PROMISE, made_at=before)
    (match,) = rows(Match, rock, partner=rock_partner_profile)
    return match


def _contact(site, word: str) -> Contact:
    (contact,) = rows(Contact, site, note__contains=word)
    return contact


def _doors(site, family_id) -> dict[str, str]:
    """Every address under which words of a contact or follow-up are shown."""
    contact = _contact(site, WORD)
    return {
        "family": reverse("family", args=["rock", family_id]),
        "timeline": reverse("activities:timeline", args=["rock", family_id]) + "?limit=500",
        "print": reverse("activities:print_timeline", args=["rock", family_id]),
        "one kind": reverse("activities:timeline", args=["rock", family_id]) + "?show=contacts",
        "list": reverse("activities:list", args=["rock"]),
        "contact": reverse("activities:detail", args=["rock", contact.pk]),
        "follow-ups": reverse("activities:follow_ups", args=["rock"]) + "?whose=all&show=all",
        "add a follow-up": reverse("activities:add_follow_up", args=["rock"]) + f"?contact={contact.pk}",
        "plan input": reverse("activities:plan_input", args=["rock", family_id]),
        "today": reverse("today", args=["rock"]),
        "log": reverse("activities:log", args=["rock"]),
        "search": reverse("search", args=["rock"]) + f"?q={WORD}",
        "api": reverse("exchange:api_contacts", args=["rock"]),
    }


def test_no_door_shows_the_words(rock, rock_partner, match, referral, client_for):
    browser = client_for(rock_partner)
    for name, url in _doors(rock, referral.family_id).items():
        answer = browser.get(url)
        assert answer.status_code == 200, name
        assert f"{WORD} was" not in answer.content.decode() and PROMISE not in answer.content.decode(), name


def test_a_sentence_stands_in_their_place_beside_date_and_result(
    rock, rock_partner, match, referral, client_for
):
    browser, doors = client_for(rock_partner), _doors(rock, referral.family_id)
    for name in ("family", "timeline", "print", "contact"):
        html = browser.get(doors[name]).content.decode()
        assert Kept.EARLIER.label in html and "In person, home" in html, name
    assert "06/30/2025" in browser.get(doors["family"]).content.decode()
    told = browser.get(doors["api"]).json()["results"]
    kept = next(one for one in told if one["id"] == str(_contact(rock, WORD).pk))
    assert (kept["note"], kept["note_withheld"], kept["minutes"]) == ("", Kept.EARLIER.label, 60)
    timeline = browser.get(doors["timeline"]).content.decode()
    assert OWN in timeline and LATER in timeline  # their own, and what came after they began


def test_searching_for_a_kept_word_finds_nothing(rock, rock_partner, match, client_for):
    page = client_for(rock_partner).get(reverse("activities:list", args=["rock"]), {"q": WORD})
    assert "No contact fits" in page.content.decode()


def test_a_kept_follow_up_is_neither_read_nor_ended(rock, rock_partner, match, referral, client_for):
    (row,) = rows(FollowUp, rock)
    answer = client_for(rock_partner).get(reverse("activities:end_follow_up", args=["rock", row.pk]))
    assert answer.status_code == 404 and recorded(rock, "access.refused", row, by=rock_partner)


def test_opened_they_are_read_and_taken_back_they_are_kept_again(
    rock, rock_coordinator, rock_partner, match, referral, client_for
):
    coordinator, partner = client_for(rock_coordinator), client_for(rock_partner)
    page = reverse("activities:earlier_notes", args=["rock", match.pk])
    assert reverse("activities:open_notes", args=["rock", match.pk]) in coordinator.get(page).content.decode()
    answer = coordinator.post(
        reverse("activities:open_notes", args=["rock", match.pk]), {"reason": "Asked for"}
    )
    assert answer.url == page and recorded(rock, "note.opened", match, by=rock_coordinator)
    doors = _doors(rock, referral.family_id)
    for name in ("family", "timeline", "contact", "api"):
        assert f"{WORD} was" in partner.get(doors[name]).content.decode(), name
    assert PROMISE in partner.get(doors["follow-ups"]).content.decode()
    (opening,) = rows(NoteOpening, rock)
    close = reverse("activities:close_notes", args=["rock", opening.pk])
    assert close in coordinator.get(page).content.decode()
    assert coordinator.post(close, {"close_reason": "No longer needed"}).url == page
    assert recorded(rock, "note.closed", opening, by=rock_coordinator)
    assert f"{WORD} was" not in partner.get(doors["timeline"]).content.decode()
    told = coordinator.get(page).content.decode()
    assert "Asked for" in told and "No longer needed" in told


def test_a_coordinator_reads_all(rock, rock_coordinator, match, referral, client_for):
    browser, doors = client_for(rock_coordinator), _doors(rock, referral.family_id)
    for name in ("family", "timeline", "contact", "api"):
        assert f"{WORD} was" in browser.get(doors[name]).content.decode(), name


def test_a_partner_opens_nothing(rock, rock_partner, match, client_for):
    for name in ("earlier_notes", "open_notes"):
        url = reverse(f"activities:{name}", args=["rock", match.pk])
        assert client_for(rock_partner).get(url).status_code == 403


def test_an_opening_of_another_match_opens_nothing(rock, rock_coordinator, rock_partner, match, referral):
    """That of the partner's former match with the parent, and that of another partner's match."""
    with site_scope(rock.id):
        partner = match.partner
    former = make_match(rock, referral, partner, starts_on=dt.date(2025, 3, 1), ends_on=dt.date(2025, 4, 1))
    secondary = make_match(rock, referral, is_secondary=True)
    for other in (former, secondary):
        make_note_opening(other, rock_coordinator)
    assert _reads(rock, rock_partner, WORD) == ("", Kept.EARLIER.label)


def test_a_note_about_the_other_parent_is_their_partners(rock, rock_partner, match, referral):
    other = make_accepted_referral(rock, parent=make_parent(rock, referral.family, first_name="Odell"))
    make_outreach(rock, other, make_partner(rock), note="Wintergreen", held_on=BEGAN + dt.timedelta(days=9))
    assert _reads(rock, rock_partner, "Wintergreen") == ("", Kept.OTHER_PARENT.label)


def test_a_contact_without_a_note_keeps_nothing(rock, rock_partner, match, enrollment):
    make_contact(rock, enrollment, held_on=dt.date(2025, 6, 20), mode="video")
    with site_scope(rock.id):
        row = Contact.objects.visible_to(access_to_site(rock_partner, rock)).get(mode="video")
    assert (row.note_read, row.note_withheld) == ("", "")


def test_a_row_fetched_for_nobody_shows_nothing(rock, match):
    assert _contact(rock, WORD).note_read == ""


def _reads(site, person, word: str) -> tuple[str, str]:
    with site_scope(site.id):
        row = Contact.objects.visible_to(access_to_site(person, site)).get(note__contains=word)
        return row.note_read, row.note_withheld


class TestTheAction:
    def test_needs_a_reason(self, rock, rock_coordinator, match):
        with site_scope(rock.id), pytest.raises(ValidationError, match="few words"):
            open_notes(match=match, reason=" ", by=rock_coordinator)

    def test_opens_once(self, rock, rock_coordinator, match):
        with site_scope(rock.id):
            opening = open_notes(match=match, reason="Asked for", by=rock_coordinator)
            with pytest.raises(ValidationError, match="open already"):
                open_notes(match=match, reason="Again", by=rock_coordinator)
            close_notes(opening=opening, close_reason="Enough", by=rock_coordinator)
            with pytest.raises(ValidationError, match="already"):
                close_notes(opening=opening, close_reason="Twice", by=rock_coordinator)

    def test_opens_nothing_of_a_match_that_is_over(self, rock, rock_coordinator, match, referral):
        over = make_match(rock, referral, is_secondary=True, ends_on=dt.date(2025, 6, 1))
        with site_scope(rock.id), pytest.raises(MatchNotRunning):
            open_notes(match=over, reason="Asked for", by=rock_coordinator)

    @pytest.mark.parametrize(
        "wrong", [{"reason": ""}, {"closed_at": timezone.now()}, {"reason": "it is 123-45-6789"}]
    )
    def test_the_database_holds_it(self, wrong, rock, rock_coordinator, match):
        with pytest.raises(IntegrityError):
            make_note_opening(match, rock_coordinator, **wrong)

    def test_the_database_keeps_one_open(self, rock, rock_coordinator, match):
        make_note_opening(match, rock_coordinator)
        with pytest.raises(IntegrityError):
            make_note_opening(match, rock_coordinator)


def test_no_template_and_no_door_reads_the_bare_column():
    """`contact.note` and a follow-up's `row.words` are read by writers alone; doors read `note_read`, `words_read`."""
    root = Path(settings.BASE_DIR)
    templates = [*(root / "templates").rglob("*.html")]
    doors = [*root.glob("psp/*.py"), *root.glob("exchange/**/*.py"), *root.glob("activities/*.py")]
    bare = re.compile(r"\b(contact|c)\.note\b")
    assert len(templates) > 100
    assert [path.name for path in [*templates, *doors] if bare.search(path.read_text())] == []
