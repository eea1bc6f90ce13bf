"""The list of matches, who waits, suggestions, and assigning a match without JavaScript."""

import datetime as dt
import itertools
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from counties.access import access_to_site
from counties.wall import site_scope
from families.models import Family
from matching.models import Match, PlaceDistance
from matching.panels import family_panel
from matching.waiting import waiting_for_partner
from tests.factories.families import make_parent
from tests.factories.matching import make_conflict, make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment, make_referral
from tests.queries import own, questions
from tests.trail import recorded

pytestmark = pytest.mark.django_db

SENT = {"csrfmiddlewaretoken": "nothing else is answered"}

LIST_QUERIES = 13
"""Of one page of matches, whatever it holds."""
WAITING_QUERIES = 11
DISTANCE_QUERIES = 4
SUGGEST_QUERIES = 11
"""Of one page of suggestions, whatever the number of parent partners."""


def _url(site, name: str, *args: object) -> str:
    return reverse(f"matching:{name}", args=[site.slug, *args])


def _shown(browser, site, query: str = "") -> list:
    return [m.pk for m in browser.get(f"{_url(site, 'list')}?{query}").context["listing"]]


def test_the_list_filters_searches_and_sorts(rock, rock_coordinator, client_for):
    ana = make_parent(rock, first_name="Ana", last_name="Flores", source_id="X9")
    active = make_match(rock, make_accepted_referral(rock, ana))
    proposed = make_match(rock, status="proposed", is_secondary=True)
    ended = make_match(rock, ends_on=dt.date(2025, 8, 1), end_reason="other")
    browser = client_for(rock_coordinator)
    assert set(_shown(browser, rock)) == {active.pk, proposed.pk}
    assert _shown(browser, rock, "status=ended") == [ended.pk]
    assert len(_shown(browser, rock, "status=all")) == 3
    assert _shown(browser, rock, "role=secondary") == [proposed.pk]
    assert _shown(browser, rock, f"partner={active.partner_id}") == [active.pk]
    for q in ("flores", "ana moua", ana.family.reference):
        assert _shown(browser, rock, f"q={q}") == [active.pk], q
    assert _shown(browser, rock, "sort=started&status=all")[-1] == proposed.pk
    assert recorded(rock, "match.listed", active.parent.family)


def test_a_foreign_partner_in_the_filter_is_refused_and_recorded(rock, door, rock_coordinator, client_for):
    stranger = make_partner(door)
    page = client_for(rock_coordinator).get(f"{_url(rock, 'list')}?partner={stranger.pk}")
    assert "partner" in page.context["form"].errors
    assert recorded(rock, "access.refused", stranger)


@pytest.mark.parametrize("matches", [1, 30])
def test_the_list_takes_a_constant_number_of_queries(
    matches, rock, rock_coordinator, client_for, django_assert_num_queries
):
    for _ in range(matches):
        make_match(rock)
    browser = client_for(rock_coordinator)
    browser.get(_url(rock, "list"))
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(_url(rock, "list"))


def test_a_parent_partner_sees_own_running_matches_only(rock, rock_partner, rock_partner_profile, client_for):
    mine = {"partner": rock_partner_profile}
    running = make_match(rock, decline_reason="", **mine)
    hidden = [
        make_match(rock, status="proposed", **mine),
        make_match(rock, status="declined", declined_by="parent", **mine),
        make_match(rock, ends_on=dt.date(2025, 8, 1), end_reason="other", **mine),
        make_match(rock),
    ]
    browser = client_for(rock_partner)
    assert set(_shown(browser, rock, "status=all")) == {running.pk}
    for match in hidden:
        assert browser.get(_url(rock, "detail", match.pk)).status_code == 404
    for name in ("accept", "decline", "end"):
        assert browser.get(_url(rock, name, running.pk)).status_code == 403
    today = browser.get(reverse("today", args=["rock"])).content.decode()
    assert "Proposed matches" not in today


def test_reasons_and_scores_are_for_coordinators(
    rock, rock_partner, rock_partner_profile, rock_coordinator, client_for
):
    match = make_match(
        rock,
        partner=rock_partner_profile,
        cap_override="Nobody else was free",
        score={
            "total": "75.0",
            "parts": [{"name": "Language", "points": "30.0", "of": 30, "words": "Speaks Hmong"}],
        },
    )
    url = _url(rock, "detail", match.pk)
    for words in ("Nobody else was free", "Speaks Hmong"):
        assert words in client_for(rock_coordinator).get(url).content.decode()
        assert words not in client_for(rock_partner).get(url).content.decode()
    assert recorded(rock, "match.viewed", match, by=rock_partner)


