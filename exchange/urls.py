"""One line per verb."""

from django.urls import path

from reporting import api as reports

app_name = "exchange"
urlpatterns = [
    path("api/v1/reports/", reports.reports, name="api_reports"),
    path("api/v1/reports/<uuid:pk>/", reports.report, name="api_report"),
]
