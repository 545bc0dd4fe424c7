"""Runs Claude Code without a terminal and finds the session files that it leaves."""

import json
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tests.recordings.installed import Executable
from tests.recordings.people import PEOPLE
from tests.recordings.script import Hooks, Protocol, Scenario, Telemetry, Visit
from tests.recordings.stage import Place

HOOK_EVENTS = (
    "SessionStart",
    "UserPromptSubmit",
    "PostToolUse",
    "PostToolUseFailure",
    "SubagentStart",
    "SubagentStop",
    "InstructionsLoaded",
    "Stop",
    "SessionEnd",
)
COMMAND_ONLY = frozenset({"SessionStart"})
"""What 2.1.330 posts to no address; it also needs a process in the repository, which measures the commit."""
VENDOR_ATTACHMENTS = frozenset({"agent_listing_delta", "prompt_snapshot", "skill_listing"})
VENDOR_LINES = frozenset({"api-request-blob", "api-request-shape"})
"""Transcript lines that hold the vendor's prompts, tool descriptions and skills, which are not ours to publish."""
CONTENT_SWITCHES = (
    "OTEL_LOG_USER_PROMPTS",
    "OTEL_LOG_ASSISTANT_RESPONSES",
    "OTEL_LOG_TOOL_DETAILS",
    "OTEL_LOG_TOOL_CONTENT",
)


def session_id_of(scenario: Scenario) -> str:
    """The id a scenario's session is started with, the same each time it is recorded."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://forge.example/recordings/{scenario.recording}"))


def prepare(scenario: Scenario, place: Place) -> None:
    """Put the hooks and the device id into the home folder."""
    settings = place.home / ".claude"
    settings.mkdir()
    hooks = {event: [{"hooks": [_hook(event, scenario.hooks, place)]}] for event in HOOK_EVENTS}
    (settings / "settings.json").write_text(json.dumps({"hooks": hooks}, indent=2))
    known = {"userID": PEOPLE[scenario.person].device_id, "hasCompletedOnboarding": True}
    (place.home / ".claude.json").write_text(json.dumps(known))


def _hook(event: str, hooks: Hooks, place: Place) -> dict[str, object]:
    if hooks is Hooks.HTTP and event not in COMMAND_ONLY:
        return {"type": "http", "url": f"{place.sidecar_url}/hooks/claude_code", "timeout": 10}
    return {"type": "command", "command": f"{place.hook} claude_code {event}", "timeout": 10}


def started(
    executable: Executable, scenario: Scenario, visit: Visit, place: Place, output: BinaryIO
) -> subprocess.Popen[bytes]:
    """The running agent, in a process group of its own; later visits resume the first one's session."""
    first = visit is scenario.visits[0]
    command = [
        str(executable.path),
        *("-p", visit.prompt),
        *("--session-id" if first else "--resume", session_id_of(scenario)),
        *("--permission-mode", "bypassPermissions"),
        *("--output-format", "stream-json", "--verbose"),
    ]
    environment = {**place.environment(), **_own_environment(place), **_telemetry(scenario.telemetry, place)}
    return subprocess.Popen(
        command,
        cwd=place.workspace,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def session_files(scenario: Scenario, place: Place) -> Iterator[tuple[str, bytes]]:
    """The session's files as parts: `main`, then one for each sub-agent."""
    session = session_id_of(scenario)
    (main,) = (place.home / ".claude" / "projects").glob(f"*/{session}.jsonl")
    read = without_vendor_text if place.is_published else Path.read_bytes
    yield "main", read(main)
    for path in sorted(main.with_suffix("").glob("subagents/agent-*.jsonl")):
        yield f"subagents/{path.stem}", read(path)


def without_vendor_text(transcript: Path) -> bytes:
    """The transcript's lines, byte for byte, but for those that hold the vendor's prompt."""
    return b"".join(line for line in transcript.read_bytes().splitlines(keepends=True) if not _is_vendor_text(line))


def _is_vendor_text(line: bytes) -> bool:
    record = cast(dict[str, object], json.loads(line))
    attachment = cast(dict[str, object], record.get("attachment", {}))
    return record.get("type") in VENDOR_LINES or attachment.get("type") in VENDOR_ATTACHMENTS


def _own_environment(place: Place) -> dict[str, str]:
    return {
        "ANTHROPIC_BASE_URL": place.model_url,
        "IS_SANDBOX": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_ERROR_REPORTING": "1",
    }


def _telemetry(telemetry: Telemetry, place: Place) -> dict[str, str]:
    signals = ("LOGS", "METRICS", "TRACES")
    intervals = {f"OTEL_{name}_EXPORT_INTERVAL": "1000" for name in ("METRIC", "LOGS", "TRACES")}
    return {
        "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
        "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA": "1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": place.grpc_url if telemetry.protocol is Protocol.GRPC else place.sidecar_url,
        "OTEL_EXPORTER_OTLP_PROTOCOL": telemetry.protocol,
        **{f"OTEL_{signal}_EXPORTER": "otlp" for signal in signals},
        **intervals,
        **({"OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"} if telemetry.gzip else {}),
        **({"OTEL_METRICS_INCLUDE_REPOSITORY": "1"} if telemetry.repository else {}),
        **(dict.fromkeys(CONTENT_SWITCHES, "1") if telemetry.content else {}),
    }
