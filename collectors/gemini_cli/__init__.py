"""Gemini CLI: chat files, hooks and OTLP, joined by session id and call id.

Its chat files have what was said and done, its hooks start and end; no message names its version or the repository,
which a start hook of ours measures. Measured on 0.61.0.
"""

from collections.abc import Iterator
from pathlib import Path

from collectors.collector import Collector, FoundFile, HookMessage, SessionFile
from collectors.gemini_cli.chat import file_observations
from collectors.gemini_cli.fields import FIELDS
from collectors.gemini_cli.files import session_files
from collectors.gemini_cli.hooks import hook_observations
from collectors.gemini_cli.telemetry import log_observations, span_observations
from sidecar.capture import AgentFields
from sidecar.domain import AgentName, LogRecord, Observation, Span


class GeminiCli:
    """Collector of Gemini CLI."""

    @property
    def name(self) -> AgentName:
        """`gemini_cli`."""
        return AgentName("gemini_cli")

    @property
    def fields(self) -> AgentFields:
        """What each field of its messages holds."""
        return FIELDS

    def hook_observations(self, message: HookMessage) -> list[Observation]:
        """What one hook says; SessionStart and SessionEnd among them."""
        return hook_observations(message)

    def file_observations(self, file: SessionFile) -> list[Observation]:
        """What a chat file says so far."""
        return file_observations(file)

    def span_observations(self, span: Span) -> list[Observation]:
        """What the span of a tool call says."""
        return span_observations(span)

    def log_observations(self, record: LogRecord) -> list[Observation]:
        """What the event of a start, of a prompt or of a tool says."""
        return log_observations(record)

    def claims(self, service_name: str) -> bool:
        """Its `service.name` is `gemini-cli`."""
        return service_name == "gemini-cli"

    def session_files(self, path: Path, head: str) -> Iterator[FoundFile]:
        """The file where it is a chat."""
        return session_files(path, head)


def build() -> Collector:
    """The collector."""
    return GeminiCli()
