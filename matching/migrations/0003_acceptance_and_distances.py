"""V10 and V11 at the moment a match begins; how far places lie apart."""

import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.db import migrations, models

from counties.wall.operations import RaiseWall


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0003_reference_data"),
        ("matching", "0002_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaceDistance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("one", models.CharField(max_length=60)),
                ("other", models.CharField(max_length=60)),
                ("miles", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["one", "other"],
            },
        ),
        migrations.CreateModel(
            name="PlaceDistanceHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_actor",
                    models.IntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.NullIf(
                                models.Func(
                                    models.Value("psp.actor"),
                                    models.Value(True),
                                    function="current_setting",
                                    output_field=models.TextField(),
                                ),
                                models.Value(""),
                            ),
                            models.IntegerField(),
                        ),
                        null=True,
                    ),
                ),
                (
                    "pgh_request",
                    models.UUIDField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.NullIf(
                                models.Func(
                                    models.Value("psp.request"),
                                    models.Value(True),
                                    function="current_setting",
                                    output_field=models.TextField(),
                                ),
                                models.Value(""),
                            ),
                            models.UUIDField(),
                        ),
                        null=True,
                    ),
                ),
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ("one", models.CharField(max_length=60)),
                ("other", models.CharField(max_length=60)),
                ("miles", models.PositiveSmallIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="match",
            trigger=pgtrigger.compiler.Trigger(
                name="v10_trained",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"status\" = 'active' AND OLD.\"status\" = 'proposed')",
                    declare="DECLARE trained_on date;",
                    func="SELECT core_training_completed_on INTO trained_on FROM partners_parentpartner WHERE id = NEW.partner_id; IF NEW.training_override = '' AND (trained_on IS NULL OR trained_on > NEW.starts_on) THEN RAISE EXCEPTION 'V10: core training is not complete and no reason is given' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                    hash="8ffa1497c7d0b6cbdeae5e33d802af3095aea85a",
                    operation="UPDATE",
                    pgid="pgtrigger_v10_trained_b9cc7",
                    table="matching_match",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="match",
            trigger=pgtrigger.compiler.Trigger(
                name="v11_without_conflict",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"status\" = 'active' AND OLD.\"status\" = 'proposed')",
                    declare="DECLARE hit boolean;",
                    func="SELECT EXISTS (SELECT FROM matching_conflict WHERE parent_id = NEW.parent_id AND partner_id = NEW.partner_id AND lifted_at IS NULL AND kind <> 'caseworker') INTO hit; IF hit THEN RAISE EXCEPTION 'V11: a conflict is recorded between this parent and this parent partner' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                    hash="385aefe65702b67d048d1b1dd7b30325fd9af8f3",
                    operation="UPDATE",
                    pgid="pgtrigger_v11_without_conflict_3a179",
                    table="matching_match",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="match",
            trigger=pgtrigger.compiler.Trigger(
                name="v11_within_caps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"status\" = 'active' AND OLD.\"status\" = 'proposed')",
                    declare="DECLARE share numeric; soft integer; hard integer; others integer;",
                    func="SELECT fte INTO share FROM partners_parentpartner WHERE id = NEW.partner_id; SELECT greatest(1, floor(soft_cap_per_fte * share)), greatest(1, floor(hard_cap_per_fte * share)) INTO soft, hard FROM counties_sitesettings WHERE site_id = NEW.site_id; SELECT count(DISTINCT p.family_id) INTO others FROM matching_match m JOIN families_parent p ON p.id = m.parent_id WHERE m.partner_id = NEW.partner_id AND m.status = 'active' AND p.family_id <> (SELECT family_id FROM families_parent WHERE id = NEW.parent_id); IF others >= hard THEN RAISE EXCEPTION 'V11: the hard cap of this parent partner is reached' USING ERRCODE = 'check_violation'; END IF; IF others >= soft AND NEW.cap_override = '' THEN RAISE EXCEPTION 'V11: the soft cap of this parent partner is reached and no reason is given' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                    hash="745cc95369255c072a30e9ae3fc24df124840d53",
                    operation="UPDATE",
                    pgid="pgtrigger_v11_within_caps_ab318",
                    table="matching_match",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="placedistance",
            name="site",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.site",
            ),
        ),
        migrations.AddField(
            model_name="placedistancehistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                related_query_name="history_row",
                to="matching.placedistance",
            ),
        ),
        migrations.AddField(
            model_name="placedistancehistory",
            name="site",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="counties.site",
            ),
        ),
        migrations.AddConstraint(
            model_name="placedistance",
            constraint=models.UniqueConstraint(fields=("site", "one", "other"), name="place_pair_once"),
        ),
        migrations.AddConstraint(
            model_name="placedistance",
            constraint=models.CheckConstraint(
                condition=models.Q(("one", models.F("other")), _negated=True), name="place_pair_differs"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placedistance",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_placedistancehistory" ("id", "miles", "one", "other", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT new_values."id", new_values."miles", new_values."one", new_values."other", NOW(), \'insert\', new_values."id", new_values."site_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="2fbd6fdbf4dca074b94c5fa768ac51d1cf4a2d1f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d0f08",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="matching_placedistance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placedistance",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_placedistancehistory" ("id", "miles", "one", "other", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT new_values."id", new_values."miles", new_values."one", new_values."other", NOW(), \'update\', new_values."id", new_values."site_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="db36a519b2a0b456a2b9affded8f9ef98d19558c",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5df2d",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="matching_placedistance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placedistance",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "matching_placedistancehistory" ("id", "miles", "one", "other", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") SELECT old_values."id", old_values."miles", old_values."one", old_values."other", NOW(), \'delete\', old_values."id", old_values."site_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="47831dd13c29caf51e6a49ca513934531a61cbf2",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_47c5b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="matching_placedistance",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="placedistancehistory",
            index=models.Index(fields=["site", "pgh_obj"], name="placedistance_hist"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placedistancehistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7890b1a79d7c4f6dffdca1f0d7c276a1c99f9c7c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2209f",
                    table="matching_placedistancehistory",
                    when="BEFORE",
                ),
            ),
        ),
        RaiseWall(["placedistance"]),
    ]
