"""This month's contact standard (`domain.md` 5.5), by small examples and against the report's own figure."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.standard import with_standard
from counties.models import SiteSettings
from counties.wall import site_scope
from referrals.models import Enrollment
from tests.factories.activities import make_contact, make_level
from tests.factories.families import make_parent
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.queries import own, questions
from tests.reporting.figures import behind, configure
from tests.trail import recorded

LIST_QUERIES = 6
"""Of the page itself: count, page, parents, running matches, partners to filter by, and the trail."""

D = dt.date
URL = reverse("activities:standard", args=["rock"])


def _asked(site, enrollment, day: D) -> Enrollment:
    with site_scope(site.id):
        rows = Enrollment.objects.filter(pk=enrollment.pk)
        return with_standard(rows, day, SiteSettings.objects.get(site=site)).get()


def _enrolled(site, on: D, closed: D | None = None) -> Enrollment:
    referral = make_accepted_referral(site, referred_on=on - dt.timedelta(days=20))
    return make_enrollment(site, referral, enrolled_on=on, closed_on=closed)


@pytest.mark.parametrize(
    ("enrolled", "closed", "levels", "required", "days"),
    [
        (D(2025, 3, 10), None, [], 3, 22),
        (D(2025, 2, 1), None, [], 4, 31),
        (D(2025, 2, 1), None, [(2, D(2025, 3, 1))], 2, 31),
        (D(2025, 2, 1), None, [(2, D(2025, 3, 16))], 3, 31),
        (D(2025, 2, 1), None, [(2, D(2025, 3, 11)), (3, D(2025, 3, 21)), (4, D(2025, 3, 31))], 3, 31),
        (D(2025, 2, 1), None, [(4, D(2025, 2, 10))], 0, 31),
        (D(2025, 2, 1), None, [(2, D(2025, 4, 1))], 4, 31),
        (D(2025, 2, 1), D(2025, 3, 11), [], 2, 10),
        (D(2025, 3, 31), None, [], 1, 1),
        (D(2025, 3, 5), D(2025, 3, 5), [], 0, 0),
        (D(2025, 4, 2), None, [], 0, 0),
    ],
    ids=[
        "the example of 5.5", "whole month", "level 2 from the first", "half and half", "four levels", "aftercare",
        "a change next month", "closed on the 11th", "last day", "closed the same day", "enrolled later",
    ],
)  # fmt: skip
def test_required_follows_active_days_and_levels(enrolled, closed, levels, required, days, rock):
    enrollment = _enrolled(rock, enrolled, closed)
    for level, on in levels:
        make_level(rock, enrollment, level, on)
    row = _asked(rock, enrollment, D(2025, 3, 18))
    assert (row.required, row.active_days) == (required, days)


def test_level_now_is_the_level_of_the_day(rock):
    enrollment = _enrolled(rock, D(2025, 2, 1))
    make_level(rock, enrollment, 2, D(2025, 3, 11))
    assert [_asked(rock, enrollment, D(2025, 3, day)).level_now for day in (10, 11)] == [1, 2]


def test_made_counts_completed_face_to_face_of_the_month_and_video_where_the_site_says_so(rock):
    partner, enrollment = make_partner(rock), _enrolled(rock, D(2025, 2, 1))
    for on, facts in [
        (D(2025, 3, 1), {}),
        (D(2025, 3, 31), {"mode": "in_person_court"}),
        (D(2025, 3, 5), {"mode": "video"}),
        (D(2025, 3, 5), {"mode": "phone"}),
        (D(2025, 3, 6), {"result": "no_show", "minutes": 0}),
        (D(2025, 2, 28), {}),
        (D(2025, 4, 1), {}),
    ]:
        make_contact(rock, enrollment, partner, held_on=on, **facts)
    row = _asked(rock, enrollment, D(2025, 3, 31))
    assert (row.made, row.contacts_made, row.required, row.missing) == (2, 4, 4, 2)
    configure(rock, video_counts_face_to_face=True)
    assert _asked(rock, enrollment, D(2025, 3, 31)).made == 3


def test_more_than_required_leaves_nothing_missing(rock):
    partner, enrollment = make_partner(rock), _enrolled(rock, D(2025, 2, 1))
    make_level(rock, enrollment, 3, D(2025, 2, 10))
    for on in (3, 4):
        make_contact(rock, enrollment, partner, held_on=D(2025, 3, on))
    row = _asked(rock, enrollment, D(2025, 3, 18))
    assert (row.required, row.made, row.missing) == (1, 2, 0)


def test_the_report_of_the_finished_month_reckons_the_same(rock):
    configure(rock, face_to_face_standard=[5, 3, 2, 1])
    partner = make_partner(rock)
    cases = [
        (D(2025, 1, 1), None, []),
        (D(2025, 3, 10), None, [(2, D(2025, 3, 20))]),
        (D(2025, 1, 1), D(2025, 3, 15), [(3, D(2025, 2, 1)), (1, D(2025, 3, 3))]),
        (D(2025, 3, 29), None, [(4, D(2025, 3, 30))]),
    ]
    for enrolled, closed, levels in cases:
        enrollment = _enrolled(rock, enrolled, closed)
        for level, on in levels:
            make_level(rock, enrollment, level, on)
        make_contact(rock, enrollment, partner, held_on=max(enrolled, D(2025, 3, 2)))
    found = behind("E6", rock, "2025-03")
    place = [found.columns.index(name) for name in ("Required", "Active days", "Face to face")]
    reported = sorted(tuple(row.cells[n] for n in place) for row in found.rows)
    with site_scope(rock.id):
        rows = with_standard(Enrollment.objects.all(), D(2025, 3, 31), SiteSettings.objects.get(site=rock))
        assert sorted(rows.values_list("required", "active_days", "made")) == reported
    assert len(reported) == 4


class TestThePage:
    def _family(self, site, partner=None, **parent):
        referral = make_accepted_referral(site, make_parent(site, **parent))
        make_match(site, referral, partner)
        return make_enrollment(site, referral)

    def test_lists_families_enrolled_today_with_level_and_partner(self, rock, rock_coordinator, client_for):
        enrollment = self._family(rock, make_partner(rock, first_name="Bea"), first_name="Ana")
        make_level(rock, enrollment, 3, D(2025, 7, 1))
        make_enrollment(rock, closed_on=D(2025, 7, 1))
        page = client_for(rock_coordinator).get(URL)
        (row,) = page.context["listing"]
        assert (row.pk, row.required, row.level_now) == (enrollment.pk, 1, 3)
        for words in ("Ana", "Bea Moua", "3 Maintenance", "1 still to come", f"{timezone.localdate():%B %Y}"):
            assert words in page.content.decode(), words
        assert recorded(rock, "standard.viewed", enrollment.family_id, by=rock_coordinator)

    def test_filters_by_partner_and_by_what_is_missing(self, rock, door, rock_coordinator, client_for):
        bea = make_partner(rock, first_name="Bea")
        hers, other = self._family(rock, bea), self._family(rock)
        make_level(rock, other, 4, D(2025, 7, 1))
        browser = client_for(rock_coordinator)

        def shown(**query) -> set:
            return {row.pk for row in browser.get(URL, query).context["listing"]}

        assert shown() == {hers.pk, other.pk}
        assert shown(partner=str(bea.pk)) == shown(missing="on") == {hers.pk}
        foreign = make_partner(door, first_name="Zelda")
        assert "Zelda" not in browser.get(URL, {"partner": str(foreign.pk)}).content.decode()
        assert recorded(rock, "access.refused", about=foreign, by=rock_coordinator)

    def test_shows_a_partner_their_own_families(
        self, rock, rock_partner, rock_partner_profile, enrollment, client_for
    ):
        self._family(rock)
        page = client_for(rock_partner).get(URL)
        assert [row.pk for row in page.context["listing"]] == [enrollment.pk]

    @pytest.mark.parametrize("sort", ["family", "level", "-required", "made", "missing", "contacts_made"])
    def test_sorts(self, sort, rock, rock_coordinator, client_for):
        for _ in range(2):
            self._family(rock)
        assert len(client_for(rock_coordinator).get(URL, {"sort": sort}).context["listing"]) == 2

    @pytest.mark.parametrize("families", [1, 27])
    def test_takes_a_constant_number_of_queries(self, families, rock, rock_coordinator, client_for):
        for _ in range(families):
            self._family(rock)
        asked = questions(client_for(rock_coordinator), URL)
        assert own(asked) == LIST_QUERIES and len(asked) < 15

    def test_is_empty_in_words(self, rock, rock_coordinator, client_for):
        assert "No family is enrolled today." in client_for(rock_coordinator).get(URL).content.decode()
