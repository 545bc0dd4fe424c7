"""Commands that run one flow now: judge, propose, sync."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from judges.registry import JUDGES, check_judge
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.domain import EditOperation, NoRuleReason, ProjectId, Proposal, SessionKey
from sidecar.errors import SidecarError
from sidecar.printing import EXIT_COULD_NOT_RUN, print_error, print_json, print_line

if TYPE_CHECKING:
    from sidecar.installation import Installation
    from sidecar.jobs.drafting import Drafted
    from sidecar.jobs.judging import Judged
    from sidecar.jobs.syncing import Synced

_Result = TypeVar("_Result")

_NO_PROJECT = (
    "nothing to do: no stored session is of a project that sidecar.toml names; "
    'bring sessions in, or add [projects."HOST/PATH"] with its url'
)
ProjectOption = Annotated[str | None, typer.Option(help="Only this project, by its normalised remote.")]
JudgeOption = Annotated[
    str | None,
    typer.Option("--judge", help=f"Only this one of: {', '.join(JUDGES)}. Else evidence, and learn.judge beside it."),
]


def judge(
    name: JudgeOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Judge every settled session that a judge has not seen."""
    from sidecar.engine import judge_all

    _check(name)
    with opened(data, config) as installation:
        names = _judges(installation, name)
        installation.projector().run(now_ns=time.time_ns())
        if dry_run:
            chosen = [installation.judge(one) for one in names]
            waiting = [key for one in chosen for key in installation.store.unjudged_sessions(one.name, one.version)]
            _print_waiting(list(dict.fromkeys(waiting)), as_json=as_json)
            return
        runs = [asyncio.run(judge_all(installation, one)) for one in names]
    if as_json:
        print_json(_judged_document(runs))
    for judge_name, judged in zip(names, runs, strict=True):
        if not as_json:
            _print_judged(judge_name, judged)
        if judged.stopped_by is not None:
            raise judged.stopped_by


def _judges(installation: "Installation", name: str | None) -> list[str]:
    """The judge that was asked for, or all that judge by the clock."""
    from sidecar.engine import judges_of

    return judges_of(installation.config.learn) if name is None else [name]


def _check(name: str | None) -> None:
    """An unknown name is said before anything is opened."""
    if name is not None:
        check_judge(name)


def _print_judged(name: str, judged: "Judged") -> None:
    for verdict in judged.verdicts:
        print_line(f"{verdict.session.session_id}: {verdict.explanation}")
    for key, one in judged.unjudged:
        print_line(f"{key.session_id}: no verdict, {one.problem.value}: {one.detail}")
    print_line(f"{name}: {len(judged.verdicts)} verdicts; nothing found in {len(judged.silent)} sessions")
    if judged.in_batch:
        print_line(f"{name}: a batch is under way about {judged.in_batch} sessions; `sidecar serve` collects it")


def _judged_document(runs: Sequence["Judged"]) -> dict[str, object]:
    verdicts = [verdict for judged in runs for verdict in judged.verdicts]
    return {
        "verdicts": [
            {"session": one.session.session_id, "judge": one.judge, "explanation": one.explanation} for one in verdicts
        ],
        "in_batch": sum(judged.in_batch for judged in runs),
        "nothing_found": list(dict.fromkeys(key.session_id for judged in runs for key in judged.silent)),
        "unjudged": [
            {"session": key.session_id, "problem": one.problem.value, "detail": one.detail}
            for judged in runs
            for key, one in judged.unjudged
        ],
    }


def _print_waiting(keys: Sequence[SessionKey], *, as_json: bool) -> None:
    """What a run would judge; a judge that asks a model would cost money even to try."""
    if as_json:
        print_json({"would_judge": [key.session_id for key in keys]})
        return
    for key in keys:
        print_line(key.session_id)
    print_line(f"{len(keys)} sessions would be judged")


