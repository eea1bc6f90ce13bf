"""The only writers of core training."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.action_forms import ask_about
from counties.dates import refuse_future
from counties.free_text import refuse_free_text, scan_free_text
from counties.kept_files import NotAKeptFile, read_scan
from counties.wall.scope import current_site_id
from partners.actions.sessions import record_session
from partners.models.partner import ParentPartner
from partners.models.sessions import SupportSession
from partners.models.training import CertificateFile, CoreTopic, TrainingRecord, TrainingTopic, lapses_on


@transaction.atomic
def record_training(
    *, topic: str | TrainingTopic, completed_on: dt.date, attendees: Iterable[ParentPartner], by: User,
    minutes: int | None = None, expires_on: dt.date | None = None, evidence: str = "",
    certificate: UploadedFile | None = None, confirmed: Collection[str] = (),
) -> list[TrainingRecord]:  # fmt: skip
    """A topic of the core list is completed by one or several parent partners.

    Args:
        minutes: when given, a training session with these attendees is recorded as well, so that the hours count.
        expires_on: first day it no longer holds; None takes the topic's own span, if it has one.
        certificate: a scan or photo; it belongs to one person.
    """
    partners = list(attendees)
    refuse_future(completed_on=completed_on)
    if expires_on and expires_on <= completed_on:
        raise ValidationError({"expires_on": "Choose a date after the completion."})
    if certificate and len(partners) != 1:
        raise ValidationError(
            {"certificate": "A certificate belongs to one person. Add each on the person's page."}
        )
    ask_about(scan_free_text(evidence=evidence), confirmed)
    session = _session(_words(topic), completed_on, minutes, partners, by) if minutes else None
    own = topic if isinstance(topic, TrainingTopic) else None
    lapses = own.lapses_on(completed_on) if own else lapses_on(str(topic), completed_on)
    rows = [
        TrainingRecord.objects.create(
            site_id=current_site_id(),
            partner=partner,
            topic="" if own else topic,
            own_topic=own,
            completed_on=completed_on,
            expires_on=expires_on or lapses,
            evidence=evidence,
            session=session,
            entered_by=by,
        )
        for partner in partners
    ]
    for partner in partners:
        _complete_the_list(partner, by)
    record("training.recorded", *partners, actor_id=by.pk, topic=_words(topic))
    if certificate:
        add_certificate(training=rows[0], certificate=certificate, by=by)
    return rows


def _words(topic: str | TrainingTopic) -> str:
    return str(topic) if isinstance(topic, TrainingTopic) else str(CoreTopic(topic).label)


@transaction.atomic
def add_topic(*, label: str, by: User, due_days: int = 90, lasts_months: int | None = None) -> TrainingTopic:
    """Add a topic to the site's core list.

    Raises:
        ValidationError: it is on the list already, of the state's or of the site's own.
    """
    refuse_free_text(label=label)
    taken = {str(name).casefold() for name in CoreTopic.labels}
    taken |= {topic.label.casefold() for topic in TrainingTopic.objects.offered()}
    if label.casefold() in taken:
        raise ValidationError({"label": "This topic is on the list already."})
    topic = TrainingTopic(
        site_id=current_site_id(), label=label, due_days=due_days, lasts_months=lasts_months
    )
    topic.full_clean(validate_unique=False, validate_constraints=False)
    topic.save()
    record("topic.added", topic, actor_id=by.pk)
    return topic


@transaction.atomic
def retire_topic(*, topic: TrainingTopic, by: User) -> TrainingTopic:
    """Nobody owes it any more; completions stay."""
    topic = TrainingTopic.objects.select_for_update().get(pk=topic.pk)
    if topic.retired_at is None:
        topic.retired_at = timezone.now()
        topic.save(update_fields=["retired_at"])
        record("topic.retired", topic, actor_id=by.pk)
    return topic


@transaction.atomic
def strike_training(*, training: TrainingRecord, by: User) -> TrainingRecord:
    """Strike a completion entered by mistake; it stays in the history and counts no more."""
    training = TrainingRecord.objects.select_for_update().get(pk=training.pk)
    if not training.is_struck:
        training.is_struck = True
        training.save(update_fields=["is_struck"])
        record("training.struck", training.partner, actor_id=by.pk, topic=training.topic_words)
    return training


@transaction.atomic
def add_certificate(*, training: TrainingRecord, certificate: UploadedFile, by: User) -> CertificateFile:
    """Keep the certificate of a completed topic.

    Raises:
        NotAKeptFile: by its field; nothing is kept.
    """
    facts = read_scan("certificate", certificate)
    if training.files.filter(sha256=facts["sha256"]).exists():
        raise NotAKeptFile({"certificate": "This very file is kept here already."})
    file = CertificateFile.objects.create(site_id=training.site_id, training=training, added_by=by, **facts)
    record(
        "certificate.added",
        training.partner,
        file,
        actor_id=by.pk,
        topic=training.topic_words,
        file_kind=file.kind,
    )
    return file


def _session(
    words: str, held_on: dt.date, minutes: int, partners: list[ParentPartner], by: User
) -> SupportSession:
    try:
        return record_session(
            kind=SupportSession.Kind.TRAINING,
            held_on=held_on,
            minutes=minutes,
            topic=words,
            attendees=partners,
            by=by,
        )
    except ValidationError as refusal:
        problems = refusal.message_dict
        raise ValidationError({_FIELD.get(name, name): words for name, words in problems.items()}) from None


_FIELD = {"held_on": "completed_on"}


def _complete_the_list(partner: ParentPartner, by: User) -> None:
    """The day the last of the state's topics was completed is the day core training is complete (V10, F6)."""
    partner = ParentPartner.objects.select_for_update().get(pk=partner.pk)
    held = dict(
        TrainingRecord.objects.standing()
        .filter(partner=partner, own_topic=None)
        .order_by("-completed_on")
        .values_list("topic", "completed_on")
    )  # the earliest completion of each topic comes last and stays
    if partner.core_training_completed_on is None and set(CoreTopic.values) <= set(held):
        partner.core_training_completed_on = max(held.values())
        partner.save(update_fields=["core_training_completed_on"])
        record("partner.trained", partner, actor_id=by.pk)
