"""What can go wrong with the requests about batches, each kind by name, and what it makes of an answer."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from tests.scripted_model.faults import Fault


class BatchFault(StrEnum):
    """One way to be hostile about a whole batch."""

    LOST_REPLY = "lost reply"
    """What was asked is done, and the line breaks before the answer."""
    CUT = "cut"
    """Results break off in the middle."""
    PAGE = "page"
    """Success with somebody else's HTML."""
    MISSING = "missing"
    """Every third result is not there."""
    TWICE = "twice"
    """Every result comes twice, the second time as an error."""
    FOREIGN = "foreign"
    """Results of others, and lines that are none, between ours."""
    HUGE = "huge"
    """The first line has 5 MB."""


BatchPlan: TypeAlias = Callable[[str], Fault | BatchFault | None]
"""Called once for each request about batches, with what it is: create, retrieve, list, cancel, delete, results."""


def batches_well(act: str) -> Fault | BatchFault | None:
    """No fault."""
    return None


def batch_faults(**faults: Sequence[Fault | BatchFault | None]) -> BatchPlan:
    """These for the first requests of each kind, one each; then none."""
    waiting = {act: list(kinds) for act, kinds in faults.items()}
    return lambda act: waiting[act].pop(0) if waiting.get(act) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A body to be sent."""

    body: bytes
    kind: str = "application/json"
    kept_bytes: int | None = None
    """Where the line breaks; None: it does not."""


def spoiled_body(said: Said, fault: Fault | BatchFault) -> Said:
    """The answer with a fault in it."""
    lines = said.body.splitlines(keepends=True)
    match fault:
        case BatchFault.LOST_REPLY | Fault.DROP:
            return Said(body=said.body, kind=said.kind, kept_bytes=0)
        case BatchFault.CUT:
            return Said(body=said.body, kind=said.kind, kept_bytes=len(said.body) // 2)
        case BatchFault.PAGE:
            return Said(body=b"<html><body>Sign in to the network</body></html>", kind="text/html")
        case BatchFault.MISSING:
            return Said(body=b"".join(line for at, line in enumerate(lines) if at % 3), kind=said.kind)
        case BatchFault.TWICE:
            return Said(body=b"".join(line + _second(line) for line in lines), kind=said.kind)
        case BatchFault.FOREIGN:
            return Said(body=b"".join(line + _foreign(at) for at, line in enumerate(lines)), kind=said.kind)
        case BatchFault.HUGE:
            huge = lines[0].rstrip()[:-1] + b" " * 5_000_000 + b"}\n"
            return Said(body=huge + b"".join(lines[1:]), kind=said.kind)
        case _:
            raise AssertionError(f"no batch has the fault {fault}")


def _second(line: bytes) -> bytes:
    return json.dumps({"custom_id": json.loads(line)["custom_id"], "result": {"type": "expired"}}).encode() + b"\n"


def _foreign(at: int) -> bytes:
    other = {"custom_id": f"of-others-{at}", "result": {"type": "expired"}}
    return json.dumps(other).encode() + b'\n[[[[\n{"custom_id": 7}\n\n{"result": null}\n\xff\xfe\n'
