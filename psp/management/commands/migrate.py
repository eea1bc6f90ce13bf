"""Django's `migrate`, in a third of the time.

After each index, constraint or trigger Django renders that model and every model related to it again, and here
nearly all models are related through the site. These three change nothing but a list of the model's own options,
so the list is extended in place. What reaches the database is the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

EXTENDS: dict[type[Operation], tuple[str, str]] = {
    AddIndex: ("indexes", "index"),
    AddConstraint: ("constraints", "constraint"),
    AddTrigger: ("triggers", "trigger"),
}


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with options_extended_in_place():
            super().handle(*args, **options)


@contextmanager
def options_extended_in_place() -> Iterator[None]:
    """Let the operations of EXTENDS work on the rendered model; restored afterwards."""
    before = {operation: operation.state_forwards for operation in EXTENDS}
    for operation, (option, attribute) in EXTENDS.items():
        operation.state_forwards = _extending(option, attribute)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for operation, method in before.items():
            operation.state_forwards = method  # type: ignore[method-assign]


def _extending(option: str, attribute: str) -> Callable[[Any, str, ProjectState], None]:
    def state_forwards(self: Any, app_label: str, state: ProjectState) -> None:
        added = getattr(self, attribute)
        options = state.models[app_label, self.model_name.lower()].options
        options[option] = [*options.get(option, []), added]
        if "apps" in state.__dict__:  # rendered already
            meta = state.apps.get_model(app_label, self.model_name)._meta
            setattr(meta, option, [*getattr(meta, option, []), added])

    return state_forwards
