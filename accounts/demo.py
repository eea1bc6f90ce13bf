"""The people of the demo, one per role, and signing in as one of them with a button.

Only with `PSP_DEMO=1`: without it the address does not exist and `sign_in` refuses. The loader makes the sites,
calls `make_demo_people()`, and links `PARENT_PARTNER` to an imported parent partner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.factors import note_factor
from accounts.models import User

FIRST_DAY = "2020-01-01"
STATE = ""


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as; `site` is a slug, `STATE` for state roles."""

    email: str
    name: str
    role: str
    site: str


DEMO_PEOPLE = [
    DemoPerson("ruth.alder@rock.example", "Ruth Alder", "program_coordinator", "rock"),
    DemoPerson("ada.birch@rock.example", "Ada Birch", "program_coordinator", "rock"),
    DemoPerson("pat.cedar@rock.example", "Pat Cedar", "partner_coordinator", "rock"),
    DemoPerson("max.nandina@rock.example", "Max Nandina", "parent_partner", "rock"),
    DemoPerson("cleo.elm@rock.example", "Cleo Elm", "clinical_support", "rock"),
    DemoPerson("carl.fir@rock.example", "Carl Fir", "council_member", "rock"),
    DemoPerson("dora.hazel@door.example", "Dora Hazel", "program_coordinator", "door"),
    DemoPerson("jon.ivy@jefferson.example", "Jon Ivy", "program_coordinator", "jefferson"),
    DemoPerson("sam.juniper@state.example", "Sam Juniper", "state_staff", STATE),
    DemoPerson("sue.larch@state.example", "Sue Larch", "state_admin", STATE),
]
PARENT_PARTNER = "max.nandina@rock.example"


class NotADemo(PermissionDenied):
    """This is no demo; nobody signs in with a button."""


def refuse_unless_demo() -> None:
    """Raise NotADemo unless this is a demo, which production never is."""
    if not settings.DEMO or settings.PRODUCTION:
        raise NotADemo("The demo is only for PSP_DEMO=1, and never for production.")


def make_demo_people() -> list[User]:
    """Make the demo's accounts and roles, where their sites exist; safe to run again. Returns the accounts."""
    refuse_unless_demo()
    return [_make(person) for person in DEMO_PEOPLE if not person.site or _site(person.site)]


def _site(slug: str) -> Any:
    # Sites and roles live in a room above; they are asked for by name, so that no import points up.
    return apps.get_model("counties", "Site").objects.filter(slug=slug).first()


def _make(person: DemoPerson) -> User:
    user = User.objects.filter(email=person.email).first() or User.objects.create_user(
        person.email, name=person.name
    )
    site = _site(person.site) if person.site else None
    if not user.roles.filter(
        site=site, role=person.role
    ).exists():  # ended and given again, it is there twice
        user.roles.create(site=site, role=person.role, starts_on=FIRST_DAY)
    return user


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign in as one of the demo's people; their second factor counts as shown."""
    refuse_unless_demo()
    if user.email not in {person.email for person in DEMO_PEOPLE}:
        raise NotADemo("Only the demo's own people sign in like this.")
    get_adapter(request).login(request, user)
    UserSession.objects.create_from_request(request)
    note_factor(request, shown=True)
