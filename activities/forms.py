"""What a parent partner or coordinator types about a contact. No field offers what a partner never does (V18)."""

from __future__ import annotations

from typing import Any

import uuid_utils.compat as uuid_utils
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from activities.actions.contacts import IdTaken
from activities.codes import ACTIVITIES, Activity, ContactMode, ContactResult, ResourceResult, ResourceType
from activities.models import Contact
from activities.questions import as_text, field_for, field_name, own_questions
from activities.texts import NOTE_STARTERS
from audit.record import record
from counties.access import Access
from counties.action_forms import ActionForm
from counties.forms import HALF, SiteChoiceField
from counties.models import SiteSettings
from families.models import Parent, Parents
from matching.models import Match
from partners.models import ParentPartner
from referrals.models import Referral, Referrals

READERS = (
    "Read by this site's coordinators and by the parent partner matched with the parent; by a later partner only "
    "when a coordinator opens it. Leave out allegations and who made a report."
)
MINUTES = "A completed contact takes from 1 to 720 minutes."
LONGEST = MaxLengthValidator(10_000)
"""Of a story, as of an imported one (`import-format.md`); nobody needs to see it counted down."""

RESOURCES = 3
"""Resources offered beside each other; a contact with more shows one empty place beyond them."""


def date_field(label: str = "Date", **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=HALF), **kwargs)


class ParentField(SiteChoiceField):
    """Choice of a referral, shown as the parent it is about."""

    def label_from_instance(self, referral: Referral) -> str:
        return f"{referral.parent} ({referral.family.reference}, {referral.reference})"


def workable(access: Access) -> Referrals:
    """Referrals under which work may be noted: a parent partner's own matches, a coordinator's open ones as well.

    A pending referral is among a coordinator's, because outreach comes before the decision (`domain.md` V07).
    """
    rows = Referral.objects.visible_to(access).select_related("parent", "family")
    if access.sees_all_families:
        rows = rows.filter(Q(pk__in=Referral.objects.accepted()) | Q(pk__in=Referral.objects.pending()))
    else:
        mine = Match.objects.running().filter(partner__person=access.person)
        rows = rows.filter(pk__in=mine.values("referral"))
    return rows.order_by("parent__first_name", "parent__last_name", "-referred_on")


def parents_worked_with(access: Access) -> Parents:
    """Parents about whom this person may write: a coordinator all, a parent partner those matched with them now.

    The other parent of the family is seen, but it is somebody else's work.
    """
    parents = Parent.objects.visible_to(access)
    if access.sees_all_families:
        return parents
    mine = Match.objects.running().filter(partner__person=access.person)
    return parents.filter(pk__in=mine.values("parent"))


def parent_field() -> ParentField:
    return ParentField(label="Parent", queryset=None, empty_label="Choose")


def offer_parents(field: forms.Field, access: Access) -> None:
    """Fill a parent field; coordinators get type-ahead."""
    field.queryset = workable(access)
    if access.sees_all_families:
        field.widget.attrs["class"] = "combo"


class ContactFacts(ActionForm):
    """What is the same whether a contact is logged or corrected."""

    held_on = date_field()
    mode = forms.ChoiceField(
        label="How", choices=[("", "Choose"), *ContactMode.choices], widget=forms.Select(attrs=HALF)
    )
    result = forms.ChoiceField(
        label="What came of it", choices=ContactResult.choices, initial=ContactResult.COMPLETED,
        widget=forms.RadioSelect(attrs={"class": "tile"}),
    )  # fmt: skip
    minutes = forms.IntegerField(
        required=False, min_value=0, max_value=720,
        widget=forms.NumberInput(attrs={"class": "short", "data-choices": "15 30 45 60"}),
        error_messages={"min_value": MINUTES, "max_value": MINUTES},
        help_text="1 to 720 for a completed contact; leave blank for any other.",
    )  # fmt: skip
    activities = forms.MultipleChoiceField(
        label="What you did together", choices=Activity.choices, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "tile chips"}),
    )  # fmt: skip
    note = forms.CharField(
        required=False, validators=[LONGEST], widget=forms.Textarea(attrs={"rows": 4}), help_text=READERS
    )

    def __init__(
        self,
        *args: Any,
        settings: SiteSettings,
        contact: Contact | None = None,
        places: int = RESOURCES,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activities"].choices = ACTIVITIES.offered(
            settings, contact.activities if contact else ()
        )
        starters = NOTE_STARTERS.words(settings)
        if starters:
            lines = format_html_join("", "<br>{}", ((line,) for line in starters.splitlines()))
            self.fields["note"].help_text = format_html("{}{}", READERS, lines)
        self.own = own_questions(contact)
        self.fields |= {
            field_name(question): field_for(question, value) for question, value in self.own.items()
        }
        self.places = range(1, places + 1)
        for n in self.places:
            self.fields[f"resource_{n}"] = _select(f"Resource {n}", [("", "None"), *ResourceType.choices])
            self.fields[f"resource_result_{n}"] = _select(f"Result {n}", ResourceResult.choices)

    @property
    def sections(self) -> list[tuple]:
        names = [f"{name}_{n}" for n in self.places for name in ("resource", "resource_result")]
        return [
            ("Who and when", ["referral", "partner", "held_on", "mode"]),
            ("The contact", ["result", "minutes", "activities"]),
            ("Asked here", [field_name(question) for question in self.own], "Your site's own questions."),
            ("Resources", names, "What you linked the parent to.", True),
            (
                "Together with another family",
                ["also"],
                "One visit, one entry, noted with both families.",
                True,
            ),
            ("", ["note", "reason"]),
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        links: dict[str, str] = {}
        for n in self.places:
            kind, result = answers.pop(f"resource_{n}", ""), answers.pop(f"resource_result_{n}", "")
            if kind in links:
                self.add_error(f"resource_{n}", "This resource is named above. Keep one of the two.")
            elif kind:
                links[kind] = result or ResourceResult.OFFERED
        answers["resource_links"] = list(links.items())
        answers["own_answers"] = {one: as_text(answers.pop(field_name(one), "")) for one in self.own}
        return answers


def _select(label: str, choices: list) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.Select(attrs=HALF))


