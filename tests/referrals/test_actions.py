"""Referral, decision, withdrawal: what may follow what (`domain.md` 2, V16, V17)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from families.models import Family
from referrals.actions import (
    AlreadyDecided,
    CannotWithdraw,
    create_referral,
    decide_referral,
    withdraw_referral,
)
from referrals.models import Referral, ReferralOutcome
from tests.factories.families import make_family, make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.raw_sql import refused
from tests.trail import recorded, verbs_about

D = dt.date
CAME = {"source": "judge_court", "referred_on": D(2025, 5, 1)}


class TestCreating:
    def test_for_a_known_parent(self, rock, rock_coordinator):
        parent = make_parent(rock)
        with site_scope(rock.id):
            referral = create_referral(parent=parent, by=rock_coordinator, **CAME)
        assert (referral.reference, referral.family_id) == ("R-0001", parent.family_id)
        assert verbs_about(rock, "family", parent.family) == ["referral.created"]

    def test_for_a_new_parent_opens_a_family(self, rock, rock_coordinator):
        with site_scope(rock.id):
            referral = create_referral(first_name="Ana", last_name="Flores", by=rock_coordinator, **CAME)
        assert (str(referral.parent), referral.family.reference) == ("Ana Flores", "F-0001")

    def test_for_the_other_parent_of_a_known_family(self, rock, rock_coordinator):
        family = make_family(rock)
        with site_scope(rock.id):
            assert (
                create_referral(first_name="Ana", family=family, by=rock_coordinator, **CAME).family == family
            )
            assert Family.objects.count() == 1

    def test_of_a_known_parent_only_what_is_blank_is_filled(self, rock, rock_coordinator):
        parent = make_parent(rock, first_name="Ana", phone="608-555-0101", municipality="")
        told = {
            "first_name": "Anna",
            "phone": "608-555-0199",
            "municipality": "Beloit",
            "state_case_id": "77",
        }
        with site_scope(rock.id):
            referral = create_referral(parent=parent, by=rock_coordinator, **told, **CAME)
            parent = referral.parent
        known = (parent.first_name, parent.phone, parent.municipality, parent.family.state_case_id)
        assert known == ("Ana", "608-555-0101", "Beloit", "77")

    def test_asks_when_a_referral_is_pending_or_the_parent_enrolled(self, rock, rock_coordinator):
        pending, enrolled = make_referral(rock).parent, make_enrollment(rock).participations
        with site_scope(rock.id):
            with pytest.raises(Unconfirmed, match="still pending"):
                create_referral(parent=pending, by=rock_coordinator, **CAME)
            with pytest.raises(Unconfirmed, match="is enrolled now"):
                create_referral(parent=enrolled.get().parent, by=rock_coordinator, **CAME)

    def test_in_the_future_is_refused_by_action_and_database(self, rock, rock_coordinator):
        referral, later = make_referral(rock), timezone.localdate() + dt.timedelta(days=2)
        with site_scope(rock.id), pytest.raises(ValidationError, match="in the future"):
            create_referral(first_name="Ana", source="self", referred_on=later, by=rock_coordinator)
        sql = "UPDATE referrals_referral SET referred_on = %s WHERE id = %s"
        assert "V06" in refused(rock, sql, later, referral.pk)

    def test_before_the_site_opened_is_asked_about(self, rock, rock_coordinator):
        with site_scope(rock.id), pytest.raises(Unconfirmed, match="before the day this site opened"):
            create_referral(
                first_name="Ana", source="self", referred_on=dt.date(1926, 5, 1), by=rock_coordinator
            )

    def test_scans_what_is_typed(self, rock, rock_coordinator):
        with site_scope(rock.id), pytest.raises(ValidationError, match="Social Security number"):
            create_referral(first_name="Ana", municipality="123-45-6789", by=rock_coordinator, **CAME)

    def test_the_database_refuses_a_parent_of_another_family(self, rock):
        referral, other = make_referral(rock), make_parent(rock)
        sql = "UPDATE referrals_referral SET parent_id = %s WHERE id = %s"
        assert "does not belong" in refused(rock, sql, other.pk, referral.pk)


class TestDeciding:
    @pytest.mark.parametrize("outcome", [o for o in ReferralOutcome.values if o != "withdrawn"])
    def test_no_outcome_demands_a_reason(self, outcome, rock, rock_coordinator):
        """V16, and first of all for the parent's own no."""
        referral = make_referral(rock)
        with site_scope(rock.id):
            decided = decide_referral(
                referral=referral, outcome=outcome, decided_on=D(2025, 5, 3), by=rock_coordinator
            )
        assert (decided.outcome, decided.decision_note) == (outcome, "")
        assert recorded(rock, "referral.decided", about=referral)

    def test_the_database_takes_a_declined_referral_without_a_reason(self, rock):
        declined = make_referral(rock, outcome="parent_declined", decided_on=D(2025, 5, 2))
        assert declined.decision_note == ""

    def test_the_first_decision_stands(self, rock, rock_coordinator):
        referral = make_accepted_referral(rock)
        with site_scope(rock.id), pytest.raises(AlreadyDecided):
            decide_referral(
                referral=referral, outcome="ineligible", decided_on=D(2025, 5, 9), by=rock_coordinator
            )

    def test_not_before_the_referral(self, rock, rock_coordinator):
        referral = make_referral(rock)
        with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
            decide_referral(
                referral=referral, outcome="accepted", decided_on=D(2025, 4, 30), by=rock_coordinator
            )
        assert "05/01/2025" in refusal.value.message_dict["decided_on"][0]
        sql = "UPDATE referrals_referral SET outcome = 'accepted', decided_on = '2025-04-30' WHERE id = %s"
        assert "referral_decided_after_referred" in refused(rock, sql, referral.pk)

    def test_a_date_and_its_outcome_belong_together_in_the_database(self, rock):
        referral = make_referral(rock)
        for change in ["outcome = 'accepted'", "decided_on = '2025-05-02'"]:
            words = refused(rock, f"UPDATE referrals_referral SET {change} WHERE id = %s", referral.pk)
            assert "referral_decision_with_outcome" in words

    def test_the_reason_is_scanned(self, rock, rock_coordinator):
        facts = {"outcome": "ineligible", "decided_on": D(2025, 5, 3), "by": rock_coordinator}
        with site_scope(rock.id):
            with pytest.raises(ValidationError, match="Social Security number"):
                decide_referral(referral=make_referral(rock), decision_note="SSN 123-45-6789", **facts)
            with pytest.raises(Unconfirmed, match="who made a report"):
                decide_referral(referral=make_referral(rock), decision_note="reported by school", **facts)


