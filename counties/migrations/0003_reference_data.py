"""The 72 counties and the 11 federally recognized tribes with their home counties (`domain.md` 12.2 to 12.4)."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"


def _rows(name):
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load(apps, schema_editor):
    County, Tribe = apps.get_model("counties", "County"), apps.get_model("counties", "Tribe")
    County.objects.bulk_create(County(**row) for row in _rows("wisconsin_counties.csv"))
    by_name = {county.name: county for county in County.objects.all()}
    for row in _rows("wisconsin_tribes.csv"):
        tribe = Tribe.objects.create(key=row["key"], name=row["name"])
        tribe.counties.set([by_name[name] for name in row["home_counties"].split(";") if name])


def unload(apps, schema_editor):
    apps.get_model("counties", "Tribe").objects.all().delete()
    apps.get_model("counties", "County").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("counties", "0002_wall")]
    operations = [migrations.RunPython(load, unload)]
