"""Each rule that refuses a row, and each that only warns (`import-format.md` "Rules", `domain.md` 4.2)."""

from __future__ import annotations

import datetime as dt

import pytest

from activities.models import Contact, LevelChange
from advisory.models import CouncilAttendance
from counties.wall import site_scope
from exchange.sheets import SHEETS
from families.models import Child, Parent, RemovalEpisode
from matching.models import Conflict, Match
from outreach.models import OutreachEvent
from partners.models import ParentPartner, SessionAttendance, SupportSession
from referrals.models import Enrollment, Participation, Referral
from tests.exchange.books import load, load_everything, reason

REFUSED = [
    ("partners", {"partner_id": "P2", "fte": "1.5"}, "fte is not from 0.05 to 1.00: 1.5"),
    ("partners", {"partner_id": "P2", "fte": "full"}, "fte is not a number with at most two decimals: full"),
    ("partners", {"partner_id": "P2", "eligibility_basis": ""}, "eligibility_basis is missing"),
    ("partners", {"partner_id": "P2", "eligibility_basis": "luck"}, "unknown eligibility_basis: luck"),
    ("partners", {"partner_id": "P2", "email": "mai at rock"}, "email is not an e-mail address: mai at rock"),
    ("partners", {"partner_id": "P2", "end_date": "2023-01-01"}, "end_date is before start_date"),
    ("partners", {"partner_id": "P2", "languages": "en;klingon!"}, "unknown language: klingon!"),
    ("partners", {"partner_id": ""}, "partner_id is missing"),
    ("families", {"parent_id": "F1-B", "first_name": ""}, "first_name is missing"),
    ("families", {"parent_id": "F1-B", "race": "white;martian"}, "unknown race: martian"),
    ("families", {"parent_id": "F1-B", "date_of_birth": "2031-01-01"}, "date_of_birth is in the future"),
    ("families", {"parent_id": "F1-B", "date_of_birth": "0202-01-01"}, "date_of_birth is not a date: 0202-01-01"),
    ("families", {"parent_id": "F1-B", "first_name": "x" * 61}, "first_name is longer than 60 characters"),
    ("families", {"family_id": "F2"}, "parent_id: F1-A is recorded in another family"),
    ("children", {"family_id": "F9", "child_id": "C2"}, "unknown family_id: F9"),
    ("children", {"child_id": "C2", "removal_date": "2017-01-01"}, "removal_date is before date_of_birth"),
    ("children", {"child_id": "C2", "discharge_date": "2024-01-01"}, "discharge_date is before removal_date"),
    ("children", {"child_id": "C2", "discharge_reason": ""}, "belong together"),
    ("children", {"child_id": "C2", "discharge_date": ""}, "belong together"),
    ("children", {"child_id": "C2", "discharge_reason": "went home"}, "unknown discharge_reason: went home"),
    ("children", {"child_id": "C2", "removal_date": ""}, "removal_date is missing"),
    ("children", {"child_id": "C2", "removal_date": "2031-01-01"}, "removal_date is in the future"),
    ("children", {"child_id": "C2", "trial_reunification_start": "2024-12-01"}, "lies outside the removal"),
    ("children", {"date_of_birth": "2025-02-01", "removal_date": "2025-07-01", "discharge_date": "2025-08-01",
                  "trial_reunification_start": ""}, "date_of_birth is after a removal date recorded"),
    ("referrals", {"referral_id": "R2", "family_id": "F9"}, "unknown family_id: F9"),
    ("referrals", {"referral_id": "R2", "parent_id": "F9-A"}, "unknown parent_id: F9-A"),
    ("referrals", {"referral_id": "R2", "source": "a neighbor"}, "unknown source: a neighbor"),
    ("referrals", {"referral_id": "R2", "decision_date": "2025-01-01"}, "decision_date is before referral_date"),
    ("referrals", {"referral_id": "R2", "outcome": ""}, "decision_date and outcome belong together"),
    ("referrals", {"referral_id": "R2", "outcome": "parent_declined"}, "without an accepted referral"),
    ("referrals", {"referral_id": "R2", "enroll_date": "2025-02-02"}, "enroll_date is before decision_date"),
    ("referrals", {"referral_id": "R2", "close_date": "2025-02-28"}, "close_date is before enroll_date"),
    ("referrals", {"referral_id": "R2", "closure_reason": ""}, "close_date and closure_reason belong together"),
    ("referrals", {"referral_id": "R2", "enroll_date": ""}, "close_date without enroll_date"),
    ("referrals", {"referral_id": "R2"}, "F1-A is enrolled already in these dates"),
    ("levels", {"referral_id": "R9"}, "unknown referral: R9"),
    ("levels", {"level": "5"}, "unknown level: 5"),
    ("levels", {"date": "2025-05-01", "reason": ""}, "reason is missing"),
    ("matches", {"partner_id": "P9"}, "unknown partner: P9"),
    ("matches", {"start_date": "2025-02-04"}, "start_date is before the decision of 02/05/2025"),
    ("matches", {"start_date": "2025-03-01", "end_date": "2025-02-28"}, "end_date is before start_date"),
    ("matches", {"start_date": "2026-03-01", "end_date": ""}, "end_reason without end_date"),
    ("contacts", {"contact_id": "K2", "date": "2031-01-05"}, "date is in the future"),
    ("contacts", {"contact_id": "K2", "date": "2026-02-31"}, "date is not a date: 2026-02-31"),
    ("contacts", {"contact_id": "K2", "date": "5.3.2025"}, "date is not a date: 5.3.2025"),
    ("contacts", {"contact_id": "K2", "mode": "carrier_pigeon"}, "unknown mode: carrier_pigeon"),
    ("contacts", {"contact_id": "K2", "mode": ""}, "mode is missing"),
    ("contacts", {"contact_id": "K2", "minutes": "900"}, "minutes of a completed contact are 1 to 720"),
    ("contacts", {"contact_id": "K2", "minutes": ""}, "minutes of a completed contact are 1 to 720"),
    ("contacts", {"contact_id": "K2", "minutes": "-5"}, "minutes is not a whole number: -5"),
    ("contacts", {"contact_id": "K2", "result": "no_show"}, "that did not take place are 0"),
    ("contacts", {"contact_id": "K2", "activities": "transport_child"}, "unknown activity: transport_child"),
    ("contacts", {"contact_id": "K2", "activities": "testify;mentoring"}, "unknown activity: testify"),
    ("contacts", {"contact_id": "K2", "date": "2025-02-10"}, "outside the enrollment, 03/01/2025 to 09/01/2025"),
    ("contacts", {"contact_id": "K2", "date": "2025-09-02"}, "outside the enrollment, 03/01/2025 to 09/01/2025"),
    ("contacts", {"contact_id": "K2", "note": "Her SSN is 123-45-6789."}, "looks like a Social Security number"),
    ("events", {"event_id": "E2", "date": "2031-01-01"}, "date is in the future, so nobody can have attended"),
    ("events", {"event_id": "E2", "partner_attended": "P9"}, "unknown partner: P9"),
    ("sessions", {"session_id": "S2", "attendees": "P1;P777"}, "unknown attendee: P777"),
    ("sessions", {"session_id": "S2", "minutes": "721"}, "minutes is not from 1 to 720: 721"),
    ("council", {"meeting_id": "M2", "attendance": "judge:many"}, "attendance of judge is not a whole number: many"),
    ("council", {"meeting_id": "M2", "attendance": "juggler:1"}, "unknown advisory role: juggler"),
    ("council", {"meeting_id": "M2", "attendance": "judge:1;judge:2"}, "attendance names a role more than once"),
    ("outreach", {"event_id": "O2", "attendance": ""}, "attendance is missing"),
]  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_a_bad_row_is_refused_with_its_reason(rock, name):
    load_everything(rock)
    wanted = [(cells, words) for sheet, cells, words in REFUSED if sheet == name]

    reasons = [reason(rock, name, **cells) for cells, _ in wanted]

    assert wanted
    for (cells, words), why in zip(wanted, reasons, strict=True):
        assert words in why, cells


