"""What a person types about matches, conflicts and distances."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Case, When
from django.utils import timezone

from counties.access import Access
from counties.action_forms import ActionForm
from counties.dates import us_date
from counties.forms import SiteChoiceField, SiteMultipleChoiceField
from matching.models import Conflict, EndReason, Match, Matches, PlanLine, ScoreWeights, place_key
from matching.suggest import Candidate
from partners.models import ParentPartner
from referrals.models import ClosureReason


def _reason(label: str, help_text: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=False, max_length=1000, widget=widget, help_text=help_text)


class OverrideForm(ActionForm):
    """Reasons that lift V10 and V11, asked for only where the pairing needs them."""

    cap_override = _reason("Reason for going over the soft cap", "Needed for this pairing.")
    training_override = _reason(
        "Reason for matching before core training is complete", "Needed for this pairing."
    )

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask("cap_override", candidate.is_over_soft_cap)
        self._ask("training_override", "not_trained" in {stop.code for stop in candidate.stops})

    def _ask(self, name: str, is_needed: bool) -> None:
        self.fields[name].required = is_needed
        if not is_needed:
            del self.fields[name]


class ProposeMatchForm(OverrideForm):
    """A proposal; beside a running primary match it can only be a secondary one or the next."""

    is_secondary = forms.BooleanField(
        label="As a secondary partner, beside the present one",
        required=False,
        help_text="Without the tick the present match must end before this one begins.",
    )

    def __init__(self, *args: Any, has_primary: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_primary:
            del self.fields["is_secondary"]


class AcceptMatchForm(OverrideForm):
    """The day the two begin."""

    starts_on = forms.DateField(
        label="Start date", help_text="The day parent and parent partner begin.", widget=forms.DateInput
    )

    field_order = ["starts_on"]

    def __init__(self, *args: Any, match: Match, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"cap_override", "training_override"} & set(self.fields):
            if getattr(match, name):  # given when the match was proposed
                del self.fields[name]
        trained_on = match.partner.core_training_completed_on
        if trained_on and trained_on > match.referral.decided_on and not match.training_override:
            self.fields["training_override"] = _reason(
                f"Reason for a start before core training was complete ({trained_on:%m/%d/%Y})",
                "A start on that day or later needs none.",
            )


class DeclineMatchForm(ActionForm):
    """Who says no; a reason is welcome and never needed."""

    declined_by = forms.ChoiceField(
        label="Who declines", choices=Match.DeclinedBy.choices, widget=forms.RadioSelect
    )
    decline_reason = _reason("Reason", "Nobody owes a reason. Only coordinators can read it.")


SET_BY_VERBS = {EndReason.ENROLLMENT_CLOSED, EndReason.HANDED_OVER, EndReason.COVER_OVER}
"""Reasons that other verbs give; nobody chooses them."""


def _why_it_ends() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Why it ends",
        widget=forms.RadioSelect,
        choices=[choice for choice in EndReason.choices if choice[0] not in SET_BY_VERBS],
    )


def _back_on() -> forms.DateField:
    return forms.DateField(
        label="Expected back",
        required=False,
        help_text="If it is known. It reminds you on Today and moves nobody.",
        widget=forms.DateInput,
    )


class PauseMatchForm(ActionForm):
    """From when, and who stands in. There is no field for the reason, on purpose."""

    paused_on = forms.DateField(
        label="Handed over on", help_text="The first day without this parent partner.", widget=forms.DateInput
    )
    cover = SiteChoiceField(
        queryset=None, label="Who stands in", required=False, empty_label="Nobody",
        help_text="Left empty, contacts rest until the return.",
        widget=forms.Select(attrs={"class": "combo"}),
    )  # fmt: skip
    back_on = _back_on()
    cap_override = _reason(
        "Reason for going over the soft cap", "Only when who stands in is at the soft cap."
    )

    def __init__(self, *args: Any, access: Access, match: Match, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = ParentPartner.objects.visible_to(access).active_on(timezone.localdate())
        self.fields["cover"].queryset = there.filter(is_on_leave=False).exclude(pk=match.partner_id)


class ExpectBackForm(ActionForm):
    """When the parent partner is expected back, as far as anybody knows."""

    back_on = _back_on()


class ResumeMatchForm(ActionForm):
    """From when the parent partner is back with the parent."""

    starts_on = forms.DateField(
        label="Back from", help_text="The cover ends on the same day.", widget=forms.DateInput
    )
    cap_override = _reason("Reason for going over the soft cap", "Only when the partner is at the soft cap.")


class _FamilyOfMatch(SiteMultipleChoiceField):
    """Running matches, each with its family and how long it has lasted."""

    def label_from_instance(self, match: Match) -> str:
        secondary = ", secondary" if match.is_secondary else ""
        return f"{match.parent} ({match.parent.family}), since {us_date(match.starts_on)}{secondary}"


class ReassignForm(ActionForm):
    """Which families of one parent partner are to go to others."""

    # Not `matches`: a field of that name hides the method of the form's element that scripts ask.
    chosen = _FamilyOfMatch(
        queryset=None,
        label="Families to hand on",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "tile"}),
        error_messages={"required": "Choose at least one family."},
    )

    def __init__(self, *args: Any, matches: Matches, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = matches


class AcceptReassignmentForm(ActionForm):
    """When and why the old matches end, and whether the new ones begin at once."""

    handed_on = forms.DateField(
        label="Handed on",
        widget=forms.DateInput,
        help_text="The first day with the new parent partner; today or earlier.",
    )
    end_reason = _why_it_ends()
    begins = forms.TypedChoiceField(
        label="Have all been asked?",
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
        choices=[
            ("yes", "Yes: parents and new parent partners have agreed. The new matches begin that day"),
            ("no", "Not yet: the new matches are proposed, and each is asked"),
        ],
    )


class EndMatchForm(ActionForm):
    """The end of a running match."""

    ends_on = forms.DateField(
        label="End date", help_text="The first day the two are no longer matched.", widget=forms.DateInput
    )
    end_reason = _why_it_ends()


class CloseEnrollmentForm(ActionForm):
    """The end of a family's enrollment."""

    closed_on = forms.DateField(label="Closing date", widget=forms.DateInput)
    closure_reason = forms.ChoiceField(
        label="Why the enrollment closes", choices=ClosureReason.choices, widget=forms.RadioSelect
    )


