"""Core training: who still owes what, what has lapsed, and how many hours this year."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.record import record
from counties.access import find
from counties.dates import us_date
from counties.decorators import site_view
from counties.kept_files import hand_out
from counties.permissions import Right
from partners import actions
from partners.forms_training import CertificateForm, TopicForm, TrainingForm
from partners.models import (
    CertificateFile,
    CoreTopic,
    ParentPartner,
    SessionAttendance,
    SupportSession,
    TrainingRecord,
)
from partners.models.career import told_to_site
from partners.models.training import CoreLine, TrainingTopic, core_list
from partners.profile import TRAINING_HOURS_A_YEAR


@site_view(Right.PARTNER_VIEW_ALL)
def training(request: HttpRequest, site: str) -> HttpResponse:
    """Every parent partner's core list in one line, and this year's training hours by topic."""
    today = timezone.localdate()
    partners = list(
        ParentPartner.objects.visible_to(request.access)
        .current_on(today)
        .with_lapsed(today)
        .order_by("last_name", "first_name")
    )
    record("partner.listed", kind="parentpartner", ids=[partner.pk for partner in partners])
    by_person, by_topic = _hours(today)
    own = list(TrainingTopic.objects.visible_to(request.access))
    context = {
        "title": "Training",
        "breadcrumbs": _crumbs(site)[:1],
        "rows": _lines(request, partners, by_person, own, today),
        "topics": by_topic,
        "year": today.year,
        "wellness": told_to_site(today),
        "target": TRAINING_HOURS_A_YEAR,
        "own_topics": [topic for topic in own if topic.retired_at is None],
    }
    return render(request, "partners/training.html", context)


@site_view(Right.PARTNER_EDIT)
def record_training(request: HttpRequest, site: str) -> HttpResponse:
    """Record a topic of the core list as completed."""
    first = {"completed_on": timezone.localdate(), "attendees": request.GET.getlist("partner")[:1]}
    form = TrainingForm(request.POST or None, request.FILES or None, access=request.access, initial=first)
    if form.answered(request, actions.record_training):
        messages.success(request, "The training is recorded.")
        return redirect(
            "partners:record_training" if "another" in request.POST else "partners:training", site
        )
    context = {
        "title": "Record a completed topic",
        "form": form,
        "save_and_another": "Save and add another",
        "cancel_url": reverse("partners:training", args=[site]),
        "breadcrumbs": _crumbs(site),
    }
    return render(request, "components/form_page.html", context)


@site_view(Right.SITE_CONFIGURE)
def add_topic(request: HttpRequest, site: str) -> HttpResponse:
    """Add a topic to the site's core list."""
    form = TopicForm(request.POST or None)
    if form.answered(request, actions.add_topic):
        messages.success(request, f"{form.result} is on the list.")
        return redirect("partners:training", site)
    context = {
        "title": "Add a topic", "form": form, "submit_label": "Add the topic",
        "points": ["Everybody here owes it from now on, and it shows as overdue and as lapsed like the others.",
                   "Who may work alone and the report (F6) still go by the state's list."],
        "cancel_url": reverse("partners:training", args=[site]), "breadcrumbs": _crumbs(site),
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@site_view(Right.SITE_CONFIGURE)
@require_POST
def retire_topic(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Nobody owes a topic of the site any more."""
    topic = find(TrainingTopic.objects.visible_to(request.access), pk=pk)
    actions.retire_topic(topic=topic, by=request.access.person)
    messages.success(request, f"{topic} is owed by nobody any more. Completions stay.")
    return redirect("partners:training", site)


@site_view(Right.PARTNER_EDIT)
def add_certificate(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Keep a scan or photo of the certificate of a completed topic."""
    rows = TrainingRecord.objects.visible_to(request.access).standing().select_related("partner")
    training = find(rows, pk=pk)
    form = CertificateForm(request.POST or None, request.FILES or None)
    back = reverse("partners:detail", args=[site, training.partner_id])
    if form.answered(request, actions.add_certificate, training=training):
        messages.success(request, f"The certificate of {training.topic_words} is kept.")
        return redirect(back)
    context = {
        "title": "Add a certificate", "form": form, "submit_label": "Add the certificate", "cancel_url": back,
        "lead": f"{training.partner}: {training.topic_words}, completed on {us_date(training.completed_on)}.",
        "breadcrumbs": [*_crumbs(site)[:1], (str(training.partner), back)],
    }  # fmt: skip
    return render(request, "components/form_page.html", context)


@site_view(Right.PARTNER_VIEW)
def certificate(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Hand out a certificate; each look is recorded."""
    file = find(CertificateFile.objects.visible_to(request.access).select_related("training__partner"), pk=pk)
    training = file.training
    record("certificate.downloaded", training.partner, file)
    return hand_out(file, f"certificate-{training.topic or 'own'}-{training.completed_on:%Y-%m-%d}")


@site_view(Right.PARTNER_EDIT)
@require_POST
def strike_training(request: HttpRequest, site: str, pk: str) -> HttpResponse:
    """Strike out a completion entered by mistake."""
    row = find(TrainingRecord.objects.visible_to(request.access).standing(), pk=pk)
    actions.strike_training(training=row, by=request.access.person)
    messages.success(request, f"{row.topic_words} is struck out. It stays in the history.")
    return redirect("partners:detail", site, row.partner_id)


def _lines(
    request: HttpRequest,
    partners: list[ParentPartner],
    hours: Counter,
    own: list[TrainingTopic],
    today: dt.date,
) -> list[dict[str, Any]]:
    records: dict[Any, list[TrainingRecord]] = defaultdict(list)
    for row in TrainingRecord.objects.visible_to(request.access).standing():
        records[row.partner_id].append(row)
    owed = len(CoreTopic) + sum(topic.retired_at is None for topic in own)
    lines = []
    for partner in partners:
        core = core_list(partner, records[partner.pk], today, own)
        lines.append(
            {
                "partner": partner,
                "alone": partner.may_work_alone_on(today),
                "done": owed - sum(_is_owed(line) for line in core),
                "of": owed,
                "overdue": [line.topic.label for line in core if line.state == "overdue"],
                "lapsed": [line.topic.label for line in core if line.state == "lapsed"],
                "soon": [line.topic.label for line in core if line.state == "lapses_soon"],
                "hours": round(hours[partner.pk] / 60, 1),
            }
        )
    return lines


def _is_owed(line: CoreLine) -> bool:
    """Whether it still has to be done; what the site has retired is owed by nobody."""
    retired = isinstance(line.topic, TrainingTopic) and line.topic.retired_at is not None
    return line.state in ("open", "overdue", "lapsed") and not retired


def _hours(today: dt.date) -> tuple[Counter, list[tuple[str, float]]]:
    """Minutes of this year's training by parent partner, and person-hours by topic."""
    rows = SessionAttendance.objects.filter(
        is_present=True,
        session__is_struck=False,
        session__kind=SupportSession.Kind.TRAINING,
        session__held_on__year=today.year,
    ).values_list("partner_id", "session__topic", "session__minutes")
    by_person: Counter = Counter()
    by_topic: Counter = Counter()
    for partner_id, topic, minutes in rows:
        by_person[partner_id] += minutes
        by_topic[topic.strip() or "Not named"] += minutes
    return by_person, [(topic, round(minutes / 60, 1)) for topic, minutes in by_topic.most_common()]


def _crumbs(site: str) -> list[tuple[str, str]]:
    return [
        ("Parent partners", reverse("partners:list", args=[site])),
        ("Training", reverse("partners:training", args=[site])),
    ]
