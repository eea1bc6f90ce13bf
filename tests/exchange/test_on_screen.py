"""The import pages in a real browser: sent, watched, read; accessible in normal, error and result state."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from counties import jobs
from counties.models import Job
from counties.wall import site_scope
from exchange import tasks  # noqa: F401 (registers the handler, as the worker does)
from tests.exchange.books import book


@pytest.mark.django_db(transaction=True)
def test_files_are_sent_and_the_result_comes_by_itself(
    live_server, open_page, axe, client_for, rock, rock_coordinator, tmp_path
):
    page = open_page(f"{live_server.url}/accounts/login/", width=390)
    cookie = client_for(rock_coordinator).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/sites/rock/exchange/imports/")
    page.get_by_text("What each file holds").click()
    assert axe(page) == []

    page.get_by_role("button", name="Import").click()
    expect(page.locator(".usa-error-message")).to_contain_text("Choose the CSV files")
    assert axe(page) == []

    sent = {
        "partners": book("partners", {"eligibility_date": "2023-06-01"}),
        "outreach": book("outreach", {"kind": "x"}),
    }
    for name, content in sent.items():
        (tmp_path / f"{name}.csv").write_bytes(content)
    page.locator("input[type=file]").set_input_files([tmp_path / f"{name}.csv" for name in sent])
    page.get_by_role("button", name="Import").click()
    expect(page.locator("progress")).to_be_visible()
    assert axe(page) == []

    with site_scope(rock.id):
        job = Job.objects.get()
    jobs.run(rock.id, str(job.id))

    expect(page.get_by_role("heading", name="Refused rows of outreach.csv")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("unknown kind: x")).to_be_visible()
    assert axe(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the refused rows").click()
    assert download.value.suggested_filename == "outreach.refused.csv"
