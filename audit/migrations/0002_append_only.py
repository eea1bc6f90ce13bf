"""The trail is written by anyone, read inside its own site, and changed by nobody."""

from django.db import migrations

FORWARD = """
GRANT SELECT, INSERT ON audit_auditevent TO psp_app;
GRANT INSERT ON audit_auditevent TO psp_state;
ALTER TABLE audit_auditevent ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_auditevent FORCE ROW LEVEL SECURITY;
CREATE POLICY site ON audit_auditevent FOR SELECT TO psp_app
    USING (site_id = current_setting('psp.site')::int);
CREATE POLICY append ON audit_auditevent FOR INSERT TO psp_app, psp_state WITH CHECK (true);
"""
BACKWARD = """
DROP POLICY append ON audit_auditevent;
DROP POLICY site ON audit_auditevent;
ALTER TABLE audit_auditevent NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_auditevent DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON audit_auditevent FROM psp_app, psp_state;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
