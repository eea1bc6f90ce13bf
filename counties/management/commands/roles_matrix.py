"""`manage.py roles_matrix [--write]`: the table of roles and rights."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from counties.matrix import roles_page


class Command(BaseCommand):
    help = "Print the table of roles and rights, or write it to docs/roles.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/roles.md")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            (settings.BASE_DIR / "docs" / "roles.md").write_text(roles_page(), encoding="utf-8")
        else:
            self.stdout.write(roles_page())
