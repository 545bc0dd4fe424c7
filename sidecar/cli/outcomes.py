"""Commands over test reports: outcomes add, outcomes read."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from collectors.outcomes.reader import outcome_as_json
from collectors.outcomes.registry import AUTO, READERS, read_report
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened, read_file
from sidecar.domain import LOCAL_TEAM, Intake, SessionId
from sidecar.errors import InputError
from sidecar.labels import label_of_outcome
from sidecar.outcome_parameters import outcome_parameters
from sidecar.printing import print_json, print_line
from sidecar.sessions.added_lines import added_lines_of_diff

app = typer.Typer(no_args_is_help=True, help="Test reports.")
FormatOption = Annotated[str, typer.Option(metavar="FORMAT", help=", ".join((*READERS, f"or {AUTO}")) + ".")]
DiffOption = Annotated[
    Path | None,
    typer.Option(help="What the commit changed, as `git show` prints it: finds the sessions whose lines it holds."),
]


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
    from sidecar.receive import Arrival

    body = read_file(file)
    given = {"session": session, "commit": commit, "branch": branch, "repository": repository, "format": format}
    if diff is not None:
        given["added"] = _sketch(diff)
    arrival = Arrival(
        team=LOCAL_TEAM,
        intake=Intake.OUTCOME,
        body=body,
        received_ns=time.time_ns(),
        parameters={name: value for name, value in given.items() if value},
    )
    try:
        outcome_parameters(arrival.parameters, read_report(body, format))
        if dry_run:
            _print_stored(is_new=True, joined=[], as_json=as_json, is_dry_run=True)
            return
        with opened(data, config) as installation:
            receipt = asyncio.run(installation.receiver().receive(arrival))
            installation.projector().run(now_ns=time.time_ns())
            store = installation.store
            named = store.session_keys(LOCAL_TEAM, SessionId(session)) if session else []
            joined = store.sessions_joined(LOCAL_TEAM, at_ns=arrival.received_ns)
    except InputError as exc:
        raise type(exc)(f"{file}: {exc}") from exc
    ids = sorted({key.session_id for key in (*named, *joined)})
    _print_stored(is_new=receipt.is_new, joined=ids, as_json=as_json, is_dry_run=False)


@app.command("read")
def read_outcome(
    file: Annotated[Path, typer.Argument(help="Test report or saved output.")],
    format: FormatOption = AUTO,
    as_json: JsonOption = False,
) -> None:
    """Parse a test report and say what it means; nothing is stored."""
    report = read_file(file)
    try:
        outcome = read_report(report, format)
    except InputError as exc:
        raise type(exc)(f"{file}: {exc}") from exc
    decision = label_of_outcome(outcome)
    if as_json:
        print_json(outcome_as_json(outcome, decision.label))
        return
    print_line(f"{outcome.format}: {decision.label.value}: {decision.reason}")
    for test in decision.tests:
        print_line(f"  {test.status.value:8} {test.id}")


def _sketch(diff: Path) -> str:
    lines = added_lines_of_diff(read_file(diff).decode("utf-8", "replace"))
    if not lines:
        raise InputError(f"{diff}: adds no line; give what `git show COMMIT` or `git diff BASE COMMIT` prints")
    return ".".join(lines)


def _print_stored(*, is_new: bool, joined: Sequence[str], as_json: bool, is_dry_run: bool) -> None:
    if as_json:
        print_json({"new": is_new, "sessions": list(joined)})
    elif is_dry_run:
        print_line("the report can be read; nothing was stored: this was a dry run")
    else:
        print_line(f"stored; it speaks of {len(joined)} known sessions" if is_new else "was stored before")
