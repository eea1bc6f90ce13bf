"""Functions that tell how a name sounds; a trusted extension, so the database's owner may add it."""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("families", "0005_history_by_request")]
    operations = [CreateExtension("fuzzystrmatch")]
