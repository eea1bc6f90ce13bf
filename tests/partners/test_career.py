"""Milestones, credentials, seats and stipends; and the wellness check that is the person's own."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from counties.wall import site_scope
from partners.actions import add_career_entry, take_wellness_check
from partners.models import CareerEntry, WellnessCheck
from partners.models.career import told_to_site
from tests.factories.partners import make_career_entry, make_partner
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

ANSWERS = {"tired": 1, "sleep": 5, "talk": 4, "leave": 3, "meaning": 5}


def _url(site, name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=[site.slug, *args])


def test_the_career_is_written_struck_and_read_by_its_own(
    rock, rock_coordinator, rock_partner, rock_partner_profile, client_for
):
    browser, partner = client_for(rock_coordinator), rock_partner_profile
    typed = {"kind": "stipend", "words": "State council", "starts_on": "2025-06-02", "amount": "75.00"}
    assert browser.post(_url(rock, "add_career_entry", partner.pk), typed).status_code == 302
    assert "State council" in client_for(rock_partner).get(_url(rock, "detail", partner.pk)).content.decode()
    with site_scope(rock.id):
        entry = CareerEntry.objects.get()
    assert entry.amount == Decimal("75.00")
    assert browser.post(_url(rock, "strike_career_entry", entry.pk)).status_code == 302
    browser.get(_url(rock, "detail", partner.pk))  # says that it is struck out
    assert "State council" not in browser.get(_url(rock, "detail", partner.pk)).content.decode()
    assert recorded(rock, "career.struck", partner, by=rock_coordinator)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "milestone"}, "milestone"),
        ({"kind": "credential"}, "words"),
        ({"kind": "stipend", "words": "Council"}, "amount"),
        ({"kind": "committee", "words": "Local", "ends_on": dt.date(2025, 6, 2)}, "ends_on"),
        ({"kind": "committee", "words": "Local", "amount": Decimal(5)}, "amount"),
        ({"kind": "credential", "words": "CPPS", "milestone": "solo"}, "milestone"),
        ({"kind": "milestone", "milestone": "solo", "words": "more"}, "words"),
        ({"kind": "milestone", "milestone": "solo", "starts_on": dt.date(2099, 1, 1)}, "starts_on"),
    ],
)
def test_what_an_entry_needs(facts, field, rock, rock_coordinator):
    partner = make_partner(rock)
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        add_career_entry(partner=partner, by=rock_coordinator, **{"starts_on": dt.date(2025, 6, 2)} | facts)
    assert field in refusal.value.message_dict


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("amount = 5", "career_amount_of_stipend"),
        ("milestone = 'solo'", "career_milestone_or_words"),
        ("words = ''", "career_milestone_or_words"),
        ("ends_on = starts_on", "career_ends_after_start"),
    ],
)
def test_the_database_refuses_as_well(change, rule, rock):
    entry = make_career_entry(rock, make_partner(rock))
    assert rule in refused(rock, f"UPDATE partners_careerentry SET {change} WHERE id = %s", entry.pk)


def test_the_result_of_the_check_is_for_the_person_alone(
    rock, rock_coordinator, rock_partner, rock_partner_profile, client_for
):
    browser = client_for(rock_partner)
    assert browser.post(_url(rock, "wellness"), ANSWERS).status_code == 302
    with site_scope(rock.id):
        check = WellnessCheck.objects.get()
        assert check.points == 5 + 5 + 4 + 3 + 5
        assert not AuditEvent.objects.filter(verb__startswith="wellness").exists()
    assert check.words in browser.get(_url(rock, "wellness")).content.decode()
    boss = client_for(rock_coordinator)
    assert check.words not in boss.get(_url(rock, "wellness")).content.decode()
    assert not boss.get(_url(rock, "wellness")).context["checks"]
    for page in (_url(rock, "detail", rock_partner_profile.pk), _url(rock, "training")):
        assert check.words not in boss.get(page).content.decode()


def test_nobody_takes_the_check_for_somebody_else(rock, rock_partner_profile, rock_coordinator):
    with site_scope(rock.id), pytest.raises(ValidationError, match="themself"):
        take_wellness_check(partner=rock_partner_profile, by=rock_coordinator, **ANSWERS)


@pytest.mark.parametrize(("took", "did_not", "told"), [(5, 5, 5), (4, 9, None), (5, 4, None), (6, 5, 6)])
def test_the_site_is_told_a_count_only_when_it_tells_of_nobody(took, did_not, told, rock):
    july = dt.date(2025, 7, 9)
    team = [make_partner(rock) for _ in range(took + did_not)]
    with site_scope(rock.id):
        for partner in team[:took]:
            for _ in range(2):
                WellnessCheck.objects.create(
                    site_id=rock.id, partner=partner, taken_on=dt.date(2025, 6, 30), points=20
                )
        assert told_to_site(july) == told
        assert told_to_site(dt.date(2025, 6, 30)) is None


def test_points_and_day_are_held_by_the_database(rock):
    with site_scope(rock.id):
        check = WellnessCheck.objects.create(
            site_id=rock.id, partner=make_partner(rock), taken_on=timezone.localdate(), points=20
        )
    sql = "UPDATE partners_wellnesscheck SET {} WHERE id = %s"
    assert "wellness_points_5_to_25" in refused(rock, sql.format("points = 26"), check.pk)
    assert "V06" in refused(rock, sql.format("taken_on = '2999-01-01'"), check.pk)
