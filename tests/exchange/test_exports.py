"""Lists as files: asked with a reason, made of what the person may see, marked, handed out once allowed, emptied."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from counties import jobs
from counties.models import Job, RoleAssignment
from counties.roles import Role
from counties.wall import site_scope
from exchange.actions import JOB, ask_for_export
from exchange.exporting import LISTS
from exchange.models import Export
from exchange.tasks import forget_expired_exports
from tests.factories.activities import make_contact
from tests.factories.counties import give
from tests.factories.families import make_family, make_parent, make_tie
from tests.factories.matching import make_match
from tests.factories.partners import make_partner
from tests.factories.referrals import make_accepted_referral, make_enrollment
from tests.queries import questions
from tests.trail import recorded

pytestmark = pytest.mark.django_db

WHY = "Review with the county board"


def _url(name, *more):
    return reverse(f"exchange:{name}", args=["rock", *more])


def _text(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def browser(client_for, rock_coordinator):
    return client_for(rock_coordinator)


@pytest.fixture
def served(rock):
    """A family with a match, an enrollment and a contact."""
    parent = make_parent(rock, first_name="Ann", last_name="Lee")
    referral = make_accepted_referral(rock, parent)
    enrollment = make_enrollment(rock, referral)
    partner = make_partner(rock, first_name="Pia", last_name="Ray")
    make_match(rock, referral, partner)
    make_contact(rock, enrollment, partner, note="A private word")
    return parent.family


def _ask(site, by, what="families", kind="csv", filters="", reason=WHY):
    with site_scope(site.id, actor_id=by.id):
        return ask_for_export(what=what, kind=kind, reason=reason, by=by, filters=filters)


def _make(site, export):
    with site_scope(site.id):
        job = Job.objects.get(kind=JOB, key=str(export.pk))
    jobs.run(site.id, str(job.pk))
    with site_scope(site.id):
        job.refresh_from_db()
        export.refresh_from_db()
    return job


def _rows(export):
    return list(csv.reader(io.StringIO(bytes(export.content).decode("utf-8-sig"))))


@pytest.mark.parametrize("what", list(LISTS))
def test_each_list_leaves_with_its_columns_and_its_mark(rock, rock_coordinator, served, what):
    export = _ask(rock, rock_coordinator, what)
    assert _make(rock, export).status == "done"
    rows = _rows(export)
    assert rows[0] == [f"Rock County PSP: {LISTS[what].label}"]
    assert rows[1][0].startswith("Exported by Ruth Alder on ") and rows[1][0].endswith("from Rock County PSP")
    assert rows[2] == [f"Reason: {WHY}"]
    assert rows[3] == ["Filter: none. 1 row."]
    assert rows[6] == list(LISTS[what].columns)
    assert ("Pia Ray" if what == "partners" else "Lee") in " ".join(rows[7])
    assert rows[-1][0].startswith(f"End of Rock County PSP: {LISTS[what].label}. Exported by Ruth Alder")
    assert WHY in rows[-1][0]
    assert "A private word" not in bytes(export.content).decode()
    assert export.row_count == 1
    noun = LISTS[what].noun
    about = export if what == "partners" else served
    assert recorded(rock, f"{noun}.exported", about, rock_coordinator)


def test_a_workbook_says_the_same_and_holds_no_formula(rock, rock_coordinator):
    make_parent(rock, first_name="=1+1", last_name="@SUM(A1)")
    export = _ask(rock, rock_coordinator, kind="xlsx", reason="=cmd|' /C calc'!A0 & more")
    _make(rock, export)
    book = openpyxl.load_workbook(io.BytesIO(bytes(export.content)))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert "=1+1 @SUM(A1)" in [cell.value for cell in cells]
    assert book["About"]["A2"].value.startswith("Exported by Ruth Alder")
    assert "Exported by Ruth Alder" in book["List"]["A1"].value
    assert "Ruth Alder" in book["List"].oddFooter.left.text


def test_cells_of_a_csv_that_look_like_formulas_are_neutralised(rock, rock_coordinator):
    make_parent(rock, first_name="=HYPERLINK(0)", last_name="X", municipality="\t=2")
    export = _ask(rock, rock_coordinator)
    _make(rock, export)
    cells = [cell for row in _rows(export) for cell in row]
    assert "'=HYPERLINK(0) X" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_the_lists_filter_goes_along(rock, rock_coordinator, served):
    make_parent(rock, first_name="Zoe", last_name="Other")
    export = _ask(rock, rock_coordinator, filters="q=Lee")
    _make(rock, export)
    assert [row[1] for row in _rows(export)[7:-2]] == ["Ann Lee"]
    assert _rows(export)[3] == ["Filter: Search: Lee. 1 row."]


@pytest.mark.parametrize(
    ("sort", "names"),
    [("name", ["Adam Ash", "Ann Lee", "Zoe Zorn"]), ("-name", ["Zoe Zorn", "Ann Lee", "Adam Ash"])],
)
def test_the_lists_order_goes_along(sort, names, browser, rock, rock_coordinator, served):
    make_parent(rock, first_name="Zoe", last_name="Zorn")
    make_parent(rock, first_name="Adam", last_name="Ash")
    page = browser.get(reverse("families:list", args=["rock"]), {"sort": sort}).content.decode()
    assert f"?sort={sort}&amp;list=families" in page or f"list=families&amp;sort={sort}" in page
    export = _ask(rock, rock_coordinator, filters=f"sort={sort}")
    _make(rock, export)
    assert [row[1] for row in _rows(export)[7:-2]] == names


def test_only_this_sites_rows_leave(rock, door, rock_coordinator, served):
    theirs = make_family(door)
    export = _ask(rock, rock_coordinator)
    _make(rock, export)
    assert theirs.pk not in export.family_ids and export.family_ids == [served.pk]


def test_a_filter_that_names_another_sites_row_makes_no_file(rock, door, rock_coordinator, served):
    export = _ask(rock, rock_coordinator, filters=f"partner={make_partner(door).pk}")
    job = _make(rock, export)
    assert job.status == "failed" and "filter" in job.problem
    assert not export.made_at


@pytest.mark.parametrize("why", ["role ended", "deactivated", "another role"])
def test_the_worker_asks_for_the_rights_anew(rock, rock_coordinator, served, why):
    export = _ask(rock, rock_coordinator)
    if why == "deactivated":
        rock_coordinator.is_active, rock_coordinator.deactivated_at = False, timezone.now()
        rock_coordinator.save()
    else:
        RoleAssignment.objects.filter(person=rock_coordinator).update(ends_on=timezone.localdate())
    if why == "another role":
        give(rock_coordinator, Role.PARENT_PARTNER, rock)
    job = _make(rock, export)
    assert (job.status, job.problem) == ("failed", "You may not do this here any more.")
    assert not export.content


def test_a_family_the_person_has_a_tie_to_is_in_no_file(rock, rock_coordinator, served):
    export = _ask(rock, rock_coordinator)
    make_tie(rock, make_parent(rock, first_name="Hidden").family, rock_coordinator)
    _make(rock, export)
    assert export.family_ids == [served.pk]
    assert "Hidden" not in bytes(export.content).decode()


def test_asked_on_screen_watched_and_downloaded(browser, rock, rock_coordinator, served):
    page = browser.get(reverse("families:list", args=["rock"]), {"q": "Lee", "page": "1"})
    link = BeautifulSoup(page.content, "html.parser").select_one(".psp-summary__export a")["href"]
    assert link == f"{_url('ask_export')}?q=Lee&list=families"
    assert "The list with its filter: Search: Lee." in _text(browser.get(link))
    refused = browser.post(link, {"what": "families", "kind": "csv", "reason": " "})
    assert BeautifulSoup(refused.content, "html.parser").select(".usa-error-message")
    asked = browser.post(link, {"what": "families", "kind": "csv", "reason": WHY})
    with site_scope(rock.id):
        export = Export.objects.get()
        event = AuditEvent.objects.get(verb="export.asked")
    assert asked.url == _url("export", export.pk)
    assert (export.filters, event.reason) == ("q=Lee", WHY)
    watching = browser.get(asked.url)
    assert BeautifulSoup(watching.content, "html.parser").select_one("progress")
    assert "On the way" in _text(browser.get(_url("exports")))
    assert browser.get(_url("download", export.pk), follow=True).redirect_chain
    _make(rock, export)
    assert browser.get(asked.url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "The file is ready" in _text(browser.get(asked.url))
    assert WHY in _text(browser.get(_url("exports")))
    answer = browser.get(_url("download", export.pk))
    assert answer.content == bytes(export.content)
    assert answer["Content-Disposition"].startswith('attachment; filename="psp-rock-families-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert recorded(rock, "export.downloaded", export, rock_coordinator)


def test_the_same_asked_twice_is_one_file(rock, rock_coordinator):
    assert _ask(rock, rock_coordinator) == _ask(rock, rock_coordinator)
    assert _ask(rock, rock_coordinator, kind="xlsx") != _ask(rock, rock_coordinator)
    with site_scope(rock.id):
        assert Job.objects.filter(kind=JOB).count() == 2


def test_a_reason_holds_no_social_security_number(browser, rock):
    page = browser.post(_url("ask_export"), {"what": "families", "kind": "csv", "reason": "SSN 123-45-6789"})
    assert "Social Security number" in _text(page)
    with site_scope(rock.id):
        assert not Export.objects.exists()


def test_another_list_than_the_filters_leaves_the_filter_behind(browser, rock):
    browser.post(
        f"{_url('ask_export')}?list=families&q=Lee", {"what": "partners", "kind": "csv", "reason": WHY}
    )
    with site_scope(rock.id):
        assert (Export.objects.get().what, Export.objects.get().filters) == ("partners", "")


def test_a_filter_with_an_error_is_said(browser, rock, door):
    theirs = make_partner(door)
    page = browser.get(_url("ask_export"), {"list": "families", "partner": str(theirs.pk)})
    assert "holds an error" in _text(page) and "The whole list" in _text(page)


def test_nobody_else_gets_the_file(client_for, rock, rock_coordinator, rock_second_coordinator, served):
    export = _ask(rock, rock_coordinator)
    _make(rock, export)
    for name in ("export", "download"):
        assert client_for(rock_second_coordinator).get(_url(name, export.pk)).status_code == 404
    assert WHY not in _text(client_for(rock_second_coordinator).get(_url("exports")))


def test_a_file_with_a_family_hidden_since_is_not_handed_out(browser, rock, rock_coordinator, served):
    export = _ask(rock, rock_coordinator, "contacts")
    _make(rock, export)
    assert browser.get(_url("download", export.pk)).status_code == 200
    make_tie(rock, served, rock_coordinator)
    page = browser.get(_url("download", export.pk))
    assert page.status_code == 403 and "what you may see has changed" in _text(page)
    assert recorded(rock, "access.refused", export, rock_coordinator)


def test_who_may_not_export_sees_no_way_to(
    client_for, served, rock_partner_coordinator, rock_partner, rock_council
):
    page = client_for(rock_partner_coordinator).get(reverse("activities:list", args=["rock"]))
    assert page.context["listing"].total == 1 and b"exports/new" not in page.content
    for person in (rock_partner_coordinator, rock_partner, rock_council):
        for name in ("exports", "ask_export"):
            assert client_for(person).get(_url(name)).status_code == 403


def test_after_seven_days_the_file_is_gone_and_the_row_stays(browser, rock, rock_coordinator, served):
    export = _ask(rock, rock_coordinator)
    _make(rock, export)
    forget_expired_exports()
    with time_machine.travel(timezone.now() + dt.timedelta(days=7, minutes=1), tick=False):
        page = browser.get(_url("download", export.pk), follow=True)
        assert page.status_code != 200 or "expired" in _text(page)
        forget_expired_exports()
        forget_expired_exports()
    with site_scope(rock.id):
        export.refresh_from_db()
        assert bytes(export.content) == b"" and export.reason == WHY and export.row_count == 1
        assert AuditEvent.objects.filter(verb="export.expired").count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("reason = 'x'", "permission denied"),
        ("asked_by_id = 1", "permission denied"),
        ("what = 'partners'", "permission denied"),
        ("content = 'other'", "written once"),
        ("row_count = 7", "written once"),
        ("family_ids = '{}'", "written once"),
        ("expires_at = expires_at + interval '1 year'", "written once"),
        ("made_at = NULL, expires_at = NULL, content = ''", "written once"),
    ],
)
def test_the_database_itself_keeps_what_left(rock, rock_coordinator, served, change, words):
    export = _ask(rock, rock_coordinator)
    _make(rock, export)
    with site_scope(rock.id), pytest.raises(Error, match=words), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE exchange_export SET {change} WHERE id = %s", [export.pk])


def test_the_database_takes_no_export_without_a_reason(rock, rock_coordinator):
    with site_scope(rock.id), pytest.raises(Error, match="export_with_reason"), transaction.atomic():
        Export.objects.create(site=rock, what="families", reason="", asked_by=rock_coordinator)


def test_a_job_run_twice_makes_one_file(rock, rock_coordinator, served):
    export = _ask(rock, rock_coordinator)
    _make(rock, export)
    made = (export.sha256, export.made_at)
    with site_scope(rock.id):
        Job.objects.create(site=rock, kind=JOB, key=f"{export.pk}", arguments={"export": str(export.pk)})
        again = Job.objects.filter(kind=JOB, status="queued").get()
    jobs.run(rock.id, str(again.pk))
    with site_scope(rock.id):
        export.refresh_from_db()
        assert (export.sha256, export.made_at) == made
        assert AuditEvent.objects.filter(verb="family.exported").count() == 1


def test_the_downloads_ask_the_same_questions_whatever_their_number(browser, rock, rock_coordinator):
    _ask(rock, rock_coordinator)
    few = len(questions(browser, _url("exports")))
    for n in range(5):
        _ask(rock, rock_coordinator, reason=f"Reason {n}")
    assert len(questions(browser, _url("exports"))) == few
    assert few < 15


def test_a_batch_asks_the_same_questions_whatever_its_length(rock, rock_coordinator, served):
    counts = []
    for more in (0, 3):
        for _ in range(more):
            make_parent(rock)
        export = _ask(rock, rock_coordinator, reason=f"With {more} more")
        with CaptureQueriesContext(connection) as asked:
            _make(rock, export)
        counts.append(len(asked))
    assert export.row_count == 4
    assert counts[0] == counts[1]
