"""The gallery of interface parts, with invented content; only in demo and debug (`docs/interface.md`)."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from counties.decorators import public_view
from counties.forms import HALF
from counties.lists import ListPage, render_list

CHOICES = [
    ("phone", "Phone"),
    ("video", "Video"),
    ("home", "In person, at home"),
    ("court", "In person, at court"),
]
HELP = [
    ("housing", "Housing"),
    ("food", "Food"),
    ("legal", "Legal"),
    ("health", "Health"),
    ("work", "Employment"),
]
PARTNERS = ["Ana Flores", "Kia Vang", "Dana Whitefeather", "Rosa Delgado", "Tom Birch"]
STATUSES = [("active", "Active"), ("proposed", "Proposed"), ("overdue", "Overdue"), ("ended", "Ended")]


class SampleForm(forms.Form):
    """Each kind of field once."""

    sections = [
        ("What happened", ["mode", "happened_on", "minutes", "helped_with"]),
        (
            "Who",
            ["partner", "street", "zip", "telephone", "email"],
            "Only people of this site can be chosen.",
        ),
        ("Notes", ["note", "share", "paper"]),
    ]
    mode = forms.ChoiceField(
        label="How did you meet?", choices=CHOICES, widget=forms.RadioSelect(attrs={"class": "tile"})
    )
    happened_on = forms.DateField(
        label="Date", help_text="Not in the future.", widget=forms.DateInput(attrs=HALF)
    )
    minutes = forms.IntegerField(
        label="Minutes", min_value=1, max_value=720, widget=forms.NumberInput(attrs=HALF)
    )
    helped_with = forms.MultipleChoiceField(
        label="Helped with", choices=HELP, required=False, help_text="Choose all that apply.",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
    )  # fmt: skip
    partner = forms.ChoiceField(
        label="Parent partner", choices=[("", "Choose a partner"), *((name, name) for name in PARTNERS)],
        help_text="Type the first letters.", widget=forms.Select(attrs={"class": "combo"}),
    )  # fmt: skip
    street = forms.CharField(label="Street", required=False, widget=forms.TextInput(attrs=HALF))
    zip = forms.CharField(
        label="ZIP code", max_length=5, widget=forms.TextInput(attrs={"class": "half short"})
    )
    telephone = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs=HALF | {"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(label="E-mail", required=False, widget=forms.EmailInput(attrs=HALF))
    note = forms.CharField(
        label="What was it about?", max_length=500, widget=forms.Textarea,
        help_text="Write what the family would be comfortable reading.",
    )  # fmt: skip
    share = forms.BooleanField(label="The parent agreed that the social worker may read this")
    paper = forms.FileField(label="Signed agreement", required=False, help_text="PDF or photo, up to 5 MB.")


class SampleFilter(forms.Form):
    """A filter bar with a search box, two choices, a date and a tick."""

    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    status = forms.ChoiceField(choices=[("", "Any status"), *STATUSES], required=False)
    since = forms.DateField(label="Started since", required=False)
    mine = forms.BooleanField(label="Only mine", required=False)


def _listing(request: HttpRequest) -> ListPage:
    wanted = request.GET.get("status")
    rows = [
        {
            "family": f"F-{1000 + number}", "partner": PARTNERS[number % 5], "contacts": number % 7 + 1,
            "started": date(2025, number % 12 + 1, number % 27 + 1), "status": STATUSES[number % 4],
            "trend": [(number * step) % 9 for step in range(1, 9)],
        }
        for number in range(1, 133) if not wanted or STATUSES[number % 4][0] == wanted
    ]  # fmt: skip
    page = Paginator(rows, 8).get_page(request.GET.get("page"))
    return ListPage(
        page=page, sort=request.GET.get("sort", "family"), sorts=("family", "started"), page_size=25
    )


def _job(status: str, progress: int, text: str = "", problem: str = "") -> SimpleNamespace:
    return SimpleNamespace(pk=status, status=status, progress=progress, progress_text=text, problem=problem)


@public_view
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part in its normal state; `?errors=1` shows the form refused."""
    data = (
        {"happened_on": "2025-02-31", "minutes": "many", "note": "x" * 501}
        if "errors" in request.GET
        else None
    )
    made_at = datetime(2026, 3, 2, 14, 5, tzinfo=ZoneInfo("America/Chicago"))
    context = {
        "title": "Style guide",
        "lead": "Every part of the interface, with invented content.",
        "breadcrumbs": [("Today", "/")],
        "filter_form": SampleFilter(request.GET),
        "listing": _listing(request),
        "sample_form": SampleForm(data),
        "facts": [
            ("Family", "F-0142"),
            ("Language", "Spanish"),
            ("Interpreter", ""),
            ("Children at home", 0),
        ],
        "jobs": [
            _job("running", 64, "3,200 of 5,000 rows"),
            _job("done", 100, "5,000 rows read, 3 refused."),
            _job("failed", 10, problem="The file is not a spreadsheet. Save it as CSV and send it again."),
        ],
        "history": [
            (date(2026, 3, 2), "Level changed to 2", "Two visits a month agreed.", "M. Olson", "success"),
            (date(2026, 2, 11), "Hearing missed", "The date had moved.", "A. Flores", "warning"),
            (date(2026, 1, 5), "Referral received", "", "K. Berg", "neutral"),
        ],
        "files": [
            {"label": "March 2026 report", "url": "#", "kind": "PDF", "size": 48_213, "made_at": made_at}
        ],
        "side_items": [
            {"label": "People", "url": "#", "current": True},
            {"label": "Contact standard", "url": "#"},
        ],
        "trend": [3, 5, 4, 8, 7, 9, 12, 10, 14],
        "kinds": ["success", "info", "warning", "error", "neutral"],
        "statuses": STATUSES,
    }
    return render_list(request, "psp/styleguide.html", context)


@public_view
def sample_progress(request: HttpRequest) -> HttpResponse:
    """What the poll of a running job gets: here it has just finished."""
    context = {"job": _job("done", 100, "5,000 rows read."), "label": "Import of contacts.csv"}
    return render(request, "components/progress.html", context | {"download_url": "#", "is_fragment": True})


@public_view
def sample_form_page(request: HttpRequest) -> HttpResponse:
    """The plain form page, refused when it is sent; `?danger=1` shows a verb that cannot be undone."""
    danger = "danger" in request.GET
    form = None if danger else SampleForm(request.POST or None, request.FILES or None)
    context = {
        "title": "End the match" if danger else "Log a contact",
        "lead": "Maria Lopez and Ana Flores" if danger else "Write it down while it is fresh.",
        "form": form, "danger": danger, "cancel_url": "/styleguide/",
        "submit_label": "End the match" if danger else "Save the contact",
        "points": ["The enrollment stays open.", "Both are told by e-mail."] if danger else [],
        "save_and_another": "" if danger else "Save and log another",
        "breadcrumbs": [("Today", "/"), ("Style guide", "/styleguide/")],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@public_view
def sample_error(request: HttpRequest, code: str) -> HttpResponse:
    """An error page as people see it."""
    reason = "Only a program coordinator certifies a report."
    return render(request, f"errors/{code}.html", {"reason": reason})


urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("styleguide/form/", sample_form_page, name="styleguide_form"),
    path("styleguide/progress/", sample_progress, name="styleguide_progress"),
    path("styleguide/errors/<slug:code>/", sample_error, name="styleguide_error"),
]
