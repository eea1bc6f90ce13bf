"""A site's settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from counties.actions.settings import change_settings
from counties.decorators import site_view
from counties.permissions import Right
from counties.settings_form import SettingsForm
from counties.views.side import settings_side


@site_view(Right.SITE_CONFIGURE)
def settings(request: HttpRequest, site: str) -> HttpResponse:
    """Change what a site may set for itself."""
    present = request.site.settings
    form = SettingsForm(request.POST or None, instance=present)
    if form.answered(request, change_settings, settings=present):
        messages.success(request, "The settings are saved.")
        return redirect("counties:settings", site)
    context = {
        "title": "Settings",
        "lead": "They hold for everybody at this site. Who changed what stands in the audit trail.",
        "form": form, "side": settings_side(request), "submit_label": "Save the settings",
    }  # fmt: skip
    return render(request, "counties/settings.html", context)
