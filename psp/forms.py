"""How every form of the product is drawn, and what it says when an answer is missing."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _


class PspRenderer(TemplatesSetting):
    """Django's form rendering with the project's templates, hints and errors tied to their fields."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


LIKELY_YEARS = range(1900, 2101)
"""Years somebody may mean; any other is a slip of the finger."""


def refuse_unlikely_year(day: dt.date) -> None:
    """Years such as 0026 or 20206 are typed by accident, and a date a year later may not exist."""
    if day.year not in LIKELY_YEARS:
        raise ValidationError(_("Look at the year again."), code="year")


def say_what_to_do() -> None:
    """Replace "This field is required." by what to do; called once, before any form class is made."""
    for dated in (forms.DateField, forms.DateTimeField):
        dated.default_validators = [refuse_unlikely_year]
    forms.Field.default_error_messages["required"] = _("Enter an answer.")
    for chosen in (forms.ChoiceField, forms.ModelChoiceField):
        chosen.default_error_messages["required"] = _("Choose an answer.")
    forms.ChoiceField.default_error_messages["invalid_choice"] = _("Choose one of the answers in the list.")
    forms.MultipleChoiceField.default_error_messages["invalid_choice"] = _(
        "Choose among the answers in the list."
    )
    forms.DateField.default_error_messages["required"] = _("Enter a date.")
    forms.DateField.default_error_messages["invalid"] = _("Enter month, day and year, such as 03/04/2025.")
    forms.TimeField.default_error_messages["invalid"] = _("Enter hours and minutes, such as 14:30.")
    forms.FileField.default_error_messages["required"] = _("Choose a file.")
    forms.BooleanField.default_error_messages = {"required": _("Tick the box to go on.")}
    MaxLengthValidator.message = _("Use at most %(limit_value)s characters; this has %(show_value)s.")
    MinValueValidator.message = _("Choose %(limit_value)s or more.")
    MaxValueValidator.message = _("Choose %(limit_value)s or less.")
