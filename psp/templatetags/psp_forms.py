"""Template words for drawing form fields; used by `templates/forms/` and the widget templates only."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.forms.utils import flatatt
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from counties.filters import token_of
from psp.templatetags.psp import date_us

register = template.Library()

# Words a form may put into a widget's `class`; they steer the templates and are no CSS classes.
LAYOUT_WORDS = {"half", "short", "tile", "columns", "combo", "chips"}


@register.filter
def has_word(text: str | None, word: str) -> bool:
    """Whether `word` is one of the words in `text`."""
    return word in (text or "").split()


@register.simple_tag
def control_attrs(widget: dict[str, Any], base: str) -> SafeString:
    """The attributes of a form control with its USWDS classes, `base` first."""
    attrs = {name: value for name, value in widget["attrs"].items() if value not in (None, False)}
    words = str(attrs.pop("class", "")).split()
    classes = [base, *(word for word in words if word not in LAYOUT_WORDS)]
    if "tile" in words:
        classes.append(f"{base}--tile")
    if "short" in words:
        classes.append("psp-input--short")
    if attrs.get("aria-invalid") and base in {"usa-input", "usa-textarea", "usa-select"}:
        classes.append("usa-input--error")
    if base == "usa-textarea" and "maxlength" in attrs:
        classes.append("usa-character-count__field")
    if base == "usa-radio__input":
        attrs.pop("aria-invalid", None)  # not allowed on a radio button; the group carries the error text
    return flatatt(attrs | {"class": " ".join(classes)})


@register.filter
def as_type(widget: dict[str, Any], kind: str) -> dict[str, Any]:
    """The widget as an `<input type=kind>`."""
    return widget | {"type": kind}


@register.filter
def as_number(widget: dict[str, Any]) -> dict[str, Any]:
    """A number as a text box with a number keyboard: no spinner that a mouse wheel changes unseen."""
    attrs = dict(widget["attrs"])
    step = str(attrs.pop("step", "1"))
    attrs.pop("min", None)
    attrs.pop("max", None)
    attrs.setdefault("inputmode", "numeric" if step.isdigit() else "decimal")
    attrs["class"] = f"{attrs.get('class', '')} short".strip()
    return widget | {"type": "text", "attrs": attrs}


@register.filter
def is_single_checkbox(field: BoundField) -> bool:
    """Whether the label belongs after the box."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_counted(field: BoundField) -> bool:
    """Whether the characters left are counted: a text area with a limit."""
    return isinstance(field.field.widget, forms.Textarea) and bool(getattr(field.field, "max_length", None))


@register.filter
def control_id(field: BoundField) -> str:
    """Id of the control an error summary links to: a group's first choice, otherwise the field itself."""
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        first = next(iter(field.subwidgets), None)
        return first.id_for_label if first else field.auto_id
    return field.id_for_label or field.auto_id


@register.filter
def summary_label(field: BoundField) -> str:
    """The label before its message in an error summary: "Date:", but no colon after a question mark."""
    label = str(field.label)
    return label if label.endswith(("?", ":", ".")) else f"{label}:"


@register.filter
def error_count(form: BaseForm) -> int:
    """How many messages the error summary shows."""
    return sum(len(messages) for messages in form.errors.values())


@register.filter
def form_sections(form: BaseForm) -> list[dict[str, Any]]:
    """The visible fields under the headings named in `form.sections`; fields not named come last."""
    named = getattr(form, "sections", ())
    sections = [_section(form, *section) for section in named]
    placed = {field.name for section in sections for field in section["fields"]}
    rest = [field for field in form.visible_fields() if field.name not in placed]
    if rest or not sections:
        sections.append(_section(form, "", [field.name for field in rest]))
    return [section for section in sections if section["fields"]]


def _section(
    form: BaseForm, title: str, names: list[str], hint: str = "", folded: bool = False
) -> dict[str, Any]:
    """A heading with its fields; a folded one is open where an answer or an error stands in it."""
    fields = [form[name] for name in names if name in form.fields]
    is_open = any(
        field.errors or (field.value() not in (None, "", []) and not _preset(field)) for field in fields
    )
    return {"title": title, "hint": hint, "fields": fields, "folded": folded, "open": is_open}


def _preset(field: BoundField) -> bool:
    """Whether the answer is the first of a list without a blank, which nobody has chosen yet."""
    choices = getattr(field.field, "choices", None)
    return bool(choices) and str(next(iter(choices))[0]) == str(field.value())


@register.simple_tag(takes_context=True)
def active_filters(context: template.Context, form: BaseForm) -> list[dict[str, str]]:
    """What a filter form narrows by now: `label`, `value`, and the address `url` without it."""
    query: QueryDict = context["request"].GET
    chips = []
    for field in form.visible_fields() if form.is_bound else ():
        for value in query.getlist(field.html_name):
            if value and field.name not in form.errors:
                url = f"?{_without(query, field.html_name, value)}"
                chips.append({"label": str(field.label), "value": _words(form, field, value), "url": url})
    return chips


@register.simple_tag(takes_context=True)
def save_filter_url(context: template.Context, form: BaseForm) -> str:
    """Where what is chosen on this list can be kept under a name; "" when there is nothing to keep."""
    token = token_of(context["request"], form)
    if not token:
        return ""
    return f"{reverse('counties:save_filter', args=[context['request'].site.slug])}?{urlencode({'choice': token})}"


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [kept for kept in query.getlist(name) if kept != value])
    rest.pop("page", None)
    return rest.urlencode()


def _words(form: BaseForm, field: BoundField, value: str) -> str:
    """A filter's value as the person chose it: a choice's label, a date as MM/DD/YYYY, nothing for a tick."""
    cleaned = getattr(form, "cleaned_data", {}).get(field.name)
    match field.field:
        case forms.NullBooleanField() | forms.ModelMultipleChoiceField():
            pass
        case forms.BooleanField():
            return ""
        case forms.ModelChoiceField() if cleaned:
            return field.field.label_from_instance(cleaned)
        case forms.DateField() if cleaned:
            return date_us(cleaned)
    return dict(_flat(getattr(field.field, "choices", ()))).get(value, value)


def _flat(choices: Any) -> list[tuple[str, str]]:
    """Choices without their groups, keyed by text as they arrive in an address."""
    pairs: list[tuple[str, str]] = []
    for value, label in choices:
        pairs += _flat(label) if isinstance(label, list | tuple) else [(str(value), str(label))]
    return pairs
