"""The demo's sign-in page: one button per role."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.decorators import public_view
from accounts.demo import DEMO_PEOPLE, sign_in
from accounts.models import User


@public_view
def demo(request: HttpRequest) -> HttpResponse:
    """Choose whom to be."""
    if request.method == "POST":
        person = get_object_or_404(User, email=request.POST.get("email", ""))
        logout(request)
        sign_in(request, person)
        return redirect("home")
    places: dict[str, list[dict]] = {}
    for person in User.objects.filter(email__in=[p.email for p in DEMO_PEOPLE]).order_by("pk"):
        for role in person.roles.select_related("site__settings"):
            place = role.site.name if role.site else "State of Wisconsin"
            places.setdefault(place, []).append({"person": person, "role": role.label})
    return render(request, "accounts/demo.html", {"title": "Try PSP", "places": places.items()})
