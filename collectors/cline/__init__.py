"""Cline's command line: hooks and its two session files. Its OTLP goes to its maker and cannot be redirected.

Every hook and message carries its own time, and the work tree's state stands in each hook. Measured on 3.0.65.
"""

from collections.abc import Iterator
from pathlib import Path

from collectors.cline.fields import FIELDS
from collectors.cline.files import file_observations, session_files
from collectors.cline.hooks import hook_observations
from collectors.collector import Collector, FoundFile, HookMessage, SessionFile
from sidecar.capture import AgentFields
from sidecar.domain import AgentName, LogRecord, Observation, Span


class Cline:
    """Collector of Cline."""

    @property
    def name(self) -> AgentName:
        """`cline`."""
        return AgentName("cline")

    @property
    def fields(self) -> AgentFields:
        """What each field of its messages holds."""
        return FIELDS

    def hook_observations(self, message: HookMessage) -> list[Observation]:
        """What one hook says."""
        return hook_observations(message)

    def file_observations(self, file: SessionFile) -> list[Observation]:
        """What `<id>.json` (part `session`) or `<id>.messages.json` (part `messages`) says; nothing when it is cut."""
        return file_observations(file)

    def span_observations(self, span: Span) -> list[Observation]:  # noqa: ARG002
        """Nothing: no span of it has been seen."""
        return []

    def log_observations(self, record: LogRecord) -> list[Observation]:  # noqa: ARG002
        """Nothing: no event of it has been seen."""
        return []

    def claims(self, service_name: str) -> bool:
        """Its `service.name` is `cline`."""
        return service_name == "cline"

    def session_files(self, path: Path, head: str) -> Iterator[FoundFile]:
        """The file where it is one of a session's two files, or of a task's in the older layout."""
        return session_files(path, head)


def build() -> Collector:
    """The collector."""
    return Cline()
