"""docs/roles.md is what counties/roles.py says."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from counties.matrix import roles_page
from counties.permissions import Right
from counties.roles import GRANTS, Role


def test_the_page_is_the_present_table() -> None:
    assert (settings.BASE_DIR / "docs" / "roles.md").read_text(encoding="utf-8") == roles_page(), (
        "run: manage.py roles_matrix --write"
    )


def test_every_role_and_right_stands_in_it() -> None:
    said = StringIO()
    call_command("roles_matrix", stdout=said)
    page = said.getvalue()
    assert all(GRANTS[role].sentence in page and f"`{role}`" in page for role in Role)
    assert all(f"`{right}`" in page for right in Right)


def test_no_state_role_reaches_a_family() -> None:
    family = {
        r
        for r in Right
        if r.split(".")[0] in {"family", "contact", "match", "referral", "partner", "incident"}
    }
    for role in (Role.STATE_STAFF, Role.STATE_ADMIN):
        assert not GRANTS[role].rights & family


def test_every_right_is_somebody_s() -> None:
    assert set(Right) == set().union(*(grant.rights for grant in GRANTS.values()))
