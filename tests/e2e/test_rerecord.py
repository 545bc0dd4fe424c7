"""Recording two sessions again gives what is stored, up to ids, times and texts."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import cast

import pytest

from sidecar.recordings import Recording, load_recording, read_recording
from tests.recordings.hygiene import plain_body

RECORD = Path(__file__).parents[1] / "recordings" / "record.py"
AGAIN = ("claude-code-shop-receipt-amounts", "cline-shop-currency-sign")
START_EVENTS = frozenset({"SessionStart", "InstructionsLoaded"})
"""Claude Code starts these hooks at once, so either may arrive first."""
LIVE_LINES = frozenset({"atis-latch", "last-prompt", "tools-used"})
"""Transcript lines whose number depends on timing, not on what was done."""

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def recorded_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the recordings of `AGAIN`, made now."""
    folder = tmp_path_factory.mktemp("again")
    only = [part for name in AGAIN for part in ("--only", name)]
    run = subprocess.run(
        [sys.executable, str(RECORD), *only, "--out", str(folder)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return folder


def hook_events(recording: Recording) -> tuple[Counter[str], list[str]]:
    """The start's events in any order, then the others in theirs, each with its tool."""
    names: list[str] = []
    for request in recording.requests:
        if request.target.startswith("/hooks/"):
            sent = cast(dict[str, object], json.loads(plain_body(request)))
            hook = cast(dict[str, object], sent.get("hook", sent))
            call = cast(dict[str, object], hook.get("tool_result") or hook.get("tool_call") or {})
            event = hook.get("hook_event_name", hook.get("hookName"))
            names.append(f"{event} {hook.get('tool_name', call.get('name', ''))}".strip())
    return Counter(name for name in names if name in START_EVENTS), [name for name in names if name not in START_EVENTS]


def line_kinds(recording: Recording) -> Counter[str]:
    """How many lines of each type the transcript has; of Cline's messages, how many of each role."""
    kinds: Counter[str] = Counter()
    for request in recording.requests:
        if request.target.startswith("/transcripts/claude_code"):
            kinds.update(str(json.loads(line)["type"]) for line in plain_body(request).splitlines())
        elif "part=messages" in request.target:
            kinds.update(str(message["role"]) for message in json.loads(plain_body(request))["messages"])
    return Counter({kind: count for kind, count in kinds.items() if kind not in LIVE_LINES})


BY_CHANCE = {"/v1/logs claude_code.retention_sweep"}
"""Claude Code tidies its folder in the background, and tells of it only where the session lasts that long."""


def telemetry_names(recording: Recording) -> set[str]:
    """The signals with the names of their spans, events and metrics."""
    names: set[str] = set()
    for request in recording.requests:
        if request.target.startswith("/v1/"):
            names |= {f"{request.target} {name}" for name in _names(json.loads(plain_body(request)))}
    return names


def _names(node: object) -> set[str]:
    """All `name` members, and the bodies of logs, anywhere in an OTLP JSON body."""
    if isinstance(node, list):
        return {name for child in cast(list[object], node) for name in _names(child)}
    if not isinstance(node, dict):
        return set()
    members = cast(dict[str, object], node)
    body = cast(dict[str, object], members.get("body", {}))
    own = {str(found) for found in (members.get("name"), body.get("stringValue")) if found}
    return own.union(*(_names(child) for child in members.values()))


@pytest.mark.parametrize("name", AGAIN)
def test_recording_again_gives_the_same_structure(name: str, recorded_again: Path) -> None:
    stored = load_recording(name)

    again = read_recording(recorded_again / f"{name}.jsonl.zst")

    assert stored.agent_version == again.agent_version
    assert stored.binary_sha256 == again.binary_sha256
    assert stored.head_commit == again.head_commit
    assert hook_events(stored) == hook_events(again)
    assert line_kinds(stored) == line_kinds(again)
    assert telemetry_names(stored) - BY_CHANCE == telemetry_names(again) - BY_CHANCE