def test_everything_wrong_with_the_cells_of_a_row_is_named_at_once(rock):
    load_everything(rock)

    assert reason(rock, "contacts", contact_id="K2", mode="owl", date="soon") == (
        "date is not a date: soon; unknown mode: owl"
    )


def test_one_good_row_of_each_kind_loads_with_all_its_values(rock):
    reports = load_everything(rock)

    assert {r.name: (r.figures()["created"], r.problem, r.refused) for r in reports.values()} == {
        name: (1, "", []) for name in reports
    }
    with site_scope(rock.id):
        partner, parent = ParentPartner.objects.get(), Parent.objects.get()
        assert (partner.languages, str(partner.fte), partner.person) == (["en", "hmn"], "0.75", None)
        assert (parent.races, parent.hispanic, parent.family.source_id) == (["white", "asian"], "no", "F1")
        episode = RemovalEpisode.objects.get()
        assert (episode.source, str(episode.trial_reunification_on)) == ("imported", "2025-05-01")
        part, enrollment = Participation.objects.get(), Enrollment.objects.get()
        assert part.is_imported and part.agreement is None and part.enrollment == enrollment
        assert (str(enrollment.closed_on), enrollment.closure_reason) == ("2025-09-01", "moved")
        assert LevelChange.objects.get().enrollment == enrollment
        assert Match.objects.get().status == "ended"
        contact = Contact.objects.get()
        assert (contact.enrollment, contact.is_late, contact.note) == (
            enrollment,
            False,
            'Said "yes", smiled.',
        )
        assert SessionAttendance.objects.get().partner == partner
        assert dict(CouncilAttendance.objects.values_list("role", "number")) == {
            "judge": 1,
            "parent_partner": 2,
        }
        assert OutreachEvent.objects.get().attendance == 12


