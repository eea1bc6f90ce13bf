"""What one person may no longer see, through every door: pages, search, lists, API, feed, mail, exports, drafts.

One parent partner has a family of each kind at once: matched now, and five that must stay out of sight. One
coordinator has a tie to one of them, two people's roles have ended. The addresses come from the product's own
list, so that a new page is tried without being named here.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from activities.actions import make_feed
from activities.models import Contact, ContactDraft, FamilyEvent, Goal
from counties import jobs
from counties.digests import send_digest
from counties.messages import tell
from counties.models import Job, Message, Site
from counties.permissions import Right
from counties.roles import GRANTS, Role
from counties.wall import site_scope
from exchange.actions import JOB, ask_for_export
from exchange.exporting import LISTS
from exchange.models import Export
from exchange.tasks import make_export
from partners.models import ParentPartner
from tests.factories import activities as act
from tests.factories.counties import LONG_AGO, give, make_person
from tests.factories.families import (
    make_child,
    make_consent,
    make_consent_file,
    make_episode,
    make_family,
    make_parent,
    make_placement,
    make_tie,
)
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.house.addresses import FOREIGN
from tests.house.test_urls import SITE, TOKEN, Tried, _view, tried  # noqa: F401
from tests.house.world import World
from tests.trail import recorded

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YESTERDAY = TODAY - dt.timedelta(days=1)
SOON = TODAY + dt.timedelta(days=3)
MATCHES: dict[str, dict[str, Any] | None] = {
    "Current": {},
    "Ended": {"ends_on": TODAY, "end_reason": "other"},
    "Paused": {"status": "paused", "ends_on": YESTERDAY, "end_reason": "handed_over"},
    "Offered": {"status": "offered_partner", "offered_on": TODAY},
    "Tied": {},
    "Others": None,
}
"""Every family of the site, by the word in all its texts, and how the parent partner stands to it."""
HIDDEN = [name for name in MATCHES if name != "Current"]
OFFER = ("matching:offer", "matching:accept_offer", "matching:decline_offer")
"""Where a partner answers an offer, and reads what it is about without a word that names the family."""
JSON = {"content_type": "application/json"}
WORDS = re.compile(f"({'|'.join(HIDDEN)})zyx", re.IGNORECASE)


def _family(site: Site, name: str, partner: ParentPartner, person: User) -> World:
    """A family with one of everything that hangs on one, every text marked."""
    word = f"{name}zyx"
    family = make_family(site, notes=f"Note {word}")
    parent = make_parent(
        site, family, first_name="Ann", last_name=word, municipality=f"Town{word}", phone="608-555-0133"
    )
    child = make_child(site, family, first_name=f"Kim{word}")
    placement = make_placement(site, make_episode(site, child), setting="other", setting_other=f"Home {word}")
    referral = make_accepted_referral(site, parent, decision_note=f"Because {word}")
    enrollment = make_enrollment(site, referral)
    how = MATCHES[name]
    match = make_match(site, referral, partner if how is not None else make_partner(site), **(how or {}))
    consent = make_consent(site, parent, recipient=f"Agency {word}")
    goal = act.make_goal(site, parent, words=f"Goal {word}")
    with site_scope(site.id):
        participation = enrollment.participations.get()
        tell(
            person=person,
            kind="follow_up.due",
            about=act.make_follow_up(site, referral, person, due_on=TODAY),
        )
    things = {
        "family": family, "parent": parent, "child": child, "episode": placement.episode, "placement": placement,
        "consent": consent, "consent_file": make_consent_file(site, consent), "referral": referral,
        "enrollment": enrollment, "participation": participation, "match": match, "offered": match,
        "contact": act.make_contact(site, enrollment, partner, note=f"We talked {word}"),
        "event": act.make_event(site, referral, held_on=SOON), "goal": goal,
        "step": act.make_step(site, goal, words=f"Step {word}"),
        "follow_up": act.make_follow_up(site, referral, person, words=f"Call {word}"),
        "draft": act.make_draft(site, person, referral=referral, note=f"Half a word {word}"),
    }  # fmt: skip
    return World(site, person, person, things)


@pytest.fixture
def families(rock: Site, rock_partner: User, rock_partner_profile: ParentPartner) -> dict[str, World]:
    made = {name: _family(rock, name, rock_partner_profile, rock_partner) for name in MATCHES}
    make_tie(rock, made["Tied"].family, rock_partner)
    return made


def _addresses(family: World) -> dict[str, str]:
    """Every address that leads to something of the family: the wall's list, as far as a family has such things."""
    found = {}
    for name, parameters in FOREIGN.items():
        try:
            found[name] = reverse(name, kwargs={"site": family.site.slug, **parameters(family)})
        except (KeyError, AttributeError):
            continue
    assert len(found) > 40
    return found


