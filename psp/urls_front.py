"""The front door: home, health."""

from django.urls import path

from psp import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", views.health, name="health"),
]
