"""Raises the wall around the tables of this room."""

from django.db import migrations

from counties.wall.operations import RaiseWall


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0001_initial"),
        ("counties", "0002_wall"),
        ("referrals", "0002_wall"),
        ("partners", "0002_wall"),
    ]
    operations = [RaiseWall(["contact", "resourcelink", "levelchange", "familyevent", "goal", "incident"])]