def _shown(browser: Client, address: str, **asked: str) -> str:
    answer = browser.get(address, asked)
    return answer.content.decode(errors="replace") if answer.status_code == 200 else ""


def _lists(role: Role) -> list[str]:
    """Every page of the role that is about no single thing."""
    return [name for name in SITE if name not in FOREIGN and _view(name).right in GRANTS[role].rights]


class TestAParentPartner:
    def test_opens_and_changes_nothing_of_a_family_not_matched_now(
        self,
        families: dict[str, World],
        rock_partner: User,
        client_for: Callable[..., Client],
        tried: Tried,  # noqa: F811
    ) -> None:
        """Each address is opened for some of the families and sent to for the others."""
        browser = client_for(rock_partner)
        for turn, kind in enumerate(HIDDEN):
            for number, (name, address) in enumerate(_addresses(families[kind]).items()):
                answer = (browser.get if (turn + number) % 2 else browser.post)(address)
                is_asked = kind == "Offered" and name in OFFER
                refused = (200, 302) if is_asked else (403, 404, 405)
                tried.expect(answer.status_code in refused, kind, name, answer.status_code)
                said = answer.content.decode(errors="replace")
                said = (
                    said.replace(f"Town{kind}zyx", "") if is_asked else said
                )  # the area is part of the question
                tried.expect(not WORDS.search(said), kind, name, "words")

    def test_reads_of_an_offer_the_area_and_no_name(
        self, families: dict[str, World], rock_partner: User, client_for: Callable[..., Client]
    ) -> None:
        page = _shown(client_for(rock_partner), _addresses(families["Offered"])["matching:offer"])
        assert families["Offered"].referral.reference in page and "TownOfferedzyx" in page
        assert not WORDS.search(page.replace("TownOfferedzyx", ""))

    def test_opens_what_is_matched_now(
        self, families: dict[str, World], rock_partner: User, client_for: Callable[..., Client]
    ) -> None:
        """The table above refuses for the right reason."""
        browser = client_for(rock_partner)
        opened = {n for n, a in _addresses(families["Current"]).items() if browser.get(a).status_code == 200}
        assert {"family", "activities:timeline", "activities:detail", "activities:goal"} <= opened

    def test_finds_no_word_of_them_on_any_list_search_or_api(
        self,
        families: dict[str, World],
        rock_partner: User,
        client_for: Callable[..., Client],
        tried: Tried,  # noqa: F811
    ) -> None:
        browser, seen = client_for(rock_partner), ""
        for name in _lists(Role.PARENT_PARTNER):
            address = reverse(name, args=["rock"])
            pages = (
                _shown(browser, address),
                _shown(browser, address, q="Ann", when="all", state="all", show="all"),
            )
            seen += "".join(pages)
            for page in pages:
                tried.expect(not WORDS.search(page), name, WORDS.findall(page)[:3])
        assert "Currentzyx" in seen

    def test_finds_them_neither_by_name_nor_by_reference(
        self,
        families: dict[str, World],
        rock_partner: User,
        client_for: Callable[..., Client],
        tried: Tried,  # noqa: F811
    ) -> None:
        browser = client_for(rock_partner)
        for kind in HIDDEN:
            family = families[kind]
            for asked in (f"{kind}zyx", family.family.reference, family.referral.reference, "6085550133"):
                page = _shown(browser, reverse("search", args=["rock"]), q=asked)
                tried.expect(reverse("family", args=["rock", family.family.pk]) not in page, kind, asked)
                tried.expect(str(family.referral.pk) not in page, kind, asked)

    def test_has_only_the_present_family_in_the_calendar(
        self, rock: Site, families: dict[str, World], rock_partner: User
    ) -> None:
        with site_scope(rock.id, actor_id=rock_partner.id):
            secret = make_feed(by=rock_partner)
        dates = _shown(Client(), reverse("calendar_feed", args=["rock", secret]))
        assert families["Current"].family.reference in dates and dates.count("BEGIN:VEVENT") == 1
        assert not WORDS.search(dates) and "Currentzyx" not in dates

    def test_is_told_of_the_present_family_alone_and_by_mail_only_how_many(
        self, rock: Site, families: dict[str, World], rock_partner: User, client_for: Callable[..., Client]
    ) -> None:
        User.objects.filter(pk=rock_partner.pk).update(digest="daily")
        noon = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(12)))
        assert send_digest(person_id=rock_partner.pk, now=noon)
        inbox = _shown(client_for(rock_partner), reverse("counties:inbox", args=["rock"]), show="all")
        with site_scope(rock.id):
            standing = Message.objects.filter(person=rock_partner, over_at=None)
            about = set(standing.filter(kind="follow_up.due").values_list("about_id", flat=True))
            theirs = set(families["Current"].referral.follow_ups.values_list("pk", flat=True))
            assert about and about <= theirs
            said = f"{standing.count()} new message"
        for kind in HIDDEN:
            assert families[kind].family.reference not in inbox, kind
        (sent,) = mail.outbox
        assert said in sent.subject and "zyx" not in sent.subject + sent.body

    def test_writes_nothing_about_them(
        self,
        rock: Site,
        families: dict[str, World],
        rock_partner: User,
        client_for: Callable[..., Client],
    ) -> None:
        """Ids in what is sent: a contact, one for two families, the API, a draft, a date."""
        browser, own = client_for(rock_partner), str(families["Current"].referral.pk)
        facts = {
            "held_on": str(TODAY),
            "mode": "phone",
            "result": "completed",
            "minutes": "20",
            "activities": ["mentoring"],
        }
        with site_scope(rock.id):
            before = [rows.objects.count() for rows in (Contact, ContactDraft, FamilyEvent, Goal)]
        for theirs in (str(families[kind].referral.pk) for kind in HIDDEN):
            draft = {"id": uuid.uuid4(), "window": uuid.uuid4(), "version": 0, "note": "x"}
            date = {"kind": "hearing", "held_on": str(TODAY)}
            for name, typed, kind in (
                ("activities:log", facts | {"referral": theirs}, {}),
                ("activities:log", facts | {"referral": own, "also": theirs}, {}),
                ("exchange:api_log_contact", facts | {"referral": theirs}, JSON),
                ("activities:save_draft", draft | {"referral": theirs}, {}),
                ("activities:plan_event", date | {"referral": own, "also": [theirs]}, {}),
            ):
                answer = browser.post(reverse(name, args=["rock"]), typed, **kind)
                assert answer.status_code in (200, 400), name
                assert not WORDS.search(answer.content.decode()), name
            assert recorded(rock, "access.refused", theirs, by=rock_partner)
        with site_scope(rock.id):
            assert before == [rows.objects.count() for rows in (Contact, ContactDraft, FamilyEvent, Goal)]

    def test_exports_nothing(
        self, families: dict[str, World], rock_partner: User, client_for: Callable[..., Client]
    ) -> None:
        assert Right.EXPORT_RUN not in GRANTS[Role.PARENT_PARTNER].rights
        for what in LISTS:
            typed = {"what": what, "kind": "csv", "reason": "For my own files"}
            address = reverse("exchange:ask_export", args=["rock"])
            assert client_for(rock_partner).post(address, typed).status_code == 403


