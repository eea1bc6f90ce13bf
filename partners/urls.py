"""One line per verb."""

from django.urls import path

from partners import views, views_own, views_sessions

app_name = "partners"
urlpatterns = [
    path("", views.list_partners, name="list"),
    path("me/", views_own.my_profile, name="my_profile"),
    path("new/", views.create, name="create"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/end/", views.end, name="end"),
    path("<uuid:pk>/leave/", views.begin_leave, name="begin_leave"),
    path("<uuid:pk>/return/", views.end_leave, name="end_leave"),
    path("sessions/", views_sessions.list_sessions, name="sessions"),
    path("sessions/new/", views_sessions.record_session, name="record_session"),
    path("sessions/<uuid:pk>/edit/", views_sessions.edit_session, name="edit_session"),
]
