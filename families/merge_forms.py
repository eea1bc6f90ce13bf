"""What a person says when two records are to become one."""

from __future__ import annotations

from typing import Any

from django import forms

from counties.access import Access
from counties.action_forms import ActionForm
from counties.dates import us_date
from counties.forms import SiteChoiceField
from families.duplicates import plain
from families.models import Child, Family, Parent


class FamilyField(SiteChoiceField):
    """A family, with the names of its parents."""

    def label_from_instance(self, family: Family) -> str:
        return f"{family}: {', '.join(str(parent) for parent in family.parents.all())}"


class ChooseFamilyForm(forms.Form):
    """Which other record is the same family."""

    other = FamilyField(
        label="The other record", queryset=None, empty_label="Choose",
        widget=forms.Select(attrs={"class": "combo"}),
    )  # fmt: skip

    def __init__(self, *, access: Access, kept: Family) -> None:
        super().__init__()
        others = Family.objects.visible_to(access).exclude(pk=kept.pk)
        self.fields["other"].queryset = others.prefetch_related("parents")


class _WithReason(ActionForm):
    reason = forms.CharField(
        label="How do you know that they are the same?", max_length=200, help_text="Kept in the audit trail."
    )


class MergeFamiliesForm(_WithReason):
    """Which parents of the other record are parents of this one, and how one knows."""

    def __init__(self, data: Any, *, kept: Family, emptied: Family) -> None:
        super().__init__(data)
        self.here = {str(parent.pk): parent for parent in kept.parents.all()}
        self.there = {f"parent_{n}": parent for n, parent in enumerate(emptied.parents.all())}
        choices = [
            ("", "Somebody else: keep both"),
            *((pk, f"The same as {p}") for pk, p in self.here.items()),
        ]
        for name, parent in self.there.items():
            self.fields[name] = forms.ChoiceField(
                label=f"{parent} of {emptied} is",
                choices=choices,
                required=False,
                initial=self._looks_like(parent),
            )
        self.order_fields([*self.there, "reason"])

    def _looks_like(self, parent: Parent) -> str:
        same = (pk for pk, one in self.here.items() if plain(str(one)) == plain(str(parent)))
        return next(same, "")

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        chosen = {name: answers.pop(name, "") for name in self.there}
        if len(set(filter(None, chosen.values()))) < len(list(filter(None, chosen.values()))):
            raise forms.ValidationError(
                "Two parents of the other record cannot both be the same parent here."
            )
        answers["same"] = {self.there[name]: self.here[pk] for name, pk in chosen.items() if pk}
        return answers


class _MergePeopleForm(_WithReason):
    """Which two records of one family are one person."""

    people: str
    kept = SiteChoiceField(label="Keep", queryset=None, empty_label="Choose")
    emptied = SiteChoiceField(label="Merge into it", queryset=None, empty_label="Choose")

    def __init__(self, data: Any, *, family: Family) -> None:
        super().__init__(data)
        for name in ("kept", "emptied"):
            self.fields[name].queryset = getattr(family, self.people).all()
            self.fields[name].label_from_instance = _with_birth
        self.order_fields(["kept", "emptied", "reason"])


class MergeParentsForm(_MergePeopleForm):
    people = "parents"


class MergeChildrenForm(_MergePeopleForm):
    people = "children"


def _with_birth(person: Parent | Child) -> str:
    """What tells two records of one name apart."""
    return (
        f"{person}, born {us_date(person.date_of_birth)}"
        if person.date_of_birth
        else f"{person}, no birth date"
    )
