"""Jobs: the row is the truth. Twice asked is once done, a killed worker's work comes back, a failure is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from counties import jobs
from counties.models import Job, Site
from counties.wall import site_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A kind of job that notes each run; registered for this test only."""
    runs: list[str] = []

    def work(job: Job, progress: jobs.Progress) -> jobs.Result:
        progress(50, "Half of it")
        runs.append(str(job.id))
        if job.arguments.get("fail"):
            raise jobs.CannotDoJob("The file has no rows.")
        if job.arguments.get("crash"):
            raise ZeroDivisionError
        return jobs.Result(facts={"rows": 3}, file=b"abc", file_name="a.csv", file_type="text/csv")

    monkeypatch.setitem(jobs._handlers, "test.work", work)
    return runs


def _ask(site: Site, by: User, **arguments: object) -> Job:
    with site_scope(site.id, actor_id=by.id):
        return jobs.ask_for(kind="test.work", key="one", by=by, arguments=arguments, input_file=b"upload")


def _read(job: Job) -> Job:
    with site_scope(job.site_id):
        return Job.objects.get(pk=job.pk)


def test_a_job_runs_and_keeps_its_result(rock: Site, rock_coordinator: User, handler: list[str]) -> None:
    job = _ask(rock, rock_coordinator)
    jobs.run(rock.id, str(job.id))
    done = _read(job)
    assert (done.status, done.progress, done.result, bytes(done.file)) == ("done", 100, {"rows": 3}, b"abc")
    _assert_ended_clean(job, "done")
    with site_scope(rock.id):
        verbs = set(AuditEvent.objects.filter(object_ids=[str(job.id)]).values_list("verb", flat=True))
    assert verbs == {"job.asked", "job.finished"}


def _assert_ended_clean(job: Job, status: str) -> None:
    """No upload is left, the days are counted, the trail has the end."""
    ended = _read(job)
    assert (ended.status, ended.input_file) == (status, None)
    assert ended.finished_at and ended.expires_at == ended.finished_at + jobs.KEEP_FOR
    with site_scope(job.site_id):
        event = AuditEvent.objects.get(verb="job.finished", object_ids=[str(job.id)])
    assert event.facts == {"job_kind": "test.work", "status": status}
    assert event.actor_id == job.asked_by_id


def test_two_clicks_at_once_are_one_job(
    rock: Site, rock_coordinator: User, handler: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _ask(rock, rock_coordinator)
    look, blind = QuerySet.first, [True]

    def looks_too_early(rows: QuerySet) -> object:
        # The other click commits between our look and our insert: the first look finds nothing.
        return None if rows.model is Job and blind and blind.pop() else look(rows)

    monkeypatch.setattr(QuerySet, "first", looks_too_early)
    assert _ask(rock, rock_coordinator).pk == first.pk
    assert not blind


def test_asking_twice_is_one_job_and_running_twice_is_one_run(
    rock: Site, rock_coordinator: User, handler: list[str]
) -> None:
    first, second = _ask(rock, rock_coordinator), _ask(rock, rock_coordinator)
    assert first.pk == second.pk
    jobs.run(rock.id, str(first.id))
    jobs.run(rock.id, str(first.id))
    assert len(handler) == 1


def test_a_failure_the_person_can_mend_is_told_in_words(
    rock: Site, rock_coordinator: User, handler: list[str]
) -> None:
    job = _ask(rock, rock_coordinator, fail=True)
    jobs.run(rock.id, str(job.id))
    assert _read(job).problem == "The file has no rows."
    _assert_ended_clean(job, "failed")


def test_a_crash_is_told_without_its_insides(rock: Site, rock_coordinator: User, handler: list[str]) -> None:
    job = _ask(rock, rock_coordinator, crash=True)
    with pytest.raises(ZeroDivisionError):
        jobs.run(rock.id, str(job.id))
    _assert_ended_clean(job, "failed")
    assert "Zero" not in _read(job).problem


def test_a_killed_workers_job_is_rung_again_and_done_once(
    rock: Site, rock_coordinator: User, handler: list[str]
) -> None:
    job = _ask(rock, rock_coordinator)
    assert jobs.take(rock.id, str(job.id)) is not None  # and then the worker dies
    jobs.run(rock.id, str(job.id))
    assert handler == []  # the lease is held
    with site_scope(rock.id):
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert jobs.ring_again(rock.id) == [str(job.id)]
    assert _read(job).status == "queued"  # its page says that it waits, not that somebody works at it
    jobs.run(rock.id, str(job.id))
    assert _read(job).status == "done" and len(handler) == 1


def test_a_job_that_kills_its_worker_five_times_is_given_up(
    rock: Site, rock_coordinator: User, handler: list[str]
) -> None:
    job = _ask(rock, rock_coordinator)
    with site_scope(rock.id):
        Job.objects.filter(pk=job.pk).update(
            status="running", attempt=jobs.MOST_ATTEMPTS, lease_until=timezone.now() - dt.timedelta(seconds=1)
        )
    assert jobs.ring_again(rock.id) == []
    _assert_ended_clean(job, "failed")


def test_a_job_of_one_site_cannot_be_run_under_another(
    rock: Site, door: Site, rock_coordinator: User, handler: list[str]
) -> None:
    job = _ask(rock, rock_coordinator)
    jobs.run(door.id, str(job.id))
    assert handler == [] and _read(job).status == "queued"


def test_an_expired_file_is_forgotten_and_the_row_stays(
    rock: Site, rock_coordinator: User, handler: list[str]
) -> None:
    job = _ask(rock, rock_coordinator)
    jobs.run(rock.id, str(job.id))
    assert jobs.forget_expired(rock.id) == 0
    with site_scope(rock.id):
        # As a job left an upload before every end cleared it.
        Job.objects.filter(pk=job.pk).update(
            expires_at=timezone.now() - dt.timedelta(seconds=1), input_file=b"upload"
        )
    assert jobs.forget_expired(rock.id) == 1
    row = _read(job)
    assert (row.file, row.input_file, row.result, row.status) == (None, None, {}, "done")
    assert jobs.forget_expired(rock.id) == 0
