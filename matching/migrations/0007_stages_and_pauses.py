"""The steps between a proposal and a beginning; pauses; the soft cap by weighted load."""

import django.contrib.postgres.constraints
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import counties.models.people


class Migration(migrations.Migration):

    dependencies = [
        ('counties', '0006_messages'),
        ('families', '0009_merges'),
        ('matching', '0006_plans'),
        ('partners', '0008_core_training'),
        ('referrals', '0006_screening'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='match',
            name='moves',
        ),
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='match',
            name='v10_trained',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='match',
            name='v11_without_conflict',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='match',
            name='v11_within_caps',
        ),
        migrations.RemoveConstraint(
            model_name='match',
            name='match_dates_fit_status',
        ),
        migrations.RemoveConstraint(
            model_name='match',
            name='v12_one_primary_match_per_parent',
        ),
        migrations.RemoveConstraint(
            model_name='match',
            name='match_proposed_once',
        ),
        migrations.AddField(
            model_name='match',
            name='is_cover',
            field=models.BooleanField(default=False, verbose_name='stands in for a while'),
        ),
        migrations.AddField(
            model_name='matchhistory',
            name='is_cover',
            field=models.BooleanField(default=False, verbose_name='stands in for a while'),
        ),
        migrations.AlterField(
            model_name='match',
            name='end_reason',
            field=models.CharField(blank=True, choices=[('enrollment_closed', 'Enrollment closed'), ('partner_left', 'Parent partner left'), ('parent_asked', 'Parent asked for a change'), ('partner_asked', 'Parent partner asked for a change'), ('conflict_found', 'A conflict came up'), ('capacity', 'Caseload'), ('handed_over', 'Handed over for a while'), ('cover_over', 'The parent partner came back'), ('other', 'Other')], max_length=24),
        ),
        migrations.AlterField(
            model_name='match',
            name='status',
            field=models.CharField(choices=[('proposed', 'Proposed'), ('offered_partner', 'Offered to the parent partner'), ('offered_parent', 'Offered to the parent'), ('accepted', 'Accepted by both'), ('active', 'Active'), ('paused', 'Paused'), ('declined', 'Declined'), ('ended', 'Ended')], default='proposed', max_length=16),
        ),
        migrations.AlterField(
            model_name='matchhistory',
            name='end_reason',
            field=models.CharField(blank=True, choices=[('enrollment_closed', 'Enrollment closed'), ('partner_left', 'Parent partner left'), ('parent_asked', 'Parent asked for a change'), ('partner_asked', 'Parent partner asked for a change'), ('conflict_found', 'A conflict came up'), ('capacity', 'Caseload'), ('handed_over', 'Handed over for a while'), ('cover_over', 'The parent partner came back'), ('other', 'Other')], max_length=24),
        ),
        migrations.AlterField(
            model_name='matchhistory',
            name='status',
            field=models.CharField(choices=[('proposed', 'Proposed'), ('offered_partner', 'Offered to the parent partner'), ('offered_parent', 'Offered to the parent'), ('accepted', 'Accepted by both'), ('active', 'Active'), ('paused', 'Paused'), ('declined', 'Declined'), ('ended', 'Ended')], default='proposed', max_length=16),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{proposed:offered_partner,offered_partner:offered_parent,offered_parent:accepted,accepted:active,proposed:active,proposed:declined,offered_partner:declined,offered_parent:declined,accepted:declined,active:paused,active:ended,paused:ended}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='31f90cecbbd8d5cb0e15b51b26e8f8a710299c68', operation='UPDATE', pgid='pgtrigger_moves_c3356', table='matching_match', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='v10_trained', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."status" = \'active\') AND NEW."status" = \'active\')', declare='DECLARE trained_on date;', func="SELECT core_training_completed_on INTO trained_on FROM partners_parentpartner WHERE id = NEW.partner_id; IF NEW.training_override = '' AND (trained_on IS NULL OR trained_on > NEW.starts_on) THEN RAISE EXCEPTION 'V10: core training is not complete and no reason is given' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='7e9156ec8decf7e7cde42b276ab166646afb744e', operation='UPDATE', pgid='pgtrigger_v10_trained_b9cc7', table='matching_match', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='v11_without_conflict', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."status" = \'active\') AND NEW."status" = \'active\')', declare='DECLARE hit boolean;', func="SELECT EXISTS (SELECT FROM matching_conflict WHERE parent_id = NEW.parent_id AND partner_id = NEW.partner_id AND lifted_at IS NULL AND kind <> 'caseworker') INTO hit; IF hit THEN RAISE EXCEPTION 'V11: a conflict is recorded between this parent and this parent partner' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='1ef53d406ed6a484084b5ffe405c5a4d70cdcd8e', operation='UPDATE', pgid='pgtrigger_v11_without_conflict_3a179', table='matching_match', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='v11_within_caps', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."status" = \'active\') AND NEW."status" = \'active\')', declare='DECLARE share numeric; soft integer; hard integer; family uuid; others integer; load numeric; there boolean;', func="SELECT fte INTO share FROM partners_parentpartner WHERE id = NEW.partner_id; SELECT greatest(1, floor(soft_cap_per_fte * share)), greatest(1, floor(hard_cap_per_fte * share)) INTO soft, hard FROM counties_sitesettings WHERE site_id = NEW.site_id; SELECT family_id INTO family FROM families_parent WHERE id = NEW.parent_id; SELECT count(*) FILTER (WHERE family_id <> family), coalesce(sum(weight) FILTER (WHERE family_id <> family), 0), coalesce(bool_or(family_id = family), false) INTO others, load, there FROM ( SELECT DISTINCT ON (p.family_id) p.family_id, (5 - coalesce((SELECT l.level FROM activities_levelchange l JOIN referrals_participation t ON t.enrollment_id = l.enrollment_id WHERE t.referral_id = m.referral_id ORDER BY l.changed_on DESC LIMIT 1), 1)) * 0.25 AS weight FROM matching_match m JOIN families_parent p ON p.id = m.parent_id WHERE m.partner_id = NEW.partner_id AND m.status = 'active' ORDER BY p.family_id, m.id) f; IF others >= hard THEN RAISE EXCEPTION 'V11: the hard cap of this parent partner is reached' USING ERRCODE = 'check_violation'; END IF; IF NOT there AND load + 1 > soft AND NEW.cap_override = '' THEN RAISE EXCEPTION 'V11: the soft cap of this parent partner is reached and no reason is given' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='a08003ac35dd022a497e0b3085e79c9affe83d0c', operation='UPDATE', pgid='pgtrigger_v11_within_caps_ab318', table='matching_match', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_matchhistory" ("cap_override", "decline_reason", "declined_by", "end_reason", "ends_on", "id", "is_cover", "is_secondary", "parent_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "referral_id", "score", "site_id", "starts_on", "status", "training_override") SELECT new_values."cap_override", new_values."decline_reason", new_values."declined_by", new_values."end_reason", new_values."ends_on", new_values."id", new_values."is_cover", new_values."is_secondary", new_values."parent_id", new_values."partner_id", NOW(), \'insert\', new_values."id", new_values."proposed_by_id", new_values."proposed_on", new_values."referral_id", new_values."score", new_values."site_id", new_values."starts_on", new_values."status", new_values."training_override" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d82fb9b601c0188229e7a124836e428c10f3cdc6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_178df', referencing='REFERENCING NEW TABLE AS new_values ', table='matching_match', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_matchhistory" ("cap_override", "decline_reason", "declined_by", "end_reason", "ends_on", "id", "is_cover", "is_secondary", "parent_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "referral_id", "score", "site_id", "starts_on", "status", "training_override") SELECT new_values."cap_override", new_values."decline_reason", new_values."declined_by", new_values."end_reason", new_values."ends_on", new_values."id", new_values."is_cover", new_values."is_secondary", new_values."parent_id", new_values."partner_id", NOW(), \'update\', new_values."id", new_values."proposed_by_id", new_values."proposed_on", new_values."referral_id", new_values."score", new_values."site_id", new_values."starts_on", new_values."status", new_values."training_override" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='747f77cb65887f155e6729af340ff236254223e5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_93729', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='matching_match', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_matchhistory" ("cap_override", "decline_reason", "declined_by", "end_reason", "ends_on", "id", "is_cover", "is_secondary", "parent_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "proposed_on", "referral_id", "score", "site_id", "starts_on", "status", "training_override") SELECT old_values."cap_override", old_values."decline_reason", old_values."declined_by", old_values."end_reason", old_values."ends_on", old_values."id", old_values."is_cover", old_values."is_secondary", old_values."parent_id", old_values."partner_id", NOW(), \'delete\', old_values."id", old_values."proposed_by_id", old_values."proposed_on", old_values."referral_id", old_values."score", old_values."site_id", old_values."starts_on", old_values."status", old_values."training_override" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='11305de80bcaa1080d6560863fb754d7aec1be69', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9ec03', referencing='REFERENCING OLD TABLE AS old_values ', table='matching_match', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_on', None), ('starts_on', None), ('status__in', ['proposed', 'offered_partner', 'offered_parent', 'accepted', 'declined'])), models.Q(('ends_on', None), ('starts_on__isnull', False), ('status', 'active')), models.Q(('ends_on__isnull', False), ('starts_on__isnull', False), ('status__in', ['paused', 'ended'])), _connector='OR'), name='match_dates_fit_status'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_secondary', False), ('status__in', ['active', 'paused', 'ended'])), expressions=[('site', '='), ('parent', '='), (counties.models.people.DateSpan('starts_on', 'ends_on'), '&&')], name='v12_one_primary_match_per_parent', violation_error_message='V12: this parent has a parent partner already in these dates.'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['proposed', 'offered_partner', 'offered_parent', 'accepted'])), fields=('site', 'referral', 'partner'), name='match_proposed_once', violation_error_message='This pairing is proposed already.'),
        ),
    ]
