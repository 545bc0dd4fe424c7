"""Runs the installed hook script as an agent would, against a listener of our own: nothing of it reaches a sidecar."""

import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

from sidecar.doctor.finding import Finding, ok, problem

_ARRIVES_WITHIN_S = 10.0
_AGENT_WAITS_S = 1.0
_PAYLOADS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "claude_code": ("SessionStart", {"session_id": "sidecar-doctor", "hook_event_name": "SessionStart"}),
    "cline": ("TaskStart", {"taskId": "sidecar-doctor", "hookName": "agent_start"}),
}
"""Event and payload by agent."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.body = b""
        self.path = ""
        self.has_come = threading.Event()


class _Take(BaseHTTPRequestHandler):
    """Keeps what is posted."""

    def do_POST(self) -> None:
        """Acknowledge."""
        listener = cast("_Listener", self.server)
        listener.path, listener.body = self.path, self.rfile.read(int(self.headers.get("content-length", "0")))
        self.send_response(200)
        self.end_headers()
        listener.has_come.set()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for findings."""


def check_hook(agent: str, script: Path, folder: Path, *, within_s: float = _ARRIVES_WITHIN_S) -> Finding:
    """Whether the hook script sends, in time, what a start should tell."""
    hop = f"{agent}: hook fires"
    if not script.is_file():
        return problem(hop, f"{script} is not there", f"run: sidecar attach {agent.replace('_', '-')}")
    event, payload = _PAYLOADS[agent]
    listener = _Listener()
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        # where a slow sender still writes, what it leaves is no problem of the hook
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as state:
            environment = {"SIDECAR_URL": f"http://127.0.0.1:{listener.server_address[1]}", "XDG_STATE_HOME": state}
            took_s = _run(["sh", str(script), agent, event], payload, folder, environment)
            has_come = listener.has_come.wait(within_s)
            time.sleep(0.2)  # the sender tidies up in the folder that goes now
    except (OSError, subprocess.TimeoutExpired) as exc:
        return problem(hop, f"{script} could not be run: {exc}", "install a POSIX shell, git and curl for this user")
    finally:
        listener.shutdown()
        listener.server_close()
    if not has_come:
        return problem(hop, "the script ran and nothing arrived", "install curl, and look whether sh runs the script")
    if took_s > _AGENT_WAITS_S:
        return problem(hop, f"the agent would wait {took_s:.1f} s for it", "look what slows sh down on this machine")
    return _told(hop, listener.body, took_s)


def _run(command: Sequence[str], payload: Mapping[str, object], folder: Path, environment: Mapping[str, str]) -> float:
    """Seconds until an agent could go on."""
    began = time.monotonic()
    subprocess.run(
        command,
        cwd=folder,
        env=dict(os.environ) | dict(environment),
        input=json.dumps(payload).encode(),
        capture_output=True,
        check=False,
        timeout=_ARRIVES_WITHIN_S,
    )
    return time.monotonic() - began


def _told(hop: str, body: bytes, took_s: float) -> Finding:
    try:
        told = cast("dict[str, object]", json.loads(body))
    except ValueError:
        return problem(hop, "what arrived is no JSON", "attach again, so that the script is the one of this version")
    repository = cast("dict[str, str]", told.get("repository") or {})
    rules = cast("list[object]", told.get("rules") or [])
    where = repository.get("remote") or "no remote"
    commit = (repository.get("head") or "no commit")[:12]
    return ok(hop, f"in {took_s * 1000:.0f} ms, with {where} at {commit} and {len(rules)} rules files")
