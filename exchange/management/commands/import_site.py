"""`manage.py import_site SITE FOLDER`: a site's spreadsheets from a folder (`import-format.md` "Commands")."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counties.models import Site
from exchange.folder import files_in, write_refused_files
from exchange.importer import Report, import_files
from exchange.sheets import SHEETS

COLUMNS = ("created", "updated", "unchanged", "refused")


class Command(BaseCommand):
    help = "Import every file of a folder into a site. Good rows load, bad ones go to FILE.refused.csv with the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("site", metavar="SITE", help="the site's slug, as in its address")
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument(
            "--as-of", type=dt.date.fromisoformat, metavar="YYYY-MM-DD",
            help="the day that counts as today; dates after it are in the future (default: today)",
        )  # fmt: skip
        parser.add_argument(
            "--refused-to", type=Path, metavar="DIR", help="where FILE.refused.csv goes (default: FOLDER)"
        )
        parser.add_argument("--check", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        site = Site.objects.filter(slug=options["site"]).first()
        if site is None:
            raise CommandError(
                f"There is no site “{options['site']}”. Sites: {', '.join(slugs()) or 'none yet'}."
            )
        if not options["folder"].is_dir():
            raise CommandError(f"{options['folder']} is not a folder.")
        files, others = files_in(options["folder"])
        if not files:
            raise CommandError(
                f"{options['folder']} holds none of the files {', '.join(f'{n}.csv' for n in SHEETS)}."
            )
        for name in others:
            self.stderr.write(f"{name} is not one of the files of an import and was left alone.")
        reports = import_files(site, files, as_of=options["as_of"], check_only=options["check"])
        self.write_refused(reports, options["refused_to"] or options["folder"])
        self.show(reports, as_json=options["json"])
        problems = [f"{report.name}.csv: {report.problem}" for report in reports if report.problem]
        if problems:
            raise CommandError("\n".join(["Refused whole, nothing of it was changed:", *problems]))

    def write_refused(self, reports: list[Report], folder: Path) -> None:
        try:
            for path in write_refused_files(reports, folder):
                self.stderr.write(f"Refused rows: {path}")
        except OSError as problem:
            self.stderr.write(
                f"Refused rows could not be written: {problem}. Name another folder by --refused-to."
            )

    def show(self, reports: list[Report], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"files": {report.name: report.as_json() for report in reports}}))
            return
        self.stdout.write(f"{'':12}" + "".join(f"{column:>11}" for column in COLUMNS))
        for report in reports:
            figures = report.figures()
            self.stdout.write(f"{report.name:12}" + "".join(f"{figures[column]:>11}" for column in COLUMNS))
        for report in reports:
            for number, text in report.warnings:
                self.stdout.write(f"{report.name} row {number}: {text}")


def slugs() -> list[str]:
    return list(Site.objects.order_by("slug").values_list("slug", flat=True))
