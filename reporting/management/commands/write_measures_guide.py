"""`manage.py write_measures_guide` writes docs/measures.md from the registry of figures."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reporting.measures.guide import guide


class Command(BaseCommand):
    help = "Writes docs/measures.md from the registry of figures."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "measures.md").write_text(guide(), encoding="utf-8")
        self.stdout.write("docs/measures.md is up to date.")
