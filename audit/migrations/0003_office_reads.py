"""Events without a site (sign-ins, failures, second factors, state roles) can be read in the state's scope."""

from django.db import migrations

FORWARD = """
GRANT SELECT ON audit_auditevent TO psp_state;
CREATE POLICY office ON audit_auditevent FOR SELECT TO psp_state USING (site_id IS NULL);
"""
BACKWARD = """
DROP POLICY office ON audit_auditevent;
REVOKE SELECT ON audit_auditevent FROM psp_state;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
