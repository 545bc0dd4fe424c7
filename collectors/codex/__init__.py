"""Codex: rollout files, hooks and OTLP logs, joined by thread id, turn id and call id.

Its rollouts have everything: repository, commit, exit codes, the rules as loaded. Its hooks carry no time, its OTLP a
hundred spans of its own insides for each act. Measured on 0.169.0.
"""

from collections.abc import Iterator
from pathlib import Path

from collectors.codex.fields import FIELDS
from collectors.codex.files import session_files
from collectors.codex.hooks import hook_observations
from collectors.codex.rollout import file_observations
from collectors.codex.telemetry import log_observations
from collectors.collector import Collector, FoundFile, HookMessage, SessionFile
from sidecar.capture import AgentFields
from sidecar.domain import AgentName, LogRecord, Observation, Span


class Codex:
    """Collector of Codex."""

    @property
    def name(self) -> AgentName:
        """`codex`."""
        return AgentName("codex")

    @property
    def fields(self) -> AgentFields:
        """What each field of its messages holds."""
        return FIELDS

    def hook_observations(self, message: HookMessage) -> list[Observation]:
        """What one hook says; SessionStart and SessionEnd among them."""
        return hook_observations(message)

    def file_observations(self, file: SessionFile) -> list[Observation]:
        """What a rollout says so far."""
        return file_observations(file)

    def span_observations(self, span: Span) -> list[Observation]:  # noqa: ARG002
        """Nothing: its spans are of functions inside Codex."""
        return []

    def log_observations(self, record: LogRecord) -> list[Observation]:
        """What the event of a session's start, of a prompt or of a tool says."""
        return log_observations(record)

    def claims(self, service_name: str) -> bool:
        """Its `service.name` begins with `codex`: `codex_exec`, `codex_cli_rs`."""
        return service_name == "codex" or service_name.startswith(("codex_", "codex-"))

    def session_files(self, path: Path, head: str) -> Iterator[FoundFile]:
        """The file where it is a rollout."""
        return session_files(path, head)


def build() -> Collector:
    """The collector."""
    return Codex()