def propose(
    project: ProjectOption = None,
    name: JudgeOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Draft rules from the verdicts and save them as a proposal; `sync` publishes it."""
    from sidecar.engine import draft_project, watched_projects

    _check(name)
    with opened(data, config) as installation:
        *also, chosen = [installation.judge(one) for one in _judges(installation, name)]
        names = watched_projects(installation, ProjectId(project) if project else None)
        results, failures = _for_each(
            names,
            lambda one: draft_project(installation, one, chosen, now_ns=time.time_ns(), also=also, is_dry_run=dry_run),
        )
    if as_json:
        print_json({"projects": [_drafted_document(result) for result in results]})
    else:
        for result in results:
            _print_drafted(result)
        if not names:
            print_line(_NO_PROJECT)
    _report(failures)


def _for_each(
    names: Sequence[ProjectId], flow: Callable[[ProjectId], _Result]
) -> tuple[list[_Result], list[tuple[ProjectId, SidecarError]]]:
    """Run a flow for every project: what is wrong with one repository must not keep the others waiting."""
    results: list[_Result] = []
    failures: list[tuple[ProjectId, SidecarError]] = []
    for name in names:
        try:
            results.append(flow(name))
        except SidecarError as exc:
            failures.append((name, exc))
    return results, failures


def _report(failures: Sequence[tuple[ProjectId, SidecarError]]) -> None:
    for name, error in failures:
        print_error(f"{name}: {error}")
    if failures:
        raise typer.Exit(EXIT_COULD_NOT_RUN)


def _print_drafted(result: "Drafted") -> None:
    from sidecar.gate import refusal_id

    edits = len(result.proposal.edits) if result.proposal else 0
    print_line(f"{result.project}: {len(result.found)} lessons that enough tasks teach, {edits} rules in the proposal")
    for edit in result.proposal.edits if result.proposal else ():
        caveat = f"; {edit.caveat}" if edit.caveat else ""
        sign = "-" if edit.operation is EditOperation.RETIRE else "+"
        print_line(f"  {sign} {edit.rule.text} ({edit.task_count} tasks{caveat})")
    for refusal in result.refusals:
        print_line(
            f"  refused {refusal_id(refusal.project, refusal.text)}: {refusal.text}: {'; '.join(refusal.reasons)}"
        )
    for reason in result.passed_over:
        print_line(f"  nothing from {reason}")
    below = [one for one in result.decisions if one.reason is NoRuleReason.JUDGE_BELOW_FLOOR]
    for one in below:
        print_line(f"  {one.detail}")
    if not result.found and not below:
        print_line("  none, because no lesson is taught by two distinct tasks yet")


def _drafted_document(result: "Drafted") -> dict[str, object]:
    from sidecar.documents import proposal_document, refusal_document

    return {
        "project": result.project,
        "lessons": len(result.found),
        "proposal": proposal_document(result.proposal) if result.proposal else None,
        "refused": [refusal_document(one) for one in result.refusals],
        "passed_over": list(result.passed_over),
        "judge": None
        if result.standing is None
        else {"standing": result.standing.standing.value, "sentence": result.standing.sentence},
    }


def sync(
    project: ProjectOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Publish open proposals, and notice what people merged, closed or deleted."""
    from sidecar.engine import sync_project, watched_projects
    from sidecar.jobs.drafting import LIVE

    with opened(data, config) as installation:
        names = watched_projects(installation, ProjectId(project) if project else None)
        if dry_run:
            live = [one for name in names for one in installation.store.proposals(project=name, states=LIVE)]
            _print_dry_sync(live, as_json=as_json)
            return
        results, failures = _for_each(names, lambda one: sync_project(installation, one, now_ns=time.time_ns()))
    if as_json:
        print_json({"projects": [_synced_document(result) for result in results]})
    else:
        for result in results:
            _print_synced(result)
        if not names:
            print_line(_NO_PROJECT)
    _report(failures)


def _print_synced(result: "Synced") -> None:
    for proposal in result.proposals:
        url = proposal.pull_request.url if proposal.pull_request else ""
        print_line(f"{result.project}: {proposal.state.value} {proposal.branch} {url}")
    for tombstone in result.tombstones:
        print_line(f"  never again ({tombstone.reason}): {tombstone.text}")
    for note in result.notes:
        print_line(f"  {note}")
    if not result.proposals and not result.tombstones:
        print_line(f"{result.project}: nothing to do")


def _print_dry_sync(live: Sequence[Proposal], *, as_json: bool) -> None:
    from sidecar.documents import proposal_document

    if as_json:
        print_json({"proposals": [proposal_document(proposal) for proposal in live]})
        return
    for proposal in live:
        print_line(f"{proposal.project}: would publish {proposal.branch} with {len(proposal.edits)} rules")
    if not live:
        print_line("no proposal is open; nothing would be published")


def _synced_document(result: "Synced") -> dict[str, object]:
    from sidecar.documents import proposal_document

    return {
        "project": result.project,
        "proposals": [proposal_document(proposal) for proposal in result.proposals],
        "tombstones": [{"id": one.rule_id, "text": one.text, "reason": one.reason} for one in result.tombstones],
        "notes": list(result.notes),
    }
