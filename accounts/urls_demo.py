"""Mounted only when PSP_DEMO=1 (`psp/urls.py`)."""

from django.urls import path

from accounts import views_demo

urlpatterns = [path("", views_demo.demo, name="demo")]
