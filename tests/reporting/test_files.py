"""The report as files: one content, four kinds; accessible, formula-safe, made once, handed out with a trace."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import openpyxl
import pikepdf
import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse

from counties import jobs
from counties.models import Job
from counties.wall import site_scope
from reporting import (
    display,
    files,
    tasks,  # noqa: F401 -- the worker knows its handlers by importing them
)
from reporting.files.as_pdf import NothingFromOutside
from reporting.files.cells import safe
from reporting.files.document import Document
from reporting.measures import REGISTRY
from reporting.models import MonthlyReport, ReportFile
from tests.factories.activities import make_contact
from tests.factories.referrals import make_enrollment
from tests.trail import recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(rock, month, rock_coordinator) -> MonthlyReport:
    """A draft with a contact in it and a narrative that would like to be a formula."""
    from reporting.actions import draft_report

    make_contact(rock, make_enrollment(rock))
    with site_scope(rock.id):
        report = draft_report(site=rock, month=month, by=rock_coordinator)
        MonthlyReport.objects.filter(pk=report.pk).update(
            successes='=HYPERLINK("http://evil.example")', barriers="<img src='file:///etc/passwd'> & more"
        )
        report.refresh_from_db()
    return report


@pytest.fixture
def document(rock, full) -> Document:
    with site_scope(rock.id):
        return files.build(full)


def _fields(cells: list[str]) -> list[str]:
    return list(dict.fromkeys(cells))


def _screen(document: Document) -> list[str]:
    return [
        figure.measure.field for section in display.sections(document.values) for figure in section.figures
    ]


def _csv(document: Document) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files.make(document, "csv").decode("utf-8-sig"))))


def test_every_kind_holds_the_same_figures_in_the_same_order(document):
    wanted = [measure.field for measure in REGISTRY]
    assert _screen(document) == wanted
    assert list(json.loads(files.make(document, "json"))) == wanted
    assert _fields([row["figure"] for row in _csv(document) if row["section"] != "K"]) == wanted
    book = openpyxl.load_workbook(io.BytesIO(files.make(document, "xlsx")))
    sheet = book["Figures"]
    assert _fields([row[5] for row in sheet.iter_rows(min_row=2, values_only=True)]) == wanted


def test_the_pdf_prints_the_same_lines_in_the_same_order(document):
    printed = render_to_string("reporting/report_pdf.html", {"document": document, "chart": ""})
    page = BeautifulSoup(printed, "html.parser")
    assert [found.text for found in page.select("th .id")] == [measure.field for measure in REGISTRY]
    shown = [line.text for s in document.sections for figure in s.figures for line in figure.lines]
    assert [row.td.text for row in page.select("tr.part")] == shown


def test_csv_and_xlsx_hold_the_same_numbers(document):
    book = openpyxl.load_workbook(io.BytesIO(files.make(document, "xlsx")))
    numbers = [
        (row[5], row[7] or "", str(row[9] if row[9] is not None else ""))
        for row in book["Figures"].iter_rows(min_row=2, values_only=True)
    ]
    listed = [(row["figure"], row["part"], row["value"]) for row in _csv(document) if row["section"] != "K"]
    assert [(f, p, _number(v)) for f, p, v in numbers] == [(f, p, _number(v)) for f, p, v in listed]
    assert ("E1", "", "1") in listed and ("E2", "by_mode.in_person_home", "1") in listed


def _number(text: str) -> str:
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def test_json_equals_the_command(rock, document, capsys):
    call_command("monthly_report", "rock", "2025-06", "--json")
    assert json.loads(files.make(document, "json")) == json.loads(capsys.readouterr().out)


def test_spreadsheets_run_no_formula(document):
    text = next(row["shown_as"] for row in _csv(document) if row["figure"] == "K1")
    assert text.startswith("'=HYPERLINK")
    book = openpyxl.load_workbook(io.BytesIO(files.make(document, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any(cell.value == '=HYPERLINK("http://evil.example")' and cell.data_type == "s" for cell in cells)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_dangerous_cell_is_made_text(start):
    assert safe(f"{start}1+1") == f"'{start}1+1"
    assert safe(-3) == -3


def _structure(node, kind: str) -> Iterator[pikepdf.Dictionary]:
    if str(node.get("/S", "")) == kind:
        yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield from _structure(kid, kind)


@pytest.fixture(scope="module")
def drawn() -> dict[str, bytes]:
    """The PDF, drawn once for all who only look into it."""
    return {}


@pytest.fixture
def pdf(document, drawn) -> Iterator[pikepdf.Pdf]:
    drawn["pdf"] = drawn.get("pdf") or files.make(document, "pdf")
    with pikepdf.open(io.BytesIO(drawn["pdf"])) as opened:
        yield opened


def test_the_pdf_is_tagged_titled_and_in_english(pdf):
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "en-US"
    assert "Monthly report, Rock County PSP, June 2025" in str(pdf.docinfo["/Title"])
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert b"pdfuaid:part" in bytes(pdf.Root.Metadata.read_bytes())


def test_the_headings_of_the_pdf_are_an_outline(pdf, document):
    counts = [len(list(_structure(pdf.Root.StructTreeRoot, kind))) for kind in ("/H1", "/H2", "/H3")]
    narrative_and_definitions = 2
    assert counts == [1, len(document.sections) + narrative_and_definitions, len(document.narrative)]
    captions = list(_structure(pdf.Root.StructTreeRoot, "/Caption"))
    assert len(captions) == 1 + len(document.sections)


def test_every_table_heading_has_its_scope(pdf):
    headings = list(_structure(pdf.Root.StructTreeRoot, "/TH"))
    scopes = [str(heading.A.Scope) for heading in headings]
    assert set(scopes) == {"/Column", "/Row"}
    assert len(scopes) > len(REGISTRY)


def test_every_figure_in_the_pdf_says_what_it_shows(pdf):
    drawings = list(_structure(pdf.Root.StructTreeRoot, "/Figure"))
    assert [str(d.Alt) for d in drawings] == [
        "1 completed contacts by how they were held; most of them: In person, home, 1."
    ]


def test_the_fonts_are_in_the_file(pdf):
    fonts = {
        str(font.get("/BaseFont", "")).split("+")[-1]
        for page in pdf.pages
        for font in page.Resources.get("/Font", {}).values()
    }
    assert any("Source-Sans-Pro" in name or "SourceSansPro" in name for name in fonts), fonts


def test_a_draft_carries_the_word_and_a_certified_one_does_not(rock, document, full, at, rock_coordinator):
    assert document.is_draft and document.file_name("pdf") == "psp-rock-2025-06-draft.pdf"
    assert ("Status", "DRAFT: figures may still change") in document.facts
    at("certified", full, rock_coordinator)
    with site_scope(rock.id):
        certified = files.build(full)
    assert certified.file_name("pdf") == "psp-rock-2025-06.pdf"
    assert {row["status"] for row in _csv(certified)} == {"certified"}
    assert not [value for _, value in certified.facts if "DRAFT" in value]


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "file:///etc/passwd", "data:text/plain,x", "psp-font:../x"]
)
def test_the_pdf_fetches_nothing(url):
    with pytest.raises(ValueError, match="nothing from outside"):
        NothingFromOutside().fetch(url)


def _run_jobs(site, kind):
    with site_scope(site.id):
        waiting = list(Job.objects.filter(kind=kind).values_list("pk", flat=True))
    for pk in waiting:
        jobs.run(site.id, str(pk))


def test_files_of_a_certified_report_are_made_once(rock, full, at, rock_coordinator):
    at("certified", full, rock_coordinator)
    _run_jobs(rock, "report.files")
    with site_scope(rock.id):
        first = dict(ReportFile.objects.values_list("kind", "sha256"))
        Job.objects.create(site=rock, kind="report.files", key="again", arguments={"report": str(full.pk)})
    assert set(first) == set(files.MAKERS)
    _run_jobs(rock, "report.files")
    with site_scope(rock.id):
        assert dict(ReportFile.objects.values_list("kind", "sha256")) == first


def test_downloading_is_recorded(client_for, rock, full, at, rock_coordinator, state_staff):
    at("submitted", full, rock_coordinator)
    _run_jobs(rock, "report.files")
    for person, url in (
        (rock_coordinator, reverse("reporting:file", args=["rock", full.pk, "pdf"])),
        (state_staff, reverse("state:file", args=[full.pk, "pdf"])),
    ):
        answer = client_for(person).get(url)
        assert answer["Content-Disposition"] == 'attachment; filename="psp-rock-2025-06.pdf"'
        assert answer.content.startswith(b"%PDF")
        assert recorded(rock, "report.downloaded", full, person)


def test_a_drafts_file_is_asked_for_watched_and_downloaded(client_for, rock, full, rock_coordinator):
    browser = client_for(rock_coordinator)
    asked = browser.post(reverse("reporting:make_file", args=["rock", full.pk, "csv"]))
    assert b"Waiting for its turn" in browser.get(asked.url).content
    assert b"not ready" in browser.get(asked.url + "download/", follow=True).content
    _run_jobs(rock, "report.draft_file")
    fragment = browser.get(asked.url, headers={"HX-Request": "true"})
    assert b"psp-rock-2025-06-draft.csv" in fragment.content and b"<html" not in fragment.content
    answer = browser.get(asked.url + "download/")
    assert answer["Content-Type"].startswith("text/csv") and b",draft," in answer.content
    assert recorded(rock, "report.downloaded", full, rock_coordinator)


def test_a_colleague_does_not_get_my_draft_file(
    client_for, rock, full, rock_coordinator, rock_partner_coordinator
):
    asked = client_for(rock_coordinator).post(reverse("reporting:make_file", args=["rock", full.pk, "csv"]))
    _run_jobs(rock, "report.draft_file")
    colleague = client_for(rock_partner_coordinator)
    assert colleague.get(asked.url).status_code == 404
    assert colleague.get(asked.url + "download/").status_code == 404


@pytest.mark.parametrize("kind", ["exe", "docx"])
def test_no_other_kind_of_file_is_made(client_for, full, rock_coordinator, kind):
    browser = client_for(rock_coordinator)
    assert browser.post(reverse("reporting:make_file", args=["rock", full.pk, kind])).status_code == 404
    assert browser.get(reverse("reporting:file", args=["rock", full.pk, kind])).status_code == 404
