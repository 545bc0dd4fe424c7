"""Runs opencode without a terminal and exports the session that it leaves in its database."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

from tests.recordings.installed import Executable, command_on
from tests.recordings.script import Act, Change, Create, Delegate, Look, Run, Scenario, Visit
from tests.recordings.stage import CannotRecord, Place

Json: TypeAlias = Mapping[str, object]

MODEL = "anthropic/claude-sonnet-4-5"
PLUGIN = Path(__file__).with_name("opencode_plugin.js")
NO_INSTALL = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_fetch_retries": "0"}
"""It installs a package beside a plugin, and would try for a minute."""
SWITCHES = (
    "OPENCODE_DISABLE_AUTOUPDATE",
    "OPENCODE_DISABLE_MODELS_FETCH",
    "OPENCODE_DISABLE_DEFAULT_PLUGINS",
    "OPENCODE_DISABLE_LSP_DOWNLOAD",
)


def opencode_call(act: Act, root: str) -> tuple[str, Json]:
    """The tool and its arguments in opencode's words.

    Raises:
        ValueError: a script cannot direct its sub-agents.
    """
    match act:
        case Run(command, _):
            return "bash", {"command": command, "description": "Run a command"}
        case Look(path):
            return "read", {"filePath": f"{root}/{path}"}
        case Change(path, old, new):
            return "edit", {"filePath": f"{root}/{path}", "oldString": old, "newString": new}
        case Create(path, text):
            return "write", {"filePath": f"{root}/{path}", "content": text}
        case Delegate():
            raise ValueError("an opencode scenario cannot delegate; write its acts into the scenario itself")


def prepare(place: Place) -> None:
    """Put provider, telemetry and the plugin into the home folder."""
    settings = place.home / ".config" / "opencode"
    (settings / "plugin").mkdir(parents=True)
    config = {
        "$schema": "https://opencode.ai/config.json",
        "autoupdate": False,
        "share": "disabled",
        "permission": {"edit": "allow", "bash": "allow", "webfetch": "deny"},
        "provider": {"anthropic": {"options": {"baseURL": f"{place.model_url}/v1"}}},
        "experimental": {"openTelemetry": True},
    }
    (settings / "opencode.json").write_text(json.dumps(config, indent=2))
    shutil.copy(PLUGIN, settings / "plugin" / "sidecar.js")


def started(
    executable: Executable, scenario: Scenario, visit: Visit, place: Place, output: BinaryIO
) -> subprocess.Popen[bytes]:
    """The running agent, in a process group of its own.

    Raises:
        CannotRecord: a second visit; no script resumes opencode.
    """
    if visit is not scenario.visits[0]:
        raise CannotRecord(f"{scenario.recording}: no script resumes opencode; write the scenario as one visit")
    command = command_on(place, executable, "opencode")
    return subprocess.Popen(
        [*command, "run", "--format", "json", "--model", MODEL, visit.prompt],
        cwd=place.workspace,
        env={**_environment(place), **_telemetry(place)},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _environment(place: Place) -> dict[str, str]:
    return {**place.environment(), **dict.fromkeys(SWITCHES, "1"), **NO_INSTALL}


def _telemetry(place: Place) -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": place.sidecar_url, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}


def session_id_in(place: Place) -> str:
    """The id of the one session in the home folder.

    Raises:
        CannotRecord: there is none or more than one.
    """
    listed = cast(list[dict[str, str]], json.loads(_asked(place, "session", "list", "--format", "json")))
    if len(listed) != 1:
        raise CannotRecord(f"opencode left {len(listed)} sessions, not one; run the scenario alone and look at it")
    return listed[0]["id"]


def session_files(place: Place) -> Iterator[tuple[str, bytes]]:
    """The session as opencode itself exports it."""
    yield "export", _asked(place, "export", session_id_in(place)).encode()


def _asked(place: Place, *words: str) -> str:
    run = subprocess.run(
        [str(place.home.parent / "bin" / "opencode"), *words],
        cwd=place.workspace,
        env=_environment(place),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise CannotRecord(f"opencode {' '.join(words)} failed: {run.stderr.strip()[-300:]}")
    return run.stdout[run.stdout.find("[" if words[0] == "session" else "{") :]
