"""Django's `migrate`, in a third of the time.

After each operation Django renders its model and every model related to it again, and here nearly all are related
through the site. An index, a constraint or a trigger changes nothing but a list of its model's own options, so that
list is changed in place; a new model is rendered alone and a new column joins its rendered model, for nothing can
point to either yet. What reaches the database is the same.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Field
from pgtrigger.migrations import AddTrigger, RemoveTrigger

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
    """Let these operations, new models and new columns leave other rendered models alone; restored afterwards."""
    replaced: list[tuple[type, str, Callable[..., None]]] = [
        (operation, "state_forwards", _extending(*names)) for operation, names in EXTENDS.items()
    ]
    replaced += [
        (RemoveTrigger, "state_forwards", _without_trigger),
        (ProjectState, "add_model", _add_model),
        (ProjectState, "add_field", _adding_in_place(ProjectState.add_field)),
    ]
    with ExitStack() as afterwards:
        for owner, method, ours in replaced:
            afterwards.callback(setattr, owner, method, getattr(owner, method))
            setattr(owner, method, ours)
        yield


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    self._relations = None  # found anew when asked for
    if "apps" in self.__dict__:
        self.apps.render_multiple([model_state])


def _adding_in_place(rendering_all: Callable[..., None]) -> Callable[..., None]:
    def add_field(
        self: ProjectState, app_label: str, model_name: str, name: str, field: Field, preserve_default: bool
    ) -> None:
        if field.many_to_many or "apps" not in self.__dict__:
            return rendering_all(self, app_label, model_name, name, field, preserve_default)
        # Out of sight, so that Django's own method notes the column and renders nothing.
        apps = self.__dict__.pop("apps")
        rendering_all(self, app_label, model_name, name, field, preserve_default)
        self.__dict__["apps"] = apps
        model = apps.get_model(app_label, model_name)
        # Where a foreign key looks for its target; the registry it was rendered in may be older.
        model._meta.apps = apps
        self.models[app_label, model_name].fields[name].clone().contribute_to_class(model, name)
        apps.clear_cache()

    return add_field


def _extending(option: str, attribute: str) -> Callable[[Any, str, ProjectState], None]:
    def state_forwards(self: Any, app_label: str, state: ProjectState) -> None:
        there = state.models[app_label, self.model_name.lower()].options.get(option, [])
        _set_option(state, app_label, self.model_name, option, [*there, getattr(self, attribute)])

    return state_forwards


def _without_trigger(self: RemoveTrigger, app_label: str, state: ProjectState) -> None:
    there = state.models[app_label, self.model_name.lower()].options.get("triggers", [])
    left = [trigger for trigger in there if trigger.name != self.name]
    _set_option(state, app_label, self.model_name, "triggers", left)


def _set_option(state: ProjectState, app_label: str, model_name: str, option: str, value: list[Any]) -> None:
    state.models[app_label, model_name.lower()].options[option] = value
    if "apps" in state.__dict__:  # rendered already
        setattr(state.apps.get_model(app_label, model_name)._meta, option, value)
