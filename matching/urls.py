"""One line per verb."""

from django.urls import path

from matching import views, views_conflicts, views_suggest

app_name = "matching"
urlpatterns = [
    path("", views.list_matches, name="list"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/accept/", views.accept, name="accept"),
    path("<uuid:pk>/decline/", views.decline, name="decline"),
    path("<uuid:pk>/end/", views.end, name="end"),
    path("enrollments/<uuid:pk>/close/", views.close_enrollment, name="close_enrollment"),
    path("waiting/", views_suggest.waiting, name="waiting"),
    path("referrals/<uuid:pk>/suggest/", views_suggest.suggest, name="suggest"),
    path("referrals/<uuid:pk>/propose/", views_suggest.propose, name="propose"),
    path("parents/<uuid:pk>/conflicts/new/", views_conflicts.record_conflict, name="record_conflict"),
    path("conflicts/<uuid:pk>/lift/", views_conflicts.lift_conflict, name="lift_conflict"),
    path("distances/", views_conflicts.distances, name="distances"),
]
