"""Every rule of `domain.md` 4.2, and the tests that try to break it on screen, in the action and in the database.

The table is for reading: which test to open for a rule, or why there is none at that door. A test renamed or
removed, or a rule the code names and the table does not, fails here.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError

from counties.action_forms import ActionForm
from counties.models import Site
from counties.wall import site_scope
from families.models import Child, Disclosure
from tests.factories.families import make_child

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "families", "partners", "referrals", "matching", "activities", "advisory", "outreach", "reporting", "exchange",
    "counties",
)  # fmt: skip


@dataclass(frozen=True)
class Held:
    """What tries the rule at each door: `room/test_file.py::Class::test`, or `none: why`."""

    screen: str
    action: str
    database: str


EPISODES = "families/test_episodes.py::TestImpossibleDates::"
IMPOSSIBLE_EPISODE = Held(
    screen=EPISODES + "test_the_screen_says_it_beside_the_field_and_keeps_what_was_typed",
    action=EPISODES + "test_the_action_refuses",
    database=EPISODES + "test_the_database_refuses",
)
"""Its cases are named after the rule they break."""
CONTACTS = "activities/test_log_contact.py::"
IMPOSSIBLE_CONTACT = Held(
    screen=CONTACTS + "test_the_screen_refuses_beside_the_field_and_keeps_what_was_typed",
    action=CONTACTS + "test_the_action_refuses",
    database=CONTACTS + "test_the_database_refuses",
)
A_WARNING = "none: a warning; saved once the person confirms it, so the row itself is a legal one"
MATCHES, MATCH_PAGES = "matching/test_match_actions.py::", "matching/test_views.py::"
SHARING = "families/test_consents.py::TestNothingIsSharedWithoutALiveConsent::"
ENROLLING = "referrals/test_enrollment.py::"

RULES: dict[str, list[Held]] = {
    "V01": [
        IMPOSSIBLE_EPISODE,
        Held(
            screen="families/test_episodes.py::TestBirthAfterRemoval::test_the_screen_says_it_beside_the_field",
            action="families/test_episodes.py::TestBirthAfterRemoval::test_the_action_refuses",
            database="families/test_episodes.py::TestBirthAfterRemoval::test_the_database_refuses",
        ),
        Held(
            screen="none: asked about like V03, by the same form",
            action="families/test_episodes.py::test_eighteen_at_removal_is_asked_about_and_a_day_younger_is_not",
            database=A_WARNING,
        ),
    ],
    "V02": [IMPOSSIBLE_EPISODE],
    "V03": [
        Held(
            screen="families/test_episodes.py::test_the_screen_offers_save_anyway_and_saves_once_ticked",
            action="families/test_episodes.py::TestUnusualDates::test_the_action_waits_for_a_confirmation",
            database=A_WARNING,
        )
    ],
    "V04": [IMPOSSIBLE_EPISODE],
    "V05": [
        IMPOSSIBLE_EPISODE,
        Held(
            screen="families/test_placements.py::TestImpossibleDates::test_on_screen",
            action="families/test_placements.py::TestImpossibleDates::test_in_the_action",
            database="families/test_placements.py::TestImpossibleDates::test_in_the_database",
        ),
        Held(
            screen="families/test_placements.py::test_a_new_placement_ends_the_open_one_before_it",
            action="families/test_placements.py::test_an_unusual_trial_reunification_waits_for_a_confirmation",
            database=A_WARNING,
        ),
    ],
    "V06": [
        IMPOSSIBLE_EPISODE,
        IMPOSSIBLE_CONTACT,
        Held(
            screen="partners/test_sessions.py::test_the_screen_records_and_keeps_what_was_typed",
            action="partners/test_sessions.py::test_what_cannot_be_is_refused_beside_its_field",
            database="partners/test_sessions.py::test_the_database_refuses_as_well",
        ),
        Held(
            screen="partners/test_training.py::test_the_screen_keeps_what_cannot_be",
            action="partners/test_training.py::test_what_cannot_be",
            database="partners/test_training.py::test_the_database_refuses_as_well",
        ),
    ],
    "V07": [
        IMPOSSIBLE_CONTACT,
        Held(
            screen="matching/test_close_enrollment.py::test_on_screen",
            action=ENROLLING + "TestClosing::test_not_on_a_day_that_does_not_fit",
            database=ENROLLING + "TestClosing::test_the_database_keeps_contacts_inside",
        ),
    ],
    "V08": [
        Held(
            screen=CONTACTS + "TestLate::test_nobody_takes_the_flag_off",
            action=CONTACTS + "TestLate::test_follows_the_site_and_shows_on_the_page",
            database="none: a flag reckoned at entry from the site's setting of that day; nothing is refused",
        )
    ],
    "V09": [
        Held(
            screen="partners/test_views.py::test_the_form_shows_v09_beside_the_start_date_and_keeps_what_was_typed",
            action="partners/test_partner_actions.py::test_v09_one_year_to_the_day",
            database="partners/test_partner_actions.py::test_v09_holds_in_the_database",
        ),
        Held(
            screen="partners/test_recruitment.py::test_from_interest_to_the_role_on_screen",
            action="partners/test_recruitment.py::test_the_one_year_rule_is_reckoned_from_the_date",
            database="partners/test_recruitment.py::test_the_database_asks_for_check_and_rule",
        ),
    ],
    "V10": [
        Held(
            screen=MATCH_PAGES + "test_v10_on_screen_asks_for_the_reason_and_keeps_it",
            action=MATCHES + "test_v10_core_training_or_a_reason",
            database=MATCHES + "test_v10_holds_in_the_database_without_training",
        )
    ],
    "V11": [
        Held(
            screen=MATCH_PAGES + "test_a_conflict_stands_on_the_page_and_blocks_the_form",
            action=MATCHES + "test_v11_a_conflict_blocks_proposing_and_beginning",
            database=MATCHES + "test_v11_a_conflict_blocks_proposing_and_beginning",
        ),
        Held(
            screen=MATCH_PAGES + "test_v11_on_screen_asks_for_the_reason_beside_its_field",
            action=MATCHES + "test_v11_caps_go_by_fte",
            database=MATCHES + "test_v11_the_hard_cap_holds_in_the_database_whatever_the_reason",
        ),
    ],
    "V12": [
        Held(
            screen=MATCH_PAGES + "test_v12_on_screen_offers_the_secondary_partner",
            action=MATCHES + "test_v12_one_primary_match_at_a_time",
            database=MATCHES + "test_v12_holds_in_the_database_for_inserts_too",
        )
    ],
    "V13": [
        Held(
            screen=SHARING + "test_the_screen_says_so_keeps_the_answers_and_the_trail_has_the_attempt",
            action=SHARING + "test_the_action_says_what_is_missing",
            database="families/test_consents.py::test_the_database_refuses_what_the_consent_does_not_cover",
        )
    ],
    "V14": [
        Held(
            screen="none: a computation; every page shows the figure it gives",
            action="reporting/test_measures_families.py::test_c8_tells_where_each_child_is_at_the_end_of_the_last_day",
            database="reporting/test_measures_families.py::"
            "test_h4_counts_removals_within_twelve_months_of_a_discharge",
        )
    ],
    "V15": [
        Held(
            screen="reporting/test_certify_report.py::"
            "test_the_screen_names_what_does_not_agree_and_certifies_nothing",
            action="reporting/test_certify_report.py::test_figures_that_do_not_agree_stop_the_report",
            database="none: the figures are computed from the rows at that moment; the database keeps them frozen",
        )
    ],
    "V16": [
        Held(
            screen="referrals/test_views.py::TestEnrollingOnScreen::test_without_it_v16_stands_beside_the_box",
            action=ENROLLING + "TestEnrolling::test_without_an_agreement_is_refused_and_nothing_is_written",
            database=ENROLLING + "TestTheDatabaseHoldsV16::test_no_participation_without_an_agreement",
        ),
        Held(
            screen="referrals/test_views.py::TestDecidingOnScreen::test_a_parent_s_no_needs_no_reason",
            action="referrals/test_actions.py::TestDeciding::test_no_outcome_demands_a_reason",
            database="referrals/test_actions.py::TestDeciding::"
            "test_the_database_takes_a_declined_referral_without_a_reason",
        ),
    ],
    "V17": [
        Held(
            screen="families/test_family_actions.py::TestFreeText::"
            "test_the_screen_says_it_beside_the_note_and_keeps_it",
            action="families/test_free_text.py::test_a_social_security_number_blocks_in_every_spelling",
            database="house/test_columns.py::test_the_database_takes_no_social_security_number_in_any_free_text",
        ),
        Held(
            screen=CONTACTS + "test_a_word_about_the_reporter_is_asked_about_and_saved_once_confirmed",
            action=CONTACTS + "test_the_action_asks_about_the_reporter",
            database=A_WARNING,
        ),
    ],
    "V18": [
        IMPOSSIBLE_CONTACT,
        Held(
            screen="activities/test_boundaries.py::test_no_code_or_label_names_what_a_partner_never_does",
            action="activities/test_boundaries.py::test_the_activities_are_those_of_the_list",
            database="activities/test_boundaries.py::test_import_api_and_database_take_the_same_list",
        ),
    ],
    "V19": [
        Held(
            screen="referrals/test_views.py::TestEnrollingOnScreen::test_v19_stands_beside_the_date",
            action=ENROLLING
            + "TestEnrolling::test_on_the_closing_day_of_the_last_is_refused_also_by_the_database",
            database=ENROLLING
            + "TestEnrolling::test_on_the_closing_day_of_the_last_is_refused_also_by_the_database",
        )
    ],
}


@cache
def _tests_of(file: str) -> set[str]:
    """Names of the tests in the file, those of classes as `Class::test`."""
    path = ROOT / "tests" / file
    found = set()
    for node in ast.parse(path.read_text()).body if path.exists() else []:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + one.name for one in inside if isinstance(one, ast.FunctionDef)}
    return found


def test_every_rule_has_its_row() -> None:
    assert list(RULES) == [f"V{number:02}" for number in range(1, 20)]
    named = {
        rule
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for rule in re.findall(r"\bV\d\d\b", path.read_text())
    }
    assert named <= set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_what_the_table_names_exists(rule: str) -> None:
    for held in RULES[rule]:
        doors = (held.screen, held.action, held.database)
        reasons = [door for door in doors if door.startswith("none: ")]
        assert len(reasons) < len(doors), "nothing tries it"
        for door in set(doors) - set(reasons):
            file, _, name = door.partition("::")
            assert name in _tests_of(file), door


def test_a_test_that_is_not_there_would_be_missed() -> None:
    assert "test_the_action_refuses" not in _tests_of("activities/test_log_contacts.py")
    assert "TestLate::test_the_action_refuses" not in _tests_of("activities/test_log_contact.py")


def _words_of(path: Path) -> list[str]:
    """Texts of a file but its docstrings, and what a constraint or trigger says: these begin with the id."""
    tree = ast.parse(path.read_text())
    quiet = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("message", "violation_error_message"):
            quiet |= {id(inside) for inside in ast.walk(node.value)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in quiet)
    return [node.value for node in texts if isinstance(node.value, str)]


def test_no_text_that_people_read_names_a_rule() -> None:
    """A coordinator does not know what V11 is; the id stays in comments, constraints and triggers."""
    said = re.compile(r"^V\d\d: |\(V\d\d")
    rooms = (*ROOMS, "psp", "accounts")
    code = [path for room in rooms for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    texts = [
        text for path in code if path.name not in ("triggers.py", "rules.py") for text in _words_of(path)
    ]
    texts += [path.read_text() for path in (ROOT / "templates").rglob("*.*")]
    assert [text for text in texts if said.search(text)] == []


class WordForm(ActionForm):
    word = forms.CharField()


def test_people_read_what_the_database_says_without_the_id_of_its_rule(rock: Site) -> None:
    child, form = make_child(rock), WordForm({"word": "x"})

    def move_the_birth(word: str, confirmed: list[str]) -> None:
        Child.objects.filter(pk=child.pk).update(date_of_birth=dt.date(2099, 1, 1))

    with site_scope(rock.id):
        assert form.is_valid() and not form.carried_out(move_the_birth)
        assert form.non_field_errors() == ["Date is in the future."]
        with pytest.raises(ValidationError, match="'Sharing needs a live consent or a legal basis"):
            Disclosure().validate_constraints()
