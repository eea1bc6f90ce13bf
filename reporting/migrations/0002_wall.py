"""Raises the wall around reports, and lets state staff read what was handed in and decide on it."""

from django.db import migrations

from counties.wall.operations import Grant, RaiseWall

STATE = """
GRANT SELECT ON reporting_monthlyreport, reporting_reportfigure, reporting_reportfile TO psp_state;
GRANT UPDATE (status, reviewed_by_name, reviewed_at, review_comment) ON reporting_monthlyreport TO psp_state;
GRANT INSERT ON reporting_monthlyreporthistory TO psp_state;
CREATE POLICY state_reads ON reporting_monthlyreport FOR SELECT TO psp_state
    USING (status IN ('submitted', 'returned', 'accepted'));
CREATE POLICY state_decides ON reporting_monthlyreport FOR UPDATE TO psp_state
    USING (status = 'submitted') WITH CHECK (status IN ('returned', 'accepted'));
CREATE POLICY state_trace ON reporting_monthlyreporthistory FOR INSERT TO psp_state WITH CHECK (true);
CREATE POLICY state_reads ON reporting_reportfigure FOR SELECT TO psp_state
    USING (report_id IN (SELECT id FROM reporting_monthlyreport));
CREATE POLICY state_reads ON reporting_reportfile FOR SELECT TO psp_state
    USING (report_id IN (SELECT id FROM reporting_monthlyreport));
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial"), ("counties", "0002_wall")]
    operations = [
        RaiseWall(["monthlyreport"]),
        RaiseWall(["reportfigure", "reportfile"], delete=["reportfigure"], history=False),
        Grant(
            [
                ("publishedfigure", "SELECT, INSERT, DELETE", "psp_app"),
                ("publishedfigure", "SELECT", "psp_state"),
            ]
        ),
        migrations.RunSQL(STATE, migrations.RunSQL.noop),
    ]