class TestACoordinatorWithATie:
    """Pages are tried in `test_ties.py`; these are the doors beside them."""

    @pytest.fixture
    def tied(self, rock: Site, families: dict[str, World], rock_coordinator: User) -> User:
        for kind in HIDDEN:
            make_tie(rock, families[kind].family, rock_coordinator)
        return rock_coordinator

    def test_takes_none_of_them_along_in_an_export(self, rock: Site, tied: User) -> None:
        for what in LISTS:
            content = _export(rock, tied, what)
            assert content and not WORDS.search(content), what
        assert "Currentzyx" in _export(rock, tied, "families", again="again")

    def test_has_none_of_them_in_calendar_inbox_and_api(
        self, rock: Site, families: dict[str, World], tied: User, client_for: Callable[..., Client]
    ) -> None:
        with site_scope(rock.id, actor_id=tied.id):
            secret = make_feed(by=tied)
            for kind in MATCHES:
                tell(person=tied, kind="follow_up.due", about=families[kind].follow_up)
        browser = client_for(tied)
        dates = _shown(Client(), reverse("calendar_feed", args=["rock", secret]))
        inbox = _shown(browser, reverse("counties:inbox", args=["rock"]), show="all")
        listed = _shown(browser, reverse("exchange:api_contacts", args=["rock"]))
        for door in (dates, listed):
            assert families["Current"].family.reference in door
        for door in (dates, inbox, listed):
            assert not WORDS.search(door)
            for kind in HIDDEN:
                assert families[kind].family.reference not in door, kind


