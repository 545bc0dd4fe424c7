"""Prints what attach and detach change, or would change."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sidecar.printing import print_json, print_line, print_text

if TYPE_CHECKING:
    from sidecar.attach.attaching import Plan
    from sidecar.attach.changing import Change


def print_attached(agent: str, plan: "Plan", scripts: "Sequence[Change]", *, is_dry_run: bool, as_json: bool) -> None:
    """Print what attaching changed or would change."""
    if as_json:
        _print_plan_json(agent, plan, scripts, is_dry_run=is_dry_run)
        return
    if is_dry_run:
        _print_diffs(plan, scripts)
    else:
        for change in (*scripts, *plan.changes):
            verb = "wrote" if change.before is None else "removed" if change.after is None else "changed"
            print_line(f"{verb} {change.path}")
    for note in plan.notes:
        print_line(f"note: {note}")
    if not plan.changes and not scripts:
        print_line(f"{agent} is attached already; nothing to do" if plan.record.files else "nothing was attached")
    elif is_dry_run:
        print_line("nothing was written: this was a dry run")
    else:
        print_line(f"{agent} is attached; start it anew, then: sidecar doctor")


def print_detached(agent: str, plan: "Plan", *, was_attached: bool, is_dry_run: bool, as_json: bool) -> None:
    """Print what detaching changed or would change."""
    if as_json:
        _print_plan_json(agent, plan, (), is_dry_run=is_dry_run)
        return
    if is_dry_run:
        _print_diffs(plan, ())
    for note in plan.notes:
        print_line(note)
    if not was_attached:
        print_line(f"{agent} is not attached; nothing to do")
    elif is_dry_run:
        print_line("nothing was written: this was a dry run")
    elif not plan.record.files:
        print_line(f"{agent} is detached; sessions that run still call hooks that are gone, which does them no harm")


def _print_diffs(plan: "Plan", scripts: "Sequence[Change]") -> None:
    from sidecar.attach.changing import unified_diff

    for change in scripts:
        verb = "would write" if change.before is None else "would replace" if change.after else "would remove"
        lines = (change.after or b"").count(b"\n")
        print_line(f"{verb} {change.path}" + (f" ({lines} lines of this program)" if lines else ""))
    for change in plan.changes:
        print_text(_shown(unified_diff(change)).removesuffix("\n"))


def _print_plan_json(agent: str, plan: "Plan", scripts: "Sequence[Change]", *, is_dry_run: bool) -> None:
    from sidecar.attach.changing import unified_diff

    print_json(
        {
            "agent": agent,
            "dry_run": is_dry_run,
            "changes": [{"path": str(one.path), "diff": _shown(unified_diff(one))} for one in plan.changes],
            "scripts": [str(one.path) for one in scripts],
            "notes": list(plan.notes),
            "attached": bool(plan.record.files),
        }
    )


def _shown(diff: str) -> str:
    """A diff for people and logs: a token in it is no more than its place."""
    return re.sub(r"(Authorization=Bearer )[^\"]+", r"\1[REDACTED]", diff)
