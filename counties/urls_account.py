"""Account pages that know of roles; included under `/accounts/`."""

from django.urls import path

from counties.views import account

urlpatterns = [
    path("", account.my_account, name="my_account"),
    path("digest/", account.my_digest, name="my_digest"),
    path("name/", account.my_name, name="my_name"),
    path("invitation/<slug:token>/", account.invitation, name="invitation"),
]
