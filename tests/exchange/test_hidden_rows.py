"""An import's result says nothing of a family to somebody who has a tie to it (docs/adr/0017)."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from django.urls import reverse

from counties import jobs
from counties.models import Job
from counties.wall import site_scope
from exchange import tasks  # noqa: F401 (registers the handler, as the worker does)
from exchange.runs import ask_for_import
from tests.exchange.books import book
from tests.factories.families import make_child, make_family, make_parent, make_tie
from tests.trail import recorded


@pytest.fixture
def family(rock):
    """F1, with a parent and a child of the site's spreadsheets."""
    family = make_family(rock, source_id="F1")
    make_parent(rock, family, source_id="F1-A", first_name="Sol")
    make_child(rock, family, source_id="C1", first_name="Xia")
    return family


def _import(rock, by, **rows) -> Job:
    with site_scope(rock.id, actor_id=by.pk):
        files = {name: book(name, *given) for name, given in rows.items()}
        pk = ask_for_import(files=files, check_only=False, by=by).pk
    jobs.run(rock.id, str(pk))
    with site_scope(rock.id):
        return Job.objects.get(pk=pk)


FUTURE = {
    "removal_date": "2099-01-01",
    "trial_reunification_start": "",
    "discharge_date": "",
    "discharge_reason": "",
}
BAD = {
    "families": [{"parent_id": "F1-A", "gender": "Oak"}, {"family_id": "F2", "parent_id": "F2-A", "gender": "Elm"}],
    "children": [FUTURE, FUTURE | {"family_id": "F2", "child_id": "C2", "first_name": "Lou"}],
}  # fmt: skip


@pytest.mark.parametrize("is_tied", [False, True])
def test_rows_of_a_family_behind_a_tie_are_left_out_of_page_and_download(
    is_tied, rock, rock_coordinator, family, client_for
):
    if is_tied:
        make_tie(rock, family, rock_coordinator)
    job, browser = _import(rock, rock_coordinator, **BAD), client_for(rock_coordinator)
    page = browser.get(reverse("exchange:run", args=["rock", job.pk])).content.decode()
    assert ("unknown gender: Oak" in page) is not is_tied and "unknown gender: Elm" in page
    assert ("a family you may not open" in page) is is_tied
    packed = browser.get(reverse("exchange:refused", args=["rock", job.pk])).content
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        texts = {name: files.read(name).decode("utf-8-sig") for name in files.namelist()}
    rows = {name: [row["row"] for row in csv.DictReader(io.StringIO(text))] for name, text in texts.items()}
    here = ["3"] if is_tied else ["2", "3"]
    assert rows == {"families.refused.csv": here, "children.refused.csv": here}
    assert ("Xia" in "".join(texts.values())) is not is_tied
    assert recorded(rock, "import.downloaded", job, by=rock_coordinator)


def test_a_warning_about_it_is_left_out_while_the_tie_stands(
    rock, rock_coordinator, rock_partner_coordinator, family, client_for
):
    make_tie(rock, family, rock_coordinator)
    same_day = {"removal_date": "2025-01-10", "discharge_date": "2025-01-10", "trial_reunification_start": ""}
    job = _import(rock, rock_coordinator, children=[same_day])
    assert job.status == "done", job.problem
    assert job.result["files"][0]["warned"]
    words, url = job.result["files"][0]["warned"][0]["text"], reverse("exchange:run", args=["rock", job.pk])
    assert words not in client_for(rock_coordinator).get(url).content.decode()
    with site_scope(rock.id):
        family.ties.update(person=rock_partner_coordinator)
    assert words in client_for(rock_coordinator).get(url).content.decode()
