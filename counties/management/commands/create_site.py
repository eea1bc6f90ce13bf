"""`manage.py create_site rock --name "Rock County PSP" --counties 55105`"""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counties.actions.sites import open_site
from counties.models import County
from counties.models.places import Operator, Phase

WISCONSIN = "55"


def find_counties(text: str) -> list[County]:
    """The counties named by FIPS codes, with or without the state's 55 before them.

    Raises:
        CommandError: names the codes that are no Wisconsin county.
    """
    codes = [code.strip() for code in text.split(",") if code.strip()]
    full = [code if len(code) == 5 else WISCONSIN + code.zfill(3) for code in codes]
    found = County.objects.in_bulk(full)
    unknown = [code for code, whole in zip(codes, full, strict=True) if whole not in found]
    if unknown or not codes:
        raise CommandError(f"No Wisconsin county has this FIPS code: {', '.join(unknown) or '(none given)'}.")
    return list(found.values())


def read_date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is not a date; write it as YYYY-MM-DD.") from None


class Command(BaseCommand):
    help = "Open a site: one PSP program in one or more counties."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its word in addresses, for example rock")
        parser.add_argument("--name", required=True, help='for example "Rock County PSP"')
        parser.add_argument("--counties", required=True, help="FIPS codes, comma between: 55105 or 105")
        parser.add_argument("--operator", choices=Operator.values, default=Operator.COUNTY)
        parser.add_argument("--operator-name", default="", help="the agency's name")
        parser.add_argument("--opened-on", default="", help="YYYY-MM-DD, default today")
        parser.add_argument("--phase", choices=Phase.values, default=Phase.PLANNING)

    def handle(self, *args: Any, **options: Any) -> None:
        opened_on = read_date(options["opened_on"]) if options["opened_on"] else timezone.localdate()
        try:
            site = open_site(
                slug=options["slug"],
                name=options["name"],
                counties=find_counties(options["counties"]),
                operator=options["operator"],
                operator_name=options["operator_name"],
                opened_on=opened_on,
                phase=options["phase"],
                by=None,
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{site.name} is open at /sites/{site.slug}/.")
