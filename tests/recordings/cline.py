"""Runs the Cline command line without a terminal and finds the session files that it leaves."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tests.recordings.installed import Executable
from tests.recordings.script import Scenario, Visit
from tests.recordings.stage import CannotRecord, Place

HOOK_EVENTS = ("TaskStart", "PreToolUse", "PostToolUse", "TaskComplete", "TaskError", "TaskCancel", "TaskResume")
MODEL = "claude-sonnet-4-5"


def prepare(place: Place) -> None:
    """Put base URL, opt-out and hooks into the home folder; all must be there before the first start."""
    settings = place.home / ".cline" / "data" / "settings"
    settings.mkdir(parents=True)
    provider = {"provider": "anthropic", "apiKey": "sk-ant-dummy", "baseUrl": place.model_url, "model": MODEL}
    entry = {"settings": provider, "updatedAt": "2026-10-01T09:00:00.000Z", "tokenSource": "manual"}
    providers = {"version": 1, "lastUsedProvider": "anthropic", "providers": {"anthropic": entry}}
    (settings / "providers.json").write_text(json.dumps(providers))
    (settings / "global-settings.json").write_text(json.dumps({"telemetryOptOut": True}))
    hooks = place.home / ".cline" / "hooks"
    hooks.mkdir()
    for event in HOOK_EVENTS:
        (hooks / event).write_text(f"#!/bin/sh\nexec {place.hook} cline {event}\n")
        (hooks / event).chmod(0o755)


def started(
    executable: Executable, scenario: Scenario, visit: Visit, place: Place, output: BinaryIO
) -> subprocess.Popen[bytes]:
    """The running agent, in a process group of its own.

    Raises:
        CannotRecord: a second visit; Cline 3.0.65 resumes a session only in a terminal.
    """
    if visit is not scenario.visits[0]:
        raise CannotRecord(f"{scenario.recording}: Cline resumes only in a terminal; write the scenario as one visit")
    return subprocess.Popen(
        [str(executable.path), "--json", "-P", "anthropic", "-m", MODEL, visit.prompt],
        cwd=place.workspace,
        env={**place.environment(), "CLINE_NO_INTERACTIVE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def session_id_in(place: Place) -> str:
    """The id of the one session in the home folder.

    Raises:
        CannotRecord: there is none or more than one.
    """
    found = [entry.name for entry in _sessions(place).glob("*") if entry.is_dir()]
    if len(found) != 1:
        raise CannotRecord(f"Cline left {len(found)} sessions, not one; run the scenario alone and look at its output")
    return found[0]


def session_files(place: Place) -> Iterator[tuple[str, bytes]]:
    """The session's two files as parts: `session` and `messages`."""
    session = session_id_in(place)
    folder = _sessions(place) / session
    yield "session", (folder / f"{session}.json").read_bytes()
    messages = (folder / f"{session}.messages.json").read_bytes()
    yield "messages", _without_vendor_text(messages) if place.is_published else messages


def _without_vendor_text(messages: bytes) -> bytes:
    """The messages without the vendor's prompt."""
    content = json.loads(messages)
    content.pop("system_prompt", None)
    return json.dumps(content, indent=2, ensure_ascii=False).encode()


def _sessions(place: Place) -> Path:
    return place.home / ".cline" / "data" / "sessions"