class TestWithdrawing:
    def test_a_pending_one_counts_as_decided(self, rock, rock_coordinator):
        """So that pending at the end of a month adds up (B4)."""
        referral = make_referral(rock)
        with site_scope(rock.id):
            gone = withdraw_referral(referral=referral, withdrawn_on=D(2025, 5, 4), by=rock_coordinator)
            assert not Referral.objects.pending().exists()
        assert (gone.outcome, gone.decided_on, gone.withdrawn_on) == (
            "withdrawn",
            D(2025, 5, 4),
            D(2025, 5, 4),
        )
        assert recorded(rock, "referral.withdrawn", about=referral)

    def test_an_accepted_one_keeps_its_decision(self, rock, rock_coordinator):
        referral = make_accepted_referral(rock)
        with site_scope(rock.id):
            gone = withdraw_referral(referral=referral, withdrawn_on=D(2025, 5, 20), by=rock_coordinator)
            assert not Referral.objects.awaiting_match().exists()
        assert (gone.outcome, gone.decided_on) == ("accepted", D(2025, 5, 8))

    @pytest.mark.parametrize(
        "day", [D(2025, 4, 30), D(2025, 5, 7)], ids=["before it came", "before its decision"]
    )
    def test_not_too_early(self, day, rock, rock_coordinator):
        referral = make_accepted_referral(rock)
        with site_scope(rock.id), pytest.raises(ValidationError, match="or a later date"):
            withdraw_referral(referral=referral, withdrawn_on=day, by=rock_coordinator)

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (lambda s: make_referral(s, outcome="no_capacity", decided_on=D(2025, 5, 2)), "was not accepted"),
            (lambda s: make_accepted_referral(s, withdrawn_on=D(2025, 5, 20)), "withdrawn already"),
            (lambda s: make_match(s).referral, "There is a match"),
            (lambda s: make_match(s, status="proposed").referral, "There is a match"),
        ],
        ids=["declined", "withdrawn", "matched", "proposed"],
    )
    def test_only_what_is_open(self, make, words, rock, rock_coordinator):
        referral = make(rock)
        with site_scope(rock.id), pytest.raises(CannotWithdraw, match=words):
            withdraw_referral(referral=referral, withdrawn_on=timezone.localdate(), by=rock_coordinator)

    def test_an_enrolled_parent_is_closed_instead(self, rock, rock_coordinator):
        referral = make_accepted_referral(rock)
        make_enrollment(rock, referral)
        with site_scope(rock.id), pytest.raises(CannotWithdraw, match="Close the enrollment"):
            withdraw_referral(referral=referral, withdrawn_on=timezone.localdate(), by=rock_coordinator)


def test_a_declined_proposal_leaves_the_referral_waiting(rock):
    referral = make_accepted_referral(rock)
    make_match(rock, referral, status="declined", declined_by="parent")
    with site_scope(rock.id):
        assert list(Referral.objects.awaiting_match()) == [referral]
