"""Row history: every change of a tenant row, kept by triggers, with who and (through the request) why.

`pgh_request` leads to the audit events of the same request, which carry the verb and the reason.
Bulk updates and raw SQL are caught as well, because the database itself writes these rows.
"""

import pghistory
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Cast, NullIf
from pghistory.models import Event


def _setting(name: str, output_field: models.Field) -> Cast:
    """Column default that reads a setting of the running transaction; NULL where it was never set."""
    text = Func(Value(name), Value(True), function="current_setting", output_field=models.TextField())
    return Cast(NullIf(text, Value("")), output_field)


class RowHistory(Event):
    """Base of every history table (see `PGHISTORY_BASE_MODEL`)."""

    pgh_actor = models.IntegerField(null=True, db_default=_setting("psp.actor", models.IntegerField()))
    pgh_request = models.UUIDField(null=True, db_default=_setting("psp.request", models.UUIDField()))

    class Meta:
        abstract = True


def keep_history(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: keep every insert, update and delete of the model's rows."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        context_field=None,
        model_name=f"{model.__name__}History",
        obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history_row"),
        meta={
            "indexes": [
                models.Index(fields=["site", "pgh_obj"], name=f"{model.__name__.lower()[:18]}_hist"),
                models.Index(fields=["site", "pgh_request"], name=f"{model.__name__.lower()[:18]}_hist_why"),
            ]
        },
    )(model)
