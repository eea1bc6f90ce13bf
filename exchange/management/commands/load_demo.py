"""`manage.py load_demo`: the demo's sites, people, spreadsheets and reports; does nothing when they are there."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exchange.demo import load_demo


class Command(BaseCommand):
    help = "Load the demo (needs PSP_DEMO=1). Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is only for PSP_DEMO=1; nothing was changed.")
        load_demo(self.stdout.write)
