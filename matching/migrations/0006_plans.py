"""Assigning the waiting list at once: plans and their lines."""

import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import counties.wall.models
from counties.wall.operations import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('counties', '0004_history_by_request'),
        ('matching', '0005_v17'),
        ('partners', '0005_v17'),
        ('referrals', '0004_history_by_request'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counties.site')),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='PlanHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor', models.IntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.NullIf(models.Func(models.Value('psp.actor'), models.Value(True), function='current_setting', output_field=models.TextField()), models.Value('')), models.IntegerField()), null=True)),
                ('pgh_request', models.UUIDField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.NullIf(models.Func(models.Value('psp.request'), models.Value(True), function='current_setting', output_field=models.TextField()), models.Value('')), models.UUIDField()), null=True)),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('asked_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history_row', to='matching.plan')),
                ('site', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='counties.site')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PlanLine',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('waiting_since', models.DateField()),
                ('score', models.JSONField(blank=True, default=dict)),
                ('best_total', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
                ('fits', models.PositiveIntegerField(default=0)),
                ('stopped', models.JSONField(blank=True, default=dict)),
                ('is_taken_off', models.BooleanField(default=False)),
                ('problem', models.TextField(blank=True)),
                ('advised', counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='advised_lines', to='partners.parentpartner')),
                ('match', counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_lines', to='matching.match')),
                ('partner', counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_lines', to='partners.parentpartner')),
                ('plan', counties.wall.models.WallKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='matching.plan')),
                ('referral', counties.wall.models.WallKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='plan_lines', to='referrals.referral')),
                ('site', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counties.site')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='PlanLineHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor', models.IntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.NullIf(models.Func(models.Value('psp.actor'), models.Value(True), function='current_setting', output_field=models.TextField()), models.Value('')), models.IntegerField()), null=True)),
                ('pgh_request', models.UUIDField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.NullIf(models.Func(models.Value('psp.request'), models.Value(True), function='current_setting', output_field=models.TextField()), models.Value('')), models.UUIDField()), null=True)),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('waiting_since', models.DateField()),
                ('score', models.JSONField(blank=True, default=dict)),
                ('best_total', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
                ('fits', models.PositiveIntegerField(default=0)),
                ('stopped', models.JSONField(blank=True, default=dict)),
                ('is_taken_off', models.BooleanField(default=False)),
                ('problem', models.TextField(blank=True)),
                ('advised', counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.parentpartner')),
                ('match', counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='matching.match')),
                ('partner', counties.wall.models.WallKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.parentpartner')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history_row', to='matching.planline')),
                ('plan', counties.wall.models.WallKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='matching.plan')),
                ('referral', counties.wall.models.WallKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='referrals.referral')),
                ('site', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='counties.site')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planhistory" ("asked_by_id", "id", "made_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT new_values."asked_by_id", new_values."id", new_values."made_at", NOW(), \'insert\', new_values."id", new_values."site_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='48aecc35fe57d2a67f9c2e942084f7d6ba63086d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_22620', referencing='REFERENCING NEW TABLE AS new_values ', table='matching_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planhistory" ("asked_by_id", "id", "made_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT new_values."asked_by_id", new_values."id", new_values."made_at", NOW(), \'update\', new_values."id", new_values."site_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f94e84d07019f419f3f56150472dfe9670b1e637', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_47c0f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='matching_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planhistory" ("asked_by_id", "id", "made_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT old_values."asked_by_id", old_values."id", old_values."made_at", NOW(), \'delete\', old_values."id", old_values."site_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d4d92682e664e4d229b2c81e54b1123c65b602e7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ba0c1', referencing='REFERENCING OLD TABLE AS old_values ', table='matching_plan', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='planhistory',
            index=models.Index(fields=['site', 'pgh_obj'], name='plan_hist'),
        ),
        migrations.AddIndex(
            model_name='planhistory',
            index=models.Index(fields=['site', 'pgh_request'], name='plan_hist_why'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planhistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='56793f1ea34c4d1ef9b16c7aa40e35fcc08a5d80', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6ed59', table='matching_planhistory', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.UniqueConstraint(fields=('site', 'plan', 'referral'), name='planline_referral_once'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.CheckConstraint(condition=models.Q(('match', None), models.Q(('is_taken_off', False), ('partner__isnull', False)), _connector='OR'), name='planline_proposed_with_partner'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planlinehistory" ("advised_id", "best_total", "fits", "id", "is_taken_off", "match_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "problem", "referral_id", "score", "site_id", "stopped", "waiting_since") SELECT new_values."advised_id", new_values."best_total", new_values."fits", new_values."id", new_values."is_taken_off", new_values."match_id", new_values."partner_id", NOW(), \'insert\', new_values."id", new_values."plan_id", new_values."position", new_values."problem", new_values."referral_id", new_values."score", new_values."site_id", new_values."stopped", new_values."waiting_since" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f65cafc037d9383bdc594b3fe1f6afc32044fc2b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_41b88', referencing='REFERENCING NEW TABLE AS new_values ', table='matching_planline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planlinehistory" ("advised_id", "best_total", "fits", "id", "is_taken_off", "match_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "problem", "referral_id", "score", "site_id", "stopped", "waiting_since") SELECT new_values."advised_id", new_values."best_total", new_values."fits", new_values."id", new_values."is_taken_off", new_values."match_id", new_values."partner_id", NOW(), \'update\', new_values."id", new_values."plan_id", new_values."position", new_values."problem", new_values."referral_id", new_values."score", new_values."site_id", new_values."stopped", new_values."waiting_since" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9b396831f59370bc8115e6584ae5a07100f2cffd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e3e71', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='matching_planline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_planlinehistory" ("advised_id", "best_total", "fits", "id", "is_taken_off", "match_id", "partner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "problem", "referral_id", "score", "site_id", "stopped", "waiting_since") SELECT old_values."advised_id", old_values."best_total", old_values."fits", old_values."id", old_values."is_taken_off", old_values."match_id", old_values."partner_id", NOW(), \'delete\', old_values."id", old_values."plan_id", old_values."position", old_values."problem", old_values."referral_id", old_values."score", old_values."site_id", old_values."stopped", old_values."waiting_since" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f319729cf67526a4ca89dfc329aaedf8b4bb9ad7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0d7d9', referencing='REFERENCING OLD TABLE AS old_values ', table='matching_planline', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='planlinehistory',
            index=models.Index(fields=['site', 'pgh_obj'], name='planline_hist'),
        ),
        migrations.AddIndex(
            model_name='planlinehistory',
            index=models.Index(fields=['site', 'pgh_request'], name='planline_hist_why'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planlinehistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b9c1b816dab84d7d0a3ab29d5dac99e842de61cc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1f930', table='matching_planlinehistory', when='BEFORE')),
        ),
        RaiseWall(['plan', 'planline']),
    ]