class ConflictForm(ActionForm):
    """Why two people must not be matched."""

    partner = SiteChoiceField(
        queryset=None, label="Parent partner", widget=forms.Select(attrs={"class": "combo"})
    )
    kind = forms.ChoiceField(
        label="What stands between them", choices=Conflict.Kind.choices, widget=forms.RadioSelect
    )
    note = _reason("Note", "A few words for coordinators. Nothing about what happened in a family.")

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = ParentPartner.objects.visible_to(access)


class LiftConflictForm(ActionForm):
    """Why a conflict holds no longer."""

    reason = forms.CharField(
        label="Why it no longer holds", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class _PlannedPartner(SiteChoiceField):
    """A parent partner with the score in words."""

    def __init__(self, *args: Any, words: dict[Any, str], **kwargs: Any) -> None:
        self.words = words
        super().__init__(*args, **kwargs)

    def label_from_instance(self, partner: ParentPartner) -> str:
        return f"{partner}: {self.words[partner.pk]}"


class ChangeLineForm(ActionForm):
    """Who is planned for one waiting parent."""

    def __init__(self, *args: Any, candidates: list[Candidate], line: PlanLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {c.partner.pk: _in_words(c) for c in candidates}
        order = Case(*(When(pk=pk, then=n) for n, pk in enumerate(words)), default=0)
        self.fields["partner"] = _PlannedPartner(
            ParentPartner.objects.filter(pk__in=words).order_by(order),
            words=words,
            label="Parent partner",
            required=False,
            empty_label="Nobody for now",
            blank=True,
            widget=forms.RadioSelect,
            initial=line.partner_id or "",
            help_text="Everybody here has no hard stop and room beside the other lines. To go over a cap with a "
            "reason, take the line off and propose the match by itself.",
        )


def _in_words(candidate: Candidate) -> str:
    parts = ". ".join(
        f"{part.name}: {part.words[:1].lower()}{part.words[1:]}" for part in candidate.score.parts
    )
    warnings = "".join(f" Consider: {words}." for words in candidate.warnings)
    return f"{candidate.score.total} of 100. {parts}.{warnings}"


class WeightsForm(ActionForm):
    """What each criterion of the score is worth; together 100."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ScoreWeights.CRITERIA:
            label = str(ScoreWeights._meta.get_field(name).verbose_name).capitalize()
            box = forms.NumberInput(attrs={"class": "short"})
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=100, widget=box)


class DistanceForm(ActionForm):
    """How far two places lie apart."""

    place = forms.ChoiceField()
    other_place = forms.ChoiceField()
    miles = forms.IntegerField(
        min_value=0,
        max_value=500,
        help_text="By road, about.",
        widget=forms.NumberInput,
        error_messages={
            "min_value": "Enter a number from 0 to 500.",
            "max_value": "Enter a number from 0 to 500.",
        },
    )

    def __init__(self, *args: Any, places: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("place", "other_place"):
            self.fields[name].choices = [("", "Choose a place"), *((place_key(p), p) for p in places)]
