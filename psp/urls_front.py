"""The front door: home, help, health."""

from django.urls import path

from activities import views_calendar
from psp import views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("calendar/<slug:site>/<str:token>.ics", views_calendar.feed, name="calendar_feed"),
    path("healthz/", views.health, name="health"),
]
