"""Small spreadsheets for tests: `load(site, contacts=[{"minutes": "900"}])` imports rows and gives the reports.

Every row starts from a good one, `GOOD`, so that a test names only what it is about.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from counties.models import Site
from exchange.importer import Report, import_files
from exchange.sheets import SHEETS

GOOD: dict[str, dict[str, str]] = {
    "partners": {
        "partner_id": "P1", "first_name": "Mai", "last_name": "Yang", "email": "mai@rock.example",
        "phone": "608-555-0100", "gender": "woman", "languages": "en;hmn", "municipality": "Beloit",
        "experience": "housing", "eligibility_basis": "reunified", "eligibility_date": "2022-01-03",
        "start_date": "2024-01-08", "end_date": "", "fte": "0.75", "core_training_completed_on": "2024-02-01",
    },
    "families": {
        "family_id": "F1", "parent_id": "F1-A", "first_name": "Sol", "last_name": "Juniper",
        "date_of_birth": "1990-05-06", "gender": "woman", "race": "white;asian", "hispanic": "no", "language": "en",
        "interpreter": "no", "tribal_connection": "unknown", "municipality": "Beloit", "case_type": "ohc",
        "shared_experience": "housing",
    },
    "children": {
        "family_id": "F1", "child_id": "C1", "first_name": "Xia", "date_of_birth": "2018-03-04",
        "removal_date": "2025-01-10", "trial_reunification_start": "2025-05-01", "discharge_date": "2025-06-10",
        "discharge_reason": "reunification",
    },
    "referrals": {
        "referral_id": "R1", "family_id": "F1", "parent_id": "F1-A", "source": "self", "referral_date": "2025-02-01",
        "decision_date": "2025-02-05", "outcome": "accepted", "enroll_date": "2025-03-01",
        "close_date": "2025-09-01", "closure_reason": "moved",
    },
    "levels": {"referral_id": "R1", "level": "2", "date": "2025-04-01", "reason": "case consultation"},
    "matches": {
        "referral_id": "R1", "partner_id": "P1", "start_date": "2025-02-20", "end_date": "2025-09-01",
        "end_reason": "enrollment_closed",
    },
    "contacts": {
        "contact_id": "K1", "referral_id": "R1", "partner_id": "P1", "date": "2025-03-05", "mode": "phone",
        "result": "completed", "minutes": "30", "activities": "mentoring;court_prep", "note": "Said \"yes\", smiled.",
    },
    "events": {
        "event_id": "E1", "referral_id": "R1", "kind": "hearing", "date": "2025-04-02", "partner_attended": "P1",
    },
    "sessions": {
        "session_id": "S1", "kind": "training", "date": "2025-04-03", "minutes": "60", "topic": "boundaries",
        "attendees": "P1",
    },
    "council": {
        "meeting_id": "M1", "council": "local", "date": "2025-05-06", "attendance": "judge:1;parent_partner:2",
    },
    "outreach": {
        "event_id": "O1", "date": "2025-05-07", "kind": "presentation", "audience": "schools", "attendance": "12",
    },
}  # fmt: skip


def book(name: str, *rows: dict[str, str]) -> bytes:
    """A CSV file of this kind: each row is the good one with these cells."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(GOOD[name]))
    writer.writeheader()
    writer.writerows({**GOOD[name], **row} for row in rows)
    return out.getvalue().encode()


def load(site: Site, /, **files: Any) -> dict[str, Report]:
    """Import files given as rows (differences from the good one) or as bytes."""
    options = {key: files.pop(key) for key in ("as_of", "by", "check_only", "watch") if key in files}
    contents = {name: rows if isinstance(rows, bytes) else book(name, *rows) for name, rows in files.items()}
    sources = {name: (lambda content=content: content) for name, content in contents.items()}
    return {report.name: report for report in import_files(site, sources, **options)}


def load_everything(site: Site) -> dict[str, Report]:
    """One good row of each kind."""
    return load(site, **{name: [{}] for name in SHEETS})


def reason(site: Site, name: str, **cells: str) -> str:
    """Why a row is refused; "" when it loads."""
    report = load(site, **{name: [cells]})[name]
    assert report.problem == ""
    return report.refused[0][1] if report.refused else ""
