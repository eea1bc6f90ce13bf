"""Raises the wall around the tables of this room."""

from django.db import migrations

from counties.wall.operations import RaiseWall


class Migration(migrations.Migration):
    dependencies = [("advisory", "0001_initial"), ("counties", "0002_wall")]
    operations = [RaiseWall(["councilmeeting", "councilattendance"])]
