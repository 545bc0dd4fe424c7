"""Commands that learn now: propose, sync."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from sidecar.cli.allowing import never_again
from sidecar.cli.judging import JudgeOption, check_asked_for, judges_asked_for
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.cli.sync_plan import show_plans
from sidecar.domain import WHOLE_PROJECT, EditOperation, ProjectId
from sidecar.errors import GitError, NoBaseBranchError, SidecarError
from sidecar.printing import EXIT_COULD_NOT_RUN, one_line, print_error, print_json, print_line

if TYPE_CHECKING:
    from sidecar.jobs.drafting import Drafted
    from sidecar.jobs.syncing import Synced

_Result = TypeVar("_Result")

_NO_PROJECT = (
    "nothing to do: no stored session is of a project that sidecar.toml names; "
    'bring sessions in, or add [projects."HOST/PATH"] with its url'
)
_READING_FAILED = ("git fetch failed", "git ls-remote failed")
ProjectOption = Annotated[str | None, typer.Option(help="Only this project, by its normalised remote.")]


def propose(
    project: ProjectOption = None,
    name: JudgeOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Draft rules from the verdicts and save them as a proposal; `sync` publishes it."""
    from sidecar.engine import draft_project, projects_elsewhere, watched_projects

    check_asked_for(name)
    with opened(data, config) as installation:
        *also, chosen = [installation.judge(one) for one in judges_asked_for(installation, name)]
        names = watched_projects(installation, ProjectId(project) if project else None)
        there = "" if names else projects_elsewhere(installation)
        results, failures = _for_each(
            names,
            lambda one: draft_project(installation, one, chosen, now_ns=time.time_ns(), also=also, is_dry_run=dry_run),
        )
    if as_json:
        print_json({"projects": [_drafted_document(result) for result in results]})
    else:
        for result in results:
            for line in drafted_lines(result):
                print_line(line)
        if not names:
            print_line(_NO_PROJECT + there)
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
        print_error(f"{name}: {error}{_what_to_check(name, error)}")
    if failures:
        raise typer.Exit(EXIT_COULD_NOT_RUN)


def _what_to_check(name: ProjectId, error: SidecarError) -> str:
    """Where the address stands that git could not read; its own words name no setting."""
    is_unread = isinstance(error, GitError) and str(error).startswith(_READING_FAILED)
    if not (is_unread or isinstance(error, NoBaseBranchError)):
        return ""
    return f'\n  check url and default_branch of [projects."{name}"] in sidecar.toml, and that this user may read it'


def drafted_lines(result: "Drafted") -> Iterator[str]:
    """What one run decided, as lines for a person."""
    from sidecar.gate import refusal_id
    from sidecar.proposals import counted

    lessons = counted(len(result.found), "lesson")
    new = (
        f"{counted(len(result.proposal.edits), 'rule')} in the proposal"
        if result.proposal
        else "nothing new to propose"
    )
    yield f"{result.project}: {lessons} that enough tasks teach, {new}"
    for edit in result.proposal.edits if result.proposal else ():
        if edit.operation is EditOperation.RETIRE:
            yield f"  - {edit.rule.text}: {one_line(edit.reason)}"
            continue
        caveat = f"; {edit.caveat}" if edit.caveat else ""
        yield f"  + {edit.rule.text} ({counted(edit.task_count, 'task')}{caveat})"
    for refusal in result.refusals:
        yield f"  refused {refusal_id(refusal.project, refusal.text)}: {refusal.text}: {'; '.join(refusal.reasons)}"
    for reason in result.passed_over:
        yield f"  nothing from {reason}"
    for note in result.notes:
        yield f"  {note}"
    for one in result.decisions:
        if one.cluster_id == WHOLE_PROJECT:
            yield f"  none, because {one.detail.removeprefix('none, because ')}"


def _drafted_document(result: "Drafted") -> dict[str, object]:
    from sidecar.documents import proposal_document, refusal_document

    return {
        "project": result.project,
        "lessons": len(result.found),
        "proposal": proposal_document(result.proposal) if result.proposal else None,
        "refused": [refusal_document(one) for one in result.refusals],
        "passed_over": list(result.passed_over),
        "notes": list(result.notes),
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
    from sidecar.engine import plan_sync_of, projects_elsewhere, sync_project, watched_projects

    with opened(data, config) as installation:
        names = watched_projects(installation, ProjectId(project) if project else None)
        there = "" if names else projects_elsewhere(installation)
        if dry_run:
            plans, failures = _for_each(names, lambda one: plan_sync_of(installation, one, now_ns=time.time_ns()))
            show_plans(plans, as_json=as_json)
        else:
            results, failures = _for_each(names, lambda one: sync_project(installation, one, now_ns=time.time_ns()))
            _show_synced(results, as_json=as_json)
    if not names and not as_json:
        print_line(_NO_PROJECT + there)
    _report(failures)


def _show_synced(results: "Sequence[Synced]", *, as_json: bool) -> None:
    if as_json:
        print_json({"projects": [_synced_document(result) for result in results]})
        return
    for result in results:
        _print_synced(result)


def _print_synced(result: "Synced") -> None:
    for proposal in result.proposals:
        url = proposal.pull_request.url if proposal.pull_request else ""
        print_line(f"{result.project}: {proposal.state.value} {proposal.branch} {url}")
    for tombstone in result.tombstones:
        print_line(f"  {never_again(tombstone)}")
    for tombstone in result.allowed:
        print_line(f"  allowed again, for people put it back: {tombstone.text}")
    for note in result.notes:
        print_line(f"  {note}")
    if not (result.proposals or result.tombstones or result.allowed or result.notes):
        print_line(f"{result.project}: nothing to do")


def _synced_document(result: "Synced") -> dict[str, object]:
    from sidecar.documents import proposal_document

    return {
        "project": result.project,
        "proposals": [proposal_document(proposal) for proposal in result.proposals],
        "tombstones": [{"id": one.rule_id, "text": one.text, "reason": one.reason} for one in result.tombstones],
        "allowed": [{"id": one.rule_id, "text": one.text} for one in result.allowed],
        "notes": list(result.notes),
    }