def test_a_foreign_match_is_not_found_under_any_verb_and_recorded(rock, door, rock_coordinator, client_for):
    stranger = make_match(door, status="proposed")
    browser = client_for(rock_coordinator)
    for name in ("detail", "accept", "decline", "end"):
        assert browser.get(_url(rock, name, stranger.pk)).status_code == 404
        assert browser.post(_url(rock, name, stranger.pk)).status_code == 404
    for name in ("suggest", "propose"):
        assert browser.get(_url(rock, name, stranger.referral_id)).status_code == 404
    assert recorded(rock, "access.refused", stranger)
    assert recorded(rock, "access.refused", stranger.referral_id)


def test_who_waits_and_for_what(rock, rock_coordinator, client_for):
    first = make_accepted_referral(rock, make_parent(rock, first_name="Fay"))
    declined = make_accepted_referral(rock, make_parent(rock, first_name="Dee"))
    make_match(rock, declined, status="declined", declined_by="parent")
    again = make_accepted_referral(rock, make_parent(rock, first_name="Ada"))
    make_enrollment(rock, again)
    make_match(rock, again, ends_on=dt.date(2025, 8, 1), end_reason="partner_left")
    not_waiting = [
        make_referral(rock),
        make_match(rock).referral,
        make_match(rock, status="proposed").referral,
    ]
    closed = make_accepted_referral(rock)
    make_match(rock, closed, ends_on=dt.date(2025, 9, 1), end_reason="enrollment_closed")
    make_enrollment(rock, closed, closed_on=dt.date(2025, 9, 1))
    browser, url = client_for(rock_coordinator), _url(rock, "waiting")

    def shown(query: str = "") -> list[str]:
        return [r.parent.first_name for r in browser.get(f"{url}?{query}").context["listing"]]

    assert set(shown()) == {"Fay", "Dee", "Ada"}
    assert shown()[-1] == "Ada"  # since 08/01/2025, the others since the decision in May
    assert shown("after=next") == ["Ada"]
    assert set(shown("after=first")) == {"Fay", "Dee"}
    assert shown("q=fay") == shown(f"q={first.family.reference}") == ["Fay"]
    assert not_waiting
    assert recorded(rock, "match.waiting_listed", first.family)


def test_the_waiting_list_takes_a_constant_number_of_queries(
    rock, rock_coordinator, client_for, django_assert_num_queries
):
    browser, url = client_for(rock_coordinator), _url(rock, "waiting")
    for count in (1, 30):
        for _ in range(count):
            make_accepted_referral(rock)
        browser.get(url)
        with django_assert_num_queries(WAITING_QUERIES):
            browser.get(url)


def test_suggestions_explain_every_score_and_every_exclusion(rock, rock_coordinator, client_for):
    parent = make_parent(rock, language="es", shared_experience=["housing"], municipality="Beloit")
    referral = make_accepted_referral(rock, parent)
    good = make_partner(
        rock, first_name="Gia", languages=["es"], experience=["housing"], experience_shown=["housing"]
    )
    make_partner(rock, first_name="Eve", languages=["en"])
    related = make_partner(rock, first_name="Rel")
    make_conflict(rock, parent, related)
    make_partner(rock, first_name="New", core_training_completed_on=None)
    page = client_for(rock_coordinator).get(_url(rock, "suggest", referral.pk))
    assert [c.partner.first_name for c in page.context["listing"]] == ["Gia", "Eve"]
    text = page.content.decode()
    for words in (
        "95.0", "Shares 1 of 1: Housing", "Only with an interpreter", "Not known, counts half",
        "Related, household", "Core training is not complete", "Propose with a reason",
        "PSP needs no home address",
    ):  # fmt: skip
        assert words in text
    assert f"?partner={good.pk}" in text
    assert f"?partner={related.pk}" not in text
    assert recorded(rock, "match.suggested", referral.family)


@pytest.mark.parametrize("partners", [1, 60])
def test_suggestions_take_a_constant_number_of_queries(partners, rock, rock_coordinator, client_for):
    referral = make_accepted_referral(rock, make_parent(rock, municipality="Beloit"))
    for n in range(partners):
        make_partner(rock, is_on_leave=bool(n % 2))
    asked = questions(client_for(rock_coordinator), _url(rock, "suggest", referral.pk))
    assert len(asked) == SUGGEST_QUERIES < 15


def test_without_anybody_the_page_says_so(rock, rock_coordinator, client_for):
    url = _url(rock, "suggest", make_accepted_referral(rock).pk)
    assert "Nobody can be suggested now" in client_for(rock_coordinator).get(url).content.decode()


def test_a_referral_that_is_not_accepted_offers_no_proposal(rock, rock_coordinator, client_for):
    make_partner(rock)
    page = client_for(rock_coordinator).get(_url(rock, "suggest", make_referral(rock).pk)).content.decode()
    assert "not open for a match" in page
    assert "?partner=" not in page


