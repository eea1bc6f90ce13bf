"""Adding, correcting and ending a parent partner; V06 and V09 in the action and in the database."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from counties.action_forms import Unconfirmed
from counties.wall import site_scope
from partners.actions import (
    PartnerNotEligible,
    PartnerStillMatched,
    begin_leave,
    create_partner,
    edit_partner,
    end_leave,
    end_partner,
)
from partners.models import ParentPartner
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

FACTS = {
    "person": None,
    "first_name": "Mai",
    "last_name": "Yang",
    "eligibility_basis": "reunified",
    "eligibility_on": dt.date(2024, 2, 29),
    "eligibility_verified_by": "Ruth Alder",
    "starts_on": dt.date(2025, 3, 1),
    "fte": Decimal("0.50"),
    "languages": ["en", "hmn"],
}


def test_a_partner_is_added_and_the_trail_says_so(rock, rock_coordinator):
    with site_scope(rock.id):
        partner = create_partner(by=rock_coordinator, **FACTS)
    assert partner.site_id == rock.id
    assert partner.is_eligible
    assert recorded(rock, "partner.created", partner, by=rock_coordinator)


@pytest.mark.parametrize(
    ("eligible_on", "first_day"),
    [(dt.date(2024, 3, 1), dt.date(2025, 3, 1)), (dt.date(2024, 2, 29), dt.date(2025, 2, 28))],
)
def test_v09_one_year_to_the_day(eligible_on, first_day, rock, rock_coordinator):
    facts = FACTS | {"eligibility_on": eligible_on}
    with site_scope(rock.id):
        create_partner(by=rock_coordinator, **facts | {"starts_on": first_day})
        with pytest.raises(PartnerNotEligible) as refusal:
            create_partner(by=rock_coordinator, **facts | {"starts_on": first_day - dt.timedelta(days=1)})
    assert f"{first_day:%m/%d/%Y}" in refusal.value.message_dict["starts_on"][0]


def test_v09_is_lifted_by_the_states_override_with_a_reason(rock, rock_coordinator):
    facts = FACTS | {
        "starts_on": dt.date(2024, 9, 1),
        "eligibility_override": "DCF agreed on 08/20/2024: pilot.",
    }
    with site_scope(rock.id):
        partner = create_partner(by=rock_coordinator, **facts)
    assert partner.is_eligible


def test_v09_holds_in_the_database(rock):
    partner = make_partner(rock)
    sql = "UPDATE partners_parentpartner SET eligibility_on = %s WHERE id = %s"
    assert "v09_eligible_for_a_year" in refused(rock, sql, dt.date(2023, 1, 2), partner.pk)


def test_an_imported_partner_against_v09_may_get_a_new_telephone_number_but_no_worse_dates(
    rock, rock_coordinator
):
    partner = make_partner(rock, source_id="P001", eligibility_on=dt.date(2023, 6, 1))
    with site_scope(rock.id):
        assert (
            edit_partner(partner=partner, phone="608-555-0100", by=rock_coordinator).phone == "608-555-0100"
        )
        with pytest.raises(PartnerNotEligible):
            edit_partner(partner=partner, eligibility_on=dt.date(2023, 7, 1), by=rock_coordinator)


def test_v06_core_training_is_not_in_the_future(rock, rock_coordinator):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        create_partner(by=rock_coordinator, **FACTS | {"core_training_completed_on": tomorrow})
    assert "today or an earlier day" in refusal.value.message_dict["core_training_completed_on"][0]
    sql = "UPDATE partners_parentpartner SET core_training_completed_on = %s WHERE id = %s"
    assert "V06" in refused(rock, sql, tomorrow, make_partner(rock).pk)


def test_v17_an_override_may_not_hold_a_social_security_number(rock, rock_coordinator):
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        create_partner(by=rock_coordinator, **FACTS | {"eligibility_override": "SSN 123-45-6789"})
    assert "Social Security number" in refusal.value.message_dict["eligibility_override"][0]


def test_v17_words_about_a_reporter_ask_before_saving(rock, rock_coordinator):
    facts = FACTS | {"eligibility_override": "As reported by the agency"}
    with site_scope(rock.id):
        with pytest.raises(Unconfirmed) as doubt:
            create_partner(by=rock_coordinator, **facts)
        keys = [one.key for one in doubt.value.doubts]
        assert create_partner(by=rock_coordinator, confirmed=keys, **facts).pk


@pytest.mark.parametrize("fte", ["0.04", "1.01"])
def test_fte_holds_in_the_database(fte, rock):
    sql = "UPDATE partners_parentpartner SET fte = %s WHERE id = %s"
    assert "partner_fte_0_05_to_1" in refused(rock, sql, fte, make_partner(rock).pk)


def test_a_sign_in_belongs_to_one_partner(rock, rock_coordinator, rock_partner, rock_partner_profile):
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        create_partner(by=rock_coordinator, **FACTS | {"person": rock_partner})
    assert "person" in refusal.value.message_dict


def test_only_facts_can_be_typed(rock, rock_coordinator):
    partner = make_partner(rock)
    with site_scope(rock.id), pytest.raises(TypeError):
        edit_partner(partner=partner, ends_on=dt.date(2025, 1, 1), by=rock_coordinator)


def test_editing_records_which_facts_changed(rock, rock_coordinator):
    partner = make_partner(rock)
    with site_scope(rock.id):
        edit_partner(partner=partner, culture="Hmong", first_name=partner.first_name, by=rock_coordinator)
    assert recorded(rock, "partner.edited", partner)


def test_the_role_ends_with_a_coded_reason(rock, rock_coordinator):
    partner = make_partner(rock, is_on_leave=True)
    with site_scope(rock.id):
        end_partner(partner=partner, ends_on=dt.date(2026, 1, 5), separation="promoted", by=rock_coordinator)
        partner = ParentPartner.objects.get(pk=partner.pk)
    assert (partner.ends_on, partner.separation, partner.is_on_leave) == (
        dt.date(2026, 1, 5),
        "promoted",
        False,
    )
    assert recorded(rock, "partner.ended", partner)


@pytest.mark.parametrize("status", ["proposed", "active"])
def test_the_role_does_not_end_while_a_match_is_open_and_the_refusal_names_it(status, rock, rock_coordinator):
    match = make_match(rock, status=status)
    with site_scope(rock.id), pytest.raises(PartnerStillMatched) as refusal:
        end_partner(
            partner=match.partner, ends_on=dt.date(2026, 1, 5), separation="personal", by=rock_coordinator
        )
    assert str(match.parent) in str(refusal.value)


def test_the_role_does_not_end_before_its_last_match_did(rock, rock_coordinator):
    match = make_match(rock, ends_on=dt.date(2025, 9, 1), end_reason="other")
    end = {"partner": match.partner, "separation": "personal", "by": rock_coordinator}
    with site_scope(rock.id):
        with pytest.raises(PartnerStillMatched) as refusal:
            end_partner(ends_on=dt.date(2025, 8, 31), **end)
        assert "09/01/2025" in refusal.value.message_dict["ends_on"][0]
        assert end_partner(ends_on=dt.date(2025, 9, 1), **end).ends_on


def test_the_role_does_not_end_before_it_began_nor_twice(rock, rock_coordinator):
    partner = make_partner(rock)
    end = {"partner": partner, "separation": "personal", "by": rock_coordinator}
    with site_scope(rock.id):
        with pytest.raises(ValidationError) as refusal:
            end_partner(ends_on=dt.date(2023, 12, 31), **end)
        assert "ends_on" in refusal.value.message_dict
        end_partner(ends_on=dt.date(2025, 1, 1), **end)
        with pytest.raises(ValidationError, match="has left already"):
            end_partner(ends_on=dt.date(2025, 2, 1), **end)


def test_leave_begins_and_ends(rock, rock_coordinator):
    partner = make_partner(rock)
    with site_scope(rock.id):
        assert begin_leave(partner=partner, by=rock_coordinator).is_on_leave
        assert not end_leave(partner=partner, by=rock_coordinator).is_on_leave
    assert recorded(rock, "partner.leave_begun", partner)
    assert recorded(rock, "partner.leave_ended", partner)


def test_somebody_who_left_has_no_leave(rock, rock_coordinator):
    partner = make_partner(rock, ends_on=dt.date(2025, 1, 1))
    with site_scope(rock.id), pytest.raises(ValidationError):
        begin_leave(partner=partner, by=rock_coordinator)


@pytest.mark.parametrize(
    ("fte", "soft", "hard"),
    [("1.00", 12, 15), ("0.50", 6, 7), ("0.75", 9, 11), ("0.05", 1, 1), ("0.10", 1, 1)],
)
def test_caps_go_by_fte_in_python_and_in_the_database(fte, soft, hard, rock):
    partner = make_partner(rock, fte=Decimal(fte))
    with site_scope(rock.id):
        row = ParentPartner.objects.with_caseload(rock.settings).get(pk=partner.pk)
    assert (row.soft_cap, row.hard_cap) == (soft, hard) == (partner.cap(12), partner.cap(15))
