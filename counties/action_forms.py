"""From a form to an action and back: refusals beside their fields, doubts that a person may confirm."""

from __future__ import annotations

import hashlib
import uuid
import zlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.cache import cache
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction
from django.db.models import BLANK_CHOICE_DASH
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from counties.phones import refuse_no_phone
from counties.wall.rules import said_by


@dataclass(frozen=True)
class Doubt:
    """Something unusual that may still be right. `code` is the rule's id, `field` is where it stands."""

    code: str
    field: str
    text: str

    @property
    def key(self) -> str:
        """What a tick confirms: this very sentence, so that other dates ask anew."""
        return f"{self.code}-{zlib.crc32(f'{self.field} {self.text}'.encode()):08x}"


class Unconfirmed(ValidationError):
    """Saving waits until the person has confirmed each doubt."""

    def __init__(self, doubts: list[Doubt], confirmed: Collection[str]) -> None:
        self.doubts = doubts
        waiting: dict[str, list[str]] = {}
        for doubt in doubts:
            if doubt.key not in confirmed:
                waiting.setdefault(doubt.field, []).append(doubt.text)
        super().__init__(waiting)


def ask_about(doubts: Iterable[Doubt], confirmed: Collection[str]) -> None:
    """Go on only when every doubt is confirmed by its key. An action asks once, with all its doubts together.

    Raises:
        Unconfirmed: with the doubts beside their fields.
    """
    doubts = list(doubts)
    if any(doubt.key not in confirmed for doubt in doubts):
        raise Unconfirmed(doubts, confirmed)


SENT_FOR = 24 * 3600
"""Seconds for which a form that was sent is known again."""
SAME_WORDS_FOR = 600
"""Seconds for which the same words from a page opened anew, by going back, are known again."""
SENT_BEFORE = (
    "This form was sent already. Look whether it is saved. To send it once more, press the button again."
)


OF_THE_PAGE = {"sending", "csrfmiddlewaretoken"}


class _Ticks(forms.MultipleChoiceField):
    def valid_value(self, value: str) -> bool:
        return True  # a key nobody asked for confirms nothing


class ActionForm(forms.Form):
    """A form whose answers go to one action; see `carried_out`."""

    is_sent_once = True
    """Whether the form asks before it is sent a second time; not where a retry finds its entry by itself."""

    confirmed = _Ticks(label="Save anyway", required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.result: Any = None
        self._next: uuid.UUID | None = None
        for field in self.fields.values():
            _name_the_blank(field)
            has_pattern = any(isinstance(one, RegexValidator) for one in field.validators)
            if field.widget.attrs.get("inputmode") == "tel" and not has_pattern:
                field.validators.append(refuse_no_phone)

    def answered(self, request: HttpRequest, action: Callable, **beside: Any) -> bool:
        """Whether the form was sent, holds good answers, and its action was carried out by the person signed in."""
        return (
            request.method == "POST"
            and self.is_valid()
            and self.carried_out(action, by=request.user, **beside)
        )

    def carried_out(self, action: Callable, **beside: Any) -> bool:
        """Call `action` with the answers and what is given beside them; False when it refuses.

        The action's own ValidationError goes beside the fields it names. What only the database noticed (two
        people at once, a trigger) is said above the form. `result` holds what the action returned.
        """
        keys = self._keys(beside)
        if not all(cache.add(key, 1, seconds) for key, seconds in keys.items()):
            self._next = uuid.uuid4()
            cache.set(f"sent-again-{self._next}", 1, SENT_FOR)
            self.add_error(None, SENT_BEFORE)
            return False
        done = False
        try:
            with transaction.atomic():
                self.result = action(**self.cleaned_data, **beside)
            done = True
        except ValidationError as refusal:
            self.refuse(refusal)
        except IntegrityError as refusal:
            self.add_error(None, _words_of_the_database(refusal))
        finally:
            if not done:
                cache.delete_many(keys)
        return done

    @property
    def sending(self) -> uuid.UUID | None:
        """What tells this opening of the form from the next; kept until the form has done its work."""
        if not self.is_sent_once:
            return None
        return self._next or self._sent_as() or uuid.uuid4()

    def _sent_as(self) -> uuid.UUID | None:
        """The opening a sent form names; None when it names none, or the entry's own id tells a retry."""
        try:
            return uuid.UUID(self.data.get("sending", "")) if self.is_sent_once else None
        except ValueError:
            return None

    def _keys(self, beside: dict[str, Any]) -> dict[str, int]:
        """What the cache must not hold yet, with the seconds it shall: this opening of the form, and these words.

        The words are known by themselves as well, because going back opens the page anew. Empty where nothing
        tells one sending from the next; the opening alone for somebody who was asked and sends it again.
        """
        sent = self._sent_as()
        if sent is None:
            return {}
        opening = {f"sent-{type(self).__name__}-{sent}": SENT_FOR}
        if not self.visible_fields() or cache.get(f"sent-again-{sent}"):
            return opening
        return opening | {f"sent-words-{self._digest(beside)}": SAME_WORDS_FOR}

    def _digest(self, beside: dict[str, Any]) -> str:
        lists = self.data.lists() if isinstance(self.data, MultiValueDict) else self.data.items()
        words = sorted((name, repr(given)) for name, given in lists if name not in OF_THE_PAGE)
        files = sorted((name, file.name, file.size) for name, file in self.files.items())
        about = sorted((name, str(getattr(one, "pk", one))) for name, one in beside.items())
        return hashlib.sha256(repr((type(self).__name__, words, files, about)).encode()).hexdigest()

    def refuse(self, refusal: ValidationError) -> None:
        """Show a refusal; doubts become boxes to tick."""
        if isinstance(refusal, Unconfirmed):
            self._offer(refusal.doubts)
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for field, errors in refusal.error_dict.items():
            known = field in self.fields and field != NON_FIELD_ERRORS
            self.add_error(field if known else None, errors)

    def _offer(self, doubts: list[Doubt]) -> None:
        ticks = self.fields["confirmed"]
        ticks.widget = forms.CheckboxSelectMultiple()
        ticks.choices = [(doubt.key, f"Yes, this is right. {doubt.text}") for doubt in doubts]
        ticks.required = True
        ticks.help_text = "Correct the answer above, or tick to confirm it."
        self.order_fields([name for name in self.fields if name != "confirmed"])


class RowForm(ActionForm, forms.ModelForm):
    """An `ActionForm` with fields taken from a model. The action alone asks the constraints and saves."""

    def _post_clean(self) -> None:
        """Django's hook that would write the answers into the instance and ask its constraints."""


def _name_the_blank(field: forms.Field) -> None:
    """A choice left blank means unknown and says so, unless the form has words of its own for it.

    One that must be made says that instead of dashes.
    """
    if isinstance(field, forms.ModelChoiceField):
        return
    single = isinstance(field.widget, forms.Select) and not field.widget.allow_multiple_selected
    if single and isinstance(field, forms.ChoiceField):
        wordless = ("", BLANK_CHOICE_DASH[0][1])
        blank = "Choose" if field.required else "Not recorded"
        field.choices = [(k, blank if k == "" and label in wordless else label) for k, label in field.choices]


def _words_of_the_database(refusal: IntegrityError) -> str:
    diagnosis = getattr(refusal.__cause__, "diag", None)
    if getattr(diagnosis, "constraint_name", None):
        return "This could not be saved: somebody may have changed it at the same time. Look again, then try once more."
    return f"{said_by(refusal)}."
