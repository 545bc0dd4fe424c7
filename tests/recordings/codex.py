"""Runs Codex without a terminal and finds the session file that it leaves."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tests.recordings.installed import Executable, command_on
from tests.recordings.script import Scenario, Visit
from tests.recordings.stage import CannotRecord, Place

HOOK_EVENTS = ("SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "Stop", "SessionEnd")
VENDOR_ROLES = frozenset({"developer", "system"})
VENDOR_LINES = frozenset({"world_state"})
"""Rollout lines that hold the vendor's skills and instructions, which are not ours to publish."""
_ROLLOUT = re.compile(r"rollout-[0-9T-]+?-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl")


def prepare(place: Place) -> None:
    """Put provider, telemetry and hooks into the home folder."""
    settings = place.home / ".codex"
    settings.mkdir()
    (settings / "config.toml").write_text(_config(place))
    hooks = {
        event: [{"hooks": [{"type": "command", "command": f"{place.hook} codex {event}", "timeout": 10}]}]
        for event in HOOK_EVENTS
    }
    (settings / "hooks.json").write_text(json.dumps({"hooks": hooks}, indent=2))
    # its shell is a login shell, and /etc/profile sets PATH anew
    (place.home / ".profile").write_text(f'PATH="{place.environment()["PATH"]}"\n')


def _config(place: Place) -> str:
    def exporter(name: str, signal: str) -> str:
        return f'{name} = {{ otlp-http = {{ endpoint = "{place.sidecar_url}/v1/{signal}", protocol = "json" }} }}\n'

    return (
        'model = "gpt-5.1-codex"\nmodel_provider = "scripted"\napproval_policy = "never"\n'
        'sandbox_mode = "danger-full-access"\ncheck_for_update_on_startup = false\n'
        "[analytics]\nenabled = false\n"
        f'[model_providers.scripted]\nname = "scripted"\nbase_url = "{place.model_url}/v1"\n'
        'env_key = "OPENAI_API_KEY"\nwire_api = "responses"\n'
        '[otel]\nenvironment = "recorded"\nlog_user_prompt = true\n'
        + exporter("exporter", "logs")
        + exporter("trace_exporter", "traces")
        + f'[features]\nhooks = true\n[projects."{place.workspace}"]\ntrust_level = "trusted"\n'
    )


def started(
    executable: Executable, scenario: Scenario, visit: Visit, place: Place, output: BinaryIO
) -> subprocess.Popen[bytes]:
    """The running agent, in a process group of its own.

    Raises:
        CannotRecord: a second visit; no script resumes Codex.
    """
    if visit is not scenario.visits[0]:
        raise CannotRecord(f"{scenario.recording}: no script resumes Codex; write the scenario as one visit")
    command = command_on(place, executable, "codex")
    return subprocess.Popen(
        [*command, "exec", "--json", "--dangerously-bypass-hook-trust", visit.prompt],
        cwd=place.workspace,
        env={**place.environment(), "OPENAI_API_KEY": "sk-dummy"},
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
    found = _ROLLOUT.fullmatch(_rollout(place).name)
    if found is None:
        raise CannotRecord("Codex names its session files otherwise; correct the pattern")
    return found[1]


def session_files(place: Place) -> Iterator[tuple[str, bytes]]:
    """The session's one file, without the lines that hold the vendor's own prompts."""
    lines = (cast(dict[str, object], json.loads(line)) for line in _rollout(place).read_bytes().splitlines())
    kept = [_without_vendor_text(line) for line in lines if not _is_vendor_text(line)]
    yield "main", b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in kept)


def _is_vendor_text(line: dict[str, object]) -> bool:
    payload = cast(dict[str, object], line.get("payload", {}))
    return line.get("type") in VENDOR_LINES or payload.get("role") in VENDOR_ROLES


def _without_vendor_text(line: dict[str, object]) -> dict[str, object]:
    payload = cast(dict[str, object], line.get("payload", {}))
    return {**line, "payload": {name: value for name, value in payload.items() if name != "base_instructions"}}


def _rollout(place: Place) -> Path:
    found = sorted((place.home / ".codex" / "sessions").rglob("rollout-*.jsonl"))
    if len(found) != 1:
        raise CannotRecord(f"Codex left {len(found)} sessions, not one; run the scenario alone and look at its output")
    return found[0]
