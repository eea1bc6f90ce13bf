"""One line per verb."""

from django.urls import path

from outreach import views

app_name = "outreach"
urlpatterns = [
    path("", views.outreach_list, name="list"),
    path("new/", views.record_outreach, name="record"),
    path("<uuid:pk>/edit/", views.edit_outreach, name="edit"),
]
