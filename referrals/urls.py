"""One line per verb."""

from django.urls import path

from referrals import views, views_funnel, views_incoming, views_transfer

app_name = "referrals"
urlpatterns = [
    path("", views.referral_list, name="list"),
    path("new/", views.create, name="create"),
    path("incoming/", views_incoming.incoming_list, name="incoming_list"),
    path("incoming/<uuid:pk>/", views_incoming.incoming, name="incoming"),
    path("incoming/<uuid:pk>/take-up/", views_incoming.take_up, name="take_up"),
    path("incoming/<uuid:pk>/join/", views_incoming.join, name="join"),
    path("incoming/<uuid:pk>/decline/", views_incoming.decline_incoming, name="decline_incoming"),
    path("parents/<uuid:pk>/transfer/", views_transfer.transfer, name="transfer"),
    path("transfers/<uuid:pk>/take-back/", views_transfer.take_back, name="take_back"),
    path("funnel/", views_funnel.funnel, name="funnel"),
    path("link/", views_incoming.public_form, name="public_form"),
    path("link/switch/", views_incoming.switch_public_form, name="switch_public_form"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/screen/", views.screen, name="screen"),
    path("participations/<uuid:pk>/end/", views.end_participation, name="end_participation"),
    path("<uuid:pk>/decide/", views.decide, name="decide"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/enroll/", views.enroll, name="enroll"),
]
