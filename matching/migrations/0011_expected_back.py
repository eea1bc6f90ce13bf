"""When a parent partner who handed a family over is expected back."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('counties', '0009_texts'),
        ('families', '0010_consent_files'),
        ('matching', '0010_reassignments'),
        ('partners', '0010_career_and_wellness'),
        ('referrals', '0007_transfers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
            name='back_on',
            field=models.DateField(blank=True, null=True, verbose_name='expected back'),
        ),
        migrations.AddField(
            model_name='matchhistory',
            name='back_on',
            field=models.DateField(blank=True, null=True, verbose_name='expected back'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_matchhistory" ("back_on", "cap_override", "decline_reason", "declined_by", "end_reason", "ends_on", "id", "is_cover", "is_secondary", "offered_on", "parent_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "referral_id", "score", "site_id", "starts_on", "status", "training_override") SELECT new_values."back_on", new_values."cap_override", new_values."decline_reason", new_values."declined_by", new_values."end_reason", new_values."ends_on", new_values."id", new_values."is_cover", new_values."is_secondary", new_values."offered_on", new_values."parent_id", new_values."partner_id", NOW(), \'insert\', new_values."id", new_values."proposed_by_id", new_values."proposed_on", new_values."referral_id", new_values."score", new_values."site_id", new_values."starts_on", new_values."status", new_values."training_override" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='94cbc9d1c1d9ac98b39efa1a34cc134838756583', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_178df', referencing='REFERENCING NEW TABLE AS new_values ', table='matching_match', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_matchhistory" ("back_on", "cap_override", "decline_reason", "declined_by", "end_reason", "ends_on", "id", "is_cover", "is_secondary", "offered_on", "parent_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "referral_id", "score", "site_id", "starts_on", "status", "training_override") SELECT new_values."back_on", new_values."cap_override", new_values."decline_reason", new_values."declined_by", new_values."end_reason", new_values."ends_on", new_values."id", new_values."is_cover", new_values."is_secondary", new_values."offered_on", new_values."parent_id", new_values."partner_id", NOW(), \'update\', new_values."id", new_values."proposed_by_id", new_values."proposed_on", new_values."referral_id", new_values."score", new_values."site_id", new_values."starts_on", new_values."status", new_values."training_override" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ee1cd05ddbf46ddaf10ba60efeef98d53772a685', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_93729', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='matching_match', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_matchhistory" ("back_on", "cap_override", "decline_reason", "declined_by", "end_reason", "ends_on", "id", "is_cover", "is_secondary", "offered_on", "parent_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "referral_id", "score", "site_id", "starts_on", "status", "training_override") SELECT old_values."back_on", old_values."cap_override", old_values."decline_reason", old_values."declined_by", old_values."end_reason", old_values."ends_on", old_values."id", old_values."is_cover", old_values."is_secondary", old_values."offered_on", old_values."parent_id", old_values."partner_id", NOW(), \'delete\', old_values."id", old_values."proposed_by_id", old_values."proposed_on", old_values."referral_id", old_values."score", old_values."site_id", old_values."starts_on", old_values."status", old_values."training_override" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='28da3d2a7e7e0244b31d2364ed1b3106a39f4113', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9ec03', referencing='REFERENCING OLD TABLE AS old_values ', table='matching_match', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(('back_on', None), models.Q(('back_on__gt', models.F('ends_on')), ('status__in', ['paused', 'ended'])), _connector='OR'), name='match_back_after_handing_over', violation_error_message='The return is expected before the handing over.'),
        ),
    ]
