"""A form that is sent twice asks before it does its work twice; a year nobody means is refused."""

import datetime as dt
import re
import uuid

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from activities.models import Incident
from counties.action_forms import SENT_BEFORE, ActionForm
from counties.wall import site_scope

pytestmark = pytest.mark.django_db
SENDING = re.compile(r'name="sending" value="([^"]+)"')


class WordForm(ActionForm):
    word = forms.CharField()


def test_the_second_sending_asks_and_the_third_goes_through():
    done = []
    sent = {"word": str(uuid.uuid4()), "sending": str(uuid.uuid4())}
    first, second = WordForm(sent), WordForm(sent)
    assert first.is_valid() and first.carried_out(lambda word, confirmed: done.append(word))
    assert second.is_valid() and not second.carried_out(lambda word, confirmed: done.append(word))
    assert second.non_field_errors() == [SENT_BEFORE]
    third = WordForm(sent | {"sending": str(second.sending)})
    assert third.is_valid() and third.carried_out(lambda word, confirmed: done.append(word))
    assert done == [sent["word"]] * 2


def test_the_same_words_from_a_page_opened_anew_ask_as_well_and_other_words_do_not():
    def send(word, sending=None):
        form = WordForm({"word": word, "sending": str(sending or uuid.uuid4())})
        return form, form.is_valid() and form.carried_out(lambda word, confirmed: word)

    word = str(uuid.uuid4())
    assert send(word)[1] and send(f"{word} too")[1]
    again, went = send(word)
    assert not went and again.non_field_errors() == [SENT_BEFORE]
    assert send(word, again.sending)[1]


def test_a_refused_form_is_sent_again_as_it_is():
    def refuse(word, confirmed):
        raise ValidationError({"word": "No."})

    sent = {"word": str(uuid.uuid4()), "sending": str(uuid.uuid4())}
    form = WordForm(sent)
    assert form.is_valid() and not form.carried_out(refuse)
    assert str(form.sending) == sent["sending"]
    again = WordForm(sent)
    assert again.is_valid() and again.carried_out(lambda word, confirmed: word)


@pytest.mark.parametrize("sending", ["", "x", "\0", "1" * 5000])
def test_a_form_that_names_no_opening_goes_through(sending):
    for _ in range(2):
        form = WordForm({"word": "yes", "sending": sending})
        assert form.is_valid() and form.carried_out(lambda word, confirmed: word)


def test_an_incident_sent_twice_is_one_incident(client_for, rock, rock_coordinator):
    browser, url = client_for(rock_coordinator), reverse("activities:record_incident", args=["rock"])
    sending = SENDING.search(browser.get(url).text)[1]
    sent = {
        "kind": "complaint", "happened_at": "2026-01-05T10:00", "what_happened": "A call.", "sending": sending,
    }  # fmt: skip
    assert browser.post(url, sent).status_code == 302
    again = browser.post(url, sent)
    assert SENT_BEFORE in again.text and "A call." in again.text
    with site_scope(rock.pk):
        assert Incident.objects.count() == 1


@pytest.mark.parametrize("day", ["0001-01-01", "0026-05-01", "2206-01-01", "9999-12-31"])
def test_a_year_nobody_means_is_refused(day):
    class DayForm(ActionForm):
        day = forms.DateField()

    assert DayForm({"day": day}).errors == {"day": ["Look at the year again."]}
    assert DayForm({"day": "2026-05-01"}).is_valid()
    assert dt.date.fromisoformat(day)  # the calendar knows it
