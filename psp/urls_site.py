"""Everything under `/sites/<site>/`; `counties.middleware` has resolved the site and the person's rights."""

from django.urls import include, path

from psp import views, views_family, views_search

urlpatterns = [
    path("", views.today, name="today"),
    path("search/", views_search.search_page, name="search"),
    path("", include("counties.urls")),
    path("families/<uuid:pk>/", views_family.detail, name="family"),
    path("families/", include("families.urls")),
    path("referrals/", include("referrals.urls")),
    path("matches/", include("matching.urls")),
    path("contacts/", include("activities.urls")),
    path("partners/", include("partners.urls")),
    path("council/", include("advisory.urls")),
    path("outreach/", include("outreach.urls")),
    path("reports/", include("reporting.urls")),
    path("exchange/", include("exchange.urls")),
]
