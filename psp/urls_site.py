"""Everything under `/sites/<site>/`; `counties.middleware` has resolved the site and the person's rights."""

from django.urls import include, path

from psp import views, views_board, views_copy, views_family, views_funnel, views_merge, views_search

urlpatterns = [
    path("", views.today, name="today"),
    path("search/", views_search.search_page, name="search"),
    path("", include("counties.urls")),
    path("families/<uuid:pk>/", views_family.detail, name="family"),
    path("families/<uuid:pk>/merge/", views_merge.merge_families, name="merge_families"),
    path("families/<uuid:pk>/parents/merge/", views_merge.merge_parents, name="merge_parents"),
    path("families/<uuid:pk>/children/merge/", views_merge.merge_children, name="merge_children"),
    path("families/parents/<uuid:pk>/copy/", views_copy.copy, name="copy_record"),
    path("families/copies/<uuid:pk>/", views_copy.made, name="copy_made"),
    path("families/copies/<uuid:pk>/file/", views_copy.file, name="copy_file"),
    path("families/merges/<uuid:pk>/undo/", views_merge.undo_merge, name="undo_merge"),
    path("families/", include("families.urls")),
    path("referrals/funnel/outside/", views_funnel.funnel_outside, name="funnel_outside"),
    path("referrals/", include("referrals.urls")),
    path("matches/", include("matching.urls")),
    path("contacts/", include("activities.urls")),
    path("partners/board/", views_board.board, name="partner_board"),
    path("partners/", include("partners.urls")),
    path("council/", include("advisory.urls")),
    path("outreach/", include("outreach.urls")),
    path("reports/", include("reporting.urls")),
    path("exchange/", include("exchange.urls")),
]
