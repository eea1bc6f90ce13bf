"""Trusted extensions the constraints and the search by sound need; before any other table."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    run_before = [("accounts", "0001_initial"), ("audit", "0001_initial")]
    operations = [BtreeGistExtension(), TrigramExtension()]