def _links(page) -> list[str]:
    return [href.replace("&amp;", "&") for href in re.findall(r'href="([^"]+)"', page.content.decode())]


def test_a_match_is_assigned_with_plain_links_and_forms(rock, rock_coordinator, client_for):
    """From the list of matches to a running match, following only links that stand on the pages."""
    referral, partner = make_accepted_referral(rock), make_partner(rock)
    browser = client_for(rock_coordinator)
    waiting = _url(rock, "waiting")
    assert waiting in _links(browser.get(_url(rock, "list")))
    suggest = _url(rock, "suggest", referral.pk)
    assert suggest in _links(browser.get(waiting))
    propose = f"{_url(rock, 'propose', referral.pk)}?partner={partner.pk}"
    assert propose in _links(browser.get(suggest))
    assert "70.0 of 100" in browser.get(propose).content.decode()
    detail = browser.post(propose, SENT).url
    accept = next(link for link in _links(browser.get(detail)) if link.endswith("/accept/"))
    assert browser.post(accept, {"starts_on": "2025-06-01"}).url == detail
    with site_scope(rock.id):
        match = Match.objects.get()
    assert (match.status, match.starts_on) == ("active", dt.date(2025, 6, 1))
    assert recorded(rock, "match.accepted", match, by=rock_coordinator)


def test_proposing_without_a_partner_leads_to_the_suggestions(rock, rock_coordinator, client_for):
    referral = make_accepted_referral(rock)
    answer = client_for(rock_coordinator).get(_url(rock, "propose", referral.pk))
    assert answer.url == _url(rock, "suggest", referral.pk)


def test_proposing_once_more_leads_to_the_match_there_is(rock, rock_coordinator, client_for):
    match = make_match(rock, status="proposed")
    url = f"{_url(rock, 'propose', match.referral_id)}?partner={match.partner_id}"
    for answer in (client_for(rock_coordinator).get(url), client_for(rock_coordinator).post(url, SENT)):
        assert answer.url == _url(rock, "detail", match.pk)
    with site_scope(rock.id):
        assert Match.objects.count() == 1


def test_v10_on_screen_asks_for_the_reason_and_keeps_it(rock, rock_coordinator, client_for):
    referral, partner = make_accepted_referral(rock), make_partner(rock, core_training_completed_on=None)
    url = f"{_url(rock, 'propose', referral.pk)}?partner={partner.pk}"
    browser = client_for(rock_coordinator)
    assert "training_override" in browser.post(url, SENT).context["form"].errors
    assert browser.post(url, {"training_override": "Shadowed for six weeks"}).status_code == 302
    with site_scope(rock.id):
        match = Match.objects.get()
    assert "training_override" not in browser.get(_url(rock, "accept", match.pk)).content.decode()
    assert browser.post(_url(rock, "accept", match.pk), {"starts_on": "2025-06-01"}).status_code == 302


def test_v10_on_screen_asks_when_the_start_lies_before_the_training(rock, rock_coordinator, client_for):
    partner = make_partner(rock, core_training_completed_on=dt.date(2025, 7, 1))
    match = make_match(rock, partner=partner, status="proposed")
    answer = client_for(rock_coordinator).post(_url(rock, "accept", match.pk), {"starts_on": "2025-06-01"})
    assert "has not completed core training" in answer.context["form"].errors["training_override"][0]


def test_v11_on_screen_asks_for_the_reason_beside_its_field(rock, rock_coordinator, client_for):
    partner = make_partner(rock, fte="0.15")  # soft cap 1, hard cap 2
    make_match(rock, partner=partner)
    url = f"{_url(rock, 'propose', make_accepted_referral(rock).pk)}?partner={partner.pk}"
    browser = client_for(rock_coordinator)
    assert "cap_override" in browser.post(url, SENT).context["form"].errors
    answer = browser.post(url, {"cap_override": "Nobody else speaks Hmong"})
    assert answer.status_code == 302
    make_match(rock, partner=partner)
    answer = browser.post(f"{answer.url}accept/", {"starts_on": "2025-06-01"})
    assert "Hard cap reached" in answer.content.decode()


def test_a_conflict_stands_on_the_page_and_blocks_the_form(rock, rock_coordinator, client_for):
    referral, partner = make_accepted_referral(rock), make_partner(rock)
    make_conflict(rock, referral.parent, partner, kind="no_contact")
    url = f"{_url(rock, 'propose', referral.pk)}?partner={partner.pk}"
    browser = client_for(rock_coordinator)
    assert "This pairing is not possible now" in browser.get(url).content.decode()
    answer = browser.post(url, SENT)
    assert "No-contact" in answer.context["form"].non_field_errors()[0]


