"""Families, their parents and children, removals, consents and disclosures (`domain.md` 4.1)."""

from families.models.consent_files import ConsentFile, ConsentFiles
from families.models.consents import Consent, Consents, Disclosure, Disclosures, _in_a_year
from families.models.episodes import RemovalEpisode, RemovalEpisodes
from families.models.family import Families, Family, FamilyScopedRows
from families.models.merges import Merge, Merges
from families.models.people import Child, Children, Parent, Parents
from families.models.placements import PlacementSpell, PlacementSpells
from families.models.ties import FamilyTie, FamilyTies

__all__ = [
    "_in_a_year", "Child", "Children", "Consent", "ConsentFile", "ConsentFiles", "Consents", "Disclosure",
    "Disclosures", "Families", "Family", "FamilyScopedRows", "FamilyTie", "FamilyTies", "Merge",
    "Merges", "Parent", "Parents", "PlacementSpell", "PlacementSpells", "RemovalEpisode", "RemovalEpisodes",
]  # fmt: skip
