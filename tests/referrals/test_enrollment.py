"""Enrolling and closing: V16, V19 and the order of dates, in the action and in the database."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from families.models import Consent
from referrals.actions import CannotClose, CannotEnroll, begin_enrollment, close_enrollment
from referrals.models import Enrollment, Participation
from tests.factories.activities import make_contact
from tests.factories.families import make_consent, make_parent
from tests.factories.matching import make_match
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.raw_sql import refused
from tests.trail import recorded

D = dt.date
DAY = D(2025, 6, 1)


@pytest.fixture
def matched(rock):
    """An accepted referral whose parent partner began on 05/20/2025."""
    return make_match(rock).referral


def _again(site, family, **fields):
    """Another accepted and matched referral of a parent of the family."""
    parent = make_parent(site, family)
    return make_match(site, make_accepted_referral(site, parent, **fields)).referral


class TestEnrolling:
    def test_records_the_agreement_and_opens_an_enrollment(self, rock, matched, rock_coordinator):
        with site_scope(rock.id):
            part = begin_enrollment(
                referral=matched, enrolled_on=DAY, is_signed=True, form_language="es", witness="J. Moe",
                by=rock_coordinator,
            )  # fmt: skip
            agreement = Consent.objects.get()
        assert (agreement.kind, agreement.starts_on, agreement.expires_on) == (
            "participation_agreement", DAY, D(2026, 6, 1),
        )  # fmt: skip
        assert (agreement.form_language, agreement.witness, part.agreement) == ("es", "J. Moe", agreement)
        assert (part.enrollment.enrolled_on, part.enrollment.previous) == (DAY, None)
        assert recorded(rock, "enrollment.begun", about=matched.family_id)

    def test_takes_an_agreement_on_file(self, rock, matched, rock_coordinator):
        agreement = make_consent(rock, matched.parent)
        with site_scope(rock.id):
            part = begin_enrollment(
                referral=matched, enrolled_on=DAY, agreement=agreement, by=rock_coordinator
            )
            assert (part.agreement, Consent.objects.count()) == (agreement, 1)

    def test_without_an_agreement_is_refused_and_nothing_is_written(self, rock, matched, rock_coordinator):
        with site_scope(rock.id):
            with pytest.raises(CannotEnroll, match="participation agreement"):
                begin_enrollment(referral=matched, enrolled_on=DAY, by=rock_coordinator)
            assert not Enrollment.objects.exists() and not Consent.objects.exists()

    def test_the_second_parent_joins_the_open_enrollment(self, rock, rock_coordinator):
        enrollment = make_enrollment(rock)
        other = _again(rock, enrollment.family)
        with site_scope(rock.id):
            part = begin_enrollment(
                referral=other, enrolled_on=D(2025, 7, 1), is_signed=True, by=rock_coordinator
            )
            assert (part.enrollment, part.starts_on) == (enrollment, D(2025, 7, 1))
            assert Enrollment.objects.count() == 1

    def test_re_enrolling_makes_a_new_enrollment_that_links_to_the_last(self, rock, rock_coordinator):
        first = make_enrollment(rock, closed_on=D(2025, 8, 1))
        referral = _again(rock, first.family)
        with site_scope(rock.id):
            part = begin_enrollment(
                referral=referral, enrolled_on=D(2025, 8, 2), is_signed=True, by=rock_coordinator
            )
            first.refresh_from_db()
        assert (part.enrollment.previous, first.closed_on) == (first, D(2025, 8, 1))

    def test_on_the_closing_day_of_the_last_is_refused_also_by_the_database(self, rock, rock_coordinator):
        first = make_enrollment(rock, closed_on=D(2025, 8, 1))
        referral = _again(rock, first.family)
        with site_scope(rock.id), pytest.raises(CannotEnroll) as refusal:
            begin_enrollment(
                referral=referral, enrolled_on=D(2025, 8, 1), is_signed=True, by=rock_coordinator
            )
        assert "choose a date after that day" in refusal.value.message_dict["enrolled_on"][0]
        sql = (
            "INSERT INTO referrals_enrollment (id, site_id, family_id, enrolled_on, closure_reason)"
            " VALUES (gen_random_uuid(), %s, %s, '2025-08-01', '')"
        )
        assert "v19_enrollments_do_not_overlap" in refused(rock, sql, rock.id, first.family_id)

    def test_a_parent_takes_part_once_at_a_time(self, rock, rock_coordinator):
        referral = make_accepted_referral(rock)
        make_enrollment(rock, referral)
        again = make_match(rock, make_accepted_referral(rock, referral.parent)).referral
        with site_scope(rock.id), pytest.raises(CannotEnroll, match="takes part in the enrollment since"):
            begin_enrollment(referral=again, enrolled_on=D(2025, 7, 1), is_signed=True, by=rock_coordinator)

    def test_the_second_parent_not_before_the_family(self, rock, rock_coordinator):
        enrollment = make_enrollment(rock)
        other = _again(rock, enrollment.family)
        with site_scope(rock.id), pytest.raises(ValidationError, match="when the family was enrolled"):
            begin_enrollment(referral=other, enrolled_on=D(2025, 5, 25), is_signed=True, by=rock_coordinator)

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (make_referral, "Only an accepted referral"),
            (lambda s: make_referral(s, outcome="no_capacity", decided_on=D(2025, 5, 2)), "Only an accepted"),
            (lambda s: make_accepted_referral(s, withdrawn_on=D(2025, 5, 20)), "Only an accepted"),
        ],
        ids=["pending", "not accepted", "withdrawn"],
    )
    def test_only_from_an_accepted_referral(self, make, words, rock, rock_coordinator):
        with site_scope(rock.id), pytest.raises(CannotEnroll, match=words):
            begin_enrollment(referral=make(rock), enrolled_on=DAY, is_signed=True, by=rock_coordinator)

    def test_once_from_each_referral(self, rock, rock_coordinator):
        referral = make_accepted_referral(rock)
        make_enrollment(rock, referral)
        with site_scope(rock.id), pytest.raises(CannotEnroll, match="already"):
            begin_enrollment(referral=referral, enrolled_on=DAY, is_signed=True, by=rock_coordinator)

    def test_not_before_the_decision_and_not_in_the_future(self, rock, matched, rock_coordinator):
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        with site_scope(rock.id):
            for day, words in [
                (D(2025, 5, 7), "when the referral was accepted"),
                (tomorrow, "in the future"),
            ]:
                with pytest.raises(ValidationError, match=words):
                    begin_enrollment(referral=matched, enrolled_on=day, is_signed=True, by=rock_coordinator)

    def test_before_the_match_is_asked_about(self, rock, matched, rock_coordinator):
        early = {
            "referral": matched,
            "enrolled_on": D(2025, 5, 19),
            "is_signed": True,
            "by": rock_coordinator,
        }
        with site_scope(rock.id):
            with pytest.raises(Unconfirmed, match="the match comes first") as refusal:
                begin_enrollment(**early)
            keys = [doubt.key for doubt in refusal.value.doubts]
            assert begin_enrollment(**early, confirmed=keys).pk


class TestTheDatabaseHoldsV16:
    INSERT = (
        "INSERT INTO referrals_participation (id, site_id, enrollment_id, referral_id, parent_id, starts_on,"
        " agreement_id, is_imported) VALUES (gen_random_uuid(), %s, %s, %s, %s, '2025-06-01', %s, false)"
    )

    def test_no_participation_without_an_agreement(self, rock):
        enrollment, referral = make_enrollment(rock), make_accepted_referral(rock)
        words = refused(rock, self.INSERT, rock.id, enrollment.pk, referral.pk, referral.parent_id, None)
        assert "v16_participation_agreement" in words

    def test_no_participation_from_a_referral_that_is_not_accepted(self, rock):
        enrollment, referral = make_enrollment(rock), make_referral(rock)
        agreement = make_consent(rock, referral.parent)
        values = [rock.id, enrollment.pk, referral.pk, referral.parent_id, agreement.pk]
        assert "V16" in refused(rock, self.INSERT, *values)


class TestClosing:
    def test_ends_the_participations_and_keeps_the_reason(self, rock, rock_coordinator):
        enrollment = make_enrollment(rock)
        with site_scope(rock.id):
            closed = close_enrollment(
                enrollment=enrollment, closed_on=D(2025, 9, 1), closure_reason="moved", by=rock_coordinator
            )
            ends = list(Participation.objects.values_list("ends_on", flat=True))
        assert (closed.closure_reason, ends) == ("moved", [D(2025, 9, 1)])
        assert recorded(rock, "enrollment.closed", about=enrollment)

    def test_a_participation_that_ended_before_keeps_its_date(self, rock, rock_coordinator):
        enrollment = make_enrollment(rock)
        with site_scope(rock.id):
            Participation.objects.update(ends_on=D(2025, 7, 1))
            close_enrollment(
                enrollment=enrollment, closed_on=D(2025, 9, 1), closure_reason="moved", by=rock_coordinator
            )
            assert Participation.objects.get().ends_on == D(2025, 7, 1)

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (D(2025, 5, 31), "or a later date"),
            (D(2025, 6, 20), "A contact is recorded on"),
            (D(2099, 1, 1), "in the future"),
        ],
        ids=["before it began", "before a contact", "in the future"],
    )
    def test_not_on_a_day_that_does_not_fit(self, day, words, rock, rock_coordinator):
        enrollment = make_enrollment(rock)
        make_contact(rock, enrollment, held_on=D(2025, 6, 21))
        with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
            close_enrollment(
                enrollment=enrollment, closed_on=day, closure_reason="moved", by=rock_coordinator
            )
        assert words in refusal.value.message_dict["closed_on"][0]

    @pytest.mark.parametrize(
        "change", ["closed_on = '2025-06-20', closure_reason = 'moved'", "enrolled_on = '2025-06-22'"]
    )
    def test_the_database_keeps_contacts_inside(self, change, rock):
        enrollment = make_enrollment(rock)
        make_contact(rock, enrollment, held_on=D(2025, 6, 21))
        sql = f"UPDATE referrals_enrollment SET {change} WHERE id = %s"
        assert "V07" in refused(rock, sql, enrollment.pk)

    def test_happens_once(self, rock, rock_coordinator):
        enrollment = make_enrollment(rock, closed_on=D(2025, 8, 1))
        with site_scope(rock.id), pytest.raises(CannotClose, match="was closed on 08/01/2025"):
            close_enrollment(
                enrollment=enrollment, closed_on=D(2025, 9, 1), closure_reason="moved", by=rock_coordinator
            )

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ("closed_on = '2025-05-31', closure_reason = 'moved'", "enrollment_closes_after_start"),
            ("closed_on = '2025-08-01'", "enrollment_closing_with_reason"),
            ("closure_reason = 'moved'", "enrollment_closing_with_reason"),
        ],
    )
    def test_the_database_holds_date_and_reason(self, change, constraint, rock):
        enrollment = make_enrollment(rock)
        sql = f"UPDATE referrals_enrollment SET {change} WHERE id = %s"
        assert constraint in refused(rock, sql, enrollment.pk)
