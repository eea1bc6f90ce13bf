"""A declared tie to the family refuses the start of a match in the database too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0007_stages_and_pauses'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='without_tie', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."status" = \'active\') AND NEW."status" = \'active\')', declare='DECLARE hit boolean;', func="SELECT EXISTS (SELECT FROM families_familytie t JOIN families_parent p ON p.family_id = t.family_id JOIN partners_parentpartner w ON w.person_id = t.person_id WHERE p.id = NEW.parent_id AND w.id = NEW.partner_id AND t.lifted_at IS NULL) INTO hit; IF hit THEN RAISE EXCEPTION 'This parent partner cannot be matched with this family' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='f92e77e41ff4f73de78c63d613b7ede4a90cba60', operation='UPDATE', pgid='pgtrigger_without_tie_ec7fd', table='matching_match', when='BEFORE')),
        ),
    ]
