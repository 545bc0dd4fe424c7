"""What a check found: fine, broken, or not looked at, each with what to do next."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a hop stands."""

    OK = "ok"
    PROBLEM = "problem"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One hop."""

    hop: str
    state: State
    detail: str
    """What was seen."""
    next_step: str = ""
    """What a person does about it; empty where nothing is to be done."""


def ok(hop: str, detail: str) -> Finding:
    """A hop that was proven."""
    return Finding(hop=hop, state=State.OK, detail=detail)


def problem(hop: str, detail: str, next_step: str) -> Finding:
    """A hop that is broken."""
    return Finding(hop=hop, state=State.PROBLEM, detail=detail, next_step=next_step)


def unchecked(hop: str, detail: str, next_step: str = "") -> Finding:
    """A hop of which nothing is known."""
    return Finding(hop=hop, state=State.UNCHECKED, detail=detail, next_step=next_step)
