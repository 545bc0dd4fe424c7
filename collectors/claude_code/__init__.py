"""Claude Code: hooks, transcripts and OTLP, joined by session id, tool-use id, prompt id and request id.

Its hooks carry no time, its OTLP neither the end of a session nor the output of a failing command; the transcript has
all content but no end. Measured on 2.1.330.
"""

from collections.abc import Iterator
from pathlib import Path

from collectors.claude_code.fields import FIELDS
from collectors.claude_code.files import session_files
from collectors.claude_code.hooks import hook_observations
from collectors.claude_code.telemetry import log_observations, span_observations
from collectors.claude_code.transcript import file_observations
from collectors.collector import Collector, FoundFile, HookMessage, SessionFile
from sidecar.capture import AgentFields
from sidecar.domain import AgentName, LogRecord, Observation, Span


class ClaudeCode:
    """Collector of Claude Code."""

    @property
    def name(self) -> AgentName:
        """`claude_code`."""
        return AgentName("claude_code")

    @property
    def fields(self) -> AgentFields:
        """What each field of its messages holds."""
        return FIELDS

    def hook_observations(self, message: HookMessage) -> list[Observation]:
        """What one hook says; SessionStart and SessionEnd among them."""
        return hook_observations(message)

    def file_observations(self, file: SessionFile) -> list[Observation]:
        """What a transcript, or a sub-agent's transcript, says so far."""
        return file_observations(file)

    def span_observations(self, span: Span) -> list[Observation]:
        """What a span of a tool or of a model request says."""
        return span_observations(span)

    def log_observations(self, record: LogRecord) -> list[Observation]:
        """What an event says; housekeeping events say who and where only."""
        return log_observations(record)

    def claims(self, service_name: str) -> bool:
        """Its `service.name` is `claude-code`."""
        return service_name == "claude-code"

    def session_files(self, path: Path, head: str) -> Iterator[FoundFile]:
        """The file where it is a transcript, a sub-agent's included."""
        return session_files(path, head)


def build() -> Collector:
    """The collector."""
    return ClaudeCode()
