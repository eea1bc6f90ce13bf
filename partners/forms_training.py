"""What coordinators type about training: completed topics, certificates, topics of the site's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from counties.access import Access
from counties.action_forms import ActionForm
from counties.forms import HALF, SiteMultipleChoiceField
from counties.kept_files import ScanField
from partners.models import CoreTopic, ParentPartner, TrainingTopic

COLUMNS = forms.CheckboxSelectMultiple(attrs={"class": "columns"})


class TrainingForm(ActionForm):
    """A topic of the core list completed by one or several parent partners."""

    topic = forms.ChoiceField(label="Topic", choices=CoreTopic.choices, widget=forms.Select)
    completed_on = forms.DateField(label="Completed on", widget=forms.DateInput(attrs=HALF))
    expires_on = forms.DateField(
        label="Holds until",
        required=False,
        widget=forms.DateInput(attrs=HALF),
        help_text="Blank: two years or for good, by topic.",
    )
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=720,
        widget=forms.NumberInput(attrs={"class": "short"}),
        help_text="Records the training session as well, so that the hours count. Leave blank when they do already.",
    )
    evidence = forms.CharField(
        label="Certificate number",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=HALF),
        help_text="Who issued it, and its number.",
    )
    certificate = ScanField(
        label="Scan or photo of the certificate",
        required=False,
        help_text="PDF, JPEG or PNG, at most 10 MB. It belongs to one person: choose one below.",
    )
    attendees = SiteMultipleChoiceField(
        queryset=None,
        label="Who completed it",
        widget=COLUMNS,
        error_messages={"required": "Choose who completed it."},
    )

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = ParentPartner.objects.visible_to(access).current_on(timezone.localdate())
        self.fields["attendees"].queryset = here
        self.own = {str(topic.pk): topic for topic in TrainingTopic.objects.visible_to(access).offered()}
        if self.own:
            own = ("Added by this site", [(key, topic.label) for key, topic in self.own.items()])
            self.fields["topic"].choices = [("The core list", CoreTopic.choices), own]

    def clean_topic(self) -> str | TrainingTopic:
        chosen = self.cleaned_data["topic"]
        return self.own.get(chosen, chosen)


class TopicForm(ActionForm):
    """A topic the site adds to the core list."""

    confirmed = None
    label = forms.CharField(label="Topic", max_length=60)
    due_days = forms.IntegerField(
        label="Due after (days)", min_value=1, max_value=365, initial=90,
        widget=forms.NumberInput(attrs={"class": "short"}),
        help_text="From the start of the role; for those who are here already, from today.",
    )  # fmt: skip
    lasts_months = forms.IntegerField(
        label="Holds (months)", required=False, min_value=1, max_value=120,
        widget=forms.NumberInput(attrs={"class": "short"}), help_text="Blank: for good.",
    )  # fmt: skip


class CertificateForm(ActionForm):
    """The certificate of a completed topic, when it comes later."""

    confirmed = None
    certificate = ScanField()
