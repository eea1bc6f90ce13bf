"""What a person types about a report; cleaning only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms

from counties.action_forms import ActionForm
from reporting.comparison import PUBLISHED, Measures, trend_choices
from reporting.models import MonthlyReport

LONG = 8000
MONTHS_BACK = 36
BESIDE = (
    "The site reads it. Begin a line with a figure's id, for example “C5: …”, to show it beside that figure."
)


def month_choices(first: dt.date, count: int) -> list[tuple[str, str]]:
    """`first` and the months before it, newest first, as (YYYY-MM, name)."""
    months = [first - relativedelta(months=n) for n in range(count)]
    return [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months]


class MonthField(forms.ChoiceField):
    """A choice of months by name; gives the first day."""

    default_error_messages = {"invalid_choice": "Choose a month from the list."}

    def clean(self, value: Any) -> dt.date | None:
        text = super().clean(value)
        return dt.date.fromisoformat(f"{text}-01") if text else None


class DraftForm(ActionForm):
    """Which month to draft."""

    month = MonthField(label="Month", help_text="Months that are over and have no report yet.")

    def __init__(
        self, *args: Any, today: dt.date, since: dt.date, taken: set[dt.date], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["confirmed"]
        last = today.replace(day=1) - relativedelta(months=1)
        known = {f"{month:%Y-%m}" for month in taken}
        self.fields["month"].choices = [
            (month, name)
            for month, name in month_choices(last, MONTHS_BACK)
            if month >= f"{since:%Y-%m}" and month not in known
        ]


def _words(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class NarrativeForm(ActionForm):
    """K1 to K5."""

    successes = _words("K1 Successes", "What went well this month. No names of parents or children.")
    barriers = _words("K2 Barriers", "What stood in the way.")
    help_wanted = _words("K3 Help wanted from DCF", "What DCF could do.")
    stories = _words(
        "K4 Impact statements", "What parents or partners want to say, and how they want to be called."
    )
    stories_have_consent = forms.BooleanField(
        label="The people quoted agreed to it",
        required=False,
        help_text="Needed before the report can be certified.",
    )
    staff_changes = _words(
        "K5 Changes in staff or agreements", "Who started or left, new or changed agreements."
    )


class CertifyForm(ActionForm):
    """Carries the fingerprint of the figures that were read."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["confirmed"]


class PlainForm(ActionForm):
    """A confirmation without fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["confirmed"]


class TakeBackForm(ActionForm):
    reason = forms.CharField(
        label="Why it is taken back",
        help_text="Kept in the trail and shown among the report's steps. No names of parents or children.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AmendForm(ActionForm):
    change_note = forms.CharField(
        label="What changes, and why",
        help_text="DCF reads this at the top of the amendment. No names of parents or children.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AcceptForm(ActionForm):
    comment = forms.CharField(
        label="Comment", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=BESIDE,
    )  # fmt: skip


class ReturnForm(ActionForm):
    comment = forms.CharField(
        label="What has to be changed", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=BESIDE,
    )  # fmt: skip


class ReportFilter(forms.Form):
    """Narrows a site's list of reports."""

    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "All"), *MonthlyReport.Status.choices]
    )
    year = forms.ChoiceField(label="Year", required=False)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "All"), *((str(y), str(y)) for y in years)]

    def narrow(self, rows: Any) -> Any:
        """The rows that fit; a filter that makes no sense narrows nothing."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if chosen.get("status"):
            rows = rows.filter(status=chosen["status"])
        return rows.filter(month__year=chosen["year"]) if chosen.get("year") else rows


class StateReportFilter(ReportFilter):
    """Narrows the state's list of handed-in reports."""

    site = forms.ChoiceField(label="Site", required=False)

    def __init__(self, *args: Any, sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handed_in = [(s.value, s.label) for s in MonthlyReport.HANDED_IN]
        self.fields["status"].choices = [("", "All"), *handed_in]
        self.fields["site"].choices = [("", "All"), *sites]
        self.order_fields(["site", "status", "year"])

    def narrow(self, rows: Any) -> Any:
        rows = super().narrow(rows)
        site = self.cleaned_data.get("site") if self.is_valid() else ""
        return rows.filter(site__slug=site) if site else rows


class MonthForm(forms.Form):
    """Which month a page shows; falls back to the newest one it can."""

    month = forms.ChoiceField(label="Month", required=False)

    defaults: dict[str, str] = {}

    def __init__(self, asked: Any, *, months: list[dt.date]) -> None:
        newest = {"month": f"{months[0]:%Y-%m}"} if months else {}
        super().__init__(
            {**newest, **self.defaults, **{name: value for name, value in asked.items() if value}}
        )
        self.months = months
        self.fields["month"].choices = [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months]

    @property
    def chosen(self) -> dt.date | None:
        self.is_valid()
        text = self.cleaned_data.get("month")
        return dt.date.fromisoformat(f"{text}-01") if text else (self.months[0] if self.months else None)


class ComparisonForm(MonthForm):
    """Month of the table, and the figure whose course over months is drawn."""

    figure = forms.ChoiceField(label="Figure over time", required=False)
    defaults = {"figure": "C6"}

    def __init__(self, asked: Any, *, months: list[dt.date], measures: Measures = PUBLISHED) -> None:
        super().__init__(asked, months=months)
        self.fields["figure"].choices = trend_choices(measures)

    @property
    def figure_chosen(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("figure") or self.defaults["figure"]