def test_blank_cells_stay_unknown(rock):
    cells = ["date_of_birth", "gender", "race", "hispanic", "language", "interpreter", "tribal_connection"]
    load(rock, families=[dict.fromkeys(cells, "")])

    with site_scope(rock.id):
        parent = Parent.objects.get()
        assert (parent.date_of_birth, parent.gender, parent.races, parent.hispanic) == (None, "", [], "")
        assert (parent.language, parent.needs_interpreter, parent.tribal_connection) == ("", "", "")


def test_codes_are_read_in_any_case_and_dates_in_both_forms(rock):
    load_everything(rock)

    assert (
        reason(rock, "contacts", contact_id="K2", mode="PHONE", result="Completed", date=" 3/5/2025 ") == ""
    )
    with site_scope(rock.id):
        contact = Contact.objects.get(source_id="K2")
        assert (contact.mode, contact.held_on) == ("phone", dt.date(2025, 3, 5))


def test_a_cell_that_looks_like_a_formula_is_text(rock):
    load_everything(rock)

    assert reason(rock, "contacts", contact_id="K2", note="=Good visit, +1") == ""
    with site_scope(rock.id):
        assert Contact.objects.get(source_id="K2").note == "=Good visit, +1"


def test_the_closing_day_belongs_to_the_enrollment_and_outreach_may_come_before(rock):
    load_everything(rock)

    assert reason(rock, "contacts", contact_id="K2", date="2025-09-01") == ""
    assert reason(rock, "contacts", contact_id="K3", date="2025-02-10", activities="outreach_attempt") == ""
    with site_scope(rock.id):
        assert Contact.objects.get(source_id="K2").enrollment is not None
        assert Contact.objects.get(source_id="K3").enrollment is None


def test_a_contact_of_a_referral_without_enrollment_needs_outreach(rock):
    load_everything(rock)
    blank = {"outcome": "accepted", "enroll_date": "", "close_date": "", "closure_reason": ""}
    load(rock, referrals=[{"referral_id": "R2", **blank}])

    assert "R2 has no enrollment" in reason(rock, "contacts", contact_id="K2", referral_id="R2")
    assert reason(rock, "contacts", contact_id="K2", referral_id="R2", activities="outreach_attempt") == ""
    assert "R2 has no enrollment" in reason(rock, "levels", referral_id="R2")


