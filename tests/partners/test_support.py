"""Supervision's notes and follow-ups, striking out a session, clinical support with its alert and licences."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from counties.access import access_to_site
from counties.wall import site_scope
from partners import tasks
from partners.actions import (
    ProviderNotLicensed,
    plan_clinical_support,
    save_provider,
    strike_session,
    write_note,
)
from partners.actions.clinical import watch_month
from partners.messages import _agreed_due, _clinical_missing
from partners.models import AgreedStep, ClinicalMonth, ClinicalProvider, SessionAttendance, SupportSession
from psp.today import clinical_support
from reporting.measures import compute
from tests.factories.partners import (
    make_agreed_step,
    make_clinical_month,
    make_partner,
    make_provider,
    make_session,
)
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
THE_25TH = dt.date(2025, 6, 25)


def _url(site, name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=[site.slug, *args])


def _attendance(site, session) -> SessionAttendance:
    with site_scope(site.id):
        return SessionAttendance.objects.select_related("session").get(session=session)


def test_the_note_is_for_coordinators_and_the_summary_for_the_partner_too(
    rock, rock_coordinator, rock_partner, rock_partner_profile, client_for
):
    session = make_session(rock, rock_partner_profile, make_partner(rock), kind="group_supervision")
    with site_scope(rock.id):
        mine = SessionAttendance.objects.get(session=session, partner=rock_partner_profile)
        other = SessionAttendance.objects.exclude(pk=mine.pk).get(session=session)
        SessionAttendance.objects.filter(pk=other.pk).update(note="Nb-other", summary="Sb-other")
    boss = client_for(rock_coordinator)
    words = {"note": "Nb-mine", "summary": "Sb-mine"}
    assert boss.post(_url(rock, "write_note", mine.pk), words).status_code == 302
    page = boss.get(_url(rock, "session", session.pk)).content.decode()
    assert all(word in page for word in ("Nb-mine", "Sb-mine", "Nb-other"))
    browser = client_for(rock_partner)
    own = browser.get(_url(rock, "session", session.pk)).content.decode()
    assert "Sb-mine" in own
    assert not [word for word in ("Nb-mine", "Nb-other", "Sb-other") if word in own]
    assert browser.get(_url(rock, "write_note", mine.pk)).status_code == 403
    assert recorded(rock, "session.noted", session, by=rock_coordinator)


def test_clinical_support_takes_no_note(rock, rock_coordinator):
    row = _attendance(rock, make_session(rock, make_partner(rock), kind="clinical_support"))
    with site_scope(rock.id), pytest.raises(ValidationError, match="supervision alone"):
        write_note(attendance=row, note="said", summary="", by=rock_coordinator)
    words = refused(rock, "UPDATE partners_sessionattendance SET note = 'said' WHERE id = %s", row.pk)
    assert "not stored" in words


def test_what_was_agreed_has_a_day_and_is_done(
    rock, rock_coordinator, rock_partner, rock_partner_profile, client_for
):
    session = make_session(rock, rock_partner_profile)
    agreed = {"partner": rock_partner_profile.pk, "words": "Book the ethics training", "due_on": "2025-06-20"}
    assert client_for(rock_coordinator).post(_url(rock, "agree_step", session.pk), agreed).status_code == 302
    with site_scope(rock.id):
        row = AgreedStep.objects.get()
        told = _agreed_due(access_to_site(rock_partner, rock), TODAY)
        assert list(told) == [row]
    client_for(rock_partner).post(_url(rock, "agreed_step", row.pk))
    with site_scope(rock.id):
        assert AgreedStep.objects.get().done_on == TODAY
        assert not _agreed_due(access_to_site(rock_partner, rock), TODAY).exists()


def test_a_partner_sees_no_follow_up_of_another(rock, rock_partner, rock_partner_profile, client_for):
    other = make_partner(rock)
    row = make_agreed_step(make_session(rock, other), other)
    assert client_for(rock_partner).post(_url(rock, "agreed_step", row.pk)).status_code == 404
    with site_scope(rock.id):
        assert AgreedStep.objects.get().done_on is None


def _workforce(site, month: dt.date) -> str:
    with site_scope(site.id):
        figures = compute(site, month)
    return str([figures[code] for code in ("F4", "F5", "F6")])


def test_a_struck_session_counts_nowhere(
    rock, rock_coordinator, rock_partner, rock_partner_profile, client_for
):
    month = dt.date(2025, 6, 1)
    without = _workforce(rock, month)
    kinds = ("individual_supervision", "clinical_support", "training")
    sessions = [make_session(rock, rock_partner_profile, kind=kind) for kind in kinds]
    assert _workforce(rock, month) != without
    browser = client_for(rock_coordinator)
    for session in sessions:
        assert browser.post(_url(rock, "strike_session", session.pk), {"reason": "twice"}).status_code == 302
    assert _workforce(rock, month) == without
    assert recorded(rock, "session.struck", sessions[0], by=rock_coordinator)
    assert "Struck out" in browser.get(_url(rock, "sessions")).content.decode()
    assert client_for(rock_partner).get(_url(rock, "session", sessions[0].pk)).status_code == 404
    assert browser.get(_url(rock, "edit_session", sessions[0].pk)).status_code == 404
    with site_scope(rock.id), pytest.raises(ValidationError, match="struck out"):
        strike_session(session=sessions[0], reason="again", by=rock_coordinator)


def test_a_missing_month_is_told_from_the_25th_until_it_is_held(rock, rock_coordinator, rock_clinical):
    make_partner(rock)
    with site_scope(rock.id):
        access = access_to_site(rock_clinical, rock)
        assert watch_month(THE_25TH - dt.timedelta(days=1)) is None
        row = watch_month(THE_25TH)
        assert watch_month(THE_25TH) == row
        assert list(_clinical_missing(access, THE_25TH)) == [row]
        assert clinical_support(access, THE_25TH).rows[0].note == "not planned"
        assert clinical_support(access, THE_25TH - dt.timedelta(days=1)) is None
    make_session(rock, kind="clinical_support", held_on=dt.date(2025, 6, 3), is_struck=True)
    with site_scope(rock.id):
        assert _clinical_missing(access, THE_25TH).exists()
    make_session(rock, kind="clinical_support", held_on=dt.date(2025, 6, 3))
    with site_scope(rock.id):
        assert not _clinical_missing(access, THE_25TH).exists()
        assert clinical_support(access, THE_25TH) is None


def test_the_watch_may_ring_twice_and_asks_nothing_of_an_empty_site(rock, door, monkeypatch):
    make_partner(rock)
    monkeypatch.setattr(tasks, "timezone", SimpleNamespace(localdate=lambda: THE_25TH))
    tasks.watch_clinical_support()
    tasks.watch_clinical_support()
    for site, count in ((rock, 1), (door, 0)):
        with site_scope(site.id):
            assert ClinicalMonth.objects.count() == count


def test_a_month_is_planned_with_a_licensed_provider(
    rock, rock_clinical, rock_partner, rock_partner_profile, client_for
):
    provider = make_provider(rock)
    ahead = TODAY + dt.timedelta(days=2)
    browser = client_for(rock_clinical)
    typed = {"planned_on": str(ahead), "planned_at": "10:00", "provider": provider.pk}
    for _ in range(2):
        assert browser.post(_url(rock, "plan_clinical"), typed).status_code == 302
    with site_scope(rock.id):
        assert ClinicalMonth.objects.get().planned_on == ahead
    assert f"{ahead:%m/%d/%Y}" in browser.get(_url(rock, "clinical")).content.decode()
    assert f"{ahead:%m/%d/%Y}" in client_for(rock_partner).get(_url(rock, "sessions")).content.decode()


@pytest.mark.parametrize(
    "fields", [{"licence_expires_on": dt.date(2025, 6, 9)}, {"ended_on": dt.date(2025, 6, 10)}]
)
def test_a_provider_without_a_licence_is_refused(fields, rock, rock_coordinator):
    provider = make_provider(rock, **fields)
    with site_scope(rock.id), pytest.raises(ProviderNotLicensed):
        plan_clinical_support(planned_on=dt.date(2025, 6, 10), provider=provider, by=rock_coordinator)


def test_the_licence_is_entered_and_renewed_on_screen(rock, rock_clinical, client_for):
    browser = client_for(rock_clinical)
    typed = {
        "name": "Nia Oak", "licence": "lcsw", "licence_number": "123-45", "licence_expires_on": "2025-02-28",
        "verified_on": "2025-01-02", "verified_by": "Ruth Alder",
    }  # fmt: skip
    assert browser.post(_url(rock, "add_provider"), typed).status_code == 302
    assert "License expired" in browser.get(_url(rock, "clinical")).content.decode()
    with site_scope(rock.id):
        provider = ClinicalProvider.objects.get()
    renewed = typed | {"licence_expires_on": "2099-02-28"}
    assert browser.post(_url(rock, "edit_provider", provider.pk), renewed).status_code == 302
    assert "License expired" not in browser.get(_url(rock, "clinical")).content.decode()
    with site_scope(rock.id), pytest.raises(ValidationError, match="expired"):
        save_provider(
            provider=provider,
            licence_expires_on=dt.date(2024, 1, 1),
            verified_on=dt.date(2025, 1, 2),
            by=rock_clinical,
        )


def test_clinical_pages_are_for_those_who_keep_attendance(
    rock, rock_partner, rock_partner_profile, client_for
):
    month, provider = make_clinical_month(rock), make_provider(rock)
    browser = client_for(rock_partner)
    for url in (
        _url(rock, "clinical"), _url(rock, "clinical_month", month.pk), _url(rock, "edit_provider", provider.pk)
    ):  # fmt: skip
        assert browser.get(url).status_code == 403


def test_one_row_for_each_month(rock):
    make_clinical_month(rock)
    month = make_clinical_month(rock, month=dt.date(2025, 7, 1))
    sql = "UPDATE partners_clinicalmonth SET month = %s WHERE id = %s"
    assert "clinical_month_once" in refused(rock, sql, "2025-06-01", month.pk)
    assert "clinical_month_first_day" in refused(rock, sql, "2025-07-02", month.pk)


def test_an_agenda_belongs_to_supervision(rock, rock_coordinator, client_for):
    partner = make_partner(rock)
    typed = {
        "kind": "group_supervision", "held_on": "2025-06-02", "minutes": "60", "agenda": ["boundaries", "wellness"],
        "attendees": [partner.pk],
    }  # fmt: skip
    browser = client_for(rock_coordinator)
    assert browser.post(_url(rock, "record_session"), typed).status_code == 302
    with site_scope(rock.id):
        assert SupportSession.objects.get().agenda_display() == "Boundaries, Wellness"
    refusal = browser.post(_url(rock, "record_session"), typed | {"kind": "clinical_support"})
    assert "An agenda belongs to supervision" in refusal.content.decode()


def test_a_follow_up_by_mistake_is_struck_and_holds_its_owner_in_the_session_until_then(
    rock, rock_coordinator, rock_partner, rock_partner_profile, client_for
):
    other = make_partner(rock)
    session = make_session(rock, rock_partner_profile, other, kind="group_supervision")
    step = make_agreed_step(session, rock_partner_profile, words="Zebra walks")
    boss, url = client_for(rock_coordinator), _url(rock, "session", session.pk)
    typed = {"kind": session.kind, "held_on": session.held_on, "minutes": 45, "attendees": [other.pk]}
    assert "Strike that out first" in boss.post(_url(rock, "edit_session", session.pk), typed).text
    strike = _url(rock, "strike_agreed_step", step.pk)
    assert client_for(rock_partner).post(strike).status_code == 403
    assert boss.post(strike).status_code == 302 and "Zebra walks" not in boss.get(url).text
    assert recorded(rock, "agreed_step.struck", rock_partner_profile, by=rock_coordinator)
    assert boss.post(_url(rock, "edit_session", session.pk), typed).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"ended_on": "2025-01-01"}, "the day the license was seen"), ({"name": "Twin"}, "on the list already")],
)
def test_a_provider_with_a_slip_is_refused(changes, words, rock, rock_clinical, client_for):
    make_provider(rock, licence="lcsw", licence_number="123-45")
    typed = {
        "name": "Nia Oak", "licence": "lcsw", "licence_number": "123-45", "licence_expires_on": "2026-02-28",
        "verified_on": "2025-01-02", "verified_by": "Ruth Alder",
    }  # fmt: skip
    assert words in client_for(rock_clinical).post(_url(rock, "add_provider"), typed | changes).text


def test_a_month_that_is_over_is_not_planned(rock, rock_coordinator):
    with site_scope(rock.id), pytest.raises(ValidationError, match="month is over"):
        plan_clinical_support(planned_on=dt.date(2025, 6, 10), by=rock_coordinator)
