"""Template words every room may use: dates, status tags, icons, list headings, paging, sparklines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from counties.code_lists import LISTS as LISTS_OF_CODES
from counties.lists import PAGE_SIZES, ListPage
from counties.phones import PHONE

register = template.Library()

KIND_ICONS = {
    "success": "check_circle",
    "info": "info",
    "warning": "warning",
    "error": "error",
    "neutral": "remove_circle",
}

# One table for all rooms, so that the same word looks the same everywhere; a code not named here is neutral.
STATUS_KINDS = {
    "success": "accepted active approved certified complete completed connected current done eligible "
    "engaged enrolled granted held matched met on_time signed submitted verified",
    "info": "assigned draft in_progress invited new offered_parent offered_partner open pending planned "
    "planning proposed queued received running screened scheduled",
    "warning": "aftercare attempted attempted_no_answer due expiring late needs_review no_capacity "
    "not_reached on_leave paused returned unverified waiting",
    "error": "blocked conflict conflict_no_alternative expired failed missing no_show overdue refused "
    "revoked",
}
KIND_OF = {code: kind for kind, codes in STATUS_KINDS.items() for code in codes.split()}


@register.filter
def date_us(value: date | datetime | None) -> str:
    """MM/DD/YYYY; an instant is read in the site's time. Empty for nothing."""
    if not value:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value:%m/%d/%Y}"


@register.filter
def datetime_us(value: datetime | None) -> str:
    """MM/DD/YYYY h:mm AM/PM in the site's time. Empty for nothing."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%m/%d/%Y} {local.hour % 12 or 12}:{local:%M %p}"


@register.filter
def month_name(value: date | None) -> str:
    """A month by its name: March 2025. Empty for nothing."""
    return f"{value:%B %Y}" if value else ""


@register.simple_tag(takes_context=True)
def called(context: Context, name: str, code: str) -> str:
    """A code of a list in the words of the present site (`counties/code_lists.py`)."""
    return LISTS_OF_CODES[name].words(context["request"].site.settings).get(code, code)


# Lists whose room is called otherwise than the list is.
LISTS = {"matching": "Matches", "activities": "Contacts", "partners": "Parent partners", "advisory": "Council meetings",
         "reporting": "Monthly reports", "events": "Calendar", "inbox": "Messages", "trail": "Audit trail"}  # fmt: skip


@register.filter
def phone_links(line: str) -> SafeString:
    """A line of text in which every telephone number (three, three and four digits) can be called by a tap."""
    pieces, end = [], 0
    for number in PHONE.finditer(line):
        link = format_html('<a class="usa-link" href="tel:+1{}">{}</a>', "".join(number.groups()), number[0])
        pieces += [(line[end : number.start()],), (link,)]
        end = number.end()
    return format_html_join("", "{}", [*pieces, (line[end:],)])


@register.filter
def list_name(page: str) -> str:
    """What a list is called, from its URL name: "families:list" is Families, "activities:follow_ups" Follow ups."""
    room, _, name = page.rpartition(":")
    word = room if name == "list" else name
    return LISTS.get(word, word.replace("_", " ").capitalize())


@register.simple_tag
def icon(name: str) -> SafeString:
    """A USWDS icon from the sprite, hidden from screen readers: the text beside it says the same."""
    return format_html(
        '<svg class="usa-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("uswds/img/sprite.svg"),
        name,
    )


@register.inclusion_tag("components/tag.html")
def status(code: str, label: str) -> dict[str, str]:
    """A status tag whose colour and icon follow from the code (`KIND_OF`)."""
    return {"kind": KIND_OF.get(str(code), "neutral"), "label": label}


@register.filter
def kind_icon(kind: str) -> str:
    """The icon that goes with a kind of message."""
    return KIND_ICONS.get(kind, KIND_ICONS["neutral"])


@register.filter
def alert_kind(tags: str) -> str:
    """The USWDS alert for a Django message level."""
    return tags if tags in {"success", "warning", "error"} else "info"


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: template.Context, label: str, name: str, css: str = "") -> dict[str, Any]:
    """A column heading that sorts the list in `listing`; a second click turns the order round."""
    listing: ListPage = context["listing"]
    ascending, descending = listing.sort == name, listing.sort == f"-{name}"
    return {
        "request": context["request"],
        "label": label,
        "css": css,
        "next": f"-{name}" if ascending else name,
        "aria": {True: "ascending"}.get(ascending) or ("descending" if descending else ""),
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def page_links(context: template.Context, listing: ListPage) -> dict[str, Any]:
    """Links to the pages of a list and to its page sizes; nothing when all rows are on one small page."""
    page = listing.page
    return {
        "request": context["request"],
        "listing": listing,
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "gap": page.paginator.ELLIPSIS,
        "sizes": PAGE_SIZES if listing.total > min(PAGE_SIZES) else (),
    }


@register.inclusion_tag("components/sparkline.html")
def sparkline(values: Iterable[float], label: str) -> dict[str, Any]:
    """A line 120 x 28 without axes; `label` is its text alternative, the last value stands beside it."""
    points = [float(value) for value in values]
    low, high = min(points, default=0.0), max(points, default=0.0)
    step, span = 116 / max(len(points) - 1, 1), (high - low) or 1.0
    place = [(round(2 + i * step, 1), round(25 - 22 * (p - low) / span, 1)) for i, p in enumerate(points)]
    return {
        "label": label,
        "line": " ".join(f"{x},{y}" for x, y in place),
        "end": place[-1] if place else None,
        "last": f"{points[-1]:g}" if points else "",
    }
