"""Writes `collectors/CAPTURE.md`: every member that recorded agents sent, and the levels that keep it.

python -m tests.capture_table > collectors/CAPTURE.md
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from collectors.registry import COLLECTORS, collector
from sidecar.capture import JsonValue, Reduction
from sidecar.capturing import capture_file, capture_hook
from sidecar.domain import AgentName, CaptureLevel, Intake, Matter
from sidecar.recordings import RecordedRequest, load_recording, read_recording, recordings
from tests.loop.conftest import arrival
from tests.said import plain

LEVELS = (CaptureLevel.METADATA, CaptureLevel.EVIDENCE)
STORED = Path(__file__).parent / "recordings" / "data"
HEAD = """\
# What is kept of what agents send

Every member that a recorded agent sent, by message, with what stays of it at each capture level; at `full` everything
stays. **yes**: as it came. **part**: of a person's words a mark with the hash that names the Task, at `evidence` with
the sentences that correct; of a file's text its first ten lines. A member that is not listed, because a newer agent
added it, is dropped below `full`. Made by `python -m tests.capture_table`; a test keeps it true.
"""

_CELLS: Mapping[Matter, tuple[str, str]] = {
    Matter.FRAME: ("yes", "yes"),
    Matter.PLACE: ("no", "yes"),
    Matter.WORK: ("no", "yes"),
    Matter.OPENING: ("no", "part"),
    Matter.WORDS: ("part", "part"),
    Matter.TALK: ("no", "no"),
}

Row = tuple[str, str]
"""Message and member: `claude_code hook`, `tool_input.command`."""
Members = Mapping[str, list[JsonValue]]
"""Texts, numbers and flags of a message by path; several where it leads through an array."""


def table() -> str:
    """The whole document."""
    kept: dict[Row, list[set[str]]] = {}
    for request in _requests():
        for message, before, after in _messages(request):
            for path, values in before.items():
                states = kept.setdefault((message, path), [set[str](), set[str]()])
                for level, state in enumerate(states):
                    state.add(_state(values, after[level].get(path, [])))
    lines = [HEAD]
    for message in sorted({message for message, _ in kept}):
        lines += [f"\n## {message}\n", "| member | metadata | evidence |", "|---|---|---|"]
        lines += [
            f"| `{path}` | {_said(states[0])} | {_said(states[1])} |"
            for (name, path), states in sorted(kept.items())
            if name == message and any(state != {"no"} for state in states)
        ]
    for name in sorted(COLLECTORS):
        lines += _attributes(name)
    return "\n".join(lines) + "\n"


def _attributes(agent: str) -> Iterator[str]:
    """What stays of OTLP: of a span or event its ids, times and name too, and no span events or free bodies."""
    attributes = collector(agent).fields.attributes
    if not attributes:
        return
    yield from (f"\n## {agent} OTLP attribute\n", "| attribute | metadata | evidence |", "|---|---|---|")
    for name, node in sorted(attributes.items()):
        if isinstance(node, Matter):
            yield f"| `{name}` | {_CELLS[node][0]} | {_CELLS[node][1]} |"
        else:
            yield f"| `{name}` | part | part |"


def _requests() -> Iterator[RecordedRequest]:
    for name in recordings():
        yield from load_recording(name).requests
    for path in sorted(STORED.glob("*.zst")):
        yield from read_recording(path).requests


def _messages(request: RecordedRequest) -> Iterator[tuple[str, Members, list[Members]]]:
    """Each message in a request: its name, itself, and what is kept of it at each level by path."""
    one, body = arrival(request), plain(request)
    agent = AgentName((one.agent or "").replace("-", "_"))
    if one.intake is Intake.HOOK:
        sent = json.loads(body)
        hook = sent.get("hook", sent)
        kept = [_members(capture_hook(agent, hook, _reduction(level))) for level in LEVELS]
        yield f"{agent} hook", _members(hook), kept
    elif one.intake is Intake.TRANSCRIPT:
        yield from _pieces(agent, one.parameters.get("part", "main"), body)


def _pieces(agent: AgentName, part: str, body: bytes) -> Iterator[tuple[str, Members, list[Members]]]:
    name = f"{agent} session file" + ("" if "/" in part or part == "main" else f", part `{part}`")
    for piece in (body, *body.splitlines()):
        try:
            value = cast("JsonValue", json.loads(piece))
        except ValueError:
            continue
        if not isinstance(value, Mapping):
            continue
        kept = [capture_file(agent, part, piece, _reduction(level)).body for level in LEVELS]
        yield name, _members(value), [_members(json.loads(one.strip() or b"{}")) for one in kept]
        if piece is body:
            return


def _members(value: JsonValue) -> Members:
    found: dict[str, list[JsonValue]] = {}
    for path, leaf in _leaves(value, ""):
        found.setdefault(path, []).append(leaf)
    return found


def _leaves(value: JsonValue, path: str) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _leaves(inner, f"{path}[]")
    elif value not in (None, "", False):
        yield path, value


def _reduction(level: CaptureLevel) -> Reduction:
    return Reduction(level=level, keyed_hash=lambda _: "0" * 16)


def _state(before: list[JsonValue], after: list[JsonValue]) -> str:
    return "no" if not after else "yes" if after == before else "part"


def _said(states: set[str]) -> str:
    return "no" if states == {"no"} else "part" if "part" in states else "yes"


if __name__ == "__main__":
    print(table(), end="")
