"""A plan that hands the families of one parent partner to others; each line names the match it ends."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import counties.wall.models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0009_offered_on'),
        ('partners', '0010_career_and_wellness'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='plan',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='plan',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='plan',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='planline',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='planline',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='planline',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='plan',
            name='families_of',
            field=counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reassignments', to='partners.parentpartner'),
        ),
        migrations.AddField(
            model_name='planhistory',
            name='families_of',
            field=counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.parentpartner'),
        ),
        migrations.AddField(
            model_name='planline',
            name='replaces',
            field=counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_in', to='matching.match'),
        ),
        migrations.AddField(
            model_name='planlinehistory',
            name='replaces',
            field=counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='matching.match'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planhistory" ("asked_by_id", "families_of_id", "id", "made_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT new_values."asked_by_id", new_values."families_of_id", new_values."id", new_values."made_at", NOW(), \'insert\', new_values."id", new_values."site_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='77541f42733d08d7ac85bc3296bcf78b8421a36a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_22620', referencing='REFERENCING NEW TABLE AS new_values ', table='matching_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planhistory" ("asked_by_id", "families_of_id", "id", "made_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT new_values."asked_by_id", new_values."families_of_id", new_values."id", new_values."made_at", NOW(), \'update\', new_values."id", new_values."site_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f2bed8175bf50109e9824b4ee360efc76bb9db98', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_47c0f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='matching_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planhistory" ("asked_by_id", "families_of_id", "id", "made_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT old_values."asked_by_id", old_values."families_of_id", old_values."id", old_values."made_at", NOW(), \'delete\', old_values."id", old_values."site_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e4ea81751043c305a2484c040f98605563015790', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ba0c1', referencing='REFERENCING OLD TABLE AS old_values ', table='matching_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planlinehistory" ("advised_id", "best_total", "fits", "id", "is_taken_off", "match_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "problem", "referral_id", "replaces_id", "score", "site_id", "stopped", "waiting_since") SELECT new_values."advised_id", new_values."best_total", new_values."fits", new_values."id", new_values."is_taken_off", new_values."match_id", new_values."partner_id", NOW(), \'insert\', new_values."id", new_values."plan_id", new_values."position", new_values."problem", new_values."referral_id", new_values."replaces_id", new_values."score", new_values."site_id", new_values."stopped", new_values."waiting_since" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='eb06940a2af92ced030d85e33a155c8ec4fce799', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_41b88', referencing='REFERENCING NEW TABLE AS new_values ', table='matching_planline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planlinehistory" ("advised_id", "best_total", "fits", "id", "is_taken_off", "match_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "problem", "referral_id", "replaces_id", "score", "site_id", "stopped", "waiting_since") SELECT new_values."advised_id", new_values."best_total", new_values."fits", new_values."id", new_values."is_taken_off", new_values."match_id", new_values."partner_id", NOW(), \'update\', new_values."id", new_values."plan_id", new_values."position", new_values."problem", new_values."referral_id", new_values."replaces_id", new_values."score", new_values."site_id", new_values."stopped", new_values."waiting_since" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='959fa20f201e5b67726e77b21fc7cf96e414aab7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e3e71', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='matching_planline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planlinehistory" ("advised_id", "best_total", "fits", "id", "is_taken_off", "match_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "problem", "referral_id", "replaces_id", "score", "site_id", "stopped", "waiting_since") SELECT old_values."advised_id", old_values."best_total", old_values."fits", old_values."id", old_values."is_taken_off", old_values."match_id", old_values."partner_id", NOW(), \'delete\', old_values."id", old_values."plan_id", old_values."position", old_values."problem", old_values."referral_id", old_values."replaces_id", old_values."score", old_values."site_id", old_values."stopped", old_values."waiting_since" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='40a52ceeacdef2a60a358bf770e724ace1e54353', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0d7d9', referencing='REFERENCING OLD TABLE AS old_values ', table='matching_planline', when='AFTER')),
        ),
    ]
