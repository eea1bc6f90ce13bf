"""Lists sort, page and answer htmx at a constant cost."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.models import User
from counties.lists import ListPage, paginate, render_list
from psp.views_styleguide import SampleFilter

SORTS = {"name": "name", "left": ("deactivated_at", "name"), "newest": "-created_at"}
NOON = dt.datetime(2025, 3, 4, 12, tzinfo=dt.UTC)


@pytest.fixture
def people(db: None) -> QuerySet[User]:
    """Sixty people in pairs of one name; every third has left."""
    for number in range(60):
        User.objects.create_user(f"p{number:02}@example.org", name=f"Person {number // 2:02}")
    for number, person in enumerate(User.objects.order_by("email")):
        if number % 3 == 0:
            left_at = NOON + dt.timedelta(days=number)
            User.objects.filter(pk=person.pk).update(is_active=False, deactivated_at=left_at)
    return User.objects.all()


def _request(query: str = "", **headers: str) -> HttpRequest:
    return RequestFactory().get(f"/people/{query}", headers=headers)


def _page(people: QuerySet[User], query: str = "") -> ListPage:
    return paginate(_request(query), people, sorts=SORTS, default="name")


@pytest.mark.parametrize("query", ["", "?page=2", "?page=3&sort=-left", "?per_page=100&sort=newest"])
def test_any_page_costs_two_queries(people, django_assert_num_queries, query):
    with django_assert_num_queries(2):
        listing = _page(people, query)
        assert [str(person) for person in listing] and len(listing) and listing.total == 60
        assert bool(listing) and listing.first <= listing.last


def test_every_row_is_on_exactly_one_page_even_when_names_are_equal(people):
    seen = [person.pk for number in (1, 2, 3) for person in _page(people, f"?page={number}")]
    assert len(seen) == 60
    assert set(seen) == set(people.values_list("pk", flat=True))


@pytest.mark.parametrize("sort", ["left", "-left"])
def test_empty_dates_come_last_both_ways(people, sort):
    dates = [person.deactivated_at for person in _page(people, f"?per_page=100&sort={sort}")]
    known = [day for day in dates if day]
    assert len(known) == 20 and dates[20:] == [None] * 40
    assert known == sorted(known, reverse=sort == "-left")


def test_a_minus_turns_a_descending_sort_round(people):
    times = [person.created_at for person in _page(people, "?per_page=100&sort=-newest")]
    assert times == sorted(times)


@pytest.mark.parametrize(
    "query", ["?sort=password", "?sort=-", "?sort=name__email", "?sort=--name", "?sort="]
)
def test_an_unknown_sort_falls_back(people, query):
    listing = _page(people, query)
    assert listing.sort == "name"
    assert next(iter(listing)).name == "Person 00"


@pytest.mark.parametrize(
    ("asked", "number"), [("0", 3), ("-4", 3), ("99", 3), ("two", 1), ("", 1), ("9" * 5000, 1), ("²", 1)]
)
def test_a_page_out_of_range_shows_the_nearest(people, asked, number):
    assert _page(people, f"?page={asked}").page.number == number


@pytest.mark.parametrize(("asked", "size"), [("50", 50), ("100", 100), ("1000000", 25), ("0", 25), ("²", 25)])
def test_only_offered_page_sizes_are_taken(people, asked, size):
    assert _page(people, f"?per_page={asked}").page_size == size


def test_an_empty_list_is_false_and_starts_at_nothing(db):
    listing = _page(User.objects.none())
    assert not listing and listing.total == 0 and listing.first == 0


def _render(people: QuerySet[User], **headers: str) -> str:
    request = _request(**headers)
    request.user = AnonymousUser()
    listing = paginate(request, people, sorts={"family": "name", "started": "created_at"}, default="family")
    context = {"title": "People", "listing": listing, "filter_form": SampleFilter(request.GET)}
    response = render_list(request, "psp/styleguide.html", context)
    assert "HX-Request" in response["Vary"]
    return response.content.decode()


@pytest.mark.urls("tests.urls_with_gallery")
def test_htmx_gets_the_fragment_and_a_message_for_the_status_region(people):
    html = _render(people, **{"HX-Request": "true"})
    assert "<html" not in html and "60</strong> matches" in html
    assert 'hx-swap-oob="innerHTML:#live">60 matches' in html


@pytest.mark.urls("tests.urls_with_gallery")
def test_a_restored_page_is_a_whole_page(people):
    html = _render(people, **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in html and "hx-swap-oob" not in html
