"""`manage.py monthly_report SITE YYYY-MM [--json]`: the figures as computed now (`import-format.md`)."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from counties.models import Site
from counties.wall import site_scope
from reporting.measures import REGISTRY, SECTIONS, compute, lines
from reporting.periods import Month, NotAMonth


class Command(BaseCommand):
    help = "Prints the monthly report's figures of one site, computed from the records as they are now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("site", help="the site's slug, e.g. rock")
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("--json", action="store_true", help="one JSON object keyed by field id")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            site = Site.objects.get(slug=options["site"])
            month = Month.parse(options["month"])
        except Site.DoesNotExist:
            raise CommandError(f"There is no site “{options['site']}”.") from None
        except NotAMonth as error:
            raise CommandError(str(error)) from None
        with site_scope(site.id):
            values = compute(site, month.first)
        if options["json"]:
            self.stdout.write(json.dumps(values, indent=1, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_table(site, month, values)))


def _table(site: Site, month: Month, values: dict[str, Any]) -> list[str]:
    printed = [f"{site.name}, {month.name}, computed now"]
    section = ""
    for measure in REGISTRY:
        if measure.section != section:
            section = measure.section
            printed += ["", f"{section}. {SECTIONS[section]}"]
        if not measure.collected:
            printed.append(f"{measure.field:<5} {measure.label}: not collected")
            continue
        found = lines(measure, values[measure.field])
        if len(found) == 1 and not found[0].part:
            printed.append(f"{measure.field:<5} {measure.label:<52} {_shown(found[0].value):>12}")
        else:
            printed.append(f"{measure.field:<5} {measure.label}" + ("" if found else ": none"))
            printed += [f"        {line.label:<50} {_shown(line.value):>12}" for line in found]
    return printed


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
