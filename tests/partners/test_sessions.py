"""Sessions: who came, V06, clinical support without content, striking out instead of erasing."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from counties.wall import site_scope
from partners.actions import edit_session, record_session
from partners.models import SessionAttendance, SupportSession
from partners.views_sessions import clinical_support_is_missing
from tests.factories.partners import make_partner, make_session
from tests.raw_sql import refused
from tests.trail import recorded

pytestmark = pytest.mark.django_db

LIST_QUERIES = 13
"""Of one page of sessions, whatever it holds."""

HELD = {"kind": "group_supervision", "held_on": dt.date(2025, 6, 2), "minutes": 60, "topic": "boundaries"}


def _attended(site, session) -> dict[str, bool]:
    with site_scope(site.id):
        rows = SessionAttendance.objects.filter(session=session).select_related("partner")
        return {row.partner.first_name: row.is_present for row in rows}


def _typed(*partners, **answers) -> dict:
    return {**HELD, "held_on": "2025-06-02", "attendees": [str(p.pk) for p in partners], **answers}


def test_a_session_is_recorded_with_who_came(rock, rock_coordinator):
    partners = [make_partner(rock, first_name=name) for name in ("Ann", "Bea")]
    with site_scope(rock.id):
        session = record_session(attendees=partners, by=rock_coordinator, **HELD)
    assert _attended(rock, session) == {"Ann": True, "Bea": True}
    assert recorded(rock, "session.recorded", session, by=rock_coordinator)


def test_an_attendee_is_struck_out_and_can_come_back(rock, rock_coordinator):
    ann, bea = (make_partner(rock, first_name=name) for name in ("Ann", "Bea"))
    with site_scope(rock.id):
        session = record_session(attendees=[ann, bea], by=rock_coordinator, **HELD)
        edit_session(session=session, attendees=[bea], by=rock_coordinator, **HELD)
    assert _attended(rock, session) == {"Ann": False, "Bea": True}
    with site_scope(rock.id):
        edit_session(session=session, attendees=[ann, bea], by=rock_coordinator, **HELD)
    assert _attended(rock, session) == {"Ann": True, "Bea": True}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"held_on": timezone.localdate() + dt.timedelta(days=1)}, "held_on", "today or an earlier day"),
        ({"minutes": 721}, "minutes", "720"),
        ({"minutes": 0}, "minutes", "720"),
        ({"kind": "clinical_support"}, "topic", "not stored"),
        ({"attendees": []}, "attendees", "Choose who"),
        ({"held_on": dt.date(2023, 12, 31)}, "attendees", "no role here on 12/31/2023"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changes, field, words, rock, rock_coordinator):
    answers = {**HELD, "attendees": [make_partner(rock)], **changes}
    with site_scope(rock.id), pytest.raises(ValidationError) as refusal:
        record_session(by=rock_coordinator, **answers)
    assert words in refusal.value.message_dict[field][0]


def test_individual_supervision_has_one_attendee(rock, rock_coordinator):
    two = [make_partner(rock), make_partner(rock)]
    with site_scope(rock.id), pytest.raises(ValidationError, match="one attendee"):
        record_session(attendees=two, by=rock_coordinator, **HELD | {"kind": "individual_supervision"})


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("held_on", "2999-01-01", "V06"),
        ("minutes", 721, "session_minutes_1_to_720"),
        ("minutes", 0, "session_minutes_1_to_720"),
        ("topic", "what was said", "session_clinical_without_topic"),
    ],
)
def test_the_database_refuses_as_well(column, value, rule, rock):
    session = make_session(rock, kind="clinical_support")
    assert rule in refused(
        rock, f"UPDATE partners_supportsession SET {column} = %s WHERE id = %s", value, session.pk
    )


def test_the_screen_records_and_keeps_what_was_typed(rock, rock_coordinator, client_for):
    partner = make_partner(rock)
    browser, url = client_for(rock_coordinator), reverse("partners:record_session", args=[rock.slug])
    answer = browser.post(url, _typed(partner, minutes="900"))
    assert answer.status_code == 200
    assert 'value="900"' in answer.content.decode()
    assert "boundaries" in answer.content.decode()
    tomorrow = str(timezone.localdate() + dt.timedelta(days=1))
    early = browser.post(url, _typed(partner, held_on=tomorrow))
    assert "today or an earlier day" in early.context["form"].errors["held_on"][0]
    assert browser.post(url, _typed(partner)).status_code == 302
    again = browser.post(url, _typed(partner, another="1"))
    assert again.url == url
    with site_scope(rock.id):
        assert SupportSession.objects.count() == 2


def test_the_screen_corrects_a_session(rock, rock_coordinator, client_for):
    ann, bea = (make_partner(rock, first_name=name) for name in ("Ann", "Bea"))
    session = make_session(rock, ann, bea, kind="group_supervision")
    url = reverse("partners:edit_session", args=[rock.slug, session.pk])
    page = client_for(rock_coordinator).get(url).content.decode()
    assert page.count("checked") == 3  # the kind and two attendees
    client_for(rock_coordinator).post(url, _typed(ann))
    assert _attended(rock, session) == {"Ann": True, "Bea": False}


def test_clinical_support_sees_and_records_only_its_kind(rock, rock_clinical, client_for):
    partner = make_partner(rock)
    clinical = make_session(rock, partner, kind="clinical_support")
    other = make_session(rock, partner, topic="secret of supervision")
    browser = client_for(rock_clinical)
    page = browser.get(reverse("partners:sessions", args=[rock.slug]))
    assert [s.pk for s in page.context["listing"]] == [clinical.pk]
    assert browser.get(reverse("partners:edit_session", args=[rock.slug, other.pk])).status_code == 404
    url = reverse("partners:record_session", args=[rock.slug])
    assert 'name="topic"' not in browser.get(url).content.decode()
    assert browser.post(url, _typed(partner)).status_code == 200  # another kind is no choice for them
    assert browser.post(url, _typed(partner, kind="clinical_support")).status_code == 302
    with site_scope(rock.id):
        assert set(SupportSession.objects.values_list("kind", "topic")) == {
            ("clinical_support", ""),
            ("individual_supervision", "secret of supervision"),
        }


def test_clinical_support_reads_no_profile(rock, rock_clinical, client_for):
    partner = make_partner(rock)
    for name, args in (("partners:list", []), ("partners:detail", [partner.pk])):
        assert client_for(rock_clinical).get(reverse(name, args=[rock.slug, *args])).status_code == 403


def test_a_partner_sees_only_sessions_attended_and_nobody_else(
    rock, rock_partner, rock_partner_profile, client_for
):
    other = make_partner(rock, first_name="Zora")
    mine = make_session(rock, rock_partner_profile, other, kind="group_supervision")
    make_session(rock, other)
    struck = make_session(rock, rock_partner_profile)
    with site_scope(rock.id):
        SessionAttendance.objects.filter(session=struck).update(is_present=False)
    page = client_for(rock_partner).get(reverse("partners:sessions", args=[rock.slug]))
    assert [s.pk for s in page.context["listing"]] == [mine.pk]
    assert "Zora" not in page.content.decode()


def test_a_foreign_attendee_is_a_field_error_without_names_and_recorded(
    rock, door, rock_coordinator, client_for
):
    stranger = make_partner(door, first_name="Zzyzx")
    url = reverse("partners:record_session", args=[rock.slug])
    answer = client_for(rock_coordinator).post(url, _typed(stranger))
    assert answer.status_code == 200
    assert "attendees" in answer.context["form"].errors
    assert "Zzyzx" not in answer.content.decode()
    assert recorded(rock, "access.refused", stranger)


def test_filters_stand_in_the_address(rock, rock_coordinator, client_for):
    ann = make_partner(rock, first_name="Ann")
    early = make_session(rock, ann, held_on=dt.date(2025, 1, 10), topic="safety")
    late = make_session(rock, make_partner(rock), held_on=dt.date(2025, 7, 1), kind="training")
    browser, url = client_for(rock_coordinator), reverse("partners:sessions", args=[rock.slug])

    def shown(query: str) -> list:
        return [s.pk for s in browser.get(f"{url}?{query}").context["listing"]]

    assert shown("") == [late.pk, early.pk]
    assert shown("sort=held") == [early.pk, late.pk]
    assert shown("kind=training") == [late.pk]
    assert shown("q=ann") == shown("q=safety") == shown("held_to=2025-02-01") == [early.pk]
    assert shown("held_from=2025-02-01") == [late.pk]
    assert shown("held_from=nonsense") == [late.pk, early.pk]


def test_the_list_takes_a_constant_number_of_queries(
    rock, rock_coordinator, client_for, django_assert_num_queries
):
    browser, url = client_for(rock_coordinator), reverse("partners:sessions", args=[rock.slug])
    for count in (1, 25):
        for _ in range(count):
            make_session(rock, make_partner(rock), make_partner(rock), kind="group_supervision")
        browser.get(url)
        with django_assert_num_queries(LIST_QUERIES):
            browser.get(url)


@pytest.mark.parametrize(
    ("day", "held", "missing"),
    [(24, None, False), (25, None, True), (25, dt.date(2025, 5, 30), True), (30, dt.date(2025, 6, 3), False)],
)
def test_a_month_without_clinical_support_is_pointed_out_from_the_25th(day, held, missing, rock):
    if held:
        make_session(rock, kind="clinical_support", held_on=held)
    with site_scope(rock.id):
        assert clinical_support_is_missing(dt.date(2025, 6, day)) is missing
