"""Outcomes of a session: those its own commands printed, and how any Outcome is joined to it."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from collectors.outcomes.console import read_console
from sidecar.domain import (
    JoinReason,
    Outcome,
    OutcomeId,
    OutcomeJoin,
    OutcomeRow,
    OutcomeSource,
    Session,
    SessionKey,
    Step,
    StepKind,
)

STOPPED_BY = {124: "timed out", 137: "killed", 143: "terminated"}
"""Exit codes that say a command was stopped from outside: coreutils' timeout, and 128 + SIGKILL or SIGTERM."""
MAX_READ = 50_000
"""Outputs remembered: those of several long sessions; most are no test run and take a hundred bytes."""
CONFIDENCE = {JoinReason.SESSION_ID: 1.0, JoinReason.IN_SESSION: 1.0, JoinReason.HEAD_COMMIT: 0.9}
"""A commit may hold the work of several sessions; an id cannot."""


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


def join(key: SessionKey, row: OutcomeRow) -> OutcomeJoin:
    """That an Outcome found for a session speaks of it, and why."""
    if row.source is OutcomeSource.IN_SESSION:
        reason = JoinReason.IN_SESSION
    elif row.session_id == key.session_id:
        reason = JoinReason.SESSION_ID
    else:
        reason = JoinReason.HEAD_COMMIT
    return OutcomeJoin(session=key, outcome_id=row.outcome_id, confidence=CONFIDENCE[reason], reason=reason)


def outcome_id(source: str, first: str, second: str, body: bytes) -> OutcomeId:
    """The same for the same report about the same thing, however often it comes."""
    head = "\0".join((source, first, second)).encode()
    return OutcomeId(hashlib.sha256(head + b"\0" + body).hexdigest()[:32])
