"""V09 and V06 in the database."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partners.models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0003_reference_data"),
        ("partners", "0002_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="parentpartner",
            trigger=pgtrigger.compiler.Trigger(
                name="not_in_future",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF NEW.core_training_completed_on > (now() AT TIME ZONE 'America/Chicago')::date THEN RAISE EXCEPTION 'V06: date is in the future' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                    hash="4817a0611fdb7080e2648d1ebbcdd47f276a54c5",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_not_in_future_d28b3",
                    table="partners_parentpartner",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="parentpartner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source_id", ""), _negated=True),
                    models.Q(("eligibility_override", ""), _negated=True),
                    (
                        "starts_on__gte",
                        partners.models.AYearAfter(models.F("eligibility_on")),
                    ),
                    _connector="OR",
                ),
                name="v09_eligible_for_a_year",
                violation_error_message="V09: a parent partner may start one year after the eligibility date.",
            ),
        ),
    ]
