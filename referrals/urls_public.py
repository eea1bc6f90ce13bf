"""A site's link for people without an account."""

from django.urls import path

from referrals import views_public

app_name = "refer"
urlpatterns = [
    path("", views_public.start, name="start"),
    path("myself/", views_public.refer_myself, name="myself"),
    path("parent/", views_public.refer_parent, name="parent"),
    path("status/", views_public.status, name="status"),
]
