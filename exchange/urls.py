"""One line per verb."""

from django.urls import path

from activities import api as contacts
from exchange import views, views_exports
from reporting import api as reports

app_name = "exchange"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/empty-files/", views.templates, name="templates"),
    path("imports/<uuid:pk>/", views.run, name="run"),
    path("imports/<uuid:pk>/refused/", views.refused, name="refused"),
    path("exports/", views_exports.exports, name="exports"),
    path("exports/new/", views_exports.ask, name="ask_export"),
    path("exports/<uuid:pk>/", views_exports.export, name="export"),
    path("exports/<uuid:pk>/file/", views_exports.download, name="download"),
    path("api/v1/contacts/", contacts.contacts, name="api_contacts"),
    path("api/v1/contacts/log/", contacts.log_contact, name="api_log_contact"),
    path("api/v1/reports/", reports.reports, name="api_reports"),
    path("api/v1/reports/<uuid:pk>/", reports.report, name="api_report"),
]
