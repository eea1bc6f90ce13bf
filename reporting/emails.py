"""Mails about reports: no figures, no names; a link, and the rest is behind the sign-in."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from counties.dates import us_date
from reporting.models import MonthlyReport
from reporting.stages import Stage
from reporting.texts import REMINDER


def remind(report: MonthlyReport, stage: Stage, addresses: list[str]) -> None:
    """Remind the coordinators that the month's report is due or late."""
    subject = f"PSP: the {report.month:%B %Y} report is {stage.words}"
    facts = {"site": report.site.name, "month": f"{report.month:%B %Y}", "due": us_date(report.due_on)}
    context = {"report": report, "stage": stage, "passage": REMINDER.filled(report.site.settings, **facts)}
    _send(subject, "reporting/mail_reminder.txt", context, addresses)


def tell_decision(report: MonthlyReport, addresses: list[str]) -> None:
    """Tell the coordinators that DCF has accepted or returned the report."""
    subject = f"PSP: the {report.month:%B %Y} report was {report.get_status_display().lower()}"
    _send(subject, "reporting/mail_decision.txt", {"report": report}, addresses)


def _send(subject: str, template: str, context: dict, addresses: list[str]) -> None:
    """One mail for each address, so that nobody reads another's."""
    body = render_to_string(template, context | {"link": _link(context["report"])})
    get_connection().send_messages([EmailMessage(subject, body, to=[address]) for address in addresses])


def _link(report: MonthlyReport) -> str:
    """Address of the report's page, empty where the product does not know its own address."""
    page = reverse("reporting:detail", args=[report.site.slug, report.pk])
    return settings.ADDRESS.rstrip("/") + page if settings.ADDRESS else ""