def test_v12_on_screen_offers_the_secondary_partner(rock, rock_coordinator, client_for):
    first, partner = make_match(rock), make_partner(rock, first_name="Sec")
    url = f"{_url(rock, 'propose', first.referral_id)}?partner={partner.pk}"
    browser = client_for(rock_coordinator)
    assert "As a secondary partner" in browser.get(url).content.decode()
    primary = browser.post(url, SENT).url
    answer = browser.post(f"{primary}accept/", {"starts_on": "2025-06-01"})
    assert "partner now. End that match first" in answer.context["form"].errors["starts_on"][0]
    browser.post(f"{primary}decline/", {"declined_by": "coordinator"})
    secondary = browser.post(url, {"is_secondary": "on"}).url
    assert browser.post(f"{secondary}accept/", {"starts_on": "2025-06-01"}).status_code == 302


def test_a_foreign_partner_cannot_be_proposed(rock, door, rock_coordinator, client_for):
    referral, stranger = make_accepted_referral(rock), make_partner(door, first_name="Zzyzx")
    url = f"{_url(rock, 'propose', referral.pk)}?partner="
    browser = client_for(rock_coordinator)
    for value in (stranger.pk, "nonsense"):
        assert browser.get(url + str(value)).status_code == 404
        assert browser.post(url + str(value)).status_code == 404
    assert recorded(rock, "access.refused", stranger)


def test_declining_leads_back_to_the_suggestions_without_that_pairing(rock, rock_coordinator, client_for):
    match = make_match(rock, status="proposed")
    browser = client_for(rock_coordinator)
    assert "declined_by" in browser.post(_url(rock, "decline", match.pk), SENT).context["form"].errors
    answer = browser.post(
        _url(rock, "decline", match.pk), {"declined_by": "parent", "decline_reason": "Wants an older partner"}
    )
    assert answer.url == _url(rock, "suggest", match.referral_id)
    assert "The parent has declined this pairing" in browser.get(answer.url).content.decode()
    assert "Wants an older partner" in browser.get(_url(rock, "detail", match.pk)).content.decode()


def test_ending_on_screen(rock, rock_coordinator, client_for):
    match = make_match(rock)
    browser, url = client_for(rock_coordinator), _url(rock, "end", match.pk)
    assert "Enrollment closed" not in browser.get(url).content.decode()
    answer = browser.post(url, {"ends_on": "2025-05-01", "end_reason": "capacity"})
    assert 'value="2025-05-01"' in answer.content.decode()
    assert browser.post(url, {"ends_on": "2025-09-01", "end_reason": "capacity"}).status_code == 302
    assert "Match ended" in browser.get(_url(rock, "detail", match.pk)).content.decode()
    again = browser.post(url, {"ends_on": "2025-09-01", "end_reason": "capacity"})
    assert "Somebody has been quicker" in again.content.decode()


def test_the_family_panel_shows_each_role_its_part(
    rock, rock_coordinator, rock_partner, rock_partner_profile
):
    match = make_match(rock, partner=rock_partner_profile)
    past = make_match(
        rock, match.referral, starts_on=dt.date(2025, 5, 9), ends_on=dt.date(2025, 5, 10), end_reason="other"
    )
    other_parent = make_accepted_referral(rock, make_parent(rock, match.parent.family))
    conflict = make_conflict(rock, match.parent, make_partner(rock))
    with site_scope(rock.id):
        family = Family.objects.get(pk=match.parent.family_id)
        full = family_panel(access_to_site(rock_coordinator, rock), family)
        narrow = family_panel(access_to_site(rock_partner, rock), family)
    assert (full["match_present"], full["match_past"]) == ([match], [past])
    assert (full["match_waiting"], full["match_conflicts"]) == ([other_parent], [conflict])
    assert narrow == {"match_present": [match], "match_past": [], "match_waiting": [], "match_conflicts": []}


def test_a_match_ended_today_frees_the_parent_for_another_partner(rock, rock_coordinator):
    match = make_match(rock, ends_on=timezone.localdate(), end_reason="other")
    with site_scope(rock.id):
        assert list(waiting_for_partner(access_to_site(rock_coordinator, rock))) == [match.referral]


@pytest.mark.parametrize("places", [2, 9])
def test_distances_take_a_constant_number_of_queries(places, rock, rock_coordinator, client_for):
    names = [f"town {letter}" for letter in "abcdefghi"[:places]]
    with site_scope(rock.id):
        for one, other in itertools.combinations(names, 2):
            PlaceDistance.objects.create(site=rock, one=one, other=other, miles=9)
    asked = questions(client_for(rock_coordinator), _url(rock, "distances"))
    assert own(asked) == DISTANCE_QUERIES and len(asked) < 15
