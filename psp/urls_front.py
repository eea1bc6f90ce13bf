"""The front door: home, help, health."""

from django.urls import path

from psp import views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("healthz/", views.health, name="health"),
]
