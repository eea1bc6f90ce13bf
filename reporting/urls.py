"""One line per verb."""

from django.urls import path

from reporting import views, views_comparison, views_files

app_name = "reporting"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("draft/", views.draft, name="draft"),
    path("compare/", views_comparison.compare, name="comparison"),
    path("files/<uuid:pk>/", views_files.job, name="job"),
    path("files/<uuid:pk>/download/", views_files.draft_file, name="draft_file"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/recompute/", views.recompute, name="recompute"),
    path("<uuid:pk>/write/", views.write, name="write"),
    path("<uuid:pk>/certify/", views.certify, name="certify"),
    path("<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("<uuid:pk>/submit/", views.submit, name="submit"),
    path("<uuid:pk>/amend/", views.amend, name="amend"),
    path("<uuid:pk>/figures/<slug:field>/", views.rows, name="rows"),
    path("<uuid:pk>/files/<slug:kind>/", views_files.file, name="file"),
    path("<uuid:pk>/files/<slug:kind>/make/", views_files.make_file, name="make_file"),
]
