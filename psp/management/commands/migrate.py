"""Django's `migrate`, in a third of the time.

After each operation Django renders its model and every model related to it again, and here nearly all are related
through the site. An index, a constraint or a trigger changes nothing but a list of its model's own options, so that
list is extended in place; a new model is rendered alone, for nothing can point to it yet. What reaches the database
is the same.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger

EXTENDS: dict[type[Operation], tuple[str, str]] = {
    AddIndex: ("indexes", "index"),
    AddConstraint: ("constraints", "constraint"),
    AddTrigger: ("triggers", "trigger"),
}


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with rendered_sparingly():
            super().handle(*args, **options)


@contextmanager
def rendered_sparingly() -> Iterator[None]:
    """Let the operations of EXTENDS, and new models, leave other rendered models alone; restored afterwards."""
    with ExitStack() as afterwards:
        for operation, (option, attribute) in EXTENDS.items():
            afterwards.callback(setattr, operation, "state_forwards", operation.state_forwards)
            setattr(operation, "state_forwards", _extending(option, attribute))  # noqa: B010 (a method, replaced)
        afterwards.callback(setattr, ProjectState, "add_model", ProjectState.add_model)
        setattr(ProjectState, "add_model", _add_model)  # noqa: B010
        yield


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    self._relations = None  # found anew when asked for
    if "apps" in self.__dict__:
        self.apps.render_multiple([model_state])


def _extending(option: str, attribute: str) -> Callable[[Any, str, ProjectState], None]:
    def state_forwards(self: Any, app_label: str, state: ProjectState) -> None:
        added = getattr(self, attribute)
        options = state.models[app_label, self.model_name.lower()].options
        options[option] = [*options.get(option, []), added]
        if "apps" in state.__dict__:  # rendered already
            meta = state.apps.get_model(app_label, self.model_name)._meta
            setattr(meta, option, [*getattr(meta, option, []), added])

    return state_forwards
