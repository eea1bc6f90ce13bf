"""Consents and what is shared under them (`domain.md` 10.5, V13). The only writers of both tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.dates import in_future, refuse_future, us_date
from counties.free_text import scan_free_text
from families.codes import ConsentType, RecordCategory
from families.models import Consent, Disclosure, Parent
from families.signed_files import add_signed_file

WITHOUT_RECIPIENT = {ConsentType.PARTICIPATION, ConsentType.MESSAGES}
"""Consents that hand nothing to anybody; every other names recipient, categories, purpose and expiry."""


class NoLiveConsent(ValidationError):
    """Nothing may be shared: no live consent covers this party, these categories and this purpose (V13)."""


@transaction.atomic
def record_consent(
    *,
    parent: Parent,
    kind: str,
    by: User,
    recipient: str = "",
    categories: Collection[str] = (),
    purpose: str = "",
    starts_on: dt.date | None = None,
    expires_on: dt.date | None = None,
    method: str = Consent.Method.SIGNED,
    form_version: str = "",
    form_language: str = "en",
    interpreter: str = "",
    witness: str = "",
    signed_file: UploadedFile | None = None,
    confirmed: Collection[str] = (),
) -> Consent:
    """Record what a parent agreed to (`domain.md` 10.5), with the signed form if it is at hand.

    Raises:
        ValidationError: by field; a release without recipient, categories, purpose or expiry, or a verbal one.
    """
    consent = Consent(
        site_id=parent.site_id, parent=parent, kind=kind, recipient=recipient, categories=list(categories),
        purpose=purpose, starts_on=starts_on or timezone.localdate(), expires_on=expires_on, method=method,
        form_version=form_version, form_language=form_language, interpreter=interpreter, witness=witness,
        recorded_by=by,
    )  # fmt: skip
    _check_consent(consent)
    texts = {"recipient": recipient, "purpose": purpose, "interpreter": interpreter, "witness": witness}
    ask_about(scan_free_text(**texts), confirmed)
    consent.full_clean()
    consent.save()
    record("consent.recorded", parent.family, parent, consent, consent_kind=kind, actor_id=by.pk)
    if signed_file:
        add_signed_file(consent=consent, signed_file=signed_file, by=by)
    return consent


@transaction.atomic
def revoke_consent(
    *, consent: Consent, revoked_how: str, by: User, confirmed: Collection[str] = ()
) -> Consent:
    """End a consent at once, for everything shared from now on; what was shared before stays in the log.

    Raises:
        ValidationError: revoked already.
    """
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.revoked_at:
        raise ValidationError("This consent was revoked already.")
    ask_about(scan_free_text(revoked_how=revoked_how), confirmed)
    consent.revoked_at, consent.revoked_how = timezone.now(), revoked_how
    consent.save()
    record("consent.revoked", consent.parent.family, consent.parent, consent, actor_id=by.pk)
    return consent


@transaction.atomic
def record_disclosure(
    *,
    parent: Parent,
    recipient: str,
    categories: Collection[str],
    purpose: str,
    by: User,
    disclosed_on: dt.date | None = None,
    legal_basis: str = "",
    confirmed: Collection[str] = (),
) -> Disclosure:
    """Log something shared about a parent: under a live consent, or with its legal basis (V13).

    Raises:
        NoLiveConsent: says what is missing.
        ValidationError: a date in the future.
    """
    day = disclosed_on or timezone.localdate()
    refuse_future(disclosed_on=day)
    texts = {"recipient": recipient, "purpose": purpose, "legal_basis": legal_basis}
    ask_about(scan_free_text(**texts), confirmed)
    consent = None if legal_basis else _consent_for(parent, recipient, list(categories), purpose, day)
    disclosure = Disclosure(
        site_id=parent.site_id, parent=parent, consent=consent, legal_basis=legal_basis, recipient=recipient,
        categories=list(categories), purpose=purpose, disclosed_on=day, disclosed_by=by,
    )  # fmt: skip
    disclosure.full_clean()
    disclosure.save()
    record("disclosure.recorded", parent.family, parent, disclosure, actor_id=by.pk)
    return disclosure


def _check_consent(consent: Consent) -> None:
    problems = {}
    if consent.kind not in WITHOUT_RECIPIENT:
        asked = {
            "recipient": "Name the person or office that may receive it.",
            "categories": "Choose what may be shared.",
            "purpose": "Say what it is shared for.",
            "expires_on": "A release needs an expiry date; 12 months are usual.",
        }
        problems = {field: words for field, words in asked.items() if not getattr(consent, field)}
    if consent.method == Consent.Method.VERBAL and consent.kind != ConsentType.MESSAGES:
        problems["method"] = "A spoken yes is enough for outreach messages only. Ask for a signature."
    problems |= in_future(starts_on=consent.starts_on)
    if consent.expires_on and consent.expires_on <= consent.starts_on:
        problems["expires_on"] = f"Choose an expiry date after {us_date(consent.starts_on)}."
    if problems:
        raise ValidationError(problems)


def _consent_for(
    parent: Parent, recipient: str, categories: list[str], purpose: str, day: dt.date
) -> Consent:
    """The live consent that covers all of it, locked so that a revocation waits or comes first."""
    consents = parent.consents.select_for_update()
    found = consents.covering(recipient=recipient, categories=categories, purpose=purpose, on=day).first()
    if found is None:
        raise NoLiveConsent(_what_is_missing(parent, recipient, categories, purpose, day))
    return found


def _what_is_missing(
    parent: Parent, recipient: str, categories: list[str], purpose: str, day: dt.date
) -> dict[str, str]:
    named = [c for c in parent.consents.all() if c.recipient.lower() == recipient.lower()]
    if not named:
        return {"recipient": f"No consent of {parent} names this recipient."}
    live = [c for c in named if c in parent.consents.live_on(day)]
    if not live:
        return {"recipient": f"{_why_not_live(named[0], day)} Ask {parent} for a new one."}
    for_purpose = [c for c in live if c.purpose.lower() == purpose.lower()]
    if not for_purpose:
        return {"purpose": f"{parent} agreed for another purpose: {live[0].purpose}."}
    missing = set(categories) - set(for_purpose[0].categories)
    labels = [label for code, label in RecordCategory.choices if code in missing]
    return {"categories": f"{parent} has not agreed to share: {', '.join(labels).lower()}."}


def _why_not_live(consent: Consent, day: dt.date) -> str:
    if consent.revoked_at:
        return f"The consent for this recipient was revoked on {us_date(timezone.localdate(consent.revoked_at))}."
    if consent.starts_on > day:
        return f"The consent for this recipient begins on {us_date(consent.starts_on)}."
    return f"The consent for this recipient expired on {us_date(consent.expires_on)}."
