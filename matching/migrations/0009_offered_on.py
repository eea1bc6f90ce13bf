"""The day a match was offered to the parent partner, who may answer it themselves from then on."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0008_no_tie_between'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='match',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='match',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='match',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='match',
            name='offered_on',
            field=models.DateField(blank=True, null=True, verbose_name='offered to the parent partner'),
        ),
        migrations.AddField(
            model_name='matchhistory',
            name='offered_on',
            field=models.DateField(blank=True, null=True, verbose_name='offered to the parent partner'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_matchhistory" ("cap_override", "decline_reason", "declined_by", "end_reason", "ends_on", "id", "is_cover", "is_secondary", "offered_on", "parent_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "referral_id", "score", "site_id", "starts_on", "status", "training_override") SELECT new_values."cap_override", new_values."decline_reason", new_values."declined_by", new_values."end_reason", new_values."ends_on", new_values."id", new_values."is_cover", new_values."is_secondary", new_values."offered_on", new_values."parent_id", new_values."partner_id", NOW(), \'insert\', new_values."id", new_values."proposed_by_id", new_values."proposed_on", new_values."referral_id", new_values."score", new_values."site_id", new_values."starts_on", new_values."status", new_values."training_override" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b1d87db212e2ea0a44489d404e8e0da3c36d9e6b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_178df', referencing='REFERENCING NEW TABLE AS new_values ', table='matching_match', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_matchhistory" ("cap_override", "decline_reason", "declined_by", "end_reason", "ends_on", "id", "is_cover", "is_secondary", "offered_on", "parent_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "referral_id", "score", "site_id", "starts_on", "status", "training_override") SELECT new_values."cap_override", new_values."decline_reason", new_values."declined_by", new_values."end_reason", new_values."ends_on", new_values."id", new_values."is_cover", new_values."is_secondary", new_values."offered_on", new_values."parent_id", new_values."partner_id", NOW(), \'update\', new_values."id", new_values."proposed_by_id", new_values."proposed_on", new_values."referral_id", new_values."score", new_values."site_id", new_values."starts_on", new_values."status", new_values."training_override" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='39f960b767e4b2f6f6c7ed94932c16dca85734d4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_93729', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='matching_match', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_matchhistory" ("cap_override", "decline_reason", "declined_by", "end_reason", "ends_on", "id", "is_cover", "is_secondary", "offered_on", "parent_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "referral_id", "score", "site_id", "starts_on", "status", "training_override") SELECT old_values."cap_override", old_values."decline_reason", old_values."declined_by", old_values."end_reason", old_values."ends_on", old_values."id", old_values."is_cover", old_values."is_secondary", old_values."offered_on", old_values."parent_id", old_values."partner_id", NOW(), \'delete\', old_values."id", old_values."proposed_by_id", old_values."proposed_on", old_values."referral_id", old_values."score", old_values."site_id", old_values."starts_on", old_values."status", old_values."training_override" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ecfd05a9c3d8f183cb3f058db7a2aab08e6f3482', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9ec03', referencing='REFERENCING OLD TABLE AS old_values ', table='matching_match', when='AFTER')),
        ),
    ]
