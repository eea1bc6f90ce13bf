"""What forms of every room share: choices that know the wall, and widths of the interface kit (docs/interface.md)."""

from django import forms
from django.core.exceptions import ValidationError

from audit.record import record

HALF = {"class": "half"}
"""Attributes of a widget of half width: two in a row share a line on wide screens."""


class SiteChoiceField(forms.ModelChoiceField):
    """Choice among rows the person may see; an id from elsewhere is a field error, without names, and recorded."""

    default_error_messages = {"invalid_choice": "Choose one of the entries in the list."}

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError:
            record("access.refused", kind=self.queryset.model._meta.model_name, ids=[str(value)], door="form")
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


class SiteMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Several of the rows the person may see; see `SiteChoiceField`."""

    default_error_messages = {"invalid_choice": "Choose among the entries in the list."}

    def _check_values(self, value):
        try:
            return super()._check_values(value)
        except ValidationError:
            ids = [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
            record("access.refused", kind=self.queryset.model._meta.model_name, ids=ids, door="form")
            raise
