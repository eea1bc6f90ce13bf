"""Everything a file of the report says, read once."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from reporting.display import NARRATIVE, Section, date_us, datetime_us, sections
from reporting.models import MonthlyReport


@dataclass(frozen=True)
class Document:
    """One version of a report, detached from the database."""

    report_id: uuid.UUID
    site_id: int
    site: str
    slug: str
    month: dt.date
    version: int
    certification: int
    is_draft: bool
    made_at: dt.datetime
    facts: list[tuple[str, str]]
    values: dict[str, Any]
    narrative: list[tuple[str, str, str]]

    @property
    def title(self) -> str:
        return f"Monthly report, {self.site}, {self.month:%B %Y}"

    @property
    def sections(self) -> list[Section]:
        return sections(self.values)

    def file_name(self, kind: str) -> str:
        """`psp-rock-2026-10.pdf`, `psp-rock-2026-10-v2.pdf`, `psp-rock-2026-10-draft.pdf`."""
        marks = [f"v{self.version}"] if self.version > 1 else []
        return (
            "-".join(["psp", self.slug, f"{self.month:%Y-%m}", *marks, *(["draft"] if self.is_draft else [])])
            + f".{kind}"
        )


def build(report: MonthlyReport) -> Document:
    """Read the report, its figures and its words; call inside a scope that may see it."""
    values = dict(report.figures.values_list("field", "value"))
    narrative = [
        (number, label, getattr(report, name))
        for name, (number, label) in NARRATIVE.items()
        if getattr(report, name)
    ]
    return Document(
        report_id=report.pk,
        site_id=report.site_id,
        site=report.site.name,
        slug=report.site.slug,
        month=report.month,
        version=report.version,
        certification=report.certification,
        is_draft=not report.is_frozen,
        made_at=report.certified_at or report.computed_at or report.drafted_at,
        facts=_facts(report),
        values=values,
        narrative=narrative,
    )


def _facts(report: MonthlyReport) -> list[tuple[str, str]]:
    """The header (A1 to A3) as pairs; what is not known yet is left out."""
    counties = ", ".join(str(county) for county in report.site.counties.all())
    last = report.ends - dt.timedelta(days=1)
    facts = [
        ("Site", report.site.name),
        ("Counties", counties),
        ("Month", f"{report.month:%B %Y}, {date_us(report.month)} to {date_us(last)}"),
        ("Version", str(report)),
        ("What this amendment changes", report.change_note),
        ("Prepared by", report.prepared_by_name),
        (
            "Certified",
            f"{datetime_us(report.certified_at)} by {report.certified_by_name}" if report.is_frozen else "",
        ),
        ("Figures computed", datetime_us(report.computed_at)),
        ("Status", "Certified" if report.is_frozen else "DRAFT: figures may still change"),
    ]
    return [(term, value) for term, value in facts if value]
