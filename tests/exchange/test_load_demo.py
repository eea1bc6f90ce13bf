"""`manage.py load_demo`: the sites, people, records and reports of the demo, once."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.demo import PARENT_PARTNER
from accounts.models import User
from activities.models import Contact
from audit.models import AuditEvent
from counties.models import Site
from counties.wall import site_scope
from exchange import demo
from exchange.demo import load_demo
from matching.models import Match
from reporting.models import MonthlyReport, PublishedFigure

LAST = {"door": ["accepted", "draft"], "jefferson": ["returned", "draft"], "rock": ["accepted", "submitted"]}


class PowerCut(Exception):
    """The load stops here."""


def test_without_psp_demo_nothing_is_loaded(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="only for PSP_DEMO=1"):
        call_command("load_demo")

    assert not Site.objects.exists()


def test_an_interrupted_load_is_finished_by_the_next_and_a_third_changes_nothing(
    db, settings, capsys, monkeypatch
):
    settings.DEMO = True
    monkeypatch.setattr(demo, "MONTHS", ["2026-08", "2026-09", "2026-10"])

    def cut_after_the_first_reports(words: str) -> None:
        if "handed in" in words:
            raise PowerCut

    with pytest.raises(PowerCut):
        load_demo(cut_after_the_first_reports)
    call_command("load_demo")
    capsys.readouterr()

    assert {s.slug: s.phase_on(s.today()) for s in Site.objects.all()} == {
        "door": "mou_site", "jefferson": "mou_site", "rock": "mou_site", "milwaukee": "planning",
        "eau-claire": "planning",
    }  # fmt: skip
    for slug, statuses in LAST.items():
        with site_scope(Site.objects.get(slug=slug).id):
            reports = MonthlyReport.objects.order_by("month")
            assert list(reports.values_list("status", flat=True)) == ["accepted", *statuses]
            handed_in = reports.exclude(status="draft")
            assert all(
                r.certified_at < r.submitted_at and r.submitted_at.date() <= r.due_on for r in handed_in
            )
    assert PublishedFigure.objects.filter(site__slug="rock", month="2026-09-01").exists()
    with site_scope(Site.objects.get(slug="rock").id):
        person = User.objects.get(email=PARENT_PARTNER)
        assert Match.objects.running().filter(partner__person=person).count() == 5
        before = (Contact.objects.count(), AuditEvent.objects.count(), User.objects.count())

    call_command("load_demo")

    with site_scope(Site.objects.get(slug="rock").id):
        assert (Contact.objects.count(), AuditEvent.objects.count(), User.objects.count()) == before
    assert capsys.readouterr().out == ""
