"""What state administrators do: sites and people, never figures or families."""

from django.urls import path

from counties.views import office, office_trail

app_name = "office"
urlpatterns = [
    path("", office.sites, name="sites"),
    path("open/", office.open_, name="open"),
    path("sites/<int:pk>/", office.site, name="site"),
    path("sites/<int:pk>/edit/", office.edit, name="edit"),
    path("sites/<int:pk>/phase/", office.phase, name="phase"),
    path("sites/<int:pk>/close/", office.close, name="close"),
    path("people/", office.people, name="people"),
    path("trail/", office_trail.trail, name="trail"),
    path("people/invite/", office.invite, name="invite"),
    path("people/account/", office.account, name="account"),
    path("people/roles/<int:pk>/end/", office.end, name="end_role"),
    path("people/invitations/<int:pk>/resend/", office.resend, name="resend_invitation"),
    path("people/invitations/<int:pk>/withdraw/", office.withdraw, name="withdraw_invitation"),
]
