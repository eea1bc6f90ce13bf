"""Every column is declared personal or harmless, so nobody adds a private one without saying so."""

from django.apps import apps

OURS = {
    "audit", "accounts", "counties", "families", "partners", "referrals", "matching", "activities", "advisory",
    "outreach", "reporting", "exchange",
}  # fmt: skip


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
    from counties.wall import SiteModel

    without = {
        "ContactDraft": "half-written words are nobody's record; the contact they become keeps its own history",
        "Job": "asking, finishing and downloading are audit events; the history would copy whole files",
        "Export": "written once, then emptied; each step is an audit event, and a history would keep the file",
        "ConsentFile": "written once, never changed",
        "ReportFigure": "a draft's figures are recomputed at will, certified ones cannot change",
        "ReportFile": "written once, never changed",
    }
    found = {m.__name__ for m in apps.get_models() if issubclass(m, SiteModel) and not hasattr(m, "history")}
    assert found == set(without)
