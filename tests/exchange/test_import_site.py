"""`manage.py import_site`: what it prints, writes and refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from activities.models import Contact
from audit.models import AuditEvent
from counties.models import Site
from counties.wall import site_scope
from exchange.sheets import SHEETS
from partners.models import ParentPartner
from tests.exchange.books import book

DATA = Path(__file__).parents[1] / "data" / "spreadsheets"


@pytest.fixture
def folder(tmp_path):
    """A folder with one good file of each kind."""
    for name in SHEETS:
        (tmp_path / f"{name}.csv").write_bytes(book(name, {}))
    return tmp_path


def test_json_has_the_agreed_shape(rock, folder, capsys):
    call_command("import_site", "rock", str(folder), "--json")

    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["files"]
    assert list(printed["files"]) == list(SHEETS)
    assert printed["files"]["contacts"] == {
        "created": 1, "updated": 0, "unchanged": 0, "refused": 0, "warnings": [],
    }  # fmt: skip


def test_without_json_a_table_and_the_warnings_are_printed(rock, folder, capsys):
    (folder / "partners.csv").write_bytes(book("partners", {"core_training_completed_on": ""}))

    call_command("import_site", "rock", str(folder))

    out = capsys.readouterr().out
    assert "partners              1          0          0          0" in out
    assert "matches row 2: P1 had not completed core training at the start" in out


def test_refused_rows_go_beside_the_file_and_a_former_file_of_them_is_taken_away(rock, folder, capsys):
    (folder / "outreach.csv").write_bytes(book("outreach", {"kind": "party"}))
    call_command("import_site", "rock", str(folder))
    refused = folder / "outreach.refused.csv"
    assert "unknown kind: party" in refused.read_text("utf-8-sig")

    (folder / "outreach.csv").write_bytes(book("outreach", {}))
    call_command("import_site", "rock", str(folder))

    assert not refused.exists()
    assert "outreach.refused.csv" in capsys.readouterr().err


def test_refused_rows_go_where_they_are_wanted(rock, folder, tmp_path):
    (folder / "outreach.csv").write_bytes(book("outreach", {"kind": "party"}))

    call_command("import_site", "rock", str(folder), "--refused-to", str(tmp_path / "new" / "place"))

    assert (tmp_path / "new" / "place" / "outreach.refused.csv").exists()
    assert not (folder / "outreach.refused.csv").exists()


def test_a_missing_file_is_fine_and_a_strange_one_is_named(rock, tmp_path, capsys):
    (tmp_path / "partners.csv").write_bytes(book("partners", {}))
    (tmp_path / "contact.csv").write_bytes(book("contacts", {}))

    call_command("import_site", "rock", str(tmp_path), "--json")

    said = capsys.readouterr()
    assert list(json.loads(said.out)["files"]) == ["partners"]
    assert "contact.csv is not one of the files of an import" in said.err


def test_a_file_refused_whole_is_named_while_the_others_load(rock, folder, capsys):
    (folder / "outreach.csv").write_bytes(b"event_id,date\r\nO1,2025-05-07\r\n")

    with pytest.raises(CommandError, match="outreach.csv: The file has no column kind, audience, attendance"):
        call_command("import_site", "rock", str(folder), "--json")

    files = json.loads(capsys.readouterr().out)["files"]
    assert files["outreach"] == {
        "created": 0, "updated": 0, "unchanged": 0, "refused": 0, "warnings": [],
        "problem": "The file has no column kind, audience, attendance.",
    }  # fmt: skip
    assert files["contacts"]["created"] == 1
    with site_scope(rock.id):
        event = AuditEvent.objects.get(verb="import.refused")
        assert (event.facts["file"], event.source) == ("outreach", "import")


def test_a_file_of_50_mb_is_refused_before_it_is_read(rock, tmp_path):
    with (tmp_path / "contacts.csv").open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    with pytest.raises(CommandError, match="contacts.csv: The file is too large: 50 MB, the most is 20 MB"):
        call_command("import_site", "rock", str(tmp_path))


def test_a_wrong_site_folder_or_date_is_said(rock, tmp_path):
    for arguments, words in [
        (["dane", str(tmp_path)], "There is no site “dane”. Sites: rock."),
        (["rock", str(tmp_path / "none")], "is not a folder"),
        (["rock", str(tmp_path)], "holds none of the files partners.csv, families.csv"),
        (["rock", str(tmp_path), "--as-of", "yesterday"], "invalid fromisoformat value: 'yesterday'"),
    ]:
        with pytest.raises(CommandError, match=words):
            call_command("import_site", *arguments)


def test_checking_changes_nothing(rock, folder, capsys):
    call_command("import_site", "rock", str(folder), "--check", "--json")

    assert json.loads(capsys.readouterr().out)["files"]["partners"]["created"] == 1
    with site_scope(rock.id):
        assert not ParentPartner.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_a_second_run_completes_the_work(database_run, tmp_path):
    """A real process, killed hard with the contacts written and not committed: whole files are there, no half one."""
    from tests.factories.counties import make_site

    site = make_site("door", name="Door County PSP", fips=["55029"])
    program = (
        "import os, signal, sys, django; django.setup()\n"
        "from pathlib import Path; from activities.imports import ContactsSheet\n"
        "from counties.models import Site; from counties.sheets import Sheet\n"
        "from exchange.folder import files_in; from exchange.importer import import_files\n"
        "ContactsSheet.save = lambda sheet: (Sheet.save(sheet), os.kill(os.getpid(), signal.SIGKILL))\n"
        "import_files(Site.objects.get(slug='door'), files_in(Path(sys.argv[1]))[0])\n"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": database_run.web_url,
        "DJANGO_SETTINGS_MODULE": "psp.settings",
    }
    killed = subprocess.run(
        [sys.executable, "-c", program, str(DATA / "door")], env=environment, cwd=settings.BASE_DIR
    )
    assert killed.returncode == -signal.SIGKILL
    with site_scope(site.id):
        assert ParentPartner.objects.count() == 3 and not Contact.objects.exists()

    call_command("import_site", "door", str(DATA / "door"), "--refused-to", str(tmp_path))

    with site_scope(Site.objects.get(slug="door").id):
        assert (ParentPartner.objects.count(), Contact.objects.count()) == (3, 161)
