"""The three sites' spreadsheets give the counts and refused rows worked out by hand (`import-format.md`)."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from django.core.management import call_command

DATA = Path(__file__).parents[1] / "data"
IDS = {"contacts": "contact_id", "children": "child_id", "referrals": "referral_id", "sessions": "session_id"}


@pytest.mark.parametrize("slug", ["rock", "jefferson", "door"])
def test_a_sites_folder_gives_the_expected_counts_and_refusals(slug, request, tmp_path, capsys):
    request.getfixturevalue(slug)
    expected = json.loads((DATA / "expected" / f"{slug}.json").read_text())

    call_command(
        "import_site", slug, str(DATA / "spreadsheets" / slug), "--refused-to", str(tmp_path), "--json"
    )

    files = json.loads(capsys.readouterr().out)["files"]
    counts = {name: {"good": f["created"], "refused": f["refused"]} for name, f in files.items()}
    assert counts == expected["rows"]
    assert all(f["updated"] == f["unchanged"] == 0 for f in files.values())
    refused = [
        (f"{name}.csv", row[column], row["reason"])
        for name, column in IDS.items()
        for row in csv.DictReader((tmp_path / f"{name}.refused.csv").read_text("utf-8-sig").splitlines())
    ]
    wanted = [(r["file"], r["id"], r["about"]) for r in expected["refused"]]
    assert sorted((file, own_id.strip()) for file, own_id, _ in refused) == sorted(
        (f, i) for f, i, _ in wanted
    )
    for file, own_id, about in wanted:
        assert any(f == file and i.strip() == own_id and about in reason for f, i, reason in refused), (
            own_id,
            about,
        )