class LogContactForm(ContactFacts):
    """The form a parent partner fills in on a phone; `id` makes a double tap one entry."""

    is_sent_once = False
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    window = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    referral = parent_field()
    also = ParentField(
        label="Parent of the other family", queryset=None, required=False, empty_label="Nobody else",
        help_text="The minutes are divided between the families. The same note stands with both: name nobody in it.",
    )  # fmt: skip
    partner = SiteChoiceField(label="Parent partner", queryset=None, required=False, empty_label="Choose")

    field_order = ["referral", "partner", "held_on", "mode"]

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, settings=access.site.settings, **kwargs)
        self.access = access
        self.fields["id"].initial = uuid_utils.uuid7
        self.fields["window"].initial = uuid_utils.uuid4
        self.fields["version"].initial = 0
        self.fields["held_on"].initial = timezone.localdate
        offer_parents(self.fields["referral"], access)
        offer_parents(self.fields["also"], access)
        if access.sees_all_families:
            self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)
            self.fields["partner"].widget.attrs["class"] = "combo"
            self.fields["partner"].help_text = "Left blank: the one matched with the parent on that day."
        else:
            del self.fields["partner"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if "referral" in answers and not self.errors.get("partner"):
            answers["partner"] = answers.get("partner") or self._matched(answers)
            if answers["partner"] is None:
                self.add_error("partner" if "partner" in self.fields else None, "Choose who had the contact.")
        return answers

    def refuse(self, refusal: ValidationError) -> None:
        """As any form; an id of somebody else's entry is refused access as well, outside what is rolled back."""
        if isinstance(refusal, IdTaken):
            record("access.refused", kind="contact", ids=[self.cleaned_data["id"]])
        super().refuse(refusal)

    def _matched(self, answers: dict[str, Any]) -> ParentPartner | None:
        """Who walks beside the parent: a partner's own match today, otherwise the match of that day."""
        if self.access.sees_all_families:
            matches = Match.objects.running_on(answers.get("held_on") or timezone.localdate())
        else:
            matches = Match.objects.running().filter(partner__person=self.access.person)
        match = matches.filter(referral=answers["referral"]).order_by("is_secondary").first()
        return match.partner if match else None


class DraftKeys(forms.Form):
    """Which draft a form saves into, and what it has seen of it."""

    id = forms.UUIDField()
    window = forms.UUIDField()
    version = forms.IntegerField(min_value=0)


class CorrectContactForm(ContactFacts):
    """A correction keeps the former words in the history and asks why."""

    reason = forms.CharField(label="Why it is corrected", max_length=200)

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        links = list(contact.resource_links.standing())
        facts = {name: getattr(contact, name) for name in ("held_on", "mode", "result", "activities", "note")}
        facts["minutes"] = contact.minutes or None
        for n, link in enumerate(links, start=1):
            facts |= {f"resource_{n}": link.kind, f"resource_result_{n}": link.result}
        places = max(RESOURCES, len(links) + 1)
        super().__init__(*args, initial=facts, contact=contact, places=places, **kwargs)
