"""Proposing, beginning, declining and ending a match; V10, V11, V12 in the action and in the database."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from matching.actions import accept_match, decline_match, end_match, propose_match
from matching.models import MOVES, Match
from matching.refusals import (
    MatchMoveRefused,
    ParentAlreadyMatched,
    PartnerAtCapacity,
    PartnerExcluded,
    PartnerNotTrained,
    ReferralNotOpen,
)
from tests.factories.families import make_parent
from tests.factories.matching import make_conflict, make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
BEGIN = "UPDATE matching_match SET status = 'active', starts_on = '2025-06-01' WHERE id = %s"


def _propose(site, by, partner=None, referral=None, **more) -> Match:
    with site_scope(site.id):
        return propose_match(
            referral=referral or make_accepted_referral(site),
            partner=partner or make_partner(site),
            by=by,
            **more,
        )


def _accept(site, by, match, starts_on=dt.date(2025, 6, 1), **more) -> Match:
    with site_scope(site.id):
        return accept_match(match=match, starts_on=starts_on, by=by, **more)


def _filled(site, families: int, **facts):
    partner = make_partner(site, **facts)
    for _ in range(families):
        make_match(site, partner=partner)
    return partner


def test_a_match_is_proposed_with_the_score_it_was_suggested_by(rock, rock_coordinator):
    match = _propose(rock, rock_coordinator)
    assert (match.status, match.starts_on, match.proposed_by) == ("proposed", None, rock_coordinator)
    assert match.score["total"] == "70.0"
    assert len(match.score["parts"]) == 6
    assert recorded(rock, "match.proposed", match)
    assert recorded(rock, "match.proposed", match.parent.family)


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": "", "decided_on": None},
        {"outcome": "no_capacity"},
        {"withdrawn_on": dt.date(2025, 6, 1)},
    ],
)
def test_only_an_accepted_open_referral_can_be_matched(facts, rock, rock_coordinator):
    facts = {"outcome": "accepted", "decided_on": dt.date(2025, 5, 8), **facts}
    with pytest.raises(ReferralNotOpen):
        _propose(rock, rock_coordinator, referral=make_referral(rock, **facts))


def test_a_closed_enrollment_cannot_be_matched(rock, rock_coordinator):
    referral = make_accepted_referral(rock)
    make_enrollment(rock, referral, closed_on=dt.date(2025, 9, 1))
    with pytest.raises(ReferralNotOpen, match="closed"):
        _propose(rock, rock_coordinator, referral=referral)


@pytest.mark.parametrize(
    "facts",
    [
        {"ends_on": TODAY},
        {"starts_on": TODAY + dt.timedelta(days=9)},
        {"source_id": "P1", "eligibility_on": dt.date(2023, 6, 1)},
        {"is_on_leave": True},
    ],
)
def test_a_hard_stop_is_never_lifted_by_a_reason(facts, rock, rock_coordinator):
    reasons = {"cap_override": "Please", "training_override": "Please"}
    with pytest.raises(PartnerExcluded):
        _propose(rock, rock_coordinator, make_partner(rock, **facts), **reasons)


@pytest.mark.parametrize("kind", ["related", "same_case", "no_contact", "other_parent"])
def test_v11_a_conflict_blocks_proposing_and_beginning(kind, rock, rock_coordinator):
    match = _propose(rock, rock_coordinator)
    make_conflict(rock, match.parent, match.partner, kind=kind)
    with pytest.raises(PartnerExcluded):
        _accept(rock, rock_coordinator, match)
    assert "V11" in refused(rock, BEGIN, match.pk)
    again = make_accepted_referral(rock, match.parent)
    with pytest.raises(PartnerExcluded):
        _propose(rock, rock_coordinator, match.partner, again)


def test_a_conflict_lifted_or_of_the_caseworker_lets_a_match_begin(rock, rock_coordinator):
    match = _propose(rock, rock_coordinator)
    make_conflict(rock, match.parent, match.partner, lifted_at=timezone.now())
    make_conflict(rock, match.parent, match.partner, kind="caseworker")
    assert _accept(rock, rock_coordinator, match).status == "active"


def test_v10_core_training_or_a_reason(rock, rock_coordinator):
    partner = make_partner(rock, core_training_completed_on=None)
    with pytest.raises(PartnerNotTrained) as refusal:
        _propose(rock, rock_coordinator, partner)
    assert "training_override" in refusal.value.message_dict
    match = _propose(rock, rock_coordinator, partner, training_override="Shadowed by Ruth for six weeks")
    assert _accept(rock, rock_coordinator, match).training_override.startswith("Shadowed")


def test_v10_is_asked_for_the_day_the_match_begins(rock, rock_coordinator):
    match = _propose(
        rock, rock_coordinator, make_partner(rock, core_training_completed_on=dt.date(2025, 7, 1))
    )
    with pytest.raises(PartnerNotTrained):
        _accept(rock, rock_coordinator, match)
    assert "V10" in refused(rock, BEGIN, match.pk)
    assert _accept(rock, rock_coordinator, match, dt.date(2025, 7, 1)).starts_on == dt.date(2025, 7, 1)


def test_v10_holds_in_the_database_without_training(rock):
    match = make_match(rock, partner=make_partner(rock, core_training_completed_on=None), status="proposed")
    assert "V10" in refused(rock, BEGIN, match.pk)


@pytest.mark.parametrize(("fte", "soft", "hard"), [("1.00", 12, 15), ("0.50", 6, 7)])
def test_v11_caps_go_by_fte(fte, soft, hard, rock, rock_coordinator):
    partner = _filled(rock, soft - 1, fte=Decimal(fte))
    last_free = _propose(rock, rock_coordinator, partner)
    over = _propose(rock, rock_coordinator, partner)
    _accept(rock, rock_coordinator, last_free)
    with pytest.raises(PartnerAtCapacity) as refusal:
        _accept(rock, rock_coordinator, over)
    assert "cap_override" in refusal.value.message_dict
    assert "V11" in refused(rock, BEGIN, over.pk)
    assert _accept(rock, rock_coordinator, over, cap_override="Nobody else speaks Hmong").cap_override
    for _ in range(hard - soft - 1):
        make_match(rock, partner=partner)
    with pytest.raises(PartnerExcluded, match="Hard cap"):
        _propose(rock, rock_coordinator, partner, cap_override="Nobody else")


def test_v11_the_hard_cap_holds_in_the_database_whatever_the_reason(rock):
    partner = _filled(rock, 1, fte=Decimal("0.05"))
    match = make_match(rock, partner=partner, status="proposed", cap_override="Nobody else")
    assert "hard cap" in refused(rock, BEGIN, match.pk)


def test_v12_one_primary_match_at_a_time(rock, rock_coordinator):
    first = make_match(rock)
    other = make_accepted_referral(rock, first.parent)
    second = _propose(rock, rock_coordinator, referral=other)
    with pytest.raises(ParentAlreadyMatched) as refusal:
        _accept(rock, rock_coordinator, second)
    assert str(first.partner) in refusal.value.message_dict["starts_on"][0]
    assert "v12" in refused(rock, BEGIN, second.pk)


def test_v12_a_secondary_partner_is_allowed_and_flagged(rock, rock_coordinator):
    first = make_match(rock)
    second = _propose(rock, rock_coordinator, referral=first.referral, is_secondary=True)
    assert _accept(rock, rock_coordinator, second).is_secondary


def test_v12_a_hand_over_begins_on_the_day_the_other_match_ended(rock, rock_coordinator):
    first = make_match(rock, ends_on=dt.date(2025, 8, 1), end_reason="partner_left")
    second = _propose(rock, rock_coordinator, referral=first.referral)
    with pytest.raises(ParentAlreadyMatched) as refusal:
        _accept(rock, rock_coordinator, second, dt.date(2025, 7, 31))
    assert "08/01/2025" in refusal.value.message_dict["starts_on"][0]
    assert _accept(rock, rock_coordinator, second, dt.date(2025, 8, 1)).starts_on == dt.date(2025, 8, 1)


def test_v12_holds_in_the_database_for_inserts_too(rock):
    match = make_match(rock)
    sql = (
        "INSERT INTO matching_match (id, site_id, referral_id, parent_id, partner_id, status, proposed_on, starts_on,"
        " end_reason, declined_by, decline_reason, is_secondary, is_cover, cap_override, training_override, score)"
        " SELECT gen_random_uuid(), site_id, referral_id, parent_id, %s, 'active', proposed_on, starts_on,"
        " '', '', '', false, false, '', '', '{}' FROM matching_match WHERE id = %s"
    )
    assert "v12" in refused(rock, sql, make_partner(rock).pk, match.pk)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY + dt.timedelta(days=1), "today or an earlier"),
        (dt.date(2025, 5, 7), "05/08/2025, the day of the decision"),
    ],
)
def test_the_start_lies_between_decision_and_today(day, words, rock, rock_coordinator):
    match = _propose(rock, rock_coordinator)
    with pytest.raises(ValidationError) as refusal:
        _accept(rock, rock_coordinator, match, day)
    assert words in refusal.value.message_dict["starts_on"][0]


def test_a_match_does_not_begin_before_the_partner_did(rock, rock_coordinator):
    match = _propose(rock, rock_coordinator, make_partner(rock, starts_on=dt.date(2025, 7, 1)))
    with pytest.raises(ValidationError, match="no role here on 06/01/2025"):
        _accept(rock, rock_coordinator, match)


def test_acceptance_is_recorded(rock, rock_coordinator):
    match = _accept(rock, rock_coordinator, _propose(rock, rock_coordinator))
    assert recorded(rock, "match.accepted", match)


def test_what_changed_between_proposal_and_answer_is_seen(rock, rock_coordinator):
    match = _propose(rock, rock_coordinator)
    with site_scope(rock.id):
        match.referral.withdrawn_on = dt.date(2025, 6, 1)
        match.referral.save()
    with pytest.raises(ReferralNotOpen):
        _accept(rock, rock_coordinator, match)


@pytest.mark.parametrize("who", ["parent", "partner", "coordinator"])
def test_a_proposal_is_declined_without_a_reason(who, rock, rock_coordinator):
    match = _propose(rock, rock_coordinator)
    with site_scope(rock.id):
        match = decline_match(match=match, declined_by=who, by=rock_coordinator)
    assert (match.status, match.declined_by, match.decline_reason) == ("declined", who, "")
    assert recorded(rock, "match.declined", match)


def test_v17_asks_about_a_reason_that_may_name_a_reporter(rock, rock_coordinator):
    match = _propose(rock, rock_coordinator)
    with site_scope(rock.id):
        with pytest.raises(Unconfirmed):
            decline_match(
                match=match, declined_by="parent", decline_reason="Reported by her aunt", by=rock_coordinator
            )
        with pytest.raises(ValidationError, match="Social Security number"):
            decline_match(
                match=match, declined_by="parent", decline_reason="123-45-6789", by=rock_coordinator
            )
        assert Match.objects.get(pk=match.pk).status == "proposed"


def test_a_match_ends_with_date_and_reason(rock, rock_coordinator):
    match = make_match(rock)
    with site_scope(rock.id):
        match = end_match(
            match=match, ends_on=dt.date(2025, 9, 1), end_reason="parent_asked", by=rock_coordinator
        )
    assert (match.status, match.ends_on, match.end_reason) == ("ended", dt.date(2025, 9, 1), "parent_asked")
    assert recorded(rock, "match.ended", match)


@pytest.mark.parametrize("day", [dt.date(2025, 5, 19), TODAY + dt.timedelta(days=1)])
def test_a_match_ends_between_its_start_and_today(day, rock, rock_coordinator):
    match = make_match(rock)
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        end_match(match=match, ends_on=day, end_reason="other", by=rock_coordinator)
    assert "ends_on" in refusal.value.message_dict


VERBS = {
    "active": lambda match, by: accept_match(match=match, starts_on=dt.date(2025, 6, 1), by=by),
    "declined": lambda match, by: decline_match(match=match, declined_by="parent", by=by),
    "ended": lambda match, by: end_match(match=match, ends_on=dt.date(2025, 9, 1), end_reason="other", by=by),
}
# A pause is ended by a verb of its own, which writes no further date (test_steps.py).
LEGAL = set(MOVES) - {("paused", "ended")}


@pytest.mark.parametrize("after", VERBS)
@pytest.mark.parametrize("before", Match.Status.values)
def test_every_move_is_tried_and_only_the_legal_ones_happen(before, after, rock, rock_coordinator):
    ended = {"ends_on": dt.date(2025, 8, 1), "end_reason": "other"} if before in ("paused", "ended") else {}
    declined = {"declined_by": "coordinator"} if before == "declined" else {}
    match = make_match(rock, status=before, **ended, **declined)
    with site_scope(rock.id):
        if (before, after) in LEGAL:
            assert VERBS[after](match, rock_coordinator).status == after
        else:
            with pytest.raises(MatchMoveRefused):
                VERBS[after](match, rock_coordinator)
            assert Match.objects.get(pk=match.pk).status == before


def test_the_parent_of_a_match_is_the_one_of_its_referral(rock):
    match, other = make_match(rock), make_parent(rock)
    sql = "UPDATE matching_match SET parent_id = %s WHERE id = %s"
    assert "not the one of this referral" in refused(rock, sql, other.pk, match.pk)


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_cannot_fill_the_last_place_at_once(rock, rock_coordinator):
    partner = make_partner(rock, fte=Decimal("0.05"))
    matches = [make_match(rock, partner=partner, status="proposed") for _ in range(2)]
    ready, outcomes = threading.Barrier(2), []

    def accept(match: Match) -> None:
        ready.wait()
        try:
            outcomes.append(_accept(rock, rock_coordinator, match).status)
        except PartnerExcluded:
            outcomes.append("excluded")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=[match]) for match in matches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["active", "excluded"]
