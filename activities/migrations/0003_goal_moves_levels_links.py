"""Goals move only from open; no level in the future; a resource link named by mistake is struck."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0002_wall"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="resourcelink",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="resourcelink",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="resourcelink",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="resourcelink",
            name="is_struck",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="resourcelinkhistory",
            name="is_struck",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="contact",
            name="activities",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("mentoring", "Mentoring"),
                        ("case_plan_engagement", "Engagement in the case plan"),
                        ("court_prep", "Preparing for court"),
                        ("court_attend", "Going along to court"),
                        ("court_debrief", "Talking after court"),
                        ("team_meeting", "Family team meeting"),
                        ("permanency_review", "Permanency review"),
                        ("family_interaction_prep", "Preparing for family interaction"),
                        ("family_interaction_debrief", "Talking after family interaction"),
                        ("parent_child_connection", "Parent-child connection"),
                        ("resource_linkage", "Linking to resources"),
                        ("goal_setting", "Setting goals"),
                        ("skill_practice", "Practicing skills"),
                        ("recovery_support", "Recovery support"),
                        ("crisis_support", "Crisis support"),
                        ("system_navigation", "Finding one's way in the system"),
                        ("peer_group", "Peer group"),
                        ("celebration_closing", "Celebration or closing"),
                        ("outreach_attempt", "Outreach attempt"),
                    ],
                    max_length=32,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="contacthistory",
            name="activities",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("mentoring", "Mentoring"),
                        ("case_plan_engagement", "Engagement in the case plan"),
                        ("court_prep", "Preparing for court"),
                        ("court_attend", "Going along to court"),
                        ("court_debrief", "Talking after court"),
                        ("team_meeting", "Family team meeting"),
                        ("permanency_review", "Permanency review"),
                        ("family_interaction_prep", "Preparing for family interaction"),
                        ("family_interaction_debrief", "Talking after family interaction"),
                        ("parent_child_connection", "Parent-child connection"),
                        ("resource_linkage", "Linking to resources"),
                        ("goal_setting", "Setting goals"),
                        ("skill_practice", "Practicing skills"),
                        ("recovery_support", "Recovery support"),
                        ("crisis_support", "Crisis support"),
                        ("system_navigation", "Finding one's way in the system"),
                        ("peer_group", "Peer group"),
                        ("celebration_closing", "Celebration or closing"),
                        ("outreach_attempt", "Outreach attempt"),
                    ],
                    max_length=32,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="goal",
            trigger=pgtrigger.compiler.Trigger(
                name="moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{open:reached,open:set_aside}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="d72eb27b6abf17e44b2f332ce1841a53634e2c14",
                    operation="UPDATE",
                    pgid="pgtrigger_moves_c132c",
                    table="activities_goal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="levelchange",
            trigger=pgtrigger.compiler.Trigger(
                name="not_in_future",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF NEW.changed_on > (now() AT TIME ZONE 'America/Chicago')::date THEN RAISE EXCEPTION 'V06: date is in the future' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                    hash="a567f8a8bfb02436b8bc4da0f2437ddf1e64473b",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_not_in_future_8148b",
                    table="activities_levelchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resourcelink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "activities_resourcelinkhistory" ("contact_id", "id", "is_struck", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "result_on", "site_id") SELECT new_values."contact_id", new_values."id", new_values."is_struck", new_values."kind", NOW(), \'insert\', new_values."id", new_values."result", new_values."result_on", new_values."site_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="0b542983eeb3b610034aeb9f45313df2caaa2190",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_622da",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="activities_resourcelink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resourcelink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "activities_resourcelinkhistory" ("contact_id", "id", "is_struck", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "result_on", "site_id") SELECT new_values."contact_id", new_values."id", new_values."is_struck", new_values."kind", NOW(), \'update\', new_values."id", new_values."result", new_values."result_on", new_values."site_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="a626036fe0a4fbe17af1bcc1479b612949b70563",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f1170",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="activities_resourcelink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resourcelink",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "activities_resourcelinkhistory" ("contact_id", "id", "is_struck", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "result_on", "site_id") SELECT old_values."contact_id", old_values."id", old_values."is_struck", old_values."kind", NOW(), \'delete\', old_values."id", old_values."result", old_values."result_on", old_values."site_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="eb34093bfc106d8f26dead004beb9868c464fae5",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1d9cd",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="activities_resourcelink",
                    when="AFTER",
                ),
            ),
        ),
    ]
