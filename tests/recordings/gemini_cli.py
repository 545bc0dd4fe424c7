"""Runs Gemini CLI without a terminal and finds the session file that it leaves."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tests.recordings.installed import Executable, command_on
from tests.recordings.script import Scenario, Visit
from tests.recordings.stage import CannotRecord, Place

HOOK_EVENTS = ("SessionStart", "BeforeAgent", "BeforeTool", "AfterTool", "AfterAgent", "PreCompress", "SessionEnd")


def prepare(place: Place) -> None:
    """Put telemetry, hooks and the folder's trust into the home folder."""
    settings = place.home / ".gemini"
    settings.mkdir()
    hooks = {
        event: [{"hooks": [{"type": "command", "command": f"{place.hook} gemini_cli {event}", "timeout": 10000}]}]
        for event in HOOK_EVENTS
    }
    telemetry = {
        "enabled": True,
        "target": "local",
        "otlpEndpoint": place.sidecar_url,
        "otlpProtocol": "http",
        "logPrompts": True,
        "traces": True,
    }
    content = {
        "hooks": hooks,
        "hooksConfig": {"enabled": True},
        "telemetry": telemetry,
        "security": {"auth": {"selectedType": "gemini-api-key"}},
        "privacy": {"usageStatisticsEnabled": False},
        "general": {"disableAutoUpdate": True, "disableUpdateNag": True},
    }
    (settings / "settings.json").write_text(json.dumps(content, indent=2))


def started(
    executable: Executable, scenario: Scenario, visit: Visit, place: Place, output: BinaryIO
) -> subprocess.Popen[bytes]:
    """The running agent, in a process group of its own.

    Raises:
        CannotRecord: a second visit; no script resumes Gemini CLI.
    """
    if visit is not scenario.visits[0]:
        raise CannotRecord(f"{scenario.recording}: no script resumes Gemini CLI; write the scenario as one visit")
    command = command_on(place, executable, "gemini")
    own = {
        "GEMINI_API_KEY": "dummy",
        "GOOGLE_GEMINI_BASE_URL": place.model_url,
        "GEMINI_CLI_TRUST_WORKSPACE": "true",
        "GEMINI_CLI_NO_RELAUNCH": "true",
    }
    return subprocess.Popen(
        [*command, "-p", visit.prompt, "--yolo", "-m", "gemini-2.5-pro", "--output-format", "stream-json"],
        cwd=place.workspace,
        env={**place.environment(), **own},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def session_id_in(place: Place) -> str:
    """The id of the one session in the home folder."""
    first = cast(dict[str, str], json.loads(_chat(place).read_bytes().splitlines()[0]))
    return first["sessionId"]


def session_files(place: Place) -> Iterator[tuple[str, bytes]]:
    """The session's one file."""
    yield "main", _chat(place).read_bytes()


def _chat(place: Place) -> Path:
    found = sorted((place.home / ".gemini" / "tmp").glob("*/chats/session-*.jsonl"))
    if len(found) != 1:
        raise CannotRecord(f"Gemini CLI left {len(found)} sessions, not one; run the scenario alone and look at it")
    return found[0]
