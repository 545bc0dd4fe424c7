"""Commands over test reports: outcomes add, outcomes read."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collectors.outcomes.form import encoding_of
from collectors.outcomes.reader import outcome_as_json
from collectors.outcomes.registry import AUTO, READERS, read_report
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened, read_file
from sidecar.demanded_tests import Demand, DemandedTest, Told, decision_for, demanded_tests, parse_test_names
from sidecar.domain import LOCAL_TEAM, AgentName, Intake, LabelDecision, Outcome, SessionId, SessionKey
from sidecar.errors import InputError
from sidecar.labels import label_of_outcome
from sidecar.outcome_parameters import outcome_parameters
from sidecar.printing import print_json, print_line
from sidecar.sessions.added_lines import added_lines_of_diff

if TYPE_CHECKING:
    from sidecar.installation import Installation
    from sidecar.store import Store

app = typer.Typer(no_args_is_help=True, help="Test reports.")
FormatOption = Annotated[str, typer.Option(metavar="FORMAT", help=", ".join((*READERS, f"or {AUTO}")) + ".")]
DiffOption = Annotated[
    Path | None,
    typer.Option(help="What the commit changed, as `git show` prints it: finds the sessions whose lines it holds."),
]
_NAMES = "as a JSON array or one a line; ids cut at the first blank are understood."
FailToPassOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help=f"Tests that the change must make pass, {_NAMES}")
]
PassToPassOption = Annotated[Path | None, typer.Option(metavar="FILE", help=f"Tests that must go on passing, {_NAMES}")]


@app.command("add")
def add_outcome(
    file: Annotated[Path, typer.Argument(help="Test report.")],
    session: Annotated[str | None, typer.Option(help="Session it speaks of.")] = None,
    commit: Annotated[str | None, typer.Option(help="Commit it was run on.")] = None,
    branch: Annotated[str | None, typer.Option(help="Branch it was run on.")] = None,
    repository: Annotated[str | None, typer.Option(metavar="URL", help="Remote of the repository.")] = None,
    diff: DiffOption = None,
    format: FormatOption = AUTO,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Store a test report for a session or a commit; it waits when the session is not known yet."""
    body = read_file(file)
    given = {"session": session, "commit": commit, "branch": branch, "repository": repository, "format": format}
    if diff is not None:
        given["added"] = _sketch(diff)
    parameters = {name: value for name, value in given.items() if value}
    try:
        report = read_report(body, format)
        outcome_parameters(parameters, report)
        if dry_run:
            _print_stored(_Stored(is_new=True), as_json=as_json, is_dry_run=True)
            return
        with opened(data, config, is_made=True) as installation:
            stored = _stored(installation, body, parameters, report)
    except InputError as exc:
        raise type(exc)(f"{file}: {exc}") from exc
    _print_stored(stored, as_json=as_json)


@app.command("read")
def read_outcome(
    file: Annotated[Path, typer.Argument(help="Test report or saved output.")],
    format: FormatOption = AUTO,
    fail_to_pass: FailToPassOption = None,
    pass_to_pass: PassToPassOption = None,
    as_json: JsonOption = False,
) -> None:
    """Parse a test report and say what it means; nothing is stored.

    With lists of tests the label is theirs alone: pass if every listed test passed, whatever else failed.
    """
    report = read_file(file)
    try:
        outcome = read_report(report, format)
    except InputError as exc:
        raise type(exc)(f"{file}: {exc}") from exc
    if fail_to_pass is None and pass_to_pass is None:
        decision, demanded = label_of_outcome(outcome), None
    else:
        demand = Demand(fail_to_pass=_test_names(fail_to_pass), pass_to_pass=_test_names(pass_to_pass))
        if not demand.names:
            raise InputError("the lists name no test; name at least one in --fail-to-pass or --pass-to-pass")
        decision, demanded = decision_for(outcome, demand), demanded_tests(outcome, demand.names)
    if as_json:
        shown = outcome_as_json(outcome, decision.label)
        if demanded is not None:
            shown |= {"reason": decision.reason, "demanded": [_demanded_as_json(one) for one in demanded]}
        print_json(shown)
        return
    print_line(f"{outcome.format}: {decision.label.value}: {decision.reason}")
    _print_tests(decision if demanded is None else demanded)


def _test_names(file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    content = read_file(file)
    try:
        return parse_test_names(content.decode(encoding_of(content), errors="replace"))
    except InputError as exc:
        raise InputError(f"{file}: {exc}") from exc


def _demanded_as_json(test: DemandedTest) -> dict[str, str | None]:
    return {"name": test.name, "status": test.status.value if test.status else None, "told": test.told.value}


def _print_tests(tests: LabelDecision | Sequence[DemandedTest]) -> None:
    if isinstance(tests, LabelDecision):
        for test in tests.tests:
            print_line(f"  {test.status.value:8} {test.id}")
        return
    for demanded in tests:
        told = f" ({demanded.told.value})" if demanded.told is Told.BY_COUNT else ""
        print_line(f"  {demanded.status or Told.NOT.value:8} {demanded.name}{told}")


def _sketch(diff: Path) -> str:
    lines = added_lines_of_diff(read_file(diff).decode("utf-8", "replace"))
    if not lines:
        raise InputError(f"{diff}: adds no line; give what `git show COMMIT` or `git diff BASE COMMIT` prints")
    return ".".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What came of a report that was stored."""

    is_new: bool
    """False when the same was here before."""
    sessions: Sequence[str] = ()
    """Ids of the known sessions that it speaks of."""
    is_forgotten: bool = False
    """It names a session that was forgotten: then nothing of it is kept."""


def _stored(installation: "Installation", body: bytes, parameters: Mapping[str, str], report: Outcome) -> _Stored:
    from sidecar.receive import Arrival

    at_ns = time.time_ns()
    arrival = Arrival(
        team=LOCAL_TEAM,
        intake=Intake.OUTCOME,
        body=body,
        received_ns=at_ns,
        parameters=parameters,
        report=report,
    )
    receipt = asyncio.run(installation.receiver().receive(arrival))
    installation.projector().run(now_ns=time.time_ns())
    session = parameters.get("session")
    return _Stored(
        is_new=receipt.is_new,
        sessions=_sessions_about(installation.store, session, at_ns=at_ns),
        is_forgotten=_is_forgotten(installation, session or (report.subject and report.subject.session_id)),
    )


def _sessions_about(store: "Store", session: str | None, *, at_ns: int) -> list[str]:
    """Known sessions that the report which came at this moment speaks of."""
    named = store.session_keys(LOCAL_TEAM, SessionId(session)) if session else []
    return sorted({key.session_id for key in (*named, *store.sessions_joined(LOCAL_TEAM, at_ns=at_ns))})


def _is_forgotten(installation: "Installation", session: str | None) -> bool:
    if session is None:
        return False
    # a report names no agent, and what is forgotten is known again whatever agent it was of
    return installation.is_forgotten(SessionKey(team=LOCAL_TEAM, agent=AgentName(""), session_id=SessionId(session)))


def _print_stored(stored: _Stored, *, as_json: bool, is_dry_run: bool = False) -> None:
    sessions = list(stored.sessions)
    if as_json:
        is_new = stored.is_new and not stored.is_forgotten
        print_json({"new": is_new, "sessions": sessions, "forgotten": stored.is_forgotten})
    elif stored.is_forgotten:
        print_line("the session was forgotten, so nothing of the report is kept")
    elif is_dry_run:
        print_line("the report can be read; nothing was stored: this was a dry run")
    else:
        print_line(f"stored; it speaks of {len(sessions)} known sessions" if stored.is_new else "was stored before")
