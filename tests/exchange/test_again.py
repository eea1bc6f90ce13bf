"""Importing again: nothing twice, changed rows update their record with its history, nothing is taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import Contact, FamilyEvent
from advisory.models import CouncilAttendance
from audit.models import AuditEvent
from counties.wall import site_scope
from exchange.folder import files_in
from exchange.importer import import_files
from exchange.sheets import SHEETS
from families.models import Child, Parent, RemovalEpisode
from matching.models import Match
from partners.models import ParentPartner, SessionAttendance
from referrals.models import Enrollment, Participation, Referral
from tests.exchange.books import load, load_everything, reason
from tests.factories.families import make_placement

MOST_QUERIES = 20
DATA = Path(__file__).parents[1] / "data" / "spreadsheets"


def again(site, name: str, **cells: str) -> str:
    """What a second import makes of the row with these cells."""
    report = load(site, **{name: [cells]})[name]
    figures = report.figures()
    assert not report.refused, report.refused
    return next(outcome for outcome in ("created", "updated", "unchanged") if figures[outcome])


def test_a_whole_folder_a_second_time_changes_nothing(door):
    files, _ = files_in(DATA / "door")
    first = import_files(door, files)

    second = import_files(door, files)

    for before, after in zip(first, second, strict=True):
        good = before.figures()["created"]
        assert after.figures() | {"warnings": 0} == {
            "created": 0, "updated": 0, "unchanged": good, "refused": len(before.refused), "warnings": 0,
        }  # fmt: skip
        assert after.warnings == before.warnings


CHANGES = [
    ("partners", {"fte": "0.50"}, ParentPartner, {"fte__range": ("0.50", "0.50")}),
    ("families", {"municipality": "Milton"}, Parent, {"municipality": "Milton"}),
    ("families", {"race": ""}, Parent, {"races": []}),
    ("children", {"first_name": "Xiong"}, Child, {"first_name": "Xiong"}),
    ("children", {"discharge_reason": "guardianship"}, RemovalEpisode, {"discharge_reason": "guardianship"}),
    ("referrals", {"source": "gal"}, Referral, {"source": "gal"}),
    ("referrals", {"close_date": "2025-10-01"}, Enrollment, {"closed_on": "2025-10-01"}),
    ("referrals", {"close_date": "2025-10-01"}, Participation, {"ends_on": "2025-10-01"}),
    ("matches", {"end_reason": "capacity"}, Match, {"end_reason": "capacity"}),
    ("contacts", {"minutes": "45"}, Contact, {"minutes": 45}),
    ("contacts", {"note": ""}, Contact, {"note": ""}),
    ("events", {"partner_attended": ""}, FamilyEvent, {"partner_attended": None}),
    ("sessions", {"attendees": ""}, SessionAttendance, {"is_present": False}),
    ("council", {"attendance": "judge:3"}, CouncilAttendance, {"role": "judge", "number": 3}),
    ("council", {"attendance": "judge:1"}, CouncilAttendance, {"role": "parent_partner", "number": 0}),
]


def test_a_changed_row_updates_its_record_and_keeps_its_history(rock):
    load_everything(rock)
    for name, cells, model, values in CHANGES:
        load(rock, **{name: [{}]})
        with site_scope(rock.id):
            before = model.history.rel.related_model.objects.count()

        assert again(rock, name, **cells) == "updated", cells

        with site_scope(rock.id):
            assert model.objects.filter(**values).exists(), cells
            past = model.history.rel.related_model.objects.order_by("-pgh_id")
            assert past.count() > before
            event = AuditEvent.objects.get(request_id=past[0].pgh_request, verb="import.finished")
            assert (event.facts["file"], event.facts["updated"]) == (name, 1)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"enroll_date": "2025-03-06"}, "enroll_date: a contact of this enrollment was on 03/05/2025"),
        ({"enroll_date": "2025-03-05"}, ""),
        ({"close_date": "2025-03-04"}, "close_date: a contact of this enrollment was on 03/05/2025"),
        ({"close_date": "2025-03-05"}, ""),
    ],
)
def test_dates_of_an_enrollment_do_not_leave_its_contacts_behind(rock, cells, why):
    load(rock, **{name: [{}] for name in ("partners", "families", "referrals", "contacts")})

    assert reason(rock, "referrals", **cells) == why
    with site_scope(rock.id):
        enrollment = Enrollment.objects.get()
        assert enrollment.enrolled_on <= Contact.objects.get().held_on <= enrollment.closed_on


def test_an_unchanged_row_leaves_no_history(rock):
    load_everything(rock)
    with site_scope(rock.id):
        before = Contact.history.rel.related_model.objects.count()

    assert {again(rock, name) for name in SHEETS} == {"unchanged"}
    with site_scope(rock.id):
        assert Contact.history.rel.related_model.objects.count() == before


def test_a_blank_cell_does_not_take_back_what_has_happened(rock):
    load_everything(rock)
    blanks = {
        "partners": {"end_date": ""},
        "children": {"trial_reunification_start": "2025-05-01", "discharge_date": "", "discharge_reason": ""},
        "referrals": {"outcome": "", "decision_date": "", "enroll_date": "", "close_date": "", "closure_reason": ""},
        "matches": {"end_date": "", "end_reason": ""},
    }  # fmt: skip
    assert again(rock, "partners", end_date="2026-01-01") == "updated"

    for name, cells in blanks.items():
        report = load(rock, **{name: [cells]})[name]
        assert report.figures()["unchanged"] == 1, name
        assert report.warnings and all("stays recorded" in text for _, text in report.warnings), name


def test_a_corrected_removal_date_moves_the_episode_it_means(rock):
    load(rock, families=[{}], children=[{}])

    assert again(rock, "children", removal_date="2025-01-12") == "updated"

    with site_scope(rock.id):
        assert RemovalEpisode.objects.get().removed_on == dt.date(2025, 1, 12)


def test_a_first_removal_of_a_known_child_updates_its_row(rock):
    blank = dict.fromkeys(
        ["removal_date", "trial_reunification_start", "discharge_date", "discharge_reason"], ""
    )
    load(rock, families=[{}], children=[blank])

    assert again(rock, "children") == "updated"
    later = {**blank, "removal_date": "2026-01-01"}
    assert again(rock, "children", **later) == "created"


def test_a_corrected_start_moves_the_match_it_means(rock):
    load_everything(rock)

    assert again(rock, "matches", start_date="2025-02-21") == "updated"

    with site_scope(rock.id):
        match = Match.objects.get()
        assert (match.starts_on, match.is_secondary) == (dt.date(2025, 2, 21), False)


def test_a_match_handed_over_makes_room_for_the_next_in_one_file(rock):
    load(rock, partners=[{}, {"partner_id": "P2"}], families=[{}], referrals=[{}])
    load(rock, matches=[{"end_date": "", "end_reason": ""}])

    # The new row stands first: what it means shows only once the former partner's row is read.
    report = load(rock, matches=[
        {"partner_id": "P2", "start_date": "2025-05-01"}, {"end_date": "2025-05-01", "end_reason": "partner_left"},
    ])["matches"]  # fmt: skip

    assert (report.figures()["updated"], report.figures()["created"], report.warnings) == (1, 1, [])


def test_an_end_makes_room_for_the_next_beginning_whatever_their_order_in_the_file(rock):
    load(rock, families=[{}], children=[dict.fromkeys(["discharge_date", "discharge_reason"], "")])
    load(rock, referrals=[{"close_date": "", "closure_reason": ""}])
    blank = dict.fromkeys(["trial_reunification_start", "discharge_date", "discharge_reason"], "")
    again_enrolled = {
        "referral_id": "R2", "referral_date": "2026-01-01", "decision_date": "2026-01-02",
        "enroll_date": "2026-01-03", "close_date": "", "closure_reason": "",
    }  # fmt: skip

    reports = load(
        rock, children=[{"removal_date": "2025-08-01", **blank}, {}], referrals=[again_enrolled, {}]
    )

    assert {name: (r.figures()["created"], r.figures()["updated"]) for name, r in reports.items()} == {
        "children": (1, 1), "referrals": (1, 1),
    }  # fmt: skip


def test_a_parent_does_not_move_to_another_family(rock):
    load_everything(rock)
    load(rock, families=[{"family_id": "F2", "parent_id": "F2-A"}])

    assert reason(rock, "referrals", family_id="F2", parent_id="F2-A") == (
        "referral_id: R1 is recorded for another parent"
    )
    assert reason(rock, "children", family_id="F2") == "child_id: C1 is recorded in another family"


def test_rows_typed_on_screen_are_left_alone(rock):
    load_everything(rock)
    with site_scope(rock.id):
        typed = Parent.objects.get()
        typed.pk, typed.source_id, typed.first_name = None, "", "Typed"
        typed.pk = Parent().pk
        typed._state.adding = True
        typed.save()

    assert again(rock, "families") == "unchanged"
    with site_scope(rock.id):
        assert Parent.objects.get(source_id="").first_name == "Typed"


def test_checking_only_reports_and_changes_nothing(rock):
    reports = load(rock, check_only=True, **{name: [{}] for name in SHEETS})

    assert {report.figures()["created"] for report in reports.values()} == {1}
    with site_scope(rock.id):
        assert not Contact.objects.exists() and not ParentPartner.objects.exists()
        assert list(AuditEvent.objects.filter(verb__startswith="import.").values_list("verb", flat=True)) == [
            "import.checked"
        ]


def test_two_sites_may_use_the_same_ids_and_never_meet(rock, door):
    load_everything(rock)

    assert reason(door, "contacts") == "unknown referral: R1"
    load_everything(door)

    with site_scope(door.id):
        assert Contact.objects.get().partner.site_id == door.id
        trail = AuditEvent.objects.filter(verb="import.finished").values_list("site_id", flat=True)
        assert set(trail) == {door.id}


@pytest.mark.parametrize("check_only", [True, False])
def test_ids_this_site_does_not_have_are_refused_access(rock, door, check_only):
    load_everything(rock)
    rows = [
        {"contact_id": f"K{number}", "referral_id": own_id}
        for number, own_id in enumerate(["R1", "R9", "R1"])
    ]

    load(door, contacts=rows, check_only=check_only)
    load_everything(door)

    with site_scope(door.id):
        (event,) = AuditEvent.objects.filter(verb="access.refused")
        assert event.object_ids == ["R1", "R9"]
        assert event.facts == {"door": "import", "file": "contacts", "unknown": 2}


IDS = {
    "partners": "partner_id", "families": "parent_id", "children": "child_id", "referrals": "referral_id",
    "contacts": "contact_id", "events": "event_id", "sessions": "session_id", "council": "meeting_id",
    "outreach": "event_id",
}  # fmt: skip


def new_rows(name: str, count: int) -> list[dict[str, str]]:
    """As many rows of a kind as wanted, none of which is recorded yet."""
    days = [f"2025-{month}-{day}" for month in (10, 11) for day in range(10, 30)]
    chosen = days[:count] if count < 10 else days[10 : 10 + count]
    if name == "levels":
        return [{"date": day} for day in chosen]
    if name == "matches":
        return [{"start_date": day, "end_date": day} for day in chosen]
    cells = dict.fromkeys(["enroll_date", "close_date", "closure_reason"], "") if name == "referrals" else {}
    return [{IDS[name]: f"N{count}-{number}", **cells} for number in range(count)]


@pytest.mark.parametrize("name", SHEETS)
def test_the_number_of_queries_does_not_grow_with_the_file(rock, name):
    load_everything(rock)

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert load(rock, **{name: new_rows(name, count)})[name].figures()["created"] == count
        return len(captured)

    assert queries(30) == queries(4) <= MOST_QUERIES


def test_what_a_partner_chose_to_share_stays(rock):
    load(rock, partners=[{}])
    with site_scope(rock.id):
        imported = ParentPartner.objects.get()
        assert (imported.experience_used, imported.experience_shown) == (imported.experience, [])
        ParentPartner.objects.update(experience_used=[], experience_told_at=timezone.now())
    again(rock, "partners", experience="housing;poverty")
    with site_scope(rock.id):
        kept = ParentPartner.objects.get()
    assert (kept.experience, kept.experience_used) == (["housing"], [])


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"removal_date": "2025-01-12"}, "a placement is recorded from 01/10/2025"),
        ({"discharge_date": "2025-05-20"}, "a placement is recorded until 06/01/2025"),
    ],
)
def test_a_placement_typed_here_is_not_left_outside_its_removal(rock, cells, words):
    load_everything(rock)
    with site_scope(rock.id):
        episode = RemovalEpisode.objects.get()
    make_placement(rock, episode, ended_on=dt.date(2025, 6, 1))
    assert words in reason(rock, "children", **cells)
