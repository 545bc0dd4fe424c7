"""The command that says what models have cost, for what, how much of the caps is left, and what a rule came to."""

import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from sidecar.cli.options import ConfigOption, DataOption, JsonOption, open_data
from sidecar.printing import print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sidecar.domain import ProjectId, Proposal, RuleId
    from sidecar.store import Spent, Store

    Projects = Mapping[ProjectId | None, Sequence[Spent]]


def spend(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """What judges and drafts cost today and this month, what the caps leave, and what each accepted rule came to."""
    from sidecar.domain import ProposalState
    from sidecar.store import Store, day_start_ns, month_start_ns

    data_dir, settings = open_data(data, config)
    store = Store.open(data_dir.store_url(settings))
    now_ns = time.time_ns()
    try:
        periods = {"day": store.spent(day_start_ns(now_ns)), "month": store.spent(month_start_ns(now_ns))}
        projects = {
            "day": store.spending.by_project(day_start_ns(now_ns)),
            "month": store.spending.by_project(month_start_ns(now_ns)),
        }
        merged = store.proposals(states=[ProposalState.MERGED])
        accepted = accepted_rules(merged, _never_taken(store, merged))
        ever_usd = store.spent_usd(0)
    finally:
        store.close()
    caps_usd = {"day": settings.model.max_usd_per_day, "month": settings.model.max_usd_per_month}
    if as_json:
        told = {name: _period_document(spent, projects[name], caps_usd[name]) for name, spent in periods.items()}
        rules = {"accepted": accepted, "spent_usd": ever_usd, "usd_each": ever_usd / accepted if accepted else None}
        print_json({**told, "models": [_document(one) for one in periods["month"]], "rules": rules})
        return
    _print_models(periods["month"])
    for name, spent in periods.items():
        print_line(f"this {name} (UTC): {_sum_words(spent)} {_of_cap(_sum(spent), caps_usd[name])}")
        for project, of_project in _dearest_first(projects[name]):
            print_line(f"  {project or 'not of one project'}: {_sum_words(of_project)}")
    if accepted:
        print_line(f"since the beginning: {ever_usd:.4f} USD, {ever_usd / accepted:.4f} for each of {accepted} rules")
    print_line("caps are model.max_usd_per_day and model.max_usd_per_month in sidecar.toml")


def accepted_rules(merged: "Sequence[Proposal]", never_taken: "Collection[RuleId]" = ()) -> int:
    """How many rules people have merged; one that was amended later counts once, one that was only retired not.

    Args:
        never_taken: Rules of these proposals that people left out when they merged the rest.
    """
    from sidecar.domain import EditOperation

    edits = [edit for proposal in merged for edit in proposal.edits if edit.operation is not EditOperation.RETIRE]
    return len({edit.rule.rule_id for edit in edits}.difference(never_taken))


def _never_taken(store: "Store", merged: "Sequence[Proposal]") -> "frozenset[RuleId]":
    """Declined rules that never stood on the base."""
    projects = {proposal.project for proposal in merged}
    declined = {stone.rule_id for project in projects for stone in store.tombstones(project)}
    stood = {one.rule.rule_id for project in projects for one in store.decisions.in_force(project)}
    return frozenset(declined - stood)


def _print_models(month: "Sequence[Spent]") -> None:
    if not month:
        print_line("no model was asked this month; the judge evidence needs none")
    for one in month:
        used = one.usage
        read = used.input_tokens + used.cache_write_tokens + used.cache_read_tokens
        print_line(
            f"{one.purpose.value} by {one.model}: {one.calls} calls, {one.cost_usd:.4f} USD, {read} tokens read "
            f"({used.cache_read_tokens} from the provider's cache), {used.output_tokens} written"
        )
        if one.unsettled:
            print_line(
                f"  {one.unsettled} of them counted at the most they may cost, {one.reserved_usd:.4f} USD: they are "
                f"under way, or their answer never came"
            )


def _sum(spent: "Sequence[Spent]") -> float:
    return sum(one.cost_usd for one in spent)


def _by_purpose(spent: "Sequence[Spent]") -> "Mapping[str, float]":
    purposes = dict.fromkeys(one.purpose.value for one in spent)
    return {name: sum(one.cost_usd for one in spent if one.purpose.value == name) for name in purposes}


def _sum_words(spent: "Sequence[Spent]") -> str:
    parts = ", ".join(f"{name} {usd:.4f}" for name, usd in _by_purpose(spent).items())
    reserved = sum(one.reserved_usd for one in spent)
    put_aside = f", {reserved:.4f} of it put aside" if reserved else ""
    return f"{_sum(spent):.4f} USD{f' ({parts}{put_aside})' if parts else ''}"


def _dearest_first(projects: "Projects") -> "list[tuple[ProjectId | None, Sequence[Spent]]]":
    return sorted(projects.items(), key=lambda one: (-_sum(one[1]), one[0] or ""))


def _of_cap(spent: float, cap: float | None) -> str:
    return "without a cap" if cap is None else f"of {cap:.2f}, {max(0.0, cap - spent):.4f} left"


def _period_document(spent: "Sequence[Spent]", projects: "Projects", cap: float | None) -> dict[str, object]:
    return {
        "spent_usd": _sum(spent),
        "reserved_usd": sum(one.reserved_usd for one in spent),
        "cap_usd": cap,
        "purposes": dict(_by_purpose(spent)),
        "projects": [{"project": name, "spent_usd": _sum(of_one)} for name, of_one in _dearest_first(projects)],
    }


def _document(one: "Spent") -> dict[str, object]:
    return {
        "purpose": one.purpose.value,
        "model": one.model,
        "calls": one.calls,
        "unsettled": one.unsettled,
        "reserved_usd": one.reserved_usd,
        "cost_usd": one.cost_usd,
        **asdict(one.usage),
    }
