"""Databases migrated before this one still hold the function that obeys a setting of the session."""

from django.db import migrations

from audit.triggers import IGNORE_NOTHING


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_office_reads")]
    operations = [migrations.RunSQL(IGNORE_NOTHING, migrations.RunSQL.noop)]
