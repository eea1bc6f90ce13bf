"""Lists on screen: sorting, paging, and sending either the page or its fragment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

PAGE_SIZES = (25, 50, 100)

Sorts = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class ListPage:
    """One page of a sorted list, as templates read it: iterate it, ask `total`, hand it to `page_links`."""

    page: Page
    sort: str
    sorts: tuple[str, ...]
    page_size: int

    def __iter__(self) -> Iterator[Any]:
        return iter(self.page.object_list)

    def __len__(self) -> int:
        return len(self.page.object_list)

    @property
    def total(self) -> int:
        """Rows on all pages."""
        return self.page.paginator.count

    @property
    def first(self) -> int:
        """Position of the first row shown, counted from 1 (0 when there is none)."""
        return self.page.start_index()

    @property
    def last(self) -> int:
        """Position of the last row shown."""
        return self.page.end_index()


def paginate(
    request: HttpRequest, queryset: QuerySet, *, sorts: Sorts, default: str, page_size: int = 25
) -> ListPage:
    """Sort and page `queryset` by `?sort=`, `?page=` and `?per_page=`; two queries, whatever the page.

    `sorts` maps the name in the URL to one field or several; a leading `-` in the URL turns the order round.
    Unknown names fall back to `default`, pages out of range to the nearest, empty values come last.
    """
    sort = known_sort(request.GET.get("sort"), sorts, default)
    size = _chosen_size(request, page_size)
    page = Paginator(in_order(queryset, sorts, sort), size).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return ListPage(page=page, sort=sort, sorts=tuple(sorts), page_size=size)


def render_list(
    request: HttpRequest, template: str, context: dict[str, Any], *, partial: str = "listing"
) -> HttpResponse:
    """The whole page, or only its `partial` when htmx asks for it.

    `Vary` keeps a browser from showing the bare fragment when someone comes back to the same address.
    """
    wants_fragment = request.headers.get("HX-Request") == "true"
    restoring = request.headers.get("HX-History-Restore-Request") == "true"
    name = f"{template}#{partial}" if wants_fragment and not restoring else template
    response = render(request, name, context | {"is_fragment": name != template})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _chosen_size(request: HttpRequest, page_size: int) -> int:
    asked = request.GET.get("per_page", "")
    return int(asked) if asked in {str(size) for size in PAGE_SIZES} else page_size


def known_sort(asked: str | None, sorts: Sorts, default: str) -> str:
    """The sort asked for, or the list's own when it is none of this list's."""
    return asked if asked and asked.removeprefix("-") in sorts else default


def in_order(queryset: QuerySet, sorts: Sorts, sort: str) -> QuerySet:
    """Order by the named fields; the key at the end makes the order of equal rows the same on every page."""
    fields = sorts[sort.removeprefix("-")]
    backwards = sort.startswith("-")
    order = [_order(field, backwards) for field in ([fields] if isinstance(fields, str) else fields)]
    return queryset.order_by(*order, "pk")


def _order(field: str, backwards: bool) -> Any:
    descending = field.startswith("-") != backwards
    name = F(field.removeprefix("-"))
    return name.desc(nulls_last=True) if descending else name.asc(nulls_last=True)
