"""Inside which site the present code works, told to Python and to the database alike.

The database setting is transaction-local: after COMMIT the connection knows no site and a query on a
tenant table fails loudly (`stack.md` 1.2, 1.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from audit import context

STATE = "state"
_scope: ContextVar[int | str | None] = ContextVar("site_scope", default=None)


class NoSiteScope(RuntimeError):
    """A tenant table was asked for outside any site; the code forgot `site_scope`."""


class NestedSiteScope(RuntimeError):
    """A second site was entered while working inside a first one."""


def current_scope() -> int | str | None:
    """Return the site's id, `STATE` for state staff, or None outside any scope."""
    return _scope.get()


def current_site_id() -> int:
    """Return the id of the site in whose scope we are.

    Raises:
        NoSiteScope: outside a site, or in the state's scope.
    """
    scope = _scope.get()
    if not isinstance(scope, int):
        raise NoSiteScope("This question needs a site: run it inside site_scope(site_id).")
    return scope


def _tell_database(*, role: str, site: str) -> None:
    now = context.current()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('psp.site', %s, true),"
            " set_config('psp.actor', %s, true), set_config('psp.request', %s, true)",
            [role, site, str(now.actor_id or ""), str(now.request_id)],
        )


@contextmanager
def _enter(scope: int | str, *, role: str, site: str, actor_id: int | None) -> Iterator[None]:
    before = _scope.get()
    if before is not None and before != scope:
        raise NestedSiteScope(f"Already inside {before}; leave it before entering {scope}.")
    changes: dict[str, object] = {"site_id": scope if isinstance(scope, int) else None}
    if actor_id is not None:
        changes["actor_id"] = actor_id
    with context.acting(**changes):
        token = _scope.set(scope)
        try:
            with transaction.atomic():
                _tell_database(role=role, site=site)
                yield
        finally:
            _scope.reset(token)
            if before is None and connection.in_atomic_block and not connection.needs_rollback:
                # Inside an outer transaction (a test, a command) the setting would outlive the scope.
                _tell_database(role="psp_app", site="")


def site_scope(site_id: int, *, actor_id: int | None = None):
    """Work inside one site, in one transaction: `with site_scope(site.id): ...`.

    Args:
        site_id: the site whose rows can be seen and written.
        actor_id: the user on whose behalf a job or command runs; requests have set it already.

    Raises:
        NestedSiteScope: inside another site's scope.
    """
    return _enter(site_id, role="psp_app", site=str(site_id), actor_id=actor_id)


@contextmanager
def handing_over_to(site_id: int) -> Iterator[None]:
    """Leave the present site for another one and come back, in one transaction: for what one site gives another.

    Nothing of the other site may be shown to the person who acts; `referrals.transfers` alone uses this
    (docs/adr/0023), and a test holds that.

    Raises:
        NoSiteScope: outside a site.
    """
    here = current_site_id()
    token = _scope.set(site_id)
    try:
        with context.acting(site_id=site_id), transaction.atomic():
            _tell_database(role="psp_app", site=str(site_id))
            yield
    finally:
        _scope.reset(token)
        if not connection.needs_rollback:
            _tell_database(role="psp_app", site=str(here))


def state_scope():
    """Work as state staff: certified figures and site facts of every site, and not one family row."""
    return _enter(STATE, role="psp_state", site="", actor_id=None)
