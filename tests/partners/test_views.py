"""The list of parent partners, a profile, and the forms around it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from counties.wall import site_scope
from partners.models import ParentPartner
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner, make_session
from tests.factories.referrals import make_accepted_referral
from tests.trail import recorded

pytestmark = pytest.mark.django_db

LIST_QUERIES = 11
"""Of one page of parent partners, whatever it holds."""

TYPED = {
    "first_name": "Mai", "last_name": "Yang", "starts_on": "2025-03-01", "fte": "0.5",
    "eligibility_basis": "reunified", "eligibility_on": "2023-01-03", "eligibility_verified_by": "Ruth Alder",
    "languages": ["en", "hmn"], "other_languages": "kar", "experience": ["housing"], "culture": "Hmong",
}  # fmt: skip


def _url(site, name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=[site.slug, *args])


def _shown(browser, site, query: str = "") -> list[str]:
    return [str(p) for p in browser.get(f"{_url(site, 'list')}?{query}").context["listing"]]


def _families(site, partner, count: int) -> None:
    for _ in range(count):
        make_match(site, partner=partner)


def test_the_list_shows_caseload_against_the_caps(rock, rock_coordinator, client_for):
    half = make_partner(rock, first_name="Half", fte=Decimal("0.50"))
    _families(rock, half, 6)
    page = client_for(rock_coordinator).get(_url(rock, "list")).content.decode()
    assert "6 of 6" in page
    assert "Soft cap reached" in page
    _families(rock, half, 1)
    assert "Hard cap reached" in client_for(rock_coordinator).get(_url(rock, "list")).content.decode()
    assert recorded(rock, "partner.listed", half)


def test_two_parents_of_one_family_are_one_family(rock):
    partner = make_partner(rock)
    first = make_match(rock, partner=partner)
    make_match(rock, make_accepted_referral(rock, make_parent(rock, first.parent.family)), partner)
    make_match(rock, partner=partner, ends_on=dt.date(2025, 8, 1), end_reason="other")
    with site_scope(rock.id):
        assert ParentPartner.objects.with_caseload(rock.settings).get(pk=partner.pk).families == 1


def test_status_caseload_and_search_narrow_the_list(rock, rock_coordinator, client_for):
    full = make_partner(rock, first_name="Full", fte=Decimal("0.10"), municipality="Beloit")
    _families(rock, full, 1)
    make_partner(rock, first_name="Away", is_on_leave=True)
    make_partner(rock, first_name="Gone", ends_on=dt.date(2025, 1, 1))
    browser = client_for(rock_coordinator)
    assert _shown(browser, rock) == ["Away Moua", "Full Moua"]
    assert _shown(browser, rock, "status=active") == ["Full Moua"]
    assert _shown(browser, rock, "status=on_leave") == ["Away Moua"]
    assert _shown(browser, rock, "status=left") == ["Gone Moua"]
    assert len(_shown(browser, rock, "status=all")) == 3
    assert _shown(browser, rock, "room=yes") == ["Away Moua"]
    assert _shown(browser, rock, "room=soft") == _shown(browser, rock, "room=hard") == ["Full Moua"]
    assert _shown(browser, rock, "q=beloit") == _shown(browser, rock, "q=ful+moua") == ["Full Moua"]
    assert _shown(browser, rock, "sort=-families") == ["Full Moua", "Away Moua"]
    assert _shown(browser, rock, "status=nonsense") == ["Away Moua", "Full Moua"]


def test_supervision_is_due_two_weeks_after_the_last_one(rock, rock_coordinator, client_for):
    today = timezone.localdate()
    recent, never = (
        make_partner(rock, first_name="Rae"),
        make_partner(rock, first_name="Ned", starts_on=today),
    )
    make_session(rock, recent, held_on=today - dt.timedelta(days=3))
    make_session(rock, recent, held_on=today, kind="group_supervision")
    with site_scope(rock.id):
        due = {p.first_name: p.supervision_due_on for p in ParentPartner.objects.with_supervision()}
    assert due == {"Rae": today + dt.timedelta(days=11), "Ned": today + dt.timedelta(days=14)}
    assert _shown(client_for(rock_coordinator), rock, "sort=due") == ["Rae Moua", "Ned Moua"]
    assert "Overdue" not in client_for(rock_coordinator).get(_url(rock, "detail", never.pk)).content.decode()


@pytest.mark.parametrize("partners", [1, 30])
def test_the_list_takes_a_constant_number_of_queries(
    partners, rock, rock_coordinator, client_for, django_assert_num_queries
):
    for _ in range(partners):
        make_session(rock, make_match(rock).partner)
    browser = client_for(rock_coordinator)
    browser.get(_url(rock, "list"))
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(_url(rock, "list"))


def test_a_profile_shows_eligibility_and_families_to_coordinators(rock, rock_coordinator, client_for):
    partner = make_partner(rock, eligibility_verified_by="Ruth Alder")
    match = make_match(rock, partner=partner)
    make_session(rock, partner, kind="training", held_on=timezone.localdate(), minutes=90)
    page = client_for(rock_coordinator).get(_url(rock, "detail", partner.pk)).content.decode()
    for words in ("01/01/2023, one year later", "Ruth Alder", "Eligible", str(match.parent), "1.5"):
        assert words in page
    assert recorded(rock, "partner.viewed", partner, by=rock_coordinator)


def test_a_partner_sees_the_own_profile_without_a_caseload_and_no_other(
    rock, rock_partner, rock_partner_profile, client_for
):
    other, browser = make_partner(rock), client_for(rock_partner)
    page = browser.get(_url(rock, "detail", rock_partner_profile.pk))
    assert page.status_code == 200
    assert page.context["matches"] is None
    assert "Edit the profile" not in page.content.decode()
    assert browser.get(_url(rock, "detail", other.pk)).status_code == 404
    assert browser.get(_url(rock, "list")).status_code == 403
    assert recorded(rock, "access.refused", other)


def test_a_foreign_partner_is_not_found_and_the_attempt_recorded(rock, door, rock_coordinator, client_for):
    stranger = make_partner(door)
    for name in ("detail", "edit", "end"):
        assert client_for(rock_coordinator).get(_url(rock, name, stranger.pk)).status_code == 404
    assert client_for(rock_coordinator).post(_url(rock, "begin_leave", stranger.pk)).status_code == 404
    assert recorded(rock, "access.refused", stranger)


def test_the_form_adds_a_partner_with_any_language(rock, rock_coordinator, client_for):
    answer = client_for(rock_coordinator).post(_url(rock, "create"), TYPED)
    with site_scope(rock.id):
        partner = ParentPartner.objects.get()
    assert answer.url == _url(rock, "detail", partner.pk)
    assert (partner.languages, partner.fte, partner.person) == (["en", "hmn", "kar"], Decimal("0.50"), None)
    page = client_for(rock_coordinator).get(_url(rock, "edit", partner.pk)).content.decode()
    assert 'value="kar"' in page


def test_the_form_shows_v09_beside_the_start_date_and_keeps_what_was_typed(
    rock, rock_coordinator, client_for
):
    answer = client_for(rock_coordinator).post(_url(rock, "create"), TYPED | {"eligibility_on": "2024-06-01"})
    assert "one year after the eligibility date" in answer.context["form"].errors["starts_on"][0]
    assert "06/01/2025" in answer.content.decode()
    assert 'value="Yang"' in answer.content.decode()
    typed = TYPED | {
        "eligibility_on": "2024-06-01",
        "eligibility_override": "DCF agreed on 02/01/2025, pilot.",
    }
    assert client_for(rock_coordinator).post(_url(rock, "create"), typed).status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fte", "1.5"),
        ("fte", "0.01"),
        ("starts_on", "13/45/2025"),
        ("other_languages", "karen"),
        ("languages", "xx"),
    ],
)
def test_a_bad_answer_stands_beside_its_field(field, value, rock, rock_coordinator, client_for):
    answer = client_for(rock_coordinator).post(_url(rock, "create"), TYPED | {field: value})
    assert field in answer.context["form"].errors


def test_the_lowest_share_of_full_time_is_accepted(rock, rock_coordinator, client_for):
    assert client_for(rock_coordinator).post(_url(rock, "create"), TYPED | {"fte": "0.05"}).status_code == 302


def test_only_sign_ins_of_this_sites_parent_partners_can_be_chosen(
    rock, rock_coordinator, rock_partner, rock_clinical, door_partner, client_for
):
    browser = client_for(rock_coordinator)
    for person, accepted in ((rock_clinical, False), (door_partner, False), (rock_partner, True)):
        answer = browser.post(_url(rock, "create"), TYPED | {"person": person.pk})
        assert (answer.status_code == 302) is accepted, person
    assert recorded(rock, "access.refused", door_partner.pk)


def test_the_role_cannot_end_on_screen_while_matched_and_the_page_says_with_whom(
    rock, rock_coordinator, client_for
):
    match = make_match(rock)
    url = _url(rock, "end", match.partner.pk)
    answer = client_for(rock_coordinator).post(url, {"ends_on": "2026-01-05", "separation": "personal"})
    assert answer.status_code == 200
    assert f"still matched with {match.parent}" in answer.content.decode()


def test_the_role_ends_on_screen(rock, rock_coordinator, client_for):
    partner = make_partner(rock)
    answer = client_for(rock_coordinator).post(
        _url(rock, "end", partner.pk), {"ends_on": "2026-01-05", "separation": "personal"}
    )
    assert answer.url == _url(rock, "detail", partner.pk)
    page = client_for(rock_coordinator).get(answer.url).content.decode()
    assert "Left" in page
    assert "Put on leave" not in page


def test_leave_on_and_off_by_a_button(rock, rock_coordinator, client_for):
    partner, browser = make_partner(rock), client_for(rock_coordinator)
    assert browser.get(_url(rock, "begin_leave", partner.pk)).status_code == 405
    for name, on_leave in (("begin_leave", True), ("end_leave", False)):
        browser.post(_url(rock, name, partner.pk))
        with site_scope(rock.id):
            assert ParentPartner.objects.get(pk=partner.pk).is_on_leave is on_leave


def test_leave_of_somebody_who_left_is_refused_with_words(rock, rock_coordinator, client_for):
    partner = make_partner(rock, ends_on=dt.date(2025, 1, 1))
    answer = client_for(rock_coordinator).post(_url(rock, "begin_leave", partner.pk), follow=True)
    assert "has left" in answer.content.decode()


def test_an_empty_site_offers_the_first_step(rock, rock_coordinator, client_for):
    page = client_for(rock_coordinator).get(_url(rock, "list")).content.decode()
    assert "Add the first" in page
