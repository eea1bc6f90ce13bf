"""Copies the parts of USWDS that pages use from node_modules to build/static/uswds (a folder of static files).

The package holds 2,400 images; pages need about 55 files. Fewer files are hashed and compressed at each release,
and nothing is served that nobody looked at.
"""

import re
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

NAMED = (
    "css/uswds.min.css",
    "js/uswds.min.js",
    "js/uswds-init.min.js",
    "img/sprite.svg",
    "img/usa-icons/close.svg",  # the mobile menu's, named in templates only
)
REFERENCE = re.compile(r"""url\(["']?\.\./([^"')?#]+)""")
SOURCE_MAP = re.compile(rb"(/\*|//)[#@] sourceMappingURL=[^\n*]*(\*/)?")


class Command(BaseCommand):
    help = "Copy the USWDS files pages use from node_modules to build/static/uswds."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        source = settings.BASE_DIR / "node_modules" / "@uswds" / "uswds" / "dist"
        if not source.is_dir():
            raise CommandError("USWDS is not installed. Run `make setup`.")
        target = settings.BASE_DIR / "build" / "static" / "uswds"
        copied = copy_parts(source, target)
        self.stdout.write(f"{copied} files in {target.relative_to(settings.BASE_DIR)}")


def copy_parts(source: Path, target: Path) -> int:
    """Copy the named files and all the style sheet refers to; the number of files in `target` afterwards."""
    style = (source / "css" / "uswds.min.css").read_text()
    parts = sorted({*NAMED, *REFERENCE.findall(style)})
    shutil.rmtree(target, ignore_errors=True)
    for part in parts:
        destination = target / part
        destination.parent.mkdir(parents=True, exist_ok=True)
        content = (source / part).read_bytes()
        if destination.suffix in {".css", ".js"}:
            # The map is not copied, and hashed file names look for every file that is named.
            content = SOURCE_MAP.sub(b"", content)
        destination.write_bytes(content)
    return len(parts)
