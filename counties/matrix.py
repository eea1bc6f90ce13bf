"""`docs/roles.md`: what each role may do, written from `GRANTS` so that page and rule cannot disagree."""

from __future__ import annotations

from counties.permissions import Right
from counties.roles import GRANTS, MFA_ROLES, Role

INTRODUCTION = """# Who may do what

Written by `manage.py roles_matrix --write` from `counties/roles.py`; a test fails when it differs. A person may hold
several roles at several sites, each with its dates, and has the rights of those held today at the site of the page.
At a closed site coordinators keep the rights of its reports and no other; all other roles end (`docs/adr/0013`).
What a right opens is narrowed further by the rows: a parent partner sees the families matched with them now.
Labels of roles can be changed per site; the keys never change. State roles have no site and reach no family.
"""


def roles_page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([INTRODUCTION, "## Roles", "", *_roles(), "", "## Rights", "", *_rights(), ""])


def _roles() -> list[str]:
    lines = ["| role | key | what it is for | second factor |", "|---|---|---|---|"]
    for role in Role:
        factor = "yes" if role in MFA_ROLES else "no"
        lines.append(f"| {role.label} | `{role}` | {GRANTS[role].sentence} | {factor} |")
    return lines


def _rights() -> list[str]:
    lines = ["| right | " + " | ".join(role.label for role in Role) + " |", "|---|" + ":-:|" * len(Role)]
    for right in Right:
        marks = ("yes" if right in GRANTS[role].rights else "" for role in Role)
        lines.append(f"| `{right}` | " + " | ".join(marks) + " |")
    return lines
