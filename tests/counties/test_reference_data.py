"""The 72 counties and 11 tribes (`domain.md` 12)."""

import pytest

from counties.models import County, Tribe

pytestmark = pytest.mark.django_db


def test_every_wisconsin_county_is_there_once() -> None:
    assert County.objects.count() == 72
    assert County.objects.get(fips="55078").name == "Menominee"
    assert {c.name for c in County.objects.filter(region="Southern")} >= {"Rock", "Jefferson", "Iowa", "Dane"}
    assert all(c.fips.startswith("55") and len(c.fips) == 5 for c in County.objects.all())


def test_the_eleven_tribes_know_their_home_counties() -> None:
    assert Tribe.objects.count() == 11
    assert {c.name for c in Tribe.objects.get(key="lac-du-flambeau").counties.all()} == {
        "Vilas",
        "Iron",
        "Oneida",
    }
    assert {t.key for t in County.objects.get(name="Forest").tribes.all()} == {
        "forest-county-potawatomi",
        "sokaogon",
    }
    assert not Tribe.objects.get(key="ho-chunk").counties.exists()
