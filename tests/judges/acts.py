"""Packets written act by act, for saying in a test only what the test speaks about."""

from collections.abc import Sequence
from dataclasses import replace

from judges.packet import build_packet
from sidecar.domain import (
    AgentName,
    Label,
    LabelDecision,
    Packet,
    Session,
    SessionId,
    SessionKey,
    SessionState,
    Step,
    StepId,
    StepKind,
    TeamId,
    TestResult,
)

ROOT = "/home/dev/shop"
NO_MODULE = "/usr/bin/python: No module named checker"
"""What an interpreter says of a runner that is not installed."""

_UNPLACED = StepId("")


def ran(command: str, output: str = "", *, ok: bool | None = True, exit_code: int | None = None) -> Step:
    """A command that is no test run."""
    return Step(
        step_id=_UNPLACED,
        at_ns=0,
        kind=StepKind.TOOL_CALL,
        command=command,
        output=output,
        is_success=ok,
        exit_code=exit_code,
    )


def checked(command: str, output: str = "3 passed", *, ok: bool | None = True) -> Step:
    """A command whose output is one of a test run."""
    return Step(step_id=_UNPLACED, at_ns=0, kind=StepKind.TEST_RUN, command=command, output=output, is_success=ok)


def looked(path: str, text: str) -> Step:
    """A file that was read."""
    return Step(step_id=_UNPLACED, at_ns=0, kind=StepKind.TOOL_CALL, path=path, output=text, is_success=True)


def edited(path: str, old: str | None = "", new: str = "changed", *, ok: bool = True) -> Step:
    """A file that was changed by hand; without an old text it was written whole."""
    kind = StepKind.EDIT if ok else StepKind.TOOL_CALL
    return Step(
        step_id=_UNPLACED, at_ns=0, kind=kind, path=path, is_write=True, old_text=old, new_text=new, is_success=ok
    )


def asked(text: str, *, is_human: bool = True) -> Step:
    """A prompt."""
    return Step(step_id=_UNPLACED, at_ns=0, kind=StepKind.PROMPT, text=text, is_human=is_human)


def answered(text: str) -> Step:
    """Words of the model."""
    return Step(step_id=_UNPLACED, at_ns=0, kind=StepKind.MODEL_CALL, text=text)


def session_of(*steps: Step, name: str = "one", cwd: str | None = ROOT, revision: int = 1) -> Session:
    """A settled session that did these acts in this order."""
    placed = (replace(step, step_id=StepId(f"step-{at}"), at_ns=at) for at, step in enumerate(steps))
    return Session(
        key=SessionKey(team=TeamId("local"), agent=AgentName("cline"), session_id=SessionId(name)),
        state=SessionState.SETTLED,
        cwd=cwd,
        started_ns=0,
        last_activity_ns=len(steps),
        revision=revision,
        steps=tuple(placed),
    )


def packet_of(
    *steps: Step, label: Label = Label.PASS, tests: Sequence[TestResult] = (), cwd: str | None = ROOT
) -> Packet:
    """The packet of a session that did these acts."""
    decision = LabelDecision(label=label, reason="as the tests said", tests=tuple(tests))
    return build_packet(session_of(*steps, cwd=cwd), decision)
