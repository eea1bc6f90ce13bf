"""The county's numbers as entries for a phone's own address book (RFC 6350), where they work without a connection."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from activities.ics import folded, text
from counties.phones import PHONE


def numbers(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Who answers, and the number as it is dialed, for each line that holds one."""
    found = [(line, PHONE.search(line)) for line in lines]
    return [(_who(line, at.start()), f"+1{''.join(at.groups())}") for line, at in found if at]


def address_book(lines: Iterable[str]) -> HttpResponse:
    """One entry for each number, all beginning alike, so that they stand together in the phone."""
    cards = [
        line
        for who, number in numbers(lines)
        for line in (
            "BEGIN:VCARD", "VERSION:4.0", f"FN:{text(f'I need to report: {who}')}", f"TEL;VALUE=uri:tel:{number}",
            "END:VCARD",
        )
    ]  # fmt: skip
    body = "".join(f"{folded(line)}\r\n" for line in cards)
    headers = {"Content-Disposition": 'attachment; filename="i-need-to-report.vcf"'}
    return HttpResponse(body, content_type="text/vcard; charset=utf-8", headers=headers)


def _who(line: str, end: int) -> str:
    return line[:end].strip(" :,;-–(") or "county number"
