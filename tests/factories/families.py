"""Families and their members."""

from __future__ import annotations

import datetime as dt
import hashlib

from accounts.models import User
from counties.models import Site
from counties.wall import site_scope
from counties.wall.rules import next_number
from families.models import (
    Child,
    Consent,
    ConsentFile,
    Family,
    FamilyTie,
    Parent,
    PlacementSpell,
    RemovalEpisode,
)


def make_family(site: Site, **fields: object) -> Family:
    with site_scope(site.id):
        return Family.objects.create(site=site, **{"number": next_number(Family), **fields})


def make_parent(site: Site, family: Family | None = None, **fields: object) -> Parent:
    family = family or make_family(site)
    defaults = {"first_name": "Sol", "last_name": "Juniper", "language": "en", "case_type": "ohc"}
    with site_scope(site.id):
        return Parent.objects.create(site=site, family=family, **{**defaults, **fields})


def make_child(site: Site, family: Family | None = None, **fields: object) -> Child:
    family = family or make_family(site)
    defaults = {"first_name": "Quin", "date_of_birth": dt.date(2018, 5, 1)}
    with site_scope(site.id):
        return Child.objects.create(site=site, family=family, **{**defaults, **fields})


def make_episode(site: Site, child: Child | None = None, **fields: object) -> RemovalEpisode:
    child = child or make_child(site)
    with site_scope(site.id):
        return RemovalEpisode.objects.create(
            site=site, child=child, **{"removed_on": dt.date(2025, 3, 1), **fields}
        )


def make_placement(site: Site, episode: RemovalEpisode | None = None, **fields: object) -> PlacementSpell:
    episode = episode or make_episode(site)
    defaults = {"setting": "foster_relative", "started_on": episode.removed_on}
    with site_scope(site.id):
        return PlacementSpell.objects.create(site=site, episode=episode, **{**defaults, **fields})


def make_consent(site: Site, parent: Parent, **fields: object) -> Consent:
    defaults = {"kind": "participation_agreement", "starts_on": dt.date(2025, 1, 1), "expires_on": None}
    with site_scope(site.id):
        return Consent.objects.create(site=site, parent=parent, **{**defaults, **fields})


def make_consent_file(site: Site, consent: Consent, content: bytes = b"%PDF-1.7 signed %%EOF") -> ConsentFile:
    with site_scope(site.id):
        return ConsentFile.objects.create(
            site=site, consent=consent, kind="pdf", content=content, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), added_by=User.objects.first(),
        )  # fmt: skip


def make_tie(site: Site, family: Family, person: User, **fields: object) -> FamilyTie:
    """A standing tie of a person to a family, declared by themselves; the family is sealed by it."""
    defaults = {"kind": FamilyTie.Kind.RELATED, "declared_by": person}
    with site_scope(site.id):
        Family.objects.filter(pk=family.pk).update(is_sealed=True)
        return FamilyTie.objects.create(site=site, family=family, person=person, **{**defaults, **fields})
