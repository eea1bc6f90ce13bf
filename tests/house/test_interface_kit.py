"""The interface kit keeps its word: descriptions exist, summaries lead to the fields, nothing is inline."""

import json
import re
import struct
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

from psp.templatetags import psp as words
from psp.templatetags.psp_forms import LAYOUT_WORDS, active_filters
from psp.views_styleguide import SampleFilter, SampleForm

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx code": re.compile(r"\shx-on|hx-vals\s*=\s*[\"']js:", re.IGNORECASE),
}
DJANGO = re.compile(r"{%.*?%}|{{.*?}}")
REFUSED = {
    "happened_on": "2025-02-31",
    "minutes": "many",
    "email": "nobody",
    "zip": "123456",
}


class EveryWidget(forms.Form):
    """Widgets the sample form has no use for, each with a hint."""

    plain = forms.CharField(help_text="hint")
    secret = forms.CharField(help_text="hint", widget=forms.PasswordInput)
    amount = forms.DecimalField(help_text="hint", decimal_places=2)
    at = forms.TimeField(help_text="hint")
    begins_at = forms.DateTimeField(help_text="hint")
    one = forms.ChoiceField(help_text="hint", choices=[("a", "A"), ("b", "B")])
    grouped = forms.MultipleChoiceField(
        help_text="hint", choices=[("Near", [("a", "A")]), ("Far", [("b", "B")])],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    nothing_to_choose = forms.ChoiceField(help_text="hint", choices=[], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(help_text="hint", choices=[("a", "A")])
    agreed = forms.BooleanField(help_text="hint")
    paper = forms.FileField(help_text="hint")
    number = forms.CharField(widget=forms.HiddenInput)


def _soup(form: forms.Form) -> BeautifulSoup:
    return BeautifulSoup(str(form), "html.parser")


def _ids(soup: BeautifulSoup) -> list[str]:
    return [tag["id"] for tag in soup.find_all(id=True)]


BOUND = {
    "sample, untouched": lambda: SampleForm(),
    "sample, empty": lambda: SampleForm({}),
    "sample, wrong": lambda: SampleForm(REFUSED),
    "widgets, untouched": lambda: EveryWidget(),
    "widgets, empty": lambda: EveryWidget({}),
    "widgets, with a prefix": lambda: EveryWidget({}, prefix="second"),
}


@pytest.mark.parametrize("make", BOUND.values(), ids=BOUND.keys())
def test_every_description_of_a_field_exists_once(make):
    soup = _soup(make())
    ids = _ids(soup)
    assert len(ids) == len(set(ids))
    named = [
        one
        for tag in soup.find_all(attrs={"aria-describedby": True})
        for one in tag["aria-describedby"].split()
    ]
    assert named and set(named) <= set(ids)
    labels = [tag["for"] for tag in soup.find_all("label")]
    assert set(labels) <= set(ids)


@pytest.mark.parametrize("make", [EveryWidget, SampleForm])
def test_every_refused_field_is_described_by_its_error_and_hint(make):
    form = make({})
    soup = _soup(form)
    for field in form.visible_fields():
        if not field.errors:
            continue
        control = soup.find(id=field.id_for_label or f"{field.auto_id}_0") or soup.find(id=field.auto_id)
        described = (
            control.find_parent("fieldset", attrs={"aria-describedby": True})
            if field.use_fieldset
            else control
        )
        wanted = {f"{field.auto_id}_error"} | ({f"{field.auto_id}_helptext"} if field.help_text else set())
        assert wanted <= set(described["aria-describedby"].split()), field.name


@pytest.mark.parametrize("make", [EveryWidget, SampleForm])
def test_every_link_of_the_error_summary_reaches_its_field(make):
    form = make({})
    soup = _soup(form)
    summary = soup.find(attrs={"data-focus-on-load": True})
    links = [link["href"].removeprefix("#") for link in summary.find_all("a")]
    assert summary["tabindex"] == "-1"
    assert len(links) == len([field for field in form.visible_fields() if field.errors])
    assert set(links) <= set(_ids(soup))


def test_a_hidden_field_and_a_whole_form_can_be_refused_too():
    form = EveryWidget({})
    form.add_error(None, "The month is closed.")
    listed = [item.get_text() for item in _soup(form).find(attrs={"data-focus-on-load": True}).find_all("li")]
    assert "The month is closed." in listed
    assert any(text.startswith("Number:") for text in listed)


def test_what_was_typed_stays_and_is_escaped():
    soup = _soup(
        SampleForm(
            {
                "street": "<b>Main</b>",
                "note": "</textarea><i>x</i>",
                "helped_with": ["food"],
            }
        )
    )
    assert soup.find(id="id_street")["value"] == "<b>Main</b>"
    assert soup.find("textarea").get_text().strip() == "</textarea><i>x</i>"
    assert [box["value"] for box in soup.find_all("input", checked=True)] == ["food"]
    assert not soup.find(["b", "i"])


def test_only_optional_fields_are_marked():
    soup = _soup(SampleForm())
    assert "(optional)" in soup.find("label", attrs={"for": "id_street"}).get_text()
    assert "(optional)" not in soup.find("label", attrs={"for": "id_zip"}).get_text()
    assert "*" not in soup.get_text()


def test_layout_listednever_reach_the_page():
    classes = {one for tag in _soup(SampleForm()).find_all(class_=True) for one in tag["class"]}
    assert not classes & LAYOUT_WORDS
    assert {
        "usa-radio__input--tile",
        "usa-combo-box",
        "psp-field--half",
        "usa-character-count",
    } <= classes


def test_sections_hold_each_field_once_and_forgotten_fields_come_last():
    class Forgetful(SampleForm):
        sections = (("Who", ["email", "zip"]),)

    soup = _soup(Forgetful())
    names = list(dict.fromkeys(tag["name"] for tag in soup.find_all(["input", "select", "textarea"])))
    assert names[:2] == ["email", "zip"]
    assert sorted(names) == sorted(SampleForm.base_fields)


def test_a_missing_answer_says_what_to_do():
    messages = {name: errors[0] for name, errors in SampleForm({}).errors.items()}
    assert messages["happened_on"] == "Enter a date."
    assert messages["mode"] == "Choose an answer."
    assert "This field is required." not in messages.values()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_needs_a_content_security_exception(template):
    text = DJANGO.sub("", template.read_text())
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


def test_every_layout_class_of_a_template_has_its_rule():
    rules = set(re.findall(r"\.(psp-[\w-]+)", (Path(settings.BASE_DIR) / "static/css/psp.css").read_text()))
    classes = re.compile(r"\bclass=\"([^\"]*)\"")
    used = {
        name: path.name
        for path in TEMPLATES
        for listed in classes.findall(DJANGO.sub(" ", path.read_text()))
        for name in listed.split()
        if name.startswith("psp-") and not name.endswith("-")
    }
    assert {name: where for name, where in used.items() if name not in rules} == {}


def test_the_inline_patterns_catch_what_they_are_for():
    samples = [
        '<p style="x">',
        "<style>",
        "<script>1",
        '<a onclick="x">',
        '<a href="javascript:x">',
        '<a hx-on:click="x">',
    ]
    assert [bool(pattern.search(text)) for pattern, text in zip(INLINE.values(), samples, strict=True)] == [
        True
    ] * 6


def test_every_own_script_is_loaded_by_some_page():
    named = {name for path in TEMPLATES for name in re.findall(r"static 'js/([\w-]+\.js)'", path.read_text())}
    assert named == {path.name for path in (Path(settings.BASE_DIR) / "static/js").glob("*.js")}


def test_the_manifest_for_a_phone_s_home_screen_names_icons_of_their_size():
    manifest = json.loads((settings.BASE_DIR / "static" / "psp.webmanifest").read_text())
    for icon in manifest["icons"]:
        content = (settings.BASE_DIR / "static" / icon["src"]).read_bytes()
        if icon["type"] == "image/png":
            width, height = struct.unpack(">II", content[16:24])
            assert icon["sizes"] == f"{width}x{height}"
    assert f'content="{manifest["theme_color"]}"' in (settings.BASE_DIR / "templates/base.html").read_text()


def test_every_icon_named_in_a_template_is_in_the_sprite():
    sprite = (Path(settings.BASE_DIR) / "build/static/uswds/img/sprite.svg").read_text()
    named = {name for path in TEMPLATES for name in re.findall(r"{% icon \"(\w+)\" %}", path.read_text())}
    missing = [name for name in named | set(words.KIND_ICONS.values()) if f'id="{name}"' not in sprite]
    assert named and missing == []


def test_chips_name_the_choice_and_remove_only_themselves():
    request = RequestFactory().get(
        "/list/?q=lopez&status=active&since=2025-03-04&mine=on&sort=-started&page=3"
    )
    chips = active_filters({"request": request}, SampleFilter(request.GET))
    assert [(chip["label"], chip["value"]) for chip in chips] == [
        ("Search", "lopez"), ("Status", "Active"), ("Started since", "03/04/2025"), ("Only mine", ""),
    ]  # fmt: skip
    assert chips[1]["url"] == "?q=lopez&since=2025-03-04&mine=on&sort=-started"


def test_a_filter_that_makes_no_sense_gets_no_chip():
    request = RequestFactory().get("/list/?status=<script>&since=soon")
    assert active_filters({"request": request}, SampleFilter(request.GET)) == []


@pytest.mark.parametrize("kind", words.KIND_ICONS)
def test_a_status_is_never_colour_alone(kind):
    soup = BeautifulSoup(
        render_to_string("components/tag.html", {"kind": kind, "label": "Late"}),
        "html.parser",
    )
    assert soup.get_text().strip() == "Late"
    assert soup.find("use")["href"].endswith(f"#{words.KIND_ICONS[kind]}")


def test_no_status_code_has_two_colours():
    codes = [code for codes in words.STATUS_KINDS.values() for code in codes.split()]
    assert sorted(codes) == sorted(set(codes))


def test_an_empty_fact_says_so_and_zero_is_a_fact():
    html = render_to_string(
        "components/definition_list.html",
        {"items": [("Interpreter", ""), ("Children", 0)]},
    )
    values = [dd.get_text() for dd in BeautifulSoup(html, "html.parser").find_all("dd")]
    assert values == ["Not recorded", "0"]


@pytest.mark.parametrize("values", [[], [4], [0, 0, 0], [3, 1, 2]])
def test_a_sparkline_stays_inside_its_box(values):
    context = words.sparkline(values, "Contacts")
    points = [tuple(map(float, point.split(","))) for point in context["line"].split()]
    assert len(points) == len(values)
    assert all(0 <= x <= 120 and 0 <= y <= 28 for x, y in points)


@pytest.mark.parametrize("code", ["400", "403", "404", "429", "csrf", "500"])
def test_error_pages_stand_without_a_signed_in_person(code):
    request = RequestFactory().get("/nowhere/")
    request.user = AnonymousUser()
    html = render_to_string(
        f"errors/{code}.html",
        {"reason": "Not yours."},
        request=None if code == "500" else request,
    )
    soup = BeautifulSoup(html, "html.parser")
    assert soup.h1.get_text() and soup.find(id="main") and soup.html["lang"]
    assert ("Not yours." in html) == (code == "403")
