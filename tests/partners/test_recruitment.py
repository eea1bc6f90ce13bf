"""The way into the work: every stage, the one-year rule, the background check's dates, and the role at its end."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from counties.wall import site_scope
from partners.actions import begin_leave, end_leave, end_partner, move_recruitment
from partners.models import ParentPartner, Recruitment, RecruitmentMove
from tests.exchange.books import load
from tests.factories.partners import make_partner, make_recruitment
from tests.queries import questions
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

BOARD_QUERIES = 7
"""Of the board, whatever stands on it."""

TODAY = timezone.localdate()
CHECKED = {
    "eligibility_basis": "reunified", "eligibility_on": dt.date(2022, 1, 3), "eligibility_verified_by": "Ruth Alder",
    "background_requested_on": dt.date(2025, 6, 2), "background_cleared_on": dt.date(2025, 6, 20),
}  # fmt: skip


def _url(site, name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=[site.slug, *args])


def _stages(site, recruitment) -> list[str]:
    with site_scope(site.id):
        return list(RecruitmentMove.objects.filter(recruitment=recruitment).values_list("after", flat=True))


def test_from_interest_to_the_role_on_screen(rock, rock_coordinator, client_for):
    browser = client_for(rock_coordinator)
    typed = {"first_name": "Ida", "last_name": "Fern", "moved_on": "2025-06-01"}
    assert browser.post(_url(rock, "register_interest"), typed).status_code == 302
    with site_scope(rock.id):
        ida = Recruitment.objects.get()
    for stage in ("applied", "interview", "references", "background_check"):
        move = {"status": stage, "moved_on": "2025-06-10"}
        assert browser.post(_url(rock, "move_recruitment", ida.pk), move).status_code == 302
    too_early = browser.post(
        _url(rock, "move_recruitment", ida.pk), {"status": "eligible", "moved_on": "2025-06-25"}
    ).content.decode()
    assert "who verified the one-year rule; the cleared background check" in too_early
    known = typed | {name: str(value) for name, value in CHECKED.items()}
    assert browser.post(_url(rock, "edit_recruitment", ida.pk), known).status_code == 302
    for stage in ("eligible", "onboarding"):
        browser.post(_url(rock, "move_recruitment", ida.pk), {"status": stage, "moved_on": "2025-06-25"})
    page = _url(rock, "create") + f"?recruitment={ida.pk}"
    form = browser.get(page).context["form"]
    assert (form["first_name"].value(), form["eligibility_on"].value()) == ("Ida", dt.date(2022, 1, 3))
    role = {"starts_on": "2025-07-01", "fte": "0.5", "languages": ["en"], **known}
    assert browser.post(page, role).status_code == 302
    with site_scope(rock.id):
        ida.refresh_from_db()
        assert (ida.status, ida.partner) == ("active", ParentPartner.objects.get(first_name="Ida"))
        assert ida.background_cleared_by == rock_coordinator
    assert _stages(rock, ida) == [
        "interested", "applied", "interview", "references", "background_check", "eligible", "onboarding", "active",
    ]  # fmt: skip
    assert recorded(rock, "recruitment.moved", ida, by=rock_coordinator)
    assert browser.get(_url(rock, "recruitment", ida.pk)).status_code == 200


@pytest.mark.parametrize(
    ("eligible_since", "override", "goes"),
    [(364, "", False), (367, "", True), (100, "DCF agreed on 01/05/2026: waiting list", True)],
)
def test_the_one_year_rule_is_reckoned_from_the_date(eligible_since, override, goes, rock, rock_coordinator):
    facts = CHECKED | {
        "eligibility_on": TODAY - dt.timedelta(days=eligible_since), "eligibility_override": override,
    }  # fmt: skip
    ida = make_recruitment(rock, status="background_check", **facts)
    with site_scope(rock.id):
        if goes:
            assert (
                move_recruitment(
                    recruitment=ida, status="eligible", moved_on=TODAY, by=rock_coordinator
                ).status
                == "eligible"
            )
            return
        with pytest.raises(ValidationError, match="the one-year rule"):
            move_recruitment(recruitment=ida, status="eligible", moved_on=TODAY, by=rock_coordinator)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "eligible"}, "status"),
        ({"moved_on": TODAY + dt.timedelta(days=1)}, "moved_on"),
        ({"moved_on": dt.date(2025, 5, 31)}, "moved_on"),
        ({"status": "left"}, "left_because"),
    ],
)
def test_moves_that_cannot_be(changes, field, rock, rock_coordinator):
    ida = make_recruitment(rock)
    answers = {"status": "applied", "moved_on": TODAY, **changes}
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        move_recruitment(recruitment=ida, by=rock_coordinator, **answers)
    assert field in refusal.value.message_dict


def test_leave_return_and_the_end_of_the_role_move_the_stage(rock, rock_coordinator):
    partner = make_partner(rock)
    ida = make_recruitment(rock, status="active", partner=partner, **CHECKED)
    with site_scope(rock.id):
        begin_leave(partner=partner, by=rock_coordinator)
        end_leave(partner=partner, by=rock_coordinator)
        end_partner(partner=partner, ends_on=TODAY, separation="promoted", by=rock_coordinator)
        ida.refresh_from_db()
    assert _stages(rock, ida) == ["active", "on_leave", "active", "left"]
    assert ida.left_because == "promoted"


def test_an_end_by_import_moves_the_stage(rock):
    load(rock, partners=[{}])
    with site_scope(rock.id):
        partner = ParentPartner.objects.get()
    ida = make_recruitment(rock, status="active", partner=partner, **CHECKED)
    load(rock, partners=[{"end_date": "2026-01-01"}])
    assert _stages(rock, ida) == ["active", "left"]


def test_the_board_asks_few_times(rock, rock_coordinator, client_for):
    browser = client_for(rock_coordinator)
    for name in ("Ida", "Eva", "Uma"):
        make_recruitment(rock, first_name=name)
    make_recruitment(rock, first_name="Old", status="left", left_because="withdrew")
    make_partner(rock)
    assert len(questions(browser, _url(rock, "recruiting"))) == BOARD_QUERIES < 15
    page = browser.get(_url(rock, "recruiting"))
    assert [len(people) for _, people in page.context["stages"]] == [3, 0, 0, 0, 0, 0, 0]
    assert page.context["roles"][0]["count"] == 1
    assert recorded(rock, "recruitment.listed")


def test_parent_partners_never_see_who_applies(rock, rock_partner, rock_partner_profile, client_for):
    ida = make_recruitment(rock)
    browser = client_for(rock_partner)
    for url in (_url(rock, "recruiting"), _url(rock, "recruitment", ida.pk)):
        assert browser.get(url).status_code == 403


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("status = 'left'", "recruitment_left_because"),
        ("left_because = 'withdrew'", "recruitment_left_because"),
        ("background_cleared_on = '2025-06-20'", "recruitment_cleared_after_request"),
        ("background_requested_on = '2999-01-01'", "V06"),
        ("eligibility_override = 'SSN 123-45-6789'", "v17_recruitment_eligibility_override"),
    ],
)
def test_the_database_refuses_as_well(change, rule, rock):
    ida = make_recruitment(rock)
    assert rule in refused(rock, f"UPDATE partners_recruitment SET {change} WHERE id = %s", ida.pk)


def test_the_database_asks_for_check_and_rule(rock):
    ida = make_recruitment(rock, status="background_check", **CHECKED)
    for missing in (
        "background_cleared_on = NULL", "eligibility_on = NULL", "eligibility_basis = ''",
        "eligibility_verified_by = ''",
    ):  # fmt: skip
        sql = f"UPDATE partners_recruitment SET status = 'eligible', {missing} WHERE id = %s"
        assert "recruitment_cleared_and_verified" in refused(rock, sql, ida.pk)
