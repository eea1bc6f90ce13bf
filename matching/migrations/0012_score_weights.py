"""What each criterion of the score is worth at a site."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.db import migrations, models

from counties.wall.operations import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('counties', '0010_contact_questions'),
        ('matching', '0011_expected_back'),
    ]

    operations = [
        migrations.CreateModel(
            name='ScoreWeights',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('language', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MaxValueValidator(100)])),
                ('experience', models.PositiveSmallIntegerField(default=25, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='shared experience')),
                ('availability', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MaxValueValidator(100)])),
                ('culture', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(100)])),
                ('gender', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(100)])),
                ('distance', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(100)])),
                ('site', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counties.site')),
            ],
            options={
                'verbose_name_plural': 'score weights',
            },
        ),
        migrations.CreateModel(
            name='ScoreWeightsHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_actor', models.IntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.NullIf(models.Func(models.Value('psp.actor'), models.Value(True), function='current_setting', output_field=models.TextField()), models.Value('')), models.IntegerField()), null=True)),
                ('pgh_request', models.UUIDField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.NullIf(models.Func(models.Value('psp.request'), models.Value(True), function='current_setting', output_field=models.TextField()), models.Value('')), models.UUIDField()), null=True)),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('language', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MaxValueValidator(100)])),
                ('experience', models.PositiveSmallIntegerField(default=25, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='shared experience')),
                ('availability', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MaxValueValidator(100)])),
                ('culture', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(100)])),
                ('gender', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(100)])),
                ('distance', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(100)])),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history_row', to='matching.scoreweights')),
                ('site', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='counties.site')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='scoreweights',
            constraint=models.UniqueConstraint(fields=('site',), name='scoreweights_once'),
        ),
        migrations.AddConstraint(
            model_name='scoreweights',
            constraint=models.CheckConstraint(condition=models.Q(('language', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.Value(100), '-', models.F('experience')), '-', models.F('availability')), '-', models.F('culture')), '-', models.F('gender')), '-', models.F('distance')))), name='scoreweights_make_100', violation_error_message='The six numbers must add up to 100.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scoreweights',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_scoreweightshistory" ("availability", "culture", "distance", "experience", "gender", "id", "language", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT new_values."availability", new_values."culture", new_values."distance", new_values."experience", new_values."gender", new_values."id", new_values."language", NOW(), \'insert\', new_values."id", new_values."site_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='81428fb76974587c6f9e97f250ff09308afaf261', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9c3d1', referencing='REFERENCING NEW TABLE AS new_values ', table='matching_scoreweights', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scoreweights',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_scoreweightshistory" ("availability", "culture", "distance", "experience", "gender", "id", "language", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT new_values."availability", new_values."culture", new_values."distance", new_values."experience", new_values."gender", new_values."id", new_values."language", NOW(), \'update\', new_values."id", new_values."site_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2d49724bce627f105bf4049e2532191ebd55b479', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_97a35', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='matching_scoreweights', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scoreweights',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_scoreweightshistory" ("availability", "culture", "distance", "experience", "gender", "id", "language", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT old_values."availability", old_values."culture", old_values."distance", old_values."experience", old_values."gender", old_values."id", old_values."language", NOW(), \'delete\', old_values."id", old_values."site_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e3cfe5bb69dc1c87d9cb6c9238a99221369fac84', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_84053', referencing='REFERENCING OLD TABLE AS old_values ', table='matching_scoreweights', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='scoreweightshistory',
            index=models.Index(fields=['site', 'pgh_obj'], name='scoreweights_hist'),
        ),
        migrations.AddIndex(
            model_name='scoreweightshistory',
            index=models.Index(fields=['site', 'pgh_request'], name='scoreweights_hist_why'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scoreweightshistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ea0e878b011432103d36f4be2ad6e159984cd80f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d61f3', table='matching_scoreweightshistory', when='BEFORE')),
        ),
        RaiseWall(['scoreweights']),
    ]
