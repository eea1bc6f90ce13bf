"""The narrative: kept as typed, scanned for what must not stand in it, closed by certification."""

import pytest
from django.core.exceptions import ValidationError

from counties.wall import site_scope
from reporting.actions import ReportFrozen, write_narrative
from tests.reporting.words import WORDS
from tests.trail import recorded

pytestmark = pytest.mark.django_db


def test_the_writer_becomes_the_preparer(rock, report, rock_partner_coordinator):
    with site_scope(rock.id, actor_id=rock_partner_coordinator.id):
        write_narrative(report=report, by=rock_partner_coordinator, **WORDS)
        report.refresh_from_db()
    assert report.successes == "Two parents spoke at the council."
    assert report.prepared_by == rock_partner_coordinator
    assert recorded(rock, "report.written", report, rock_partner_coordinator)


def test_a_social_security_number_is_refused(rock, report, rock_coordinator):
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        write_narrative(
            report=report, by=rock_coordinator, **WORDS | {"barriers": "Mother, 123-45-6789, moved."}
        )
    assert set(refusal.value.message_dict) == {"barriers"}
    with site_scope(rock.id):
        report.refresh_from_db()
    assert report.barriers == ""


def test_a_phrase_about_who_reported_needs_a_tick(rock, report, rock_coordinator):
    words = WORDS | {"barriers": "The family was reported by a neighbor."}
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        write_narrative(report=report, by=rock_coordinator, **words)
    keys = [doubt.key for doubt in refusal.value.doubts]
    with site_scope(rock.id):
        write_narrative(report=report, by=rock_coordinator, confirmed=keys, **words)
        report.refresh_from_db()
    assert report.barriers.startswith("The family")


def test_a_certified_narrative_is_closed(rock, report, at, rock_coordinator):
    at("certified", report, rock_coordinator)
    with site_scope(rock.id), pytest.raises(ReportFrozen):
        write_narrative(report=report, by=rock_coordinator, **WORDS)
