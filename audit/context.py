"""Who is acting, where, and why, for the length of one request, job or command."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Context:
    """What the trail knows about the present action; ids only, never names."""

    site_id: int | None = None
    actor_id: int | None = None
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)
    source: str = "command"
    ip_hash: str = ""


_current: ContextVar[Context | None] = ContextVar("audit_context", default=None)


def current() -> Context:
    """Return the present context; outside any, an empty one."""
    return _current.get() or Context()


@contextmanager
def acting(**changes: Any) -> Iterator[Context]:
    """Run a block in a changed context and restore the former one afterwards."""
    token = _current.set(replace(current(), **changes))
    try:
        yield current()
    finally:
        _current.reset(token)
