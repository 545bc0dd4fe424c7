"""Outcomes of a session that its own commands printed, and what every Outcome is named by."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

from collectors.deliveries.delivery import CheckEnded
from collectors.outcomes.console import read_console
from sidecar.domain import (
    Outcome,
    OutcomeId,
    OutcomeRow,
    OutcomeSource,
    Session,
    SessionId,
    Step,
    StepKind,
    Subject,
)
from sidecar.sessions import project_of
from sidecar.store import InboxRow

STOPPED_BY = {124: "timed out", 137: "killed", 143: "terminated"}
"""Exit codes that say a command was stopped from outside: coreutils' timeout, and 128 + SIGKILL or SIGTERM."""
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
MAX_READ = 50_000
"""Outputs remembered: those of several long sessions; most are no test run and take a hundred bytes."""


class ConsoleReader:
    """Reads what a command printed once, however often its session is merged anew."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._read: dict[bytes, Outcome | None] = {}

    def outcome(self, step: Step) -> Outcome | None:
        """As `console_outcome`."""
        if step.command is None or not step.output:
            return None
        said = f"{step.command}\0{step.exit_code}\0{step.output}"
        digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
        if digest not in self._read:
            if len(self._read) == MAX_READ:
                self._read.clear()
            self._read[digest] = console_outcome(step)
        return self._read[digest]


def in_session_outcomes(session: Session, read: Callable[[Step], Outcome | None] | None = None) -> list[OutcomeRow]:
    """One Outcome per command of the session whose output is that of a test run, in time order.

    Args:
        read: What a Step's output says of tests; `console_outcome` when None.
    """
    read = read or console_outcome
    key = session.key
    return [
        OutcomeRow(
            outcome_id=outcome_id("in_session", key.agent, key.session_id, f"{step.step_id}\0{step.output}".encode()),
            team=key.team,
            source=OutcomeSource.IN_SESSION,
            session_id=key.session_id,
            at_ns=step.at_ns,
            outcome=outcome,
        )
        for step in session.steps
        if step.kind is StepKind.TEST_RUN and (outcome := read(step)) is not None
    ]


def console_outcome(step: Step) -> Outcome | None:
    """What a command's output says of tests; None when it was no test run."""
    if step.command is None or not step.output:
        return None
    outcome = read_console(step.output, command=step.command)
    stopped = STOPPED_BY.get(step.exit_code) if step.exit_code is not None else None
    if outcome is None or outcome.problem is None or stopped is None:
        return outcome
    # the output ends early because of whoever stopped it, which its words do not say
    return replace(outcome, problem=f"{stopped} (exit code {step.exit_code}); {outcome.problem}")


def posted_row(row: InboxRow, outcome: Outcome) -> OutcomeRow:
    """A posted report with whom it speaks of: what the sender says counts before what the report says itself."""
    given, subject = row.parameters, outcome.subject or Subject()
    commit = given.get("commit") or _commit(subject.commit)
    # a report that names a session by itself was tagged where it was run; posted for a commit, it is still CI's
    is_of_session = "session" in given or ("commit" not in given and subject.session_id is not None)
    session = given.get("session") or subject.session_id
    source = OutcomeSource.SESSION_REPORT if is_of_session else OutcomeSource.CI
    remote = given.get("repository") or subject.repository
    return OutcomeRow(
        outcome_id=outcome_id(source.value, session or "", commit or "", row.body),
        team=row.team,
        source=source,
        session_id=SessionId(session) if session else None,
        commit=commit,
        project=project_of(remote) if remote else None,
        branch=given.get("branch") or subject.branch,
        added=tuple(given["added"].split(".")) if given.get("added") else (),
        at_ns=row.observed_ns,
        outcome=outcome,
    )


def check_row(row: InboxRow, check: CheckEnded) -> OutcomeRow:
    """A check's conclusion as an Outcome without tests; the same delivery, or its like, gives the same."""
    said = f"{check.project}\0{check.name}\0{check.conclusion}\0{check.at_ns}"
    return OutcomeRow(
        outcome_id=outcome_id(OutcomeSource.CHECK.value, "", check.commit, said.encode()),
        team=row.team,
        source=OutcomeSource.CHECK,
        commit=check.commit,
        project=check.project,
        branch=check.branch,
        at_ns=check.at_ns,
        outcome=Outcome(
            format=check.forge,
            tests=(),
            passed=0,
            failed=0,
            errored=0,
            skipped=0,
            check=check.name,
            conclusion=check.conclusion,
        ),
    )


def _commit(text: str | None) -> str | None:
    return text.lower() if text and _COMMIT.fullmatch(text.lower()) else None


def outcome_id(source: str, first: str, second: str, body: bytes) -> OutcomeId:
    """The same for the same report about the same thing, however often it comes."""
    head = "\0".join((source, first, second)).encode()
    return OutcomeId(hashlib.sha256(head + b"\0" + body).hexdigest()[:32])
