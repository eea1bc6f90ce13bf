"""The report as an accessible PDF (PDF/UA-1): WeasyPrint, then what it leaves undone (`ui.md` 7)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reporting.charts import bar_chart
from reporting.display import show
from reporting.measures import measure

if TYPE_CHECKING:
    from reporting.files.document import Document

STYLE = Path(__file__).with_name("report.css")
FONTS = {"regular", "bold", "italic"}
PRINT_FLAG = 4


class NothingFromOutside(URLFetcher):
    """Hands out our own three fonts and refuses every other address, a file's included."""

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        name = url.removeprefix("psp-font:")
        if not url.startswith("psp-font:") or name not in FONTS:
            raise ValueError("The report's PDF fetches nothing from outside.")
        file = f"fonts/source-sans-pro/sourcesanspro-{name}-webfont.woff2"
        content = (settings.BASE_DIR / "build" / "static" / "uswds" / file).read_bytes()
        return URLFetcherResponse(url, content, {"Content-Type": "font/woff2"})


def make_pdf(document: Document) -> bytes:
    """Tagged, titled, in English, fonts embedded; table headers carry their scope."""
    return print_html(
        render_to_string(
            "reporting/report_pdf.html", {"document": document, "chart": _contacts_chart(document)}
        )
    )


def print_html(html: str) -> bytes:
    """A page in the report's style as PDF/UA-1."""
    fonts, fetcher = FontConfiguration(), NothingFromOutside()
    style = CSS(string=STYLE.read_text(), font_config=fonts, url_fetcher=fetcher)
    printed = HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    return finish(printed)


def finish(printed: bytes) -> bytes:
    """Give table headers their scope and links their print flag."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        _walk(pdf.Root.StructTreeRoot, "")
        for page in pdf.pages:
            for note in page.get("/Annots", []):
                note.F = int(note.get("/F", 0)) | PRINT_FLAG
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _walk(node: Any, group: str) -> None:
    """Down the structure tree: TH under THead heads a column, under TBody a row."""
    kind = str(node.get("/S", ""))
    group = kind if kind in ("/THead", "/TBody") else group
    if kind == "/TH":
        scope = pikepdf.Name.Column if group == "/THead" else pikepdf.Name.Row
        node.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=scope)
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            _walk(kid, group)


def _contacts_chart(document: Document) -> str:
    """Completed contacts by how they were held (E2); the sentence is what a screen reader hears."""
    modes = (document.values.get("E2") or {}).get("by_mode") or {}
    if not modes:
        return ""
    lines = [
        line for line in show(measure("E2"), document.values["E2"]).lines if line.part.startswith("by_mode.")
    ]
    rows = sorted(((line.label, line.value) for line in lines), key=lambda row: -row[1])
    most, count = rows[0]
    title = f"{sum(modes.values())} completed contacts by how they were held; most of them: {most}, {count}."
    return bar_chart(rows, title=title, description="The same numbers stand in the table under E2.")
