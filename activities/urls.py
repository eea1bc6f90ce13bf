"""One line per verb."""

from django.urls import path

from activities import views, views_family

app_name = "activities"
urlpatterns = [
    path("", views.contact_list, name="list"),
    path("log/", views.log, name="log"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("enrollments/<uuid:pk>/level/", views_family.change_level, name="change_level"),
    path("dates/", views_family.events, name="events"),
    path("dates/new/", views_family.plan_event, name="plan_event"),
    path("dates/<uuid:pk>/attendance/", views_family.attendance, name="attendance"),
    path("dates/<uuid:pk>/cancel/", views_family.cancel_event, name="cancel_event"),
    path("parents/<uuid:pk>/goals/new/", views_family.set_goal, name="set_goal"),
    path("goals/<uuid:pk>/end/", views_family.end_goal, name="end_goal"),
    path("incidents/", views_family.incidents, name="incidents"),
    path("incidents/new/", views_family.record_incident, name="record_incident"),
    path("report-a-concern/", views_family.report_help, name="report_help"),
]
