"""The product does not start with half its secrets, nor as a demo in production; no key lies in the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings, settings

from accounts.demo import NotADemo, make_demo_people
from exchange.demo import load_demo
from psp.stack.data_dir import SECRETS, DataDir

KEYS = ("PSP_SECRET_KEY", "PSP_FIELD_KEYS")


def _start(**changes: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own, where addresses are given and changes stand over the rest."""
    usual = {"PSP_PRODUCTION": "0", "PSP_DEMO": "0", "PSP_DEBUG": "0", "EMAIL_URL": "dummymail://"}
    environment = os.environ | usual | changes
    return subprocess.run(
        [sys.executable, "-c", "import psp.settings"],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True,
    )  # fmt: skip


def test_the_settings_are_read_when_the_keys_are_there() -> None:
    assert _start().returncode == 0
    assert _start(PSP_PRODUCTION="1").returncode == 0


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("production", ["0", "1"])
def test_a_database_of_ones_own_needs_keys_of_ones_own(name: str, production: str) -> None:
    done = _start(**{name: "", "PSP_PRODUCTION": production})
    assert done.returncode and f"{name} is not set. Make a key" in done.stderr


def test_production_is_never_a_demo() -> None:
    done = _start(PSP_PRODUCTION="1", PSP_DEMO="1")
    assert done.returncode and "PSP_PRODUCTION and PSP_DEMO are both set" in done.stderr


def test_production_shows_no_traceback_and_prints_no_link_of_a_mail() -> None:
    done = _start(PSP_PRODUCTION="1", PSP_DEBUG="1")
    assert done.returncode and "PSP_PRODUCTION and PSP_DEBUG are both set" in done.stderr
    done = _start(PSP_PRODUCTION="1", EMAIL_URL="")
    assert done.returncode and "EMAIL_URL is not set" in done.stderr


def test_nobody_loads_a_demo_into_production(settings: LazySettings) -> None:
    settings.DEMO, settings.PRODUCTION = True, True
    for act in (make_demo_people, lambda: load_demo(print)):
        with pytest.raises(NotADemo):
            act()


def test_each_data_directory_makes_and_keeps_its_own_keys(tmp_path: Path) -> None:
    one, other = DataDir(tmp_path / "one"), DataDir(tmp_path / "other")
    one.create()
    other.create()
    made = one.passwords()
    assert set(made) == set(SECRETS) and one.passwords() == made
    assert {made["secret_key"], made["field_key"]}.isdisjoint(other.passwords().values())
    assert Fernet(made["field_key"]).decrypt(Fernet(made["field_key"]).encrypt(b"seed")) == b"seed"
    assert one.secrets_file.stat().st_mode & 0o077 == 0


def test_a_directory_from_before_keeps_its_passwords_and_gets_keys(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.secrets_file.write_text('{"postgres": "old"}')
    assert data.passwords()["postgres"] == "old"
    assert data.passwords()["secret_key"] == data.passwords()["secret_key"]
