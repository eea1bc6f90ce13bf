"""Rights on the tables that are read before a site is known, and the wall around jobs."""

from django.db import migrations

from counties.wall.operations import Grant, RaiseWall

THIRD_PARTY = """
GRANT SELECT, INSERT, UPDATE ON accounts_user TO psp_app;
GRANT SELECT ON django_migrations, django_content_type TO psp_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session, account_emailaddress, account_emailconfirmation,
    mfa_authenticator, usersessions_usersession TO psp_app;
GRANT SELECT ON counties_site_counties, counties_tribe_counties TO psp_app, psp_state;
GRANT INSERT, DELETE ON counties_site_counties TO psp_app;
GRANT SELECT, INSERT ON counties_sitesettingshistory TO psp_app;
"""

READ_BY_BOTH = ["county", "tribe", "site", "sitephase", "sitesettings", "roleassignment"]


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0001_initial"),
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("pghistory", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(THIRD_PARTY, migrations.RunSQL.noop),
        Grant([(name, "SELECT", role) for name in READ_BY_BOTH for role in ("psp_app", "psp_state")]),
        Grant(
            [
                (name, "INSERT, UPDATE", "psp_app")
                for name in ["site", "sitephase", "sitesettings", "roleassignment"]
            ]
        ),
        Grant([("invitation", "SELECT, INSERT, UPDATE", "psp_app")]),
        RaiseWall(["job"], history=False),
    ]
