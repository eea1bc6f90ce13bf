"""One line per verb."""

from django.urls import path

from advisory import views

app_name = "advisory"
urlpatterns = [
    path("", views.meeting_list, name="list"),
    path("new/", views.record_meeting, name="record"),
    path("<uuid:pk>/edit/", views.edit_meeting, name="edit"),
]
