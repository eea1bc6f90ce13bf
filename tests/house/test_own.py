"""What is one person's own stays theirs, also before an equal: somebody else of the same role at the same site."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counties.models import Site
from tests.house.addresses import FOREIGN
from tests.house.world import build_world

pytestmark = pytest.mark.django_db

OWN = [
    "activities:discard_draft", "copy_file", "copy_made", "counties:finish_message", "counties:open_message",
    "counties:retire_filter", "exchange:download", "exchange:export", "matching:accept_offer",
    "matching:decline_offer", "matching:offer", "reporting:draft_file", "reporting:job",
]  # fmt: skip
"""Half-written contacts, messages, filters not shared, files made for one person, offers to answer."""


def test_another_coordinator_reaches_nothing_of_ones_own(
    rock: Site, rock_second_coordinator: User, client_for: Callable[[User], Client]
) -> None:
    world, other = build_world(rock), client_for(rock_second_coordinator)
    answers = {
        name: other.post(reverse(name, kwargs={"site": "rock", **FOREIGN[name](world)})).status_code
        for name in OWN
    }
    assert answers == dict.fromkeys(OWN, 404)