@pytest.mark.parametrize("role", [Role.PARENT_PARTNER, Role.PROGRAM_COORDINATOR])
class TestSomebodyWhoseRoleHasEnded:
    """Everything was made while the role ran, and the match still stands; the session is still open."""

    @pytest.fixture
    def left(
        self,
        role: Role,
        rock: Site,
        families: dict[str, World],
        rock_partner: User,
        client_for: Callable[..., Client],
    ) -> dict[str, Any]:
        person = rock_partner
        if role == Role.PROGRAM_COORDINATOR:
            person = give(make_person("Lea Yew", "lea@rock.example"), role, rock)
        User.objects.filter(pk=person.pk).update(digest="daily")
        browser = client_for(person)
        assert browser.get(reverse("today", args=["rock"])).status_code == 200
        with site_scope(rock.id, actor_id=person.id):
            secret = make_feed(by=person)
            tell(person=person, kind="follow_up.due", about=families["Current"].follow_up)
            export = ask_for_export(what="families", kind="csv", reason="For the board", by=person)
        person.roles.filter(starts_on=LONG_AGO).update(ends_on=YESTERDAY)
        return {"person": person, "browser": browser, "secret": secret, "export": export}

    def test_every_address_is_as_if_there_were_none(
        self,
        role: Role,
        left: dict[str, Any],
        families: dict[str, World],
        tried: Tried,  # noqa: F811
    ) -> None:
        lists = {name: reverse(name, args=["rock"]) for name in _lists(role)}
        addresses = lists if role == Role.PROGRAM_COORDINATOR else _addresses(families["Current"])
        for name, address in addresses.items():
            answer = left["browser"].get(address)
            tried.expect(answer.status_code == 404, name, answer.status_code)
            words = TOKEN.sub(b"", answer.content)
            tried.expect(b"zyx" not in words and b"Rock" not in words, name)

    def test_nothing_arrives_by_another_way(self, role: Role, rock: Site, left: dict[str, Any]) -> None:
        assert Client().get(reverse("calendar_feed", args=["rock", left["secret"]])).status_code == 404
        noon = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(12)))
        assert not send_digest(person_id=left["person"].pk, now=noon) and not mail.outbox
        assert _run(rock, left["export"]).status == "failed"
        with site_scope(rock.id):
            assert not Export.objects.get().content


def _run(site: Site, export: Export) -> Job:
    """As the worker does it."""
    assert make_export  # what the queue knows is registered by its module
    with site_scope(site.id):
        job = Job.objects.get(kind=JOB, key=str(export.pk))
    jobs.run(site.id, str(job.pk))
    with site_scope(site.id):
        return Job.objects.get(pk=job.pk)


def _export(site: Site, by: User, what: str, again: str = "") -> str:
    with site_scope(site.id, actor_id=by.id):
        export = ask_for_export(what=what, kind="csv", reason=f"For the board {again}", by=by)
    _run(site, export)
    with site_scope(site.id):
        return bytes(Export.objects.get(pk=export.pk).content).decode("utf-8-sig")
