"""The trail of what belongs to no site: sign-ins, failures, second factors, state roles, sites opened and closed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from accounts.models import User
from audit.models import AuditEvent
from audit.record import record
from audit.verbs import say
from counties.decorators import state_view
from counties.lists import paginate, render_list
from counties.permissions import Right
from counties.wall import state_scope


@state_view(Right.STATE_PEOPLE)
def trail(request: HttpRequest) -> HttpResponse:
    """Events without a site, newest first; `?person=` narrows to one account's doings.

    Read in the state's scope, whose policy shows no event of a site; names are looked up outside it, because
    that scope knows no accounts.
    """
    person = request.GET.get("person", "")
    with state_scope():
        events = AuditEvent.objects.filter(site_id=None)
        if person.isdigit() and len(person) < 10:
            events = events.by_person(int(person))
        listing = paginate(request, events, sorts={"at": ("at", "id")}, default="-at", page_size=50)
        listing.page.object_list = list(listing)
    names = dict(User.objects.filter(pk__in={e.actor_id for e in listing}).values_list("pk", "name"))
    for event in listing:
        event.who = names.get(event.actor_id, "Nobody signed in")
        event.words = say(event.verb)
    record("trail.viewed", kind="office")
    return render_list(
        request, "counties/office_trail.html", {"title": "Sign-ins and accounts", "listing": listing}
    )
