"""What state staff see: figures, never families."""

from django.urls import path

from reporting import views_state

app_name = "state"
urlpatterns = [
    path("", views_state.overview, name="overview"),
    path("reports/", views_state.reports, name="reports"),
    path("reports/<uuid:pk>/", views_state.report, name="report"),
    path("reports/<uuid:pk>/accept/", views_state.accept, name="accept"),
    path("reports/<uuid:pk>/return/", views_state.send_back, name="return"),
    path("reports/<uuid:pk>/files/<slug:kind>/", views_state.file, name="file"),
    path("compare/", views_state.compare, name="comparison"),
]
