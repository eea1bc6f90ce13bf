"""Every column is declared personal or harmless, so nobody adds a private one without saying so."""

import pytest
from django.apps import apps
from django.db import models

from counties.free_text import without_ssn
from counties.wall import SiteModel

OURS = {
    "audit", "accounts", "counties", "families", "partners", "referrals", "matching", "activities", "advisory",
    "outreach", "reporting", "exchange",
}  # fmt: skip

LONGEST_NAME = 120
"""Characters of a text that holds a name, a number or a code; in longer ones people write sentences."""
NOT_TYPED = {
    "Job.problem": "the product's own words",
    "PlanLine.problem": "the product's own words",
    "SavedFilter.query": "the address of a list, at most what was searched for",
    "Export.filters": "the address of a list, at most what was searched for",
}


def test_every_column_is_declared_once() -> None:
    for model in apps.get_models():
        if (
            model._meta.app_label not in OURS
            or model.__name__.endswith("History")
            or model._meta.auto_created
        ):
            continue
        columns = {f.name for f in [*model._meta.local_fields, *model._meta.local_many_to_many]}
        personal, harmless = set(getattr(model, "personal", {})), set(getattr(model, "harmless", set()))
        assert columns == personal | harmless, model.__name__
        assert not personal & harmless, model.__name__


def test_every_tenant_table_keeps_its_history_or_says_why_not() -> None:
    without = {
        "ContactDraft": "half-written words are nobody's record; the contact they become keeps its own history",
        "Job": "asking, finishing and downloading are audit events; the history would copy whole files",
        "Export": "written once, then emptied; each step is an audit event, and a history would keep the file",
        "ConsentFile": "written once, never changed",
        "CertificateFile": "written once, never changed",
        "FunnelRelease": "written once, never changed",
        "ReportFigure": "a draft's figures are recomputed at will, certified ones cannot change",
        "ReportFile": "written once, never changed",
    }
    found = {m.__name__ for m in apps.get_models() if issubclass(m, SiteModel) and not hasattr(m, "history")}
    assert found == set(without)


def _long_texts() -> list[tuple[type[models.Model], models.Field]]:
    return [
        (model, field)
        for model in apps.get_models()
        if issubclass(model, SiteModel) and not model.__name__.endswith("History")
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.EmailField)
        if not field.choices and (field.max_length is None or field.max_length > LONGEST_NAME)
    ]


def test_the_database_takes_no_social_security_number_in_any_free_text() -> None:
    """V17: each long text of a tenant table has the constraint, word for word, or says why not."""
    open_to_it = set()
    for model, field in _long_texts():
        wanted = without_ssn(model._meta.model_name, field.name)
        if not any(wanted == constraint for constraint in model._meta.constraints):
            open_to_it.add(f"{model.__name__}.{field.name}")
    assert open_to_it == set(NOT_TYPED)


@pytest.mark.django_db
def test_the_constraints_of_free_text_stand_in_the_database(rock) -> None:
    from django.db import connection

    wanted = {
        constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.name.startswith("v17_")
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname LIKE 'v17%' AND convalidated")
        assert wanted and {row[0] for row in cursor.fetchall()} >= wanted