def test_a_match_needs_an_accepted_referral(rock):
    load_everything(rock)
    blank = {"outcome": "no_capacity", "enroll_date": "", "close_date": "", "closure_reason": ""}
    load(rock, referrals=[{"referral_id": "R2", **blank}])

    assert reason(rock, "matches", referral_id="R2") == "referral R2 was not accepted"


def test_a_row_that_hangs_on_a_refused_row_is_refused(rock):
    load(rock, partners=[{}], families=[{}])

    reports = load(
        rock,
        referrals=[{"decision_date": "2025-01-01"}],
        levels=[{}],
        matches=[{}],
        contacts=[{}],
        events=[{}],
    )

    for name in ("levels", "matches", "contacts", "events"):
        assert [why for _, why in reports[name].refused] == ["unknown referral: R1"]


def test_the_first_row_of_an_id_loads_and_later_ones_are_refused(rock):
    load_everything(rock)

    report = load(
        rock, contacts=[{"contact_id": "K2"}, {"contact_id": "K2", "minutes": "35"}, {"contact_id": "K2"}]
    )

    assert report["contacts"].figures()["created"] == 1
    assert [(line.number, why) for line, why in report["contacts"].refused] == [
        (3, "contact_id K2 stands in the file more than once, first in row 2"),
        (4, "contact_id K2 stands in the file more than once, first in row 2"),
    ]


def test_the_same_removal_written_in_two_date_forms_stands_there_twice(rock):
    load(rock, families=[{}])

    report = load(rock, children=[{}, {"removal_date": "1/10/2025"}])["children"]

    assert [why for _, why in report.refused] == [
        "child_id C1, removal_date 1/10/2025 stands in the file more than once, first in row 2"
    ]


def test_several_removals_of_a_child_are_no_duplicates_but_may_not_overlap(rock):
    load(rock, families=[{}])
    later = {
        "removal_date": "2025-08-01",
        "trial_reunification_start": "",
        "discharge_date": "",
        "discharge_reason": "",
    }

    report = load(rock, children=[{}, later, {**later, "removal_date": "2025-09-01"}])["children"]

    assert report.figures()["created"] == 2
    assert [why for _, why in report.refused] == ["removal_date: overlaps the removal of 08/01/2025"]
    with site_scope(rock.id):
        assert Child.objects.count() == 1
        assert RemovalEpisode.objects.count() == 2


def test_a_child_never_removed_has_no_episode(rock):
    load(rock, families=[{}])
    blank = dict.fromkeys(
        ["removal_date", "trial_reunification_start", "discharge_date", "discharge_reason"], ""
    )

    assert reason(rock, "children", **blank) == ""
    with site_scope(rock.id):
        assert Child.objects.get().removal_episodes.count() == 0


def warned(report) -> list[str]:
    return [text for _, text in report.warnings]


def test_decisions_already_taken_only_warn(rock):
    load(rock, families=[{}, {"family_id": "F2", "parent_id": "F2-A"}], referrals=[{}])
    with site_scope(rock.id):
        assert Referral.objects.get().outcome == "accepted"

    partners = load(rock, partners=[
        {"eligibility_date": "2023-06-01", "core_training_completed_on": ""}, {"partner_id": "P2"},
    ])["partners"]  # fmt: skip
    matches = load(rock, matches=[{}, {"partner_id": "P2", "start_date": "2025-03-01"}])["matches"]

    assert warned(partners) == ["P1 began less than a year after the eligibility date"]
    assert warned(matches) == [
        "P1 had not completed core training at the start",
        "this parent has another partner in these dates; loaded as the secondary partner",
    ]
    assert [report.figures()["refused"] for report in (partners, matches)] == [0, 0]
    with site_scope(rock.id):
        assert list(Match.objects.order_by("starts_on").values_list("is_secondary", flat=True)) == [
            False,
            True,
        ]


def test_a_conflict_and_a_full_caseload_warn(rock):
    families = [{"family_id": f"F{n}", "parent_id": f"F{n}-A"} for n in (1, 2)]
    referrals = [{"referral_id": f"R{n}", "family_id": f"F{n}", "parent_id": f"F{n}-A"} for n in (1, 2)]
    load(rock, partners=[{"fte": "0.05"}], families=families, referrals=referrals)
    with site_scope(rock.id):
        parent, partner = Parent.objects.get(source_id="F1-A"), ParentPartner.objects.get()
        Conflict.objects.create(site=rock, parent=parent, partner=partner, kind="related")

    report = load(rock, matches=[{}, {"referral_id": "R2", "start_date": "2025-04-01"}])["matches"]

    assert warned(report) == [
        "a conflict is recorded between this parent and this partner",
        "P1 had 2 families then, over the cap",
    ]


