"""How to try each address against the wall: which object of a `World` its parameters name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.house.world import World


def _pk(thing: str, **more: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": world.things[thing].pk, **more}


FOREIGN: dict[str, Callable[[World], dict[str, Any]]] = {
    "family": _pk("family"),
    "families:edit": _pk("family"),
    "families:add_parent": _pk("family"),
    "families:edit_parent": _pk("parent"),
    "families:add_child": _pk("family"),
    "families:edit_child": _pk("child"),
    "families:record_episode": _pk("child"),
    "families:edit_episode": _pk("episode"),
    "families:record_placement": _pk("episode"),
    "families:edit_placement": _pk("placement"),
    "families:strike_placement": _pk("placement"),
    "families:record_consent": _pk("parent"),
    "families:revoke_consent": _pk("consent"),
    "families:record_disclosure": _pk("parent"),
    "families:seal": _pk("family"),
    "families:unseal": _pk("family"),
    "families:declare_tie": _pk("family"),
    "families:lift_tie": _pk("tie"),
    "referrals:incoming": _pk("incoming"),
    "referrals:take_up": _pk("incoming"),
    "referrals:join": _pk("incoming"),
    "referrals:decline_incoming": _pk("incoming"),
    "referrals:detail": _pk("referral"),
    "referrals:decide": _pk("pending"),
    "referrals:withdraw": _pk("pending"),
    "referrals:enroll": _pk("waiting"),
    "matching:detail": _pk("match"),
    "matching:accept": _pk("proposed"),
    "matching:decline": _pk("proposed"),
    "matching:end": _pk("match"),
    "matching:close_enrollment": _pk("enrollment"),
    "matching:suggest": _pk("waiting"),
    "matching:propose": _pk("waiting"),
    "matching:plan": _pk("plan"),
    "matching:accept_plan": _pk("plan"),
    "matching:change_line": _pk("plan_line"),
    "matching:take_off_line": _pk("plan_line"),
    "matching:put_back_line": _pk("plan_line"),
    "matching:record_conflict": _pk("parent"),
    "matching:lift_conflict": _pk("conflict"),
    "activities:timeline": _pk("family"),
    "activities:detail": _pk("contact"),
    "activities:correct": _pk("contact"),
    "activities:end_follow_up": _pk("follow_up"),
    "activities:strike_time": _pk("time"),
    "activities:discard_draft": _pk("draft"),
    "activities:change_level": _pk("enrollment"),
    "activities:attendance": _pk("event"),
    "activities:cancel_event": _pk("event"),
    "activities:set_goal": _pk("parent"),
    "activities:end_goal": _pk("goal"),
    "partners:detail": _pk("partner"),
    "partners:edit": _pk("partner"),
    "partners:end": _pk("partner"),
    "partners:begin_leave": _pk("partner"),
    "partners:end_leave": _pk("partner"),
    "partners:strike_training": _pk("training"),
    "partners:recruitment": _pk("recruitment"),
    "partners:edit_recruitment": _pk("recruitment"),
    "partners:move_recruitment": _pk("recruitment"),
    "partners:edit_session": _pk("session"),
    "advisory:edit": _pk("meeting"),
    "outreach:edit": _pk("outreach"),
    "reporting:job": _pk("file_job"),
    "reporting:draft_file": _pk("file_job"),
    "reporting:detail": _pk("report"),
    "reporting:recompute": _pk("report"),
    "reporting:write": _pk("report"),
    "reporting:certify": _pk("report"),
    "reporting:take_back": _pk("report"),
    "reporting:submit": _pk("report"),
    "reporting:amend": _pk("report"),
    "reporting:rows": _pk("report", field="B1"),
    "reporting:file": _pk("report", kind="pdf"),
    "reporting:make_file": _pk("report", kind="pdf"),
    "exchange:run": _pk("import_job"),
    "exchange:refused": _pk("import_job"),
    "exchange:export": _pk("export"),
    "exchange:download": _pk("export"),
    "exchange:api_report": _pk("report"),
    "counties:open_message": _pk("message"),
    "counties:finish_message": _pk("message"),
    "counties:person": lambda world: {"pk": world.coordinator.pk},
    "counties:give_role": lambda world: {"pk": world.coordinator.pk},
    "counties:end_role": _pk("role"),
    "counties:withdraw_invitation": _pk("invitation"),
    "counties:event": _pk("audit_event"),
}
"""URL name -> its parameters, besides the site, out of a world."""

STATE_OBJECTS: dict[str, Callable[[World], dict[str, Any]]] = {
    "state:report": _pk("handed_in"),
    "state:accept": _pk("handed_in"),
    "state:return": _pk("handed_in"),
    "state:file": _pk("handed_in", kind="pdf"),
    "office:site": lambda world: {"pk": world.site.pk},
    "office:edit": lambda world: {"pk": world.site.pk},
    "office:phase": lambda world: {"pk": world.site.pk},
    "office:close": lambda world: {"pk": world.site.pk},
    "office:end_role": _pk("role"),
    "office:withdraw_invitation": _pk("invitation"),
}

THIRD_PARTY = {
    "account": "allauth's sign-in pages, in our templates",
    "mfa": "allauth's second factor",
    "usersessions": "allauth's list of sessions",
}
"""First word of a URL name that is not ours -> why it is served."""
