"""Importing on screen: send, watch, read, download; and who may."""

from __future__ import annotations

import io
import zipfile

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from counties import jobs
from counties.models import Job
from counties.wall import site_scope
from exchange.reading import read_book
from exchange.sheets import SHEETS
from exchange.tasks import import_site
from outreach.models import OutreachEvent
from tests.exchange.books import book, load_everything

IMPORTS = "/sites/rock/exchange/imports/"
MOST_QUERIES = 12


@pytest.fixture
def browser(client_for, rock_coordinator):
    return client_for(rock_coordinator)


def send(browser, *names_and_contents: tuple[str, bytes], **fields: str):
    files = [
        SimpleUploadedFile(name, content, content_type="text/csv") for name, content in names_and_contents
    ]
    return browser.post(IMPORTS, {"files": files, **fields})


def run(site, job: Job) -> Job:
    """What the worker does with it."""
    jobs.run(site.id, str(job.id))
    return newest(site)


def newest(site) -> Job:
    with site_scope(site.id):
        return Job.objects.first()


def text(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_files_are_sent_run_and_their_counts_shown(browser, rock):
    rows = book("outreach", {}, {"event_id": "O2", "kind": "party"})

    answer = send(browser, ("outreach.csv", rows))

    job = newest(rock)
    assert answer.status_code == 302 and answer.url == f"{IMPORTS}{job.pk}/"
    assert "Waiting for its turn" in text(browser.get(answer.url))
    run(rock, job)
    page = text(browser.get(answer.url))
    assert "Some rows were refused" in page
    assert "outreach.csv 1 0 0 1 0" in page
    assert "3 unknown kind: party" in page
    with site_scope(rock.id):
        assert OutreachEvent.objects.count() == 1
        actors = AuditEvent.objects.filter(verb="import.finished").values_list("actor_id", flat=True)
        assert set(actors) == {job.asked_by_id}


def test_progress_is_polled_and_the_page_comes_anew_at_the_end(browser, rock):
    url = send(browser, ("outreach.csv", book("outreach", {}))).url

    waiting = browser.get(url, headers={"HX-Request": "true"})
    assert (
        'hx-trigger="load delay:1s"' in waiting.content.decode() and "<html" not in waiting.content.decode()
    )
    run(rock, newest(rock))
    assert browser.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_the_worker_tells_file_by_file(rock, browser):
    send(browser, *((f"{name}.csv", book(name, {})) for name in ("partners", "families", "outreach")))
    job, told = newest(rock), []

    import_site(job, lambda percent, words: told.append((percent, words)))

    assert told == [
        (0, "partners.csv, file 1 of 3"), (33, "families.csv, file 2 of 3"), (66, "outreach.csv, file 3 of 3"),
    ]  # fmt: skip


def test_checking_only_shows_what_would_happen(browser, rock):
    url = send(browser, ("outreach.csv", book("outreach", {})), check_only="on").url

    run(rock, newest(rock))

    page = text(browser.get(url))
    assert "Nothing was changed" in page and "outreach.csv 1 0 0 0 0" in page
    with site_scope(rock.id):
        assert not OutreachEvent.objects.exists()


def test_the_same_files_sent_twice_are_one_run(browser, rock):
    first = send(browser, ("outreach.csv", book("outreach", {}))).url

    assert send(browser, ("outreach.csv", book("outreach", {}))).url == first


def test_refused_rows_are_downloaded_as_one_file_or_as_a_zip(browser, rock):
    url = send(browser, ("outreach.csv", book("outreach", {"kind": "party"}))).url
    run(rock, newest(rock))

    answer = browser.get(f"{url}refused/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="outreach.refused.csv"'
    assert "unknown kind: party" in answer.content.decode("utf-8-sig")

    url = send(
        browser,
        ("outreach.csv", book("outreach", {"kind": "ball"})),
        ("council.csv", book("council", {"date": "x"})),
    ).url
    run(rock, newest(rock))
    with zipfile.ZipFile(io.BytesIO(browser.get(f"{url}refused/").content)) as archive:
        assert archive.namelist() == ["council.refused.csv", "outreach.refused.csv"]
    with site_scope(rock.id):
        assert AuditEvent.objects.filter(verb="import.downloaded").count() == 2


def test_refused_rows_expire(browser, rock):
    url = send(browser, ("outreach.csv", book("outreach", {"kind": "party"}))).url
    job = run(rock, newest(rock))
    with site_scope(rock.id):
        Job.objects.filter(pk=job.pk).update(expires_at=timezone.now())

    assert browser.get(f"{url}refused/").status_code == 404
    assert "The refused rows were kept until" in text(browser.get(url))


def test_warnings_are_shown(browser, rock):
    load_everything(rock)
    rows = book("partners", {"partner_id": "P2", "eligibility_date": "2023-06-01"})
    url = send(browser, ("partners.csv", rows)).url
    run(rock, newest(rock))

    assert "P2 began less than a year after the eligibility date 2" in text(browser.get(url))


def test_the_page_tells_what_each_file_holds(browser, rock):
    page = text(browser.get(IMPORTS))

    assert "levels.csv a change of level referral_id, level, date, reason" in page
    assert all(f"{name}.csv" in page for name in SHEETS)


def test_nothing_chosen_and_bad_files_are_said_beside_the_field(browser, rock):
    assert "Choose the CSV files, or one zip that holds them." in text(browser.post(IMPORTS, {}))

    answer = send(browser, ("outreach.csv", b"event_id,date\r\n1,2\r\n"), check_only="on")

    page = BeautifulSoup(answer.content, "html.parser")
    assert "outreach.csv: The file has no column kind, audience, attendance." in page.get_text()
    assert "Nothing was changed." in page.get_text()
    assert page.select_one("#id_check_only").has_attr("checked")
    with site_scope(rock.id):
        assert not Job.objects.exists()


def test_50_mb_get_a_sentence_before_they_are_kept_anywhere(browser, rock):
    answer = send(browser, ("contacts.csv", b"x" * 50 * 1024 * 1024))

    assert answer.status_code == 200
    assert "This is too large: 50 MB, the most is 20 MB. Nothing was changed." in text(answer)
    (kept,) = answer.wsgi_request.FILES.getlist("files")
    assert kept.size == 50 * 1024 * 1024 and type(kept.file).__name__ == "BytesIO"


def test_empty_files_to_begin_with_can_be_downloaded(browser, rock):
    with zipfile.ZipFile(io.BytesIO(browser.get(f"{IMPORTS}empty-files/").content)) as archive:
        assert archive.namelist() == [f"{name}.csv" for name in SHEETS]
        header = archive.read("levels.csv").decode("utf-8-sig").strip()
    assert header == "referral_id,level,date,reason"


def test_a_downloaded_file_of_refused_rows_can_be_mended_and_sent(browser, rock):
    url = send(browser, ("outreach.csv", book("outreach", {"kind": "party"}))).url
    run(rock, newest(rock))
    mended = browser.get(f"{url}refused/").content.replace(b",party,", b",other,")
    assert len(read_book(SHEETS["outreach"], mended).lines) == 1

    send(browser, ("outreach.refused.csv", mended))
    run(rock, newest(rock))

    with site_scope(rock.id):
        assert OutreachEvent.objects.get().kind == "other"


def test_only_who_may_import_sees_imports(
    client_for, browser, rock, rock_partner_coordinator, door_coordinator
):
    url = send(browser, ("outreach.csv", book("outreach", {}))).url

    for address in (IMPORTS, url, f"{url}refused/", f"{IMPORTS}empty-files/"):
        assert client_for(rock_partner_coordinator).get(address).status_code == 403
        assert client_for(door_coordinator).get(address).status_code == 404
    other = url.replace("/rock/", "/door/")
    assert client_for(door_coordinator).get(other).status_code == 404
    with site_scope(door_coordinator.roles.get().site_id):
        assert AuditEvent.objects.filter(verb="access.refused", object_kind="job").exists()


def test_a_second_coordinator_sees_the_sites_imports(client_for, browser, rock, rock_second_coordinator):
    url = send(browser, ("outreach.csv", book("outreach", {}))).url

    assert client_for(rock_second_coordinator).get(url).status_code == 200


def test_the_list_of_imports_takes_a_constant_number_of_queries(browser, rock, rock_coordinator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(IMPORTS).status_code == 200
        return len(captured)

    def add(count: int) -> None:
        with site_scope(rock.id):
            for number in range(count):
                Job.objects.create(
                    site=rock, kind="import.site", key=f"{count}-{number}", asked_by=rock_coordinator,
                    arguments={"files": ["outreach"], "check_only": False},
                )  # fmt: skip

    add(2)
    queries()
    few = queries()
    add(20)
    assert queries() == few <= MOST_QUERIES
