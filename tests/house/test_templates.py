"""No template that nothing uses, none that a page asks for in vain."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
ROOMS = [
    "psp", "exchange", "reporting", "advisory", "outreach", "activities", "matching", "referrals", "partners",
    "families", "counties", "accounts", "audit",
]  # fmt: skip
THIRD_PARTY = ("account/", "mfa/", "usersessions/", "django/forms/", "allauth/", "429.html")
"""Looked up by name by Django or allauth, so no word of ours names them."""


def _texts() -> str:
    files = [f for room in ROOMS for f in (ROOT / room).rglob("*.py")] + list(TEMPLATES.rglob("*.*"))
    return "\n".join(f.read_text() for f in files)


def test_every_template_is_used() -> None:
    texts = _texts()
    ours = [str(t.relative_to(TEMPLATES)) for t in TEMPLATES.rglob("*.*")]
    unused = [
        t for t in ours if not t.startswith(THIRD_PARTY) and not re.search(rf"[\"'/]{re.escape(t)}", texts)
    ]
    assert unused == []


def test_every_template_named_exists() -> None:
    found = re.findall(r"""["']([a-z_]+/[a-z_/0-9]+\.(?:html|txt|css))["'#]""", _texts())
    named = {name.removeprefix("templates/") for name in found}
    there = {str(t.relative_to(TEMPLATES)) for t in TEMPLATES.rglob("*.*")}
    assets = {n for n in named if (ROOT / "static" / n).exists() or n.startswith("uswds/")}
    allauth = {n for n in named if n.startswith(THIRD_PARTY)}
    assert named - there - assets - allauth == set()
