"""What a person types to import or to export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from counties.action_forms import ActionForm
from exchange.exporting import LISTS
from exchange.models import Export
from exchange.reading import MOST_BYTES, size
from exchange.uploads import UploadRefused, read_upload


class SeveralFilesInput(forms.FileInput):
    """A file field that takes several files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several files, cleaned to a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        sent = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(one, initial) for one in sent or [None]]


class ImportForm(forms.Form):
    """Files to import; `cleaned_data["files"]` holds their contents by sheet."""

    files = SeveralFilesField(
        label="CSV files or one zip",
        allow_empty_file=True,
        help_text=f"Named as below, for example contacts.csv. Together at most {size(MOST_BYTES)}.",
        error_messages={"required": "Choose the CSV files, or one zip that holds them."},
        widget=SeveralFilesInput(attrs={"accept": ".csv,.zip"}),
    )
    check_only = forms.BooleanField(
        label="Check only, change nothing",
        required=False,
        help_text="Shows what an import would do: the counts, the warnings and the rows it would refuse.",
    )

    def clean_files(self) -> dict[str, bytes]:
        try:
            return read_upload(self.cleaned_data["files"])
        except UploadRefused as refusal:
            *others, last = refusal.problems
            raise ValidationError([*others, f"{last} Nothing was changed."]) from None


class ExportForm(ActionForm):
    """Which list, as what, and what for."""

    what = forms.ChoiceField(label="List")
    kind = forms.ChoiceField(
        label="Kind of file", choices=Export.Kind.choices, initial=Export.Kind.XLSX, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="What it is for",
        max_length=500,
        help_text="For example “Contact list for the quarterly review”. It is kept and stands in the file.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [(name, LISTS[name].label) for name in offered]

    def clean_reason(self) -> str:
        """One line, as it stands in the file."""
        return " ".join(self.cleaned_data["reason"].split())
