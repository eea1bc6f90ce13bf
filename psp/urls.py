"""Every address of the product; each room brings its own."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("", include("psp.urls_front")),
    path("refer/<slug:site>/", include("referrals.urls_public")),
    path("sites/<slug:site>/", include("psp.urls_site")),
    path("state/", include("psp.urls_state")),
]

if settings.DEMO or settings.DEBUG:
    urlpatterns.append(path("", include("psp.views_styleguide")))
if settings.DEMO:
    urlpatterns.append(path("demo/", include("accounts.urls_demo")))

handler400 = "psp.views_errors.bad_request"
handler403 = "psp.views_errors.permission_denied"
handler404 = "psp.views_errors.not_found"
handler500 = "psp.views_errors.server_error"
