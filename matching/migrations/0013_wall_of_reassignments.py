"""The new columns of a plan and its lines point into the same site alone, as every key between tenant tables does."""

from django.db import migrations

KEYS = [
    ("matching_plan", "families_of_id", "partners_parentpartner"),
    ("matching_planline", "replaces_id", "matching_match"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("matching", "0012_score_weights"),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_wall"
            f" FOREIGN KEY (site_id, {column}) REFERENCES {target} (site_id, id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_wall",
        )
        for table, column, target in KEYS
    ]
