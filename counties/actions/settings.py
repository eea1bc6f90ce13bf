"""What a site sets for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from counties.code_lists import LISTS, CodeList
from counties.free_text import scan_free_text
from counties.models import SiteSettings
from counties.texts import SiteText

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def change_settings(*, settings: SiteSettings, by: User, **values: Any) -> SiteSettings:
    """Change a site's settings; the names of those that changed go into the trail, both values into the history.

    Raises:
        ValidationError: a value out of its range, or two that contradict each other.
    """
    settings = SiteSettings.objects.select_for_update().get(pk=settings.pk)
    changed = [name for name, value in values.items() if getattr(settings, name) != value]
    for name in changed:
        setattr(settings, name, values[name])
    _refuse(settings)
    if changed:
        settings.save(update_fields=changed)
        record("settings.changed", settings, actor_id=by.pk, fields=changed)
    return settings


@transaction.atomic
def change_code_lists(*, settings: SiteSettings, code_lists: dict[str, dict], by: User) -> SiteSettings:
    """Choose which codes of the state's lists the site offers, and how it calls them.

    Args:
        code_lists: by the list's name, the codes switched `off` and the site's own words, `labels`, by code.

    Raises:
        ValidationError: beside `name_<list>_<code>`: a word used twice, or one that may not stand there (V17, V18).
    """
    problems: dict[str, str] = {}
    for name, chosen in code_lists.items():
        problems |= _wrong_words(LISTS[name], chosen)
    if problems:
        raise ValidationError(problems)
    return change_settings(settings=settings, by=by, code_lists=code_lists)


@transaction.atomic
def write_text(*, settings: SiteSettings, text: SiteText, words: str, by: User) -> SiteSettings:
    """Write a passage in the site's own words; the product's own words again mean that the site has none.

    Raises:
        ValidationError: beside `words`.
    """
    words = words.replace("\r\n", "\n").strip()
    text.refuse(words)
    settings = SiteSettings.objects.select_for_update().get(pk=settings.pk)
    others = {code: kept for code, kept in settings.texts.items() if code != text.code}
    own = {} if words == text.default else {text.code: words}
    return change_settings(settings=settings, by=by, texts=others | own)


def _wrong_words(code_list: CodeList, chosen: dict) -> dict[str, str]:
    """What is wrong with a list's own words, by field."""
    own = chosen["labels"]
    texts = {f"name_{code_list.name}_{code}": words for code, words in own.items()}
    problems = {doubt.field: doubt.text for doubt in scan_free_text(**texts)}
    taken: dict[str, str] = {}
    for code, label in code_list.codes.choices:
        words = own.get(code, str(label))
        field = f"name_{code_list.name}_{code if code in own else taken.get(words.casefold(), code)}"
        if words.casefold() in taken:
            problems[field] = "Another line of this list is called the same. Choose other words."
        if code in own and code_list.never and code_list.never.search(words):
            problems[field] = "A parent partner never does this. Choose other words."
        taken.setdefault(words.casefold(), code)
    return problems


def _refuse(settings: SiteSettings) -> None:
    """Everything that is wrong at once, each beside its field."""
    problems: dict[str, list[str]] = {}
    try:
        settings.full_clean(validate_constraints=False)
    except ValidationError as refusal:
        problems = refusal.message_dict
    if settings.hard_cap_per_fte < settings.soft_cap_per_fte:
        problems.setdefault("hard_cap_per_fte", []).append(
            f"Choose {settings.soft_cap_per_fte}, the soft cap, or more."
        )
    if settings.far_miles <= settings.near_miles:
        problems.setdefault("far_miles", []).append(
            f"Choose more than {settings.near_miles} miles, which count as near."
        )
    if problems:
        raise ValidationError(problems)
