"""The state says which sites are late: by the due day of that month, not today's (docs/adr/0012)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0006_certification_can_be_taken_back"),
        ("counties", "0004_history_by_request"),
    ]
    operations = [
        migrations.RunSQL(
            "GRANT SELECT ON counties_sitesettingshistory TO psp_state",
            "REVOKE SELECT ON counties_sitesettingshistory FROM psp_state",
        ),
    ]
