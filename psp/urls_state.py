"""Everything under `/state/`. `office/` works on sites and people, the rest reads figures in the state's scope."""

from django.urls import include, path

urlpatterns = [
    path("", include("reporting.urls_state")),
    path("office/", include("counties.urls_office")),
]
