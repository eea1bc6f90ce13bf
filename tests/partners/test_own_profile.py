"""Lived experience belongs to the parent partner: they choose, nobody else reads more than is shown."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.models import AuditEvent
from counties.codes import Experience
from counties.wall import site_scope
from partners.actions import choose_experience, create_partner
from partners.models import ParentPartner
from tests.factories.partners import make_partner
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

CHOSEN = {"housing": "shown", "substance_use": "used", "incarceration": "kept"}
ANSWERS = {code: CHOSEN.get(code, "no") for code in Experience.values}


def _lists(site, partner) -> list[set[str]]:
    with site_scope(site.id):
        row = ParentPartner.objects.get(pk=partner.pk)
        return [set(row.experience), set(row.experience_used), set(row.experience_shown)]


def _own(site) -> str:
    return reverse("partners:my_profile", args=[site.slug])


def test_a_partner_chooses_what_is_used_and_what_is_named(
    rock, rock_partner_profile, rock_partner, client_for
):
    browser = client_for(rock_partner)
    assert browser.post(_own(rock), ANSWERS).status_code == 302
    assert _lists(rock, rock_partner_profile) == [
        {"housing", "substance_use", "incarceration"}, {"housing", "substance_use"}, {"housing"},
    ]  # fmt: skip
    assert browser.get(_own(rock)).context["form"]["incarceration"].initial == "kept"
    assert recorded(rock, "partner.experience_chosen", rock_partner_profile, by=rock_partner)
    with site_scope(rock.id):
        event = AuditEvent.objects.get(verb="partner.experience_chosen")
    assert "incarceration" not in str(event.facts)


def test_a_coordinator_reads_only_what_is_shown(rock, rock_partner_profile, rock_coordinator, client_for):
    with site_scope(rock.id):
        ParentPartner.objects.filter(pk=rock_partner_profile.pk).update(
            experience=["housing", "incarceration"], experience_used=["housing"], experience_shown=["housing"]
        )
    browser = client_for(rock_coordinator)
    detail = browser.get(
        reverse("partners:detail", args=[rock.slug, rock_partner_profile.pk])
    ).content.decode()
    assert "Housing" in detail
    assert "Incarceration" not in detail
    edit = browser.get(reverse("partners:edit", args=[rock.slug, rock_partner_profile.pk]))
    assert "experience" not in edit.context["form"].fields
    assert "no parent partner profile" in browser.get(_own(rock)).content.decode()


def test_nobody_chooses_for_somebody_else(rock, rock_partner_profile, rock_coordinator):
    with site_scope(rock.id), pytest.raises(ValidationError, match="themself"):
        choose_experience(
            partner=rock_partner_profile, told=["housing"], used=[], shown=[], by=rock_coordinator
        )


def test_a_new_profile_is_used_unnamed(rock, rock_coordinator):
    with site_scope(rock.id):
        facts = {
            name: getattr(make_partner(rock), name)
            for name in ("eligibility_basis", "eligibility_on", "starts_on", "fte")
        }
        partner = create_partner(
            first_name="Mai", last_name="Yang", experience=["housing"], by=rock_coordinator, **facts
        )
    assert _lists(rock, partner) == [{"housing"}, {"housing"}, set()]


@pytest.mark.parametrize("column", ["experience_used", "experience_shown"])
def test_the_database_keeps_the_lists_within_one_another(rock, column):
    partner = make_partner(rock, experience=["housing"], experience_used=[])
    sql, rule = "UPDATE partners_parentpartner SET {} = %s WHERE id = %s", "partner_experience_within_told"
    assert rule in refused(rock, sql.format(column), ["poverty"], partner.pk)
    assert rule in refused(rock, sql.format("experience_shown"), ["housing"], partner.pk)