def test_doubts_about_a_removal_warn(rock):
    load(rock, families=[{}])

    report = load(rock, children=[
        {"child_id": "C1", "date_of_birth": "2006-01-01"},
        {"child_id": "C2", "discharge_date": "2025-01-10", "trial_reunification_start": ""},
        {"child_id": "C3", "trial_reunification_start": "2025-06-09"},
    ])["children"]  # fmt: skip

    assert report.warnings == [
        (2, "the child was 18 or older at removal: outside federal measures"),
        (3, "removal and discharge are on the same day"),
        (4, "a trial reunification lasts 7 to 150 days"),
    ]


def test_words_about_who_reported_warn(rock):
    load_everything(rock)

    report = load(rock, contacts=[{"contact_id": "K2", "note": "It was reported by the aunt."}])["contacts"]

    assert report.figures()["created"] == 1
    assert "may tell who made a report" in warned(report)[0]


def test_what_clinical_support_was_about_is_not_kept(rock):
    load_everything(rock)

    report = load(rock, sessions=[{"session_id": "S2", "kind": "clinical_support", "topic": "grief"}])[
        "sessions"
    ]

    assert warned(report) == ["topic: what clinical support was about is not kept"]
    with site_scope(rock.id):
        assert SupportSession.objects.get(source_id="S2").topic == ""


def test_a_row_with_too_many_or_too_few_cells_is_refused(rock):
    content = (
        b"event_id,date,kind,audience,attendance\r\nO1,2025-05-07,other,courts, 12,3\r\nO2,2025-05-07\r\n"
    )

    report = load(rock, outreach=content)["outreach"]

    assert [why for _, why in report.refused] == [
        "the row has 6 cells, the header 5", "the row has 2 cells, the header 5",
    ]  # fmt: skip


def test_dates_after_as_of_are_in_the_future(rock):
    report = load(rock, outreach=[{}], as_of=dt.date(2025, 5, 6))["outreach"]

    assert [why for _, why in report.refused] == ["date is in the future"]


def test_as_of_cannot_reach_beyond_today(rock, today):
    tomorrow = today + dt.timedelta(days=1)

    report = load(rock, outreach=[{"date": tomorrow.isoformat()}], as_of=dt.date(2099, 1, 1))["outreach"]

    assert [why for _, why in report.refused] == ["date is in the future"]


def test_two_parents_of_a_family_share_one_enrollment(rock):
    load(rock, families=[{}, {"parent_id": "F1-B"}])
    second = {"referral_id": "R2", "parent_id": "F1-B", "enroll_date": "2025-04-01", "close_date": "2025-12-01",
              "closure_reason": "lost_contact"}  # fmt: skip

    report = load(rock, referrals=[{}, second])["referrals"]

    assert report.figures()["created"] == 2
    with site_scope(rock.id):
        enrollment = Enrollment.objects.get()
        assert (str(enrollment.enrolled_on), str(enrollment.closed_on)) == ("2025-03-01", "2025-12-01")
        assert (enrollment.closure_reason, enrollment.participations.count()) == ("lost_contact", 2)
    assert load(rock, referrals=[{}, second])["referrals"].figures()["unchanged"] == 2


def test_a_re_enrollment_is_linked_to_the_one_before_in_whatever_order_they_stand(rock):
    load(rock, families=[{}])
    again = {"referral_id": "R2", "referral_date": "2026-01-01", "decision_date": "2026-01-02",
             "enroll_date": "2026-01-03", "close_date": "", "closure_reason": ""}  # fmt: skip

    load(rock, referrals=[again, {}])

    with site_scope(rock.id):
        first, second = Enrollment.objects.order_by("enrolled_on")
        assert (first.previous, second.previous) == (None, first)
