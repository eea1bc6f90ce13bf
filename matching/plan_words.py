"""A plan's lines as a coordinator reads them."""

from __future__ import annotations

from matching.models import Conflict, PlanLine

REASONS = {
    "not_active": "not in their role today",
    "not_eligible": "not eligible",
    "not_trained": "without core training",
    "on_leave": "on leave",
    "at_hard_cap": "at the hard cap",
    "declined": "declined before",
    "not_suggested": "cannot be suggested for this family",
    "matched_already": "matched or proposed already",
    **{kind: f"conflict: {label[0].lower()}{label[1:]}" for kind, label in Conflict.Kind.choices},
}


def why_nobody(line: PlanLine) -> str:
    """Why no parent partner is planned for this parent."""
    if line.partner_id:
        return ""
    if line.advised_id:
        return "Nobody for now, as you chose."
    if line.fits:
        return f"No room: {_partners(line.fits)} could walk beside this parent, and every place is taken."
    return "Nobody can be suggested." if line.stopped else "There is no parent partner at this site."


def stopped(line: PlanLine) -> list[str]:
    """Who is excluded, counted by the first hard stop (`domain.md` 5.2)."""
    counts = sorted(line.stopped.items(), key=lambda pair: -pair[1])
    return [f"{count} {REASONS.get(code, code)}" for code, count in counts]


def what_it_costs(line: PlanLine) -> str:
    """What the plan costs this parent, held against the best pairing for them alone."""
    if line.cost is None:
        return f"Own best: {line.best_total}" if line.best_total is not None else ""
    if not line.cost:
        return "The best for this parent"
    return f"{line.cost} below the best for this parent alone, {line.best_total}"


def _partners(count: int) -> str:
    return "1 parent partner" if count == 1 else f"{count} parent partners"
