"""Typed work is never lost: ended session, two tabs, back button, killed worker, double click; in a browser."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from activities.models import Contact, ContactDraft
from audit.models import AuditEvent
from counties.models import Job
from counties.tasks import ring_queued_jobs
from counties.wall import site_scope
from exchange.models import Export
from tests.activities.conftest import rows, somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
LOG = reverse("activities:log", args=["rock"])
WORDS = "She asked twice about the bus to school."


@pytest.fixture
def form(visit, rock, rock_partner, enrollment) -> Page:
    """A partner's phone with a contact typed, not sent. The page's clock stands still until it is told to run."""
    page = visit(rock_partner, LOG, width=390)
    page.clock.install()
    page.get_by_label("How", exact=True).select_option("phone")
    page.get_by_role("button", name="30 minutes").click()
    page.get_by_label("Note").fill(WORDS)
    return page


def _pause(page: Page) -> None:
    """The two seconds after the last key."""
    page.clock.run_for(2_100)


def _says(page: Page, words: str) -> None:
    expect(page.locator("[data-draft-url]")).to_contain_text(words)


def _log(page: Page) -> None:
    page.get_by_role("button", name="Log the contact", exact=True).click()


def test_words_typed_in_a_session_that_ended_come_back(form, rock, rock_partner, client_for):
    name, place = settings.SESSION_COOKIE_NAME, form.url
    (cookie,) = [one for one in form.context.cookies() if one["name"] == name]
    import_module(settings.SESSION_ENGINE).SessionStore(cookie["value"]).delete()
    _log(form)
    expect(form.get_by_role("heading", name="Sign in")).to_be_visible()
    assert rows(Contact, rock) == []
    form.context.add_cookies([cookie | {"value": client_for(rock_partner).cookies[name].value}])
    form.goto(place)
    form.get_by_role("button", name="Restore what you typed").click()
    expect(form.get_by_label("Note")).to_have_value(WORDS)
    _log(form)
    expect(form.locator("#messages")).to_contain_text("is logged")
    (contact,) = rows(Contact, rock)
    assert (contact.note, contact.minutes, contact.mode) == (WORDS, 30, "phone")


def test_of_two_tabs_neither_overwrites_the_other(form, rock):
    _pause(form)
    _says(form, "Saved")
    (draft,) = rows(ContactDraft, rock)
    older = form.context.new_page()
    older.goto(f"{form.url}?draft={draft.pk}")
    older.clock.install()
    expect(older.get_by_label("Note")).to_have_value(WORDS)
    form.get_by_label("Note").fill(f"{WORDS} I wrote to them.")
    _pause(form)
    _until(lambda: rows(ContactDraft, rock)[0].version == 2)
    older.get_by_label("Note").fill(f"{WORDS} An older page.")
    _pause(older)
    _says(older, "Not saved. Another window or device changed this contact")
    _log(older)
    expect(older.get_by_label("Note")).to_have_value(f"{WORDS} An older page.")
    expect(older.get_by_label("Yes, this is right. Another window")).to_be_visible()
    assert rows(Contact, rock) == []
    _log(form)
    expect(form.locator("#messages")).to_contain_text("is logged")
    assert [contact.note for contact in rows(Contact, rock)] == [f"{WORDS} I wrote to them."]


def test_the_back_button_finds_the_words_and_later_the_entry(form, rock):
    _pause(form)
    _says(form, "Saved")
    form.get_by_role("link", name="I need to report").first.click()
    expect(form.get_by_role("heading", name="I need to report")).to_be_visible()
    form.go_back()
    expect(form.get_by_label("Note")).to_have_value(WORDS)
    expect(form.get_by_label("Minutes")).to_have_value("30")
    _log(form)
    expect(form.locator("#messages")).to_contain_text("is logged")
    form.go_back()
    expect(form.locator("#messages")).to_contain_text("logged already")
    expect(form.get_by_text(WORDS)).to_be_visible()
    assert len(rows(Contact, rock)) == 1


def test_an_entry_sent_again_after_going_back_is_the_same_entry_and_a_change_is_not_dropped(form, rock):
    for _ in range(2):
        _log(form)
        expect(form.locator("#messages")).to_contain_text("is logged")
        form.go_back()
        expect(form.get_by_label("Note")).to_have_value(WORDS)
    form.get_by_role("button", name="45 minutes").click()
    _log(form)
    expect(form.locator(".psp-error-summary")).to_contain_text("logged already")
    expect(form.get_by_label("Minutes")).to_have_value("45")
    assert [contact.minutes for contact in rows(Contact, rock)] == [30]


def test_a_double_click_is_one_entry(form, rock):
    _pause(form)
    _says(form, "Saved")
    form.goto(f"{form.url}?draft={rows(ContactDraft, rock)[0].pk}")
    form.get_by_role("button", name="Log the contact", exact=True).dblclick()
    expect(form.locator("#messages")).to_contain_text("is logged")
    assert [contact.note for contact in rows(Contact, rock)] == [WORDS]


def test_a_worker_killed_half_way_makes_one_file_in_the_end(
    visit, celery_worker, rock, rock_coordinator, enrollment
):
    """Killed while it writes the file. That its lease runs out is not waited for, but written."""
    page = visit(rock_coordinator, reverse("exchange:ask_export", args=["rock"]) + "?list=families")
    page.get_by_label("What it is for").fill(WORDS)
    (child,) = _children(celery_worker.pid)
    os.kill(child, signal.SIGSTOP)
    try:
        page.get_by_role("button", name="Make the file").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        with site_scope(rock.id):
            Export.objects.select_for_update().get()
            os.kill(child, signal.SIGCONT)
            _until(somebody_waits)
    finally:
        os.kill(child, signal.SIGKILL)
    with site_scope(rock.id):
        assert Job.objects.get().status == "running"
        Job.objects.update(lease_until=timezone.now())
    ring_queued_jobs.delay()
    expect(page.get_by_text("The file is ready")).to_be_visible(timeout=20_000)
    (export,) = rows(Export, rock)
    assert export.reason == WORDS and export.row_count == 1
    with site_scope(rock.id):
        told = AuditEvent.objects.filter(verb__in=["job.finished", "family.exported"])
        assert sorted(told.values_list("verb", flat=True)) == ["family.exported", "job.finished"]


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _until(true: Callable[[], bool]) -> None:
    for _ in range(500):
        if true():
            return
        time.sleep(0.02)
    pytest.fail(f"Ten seconds long not {true.__name__}.")
