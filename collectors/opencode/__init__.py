"""opencode: its database or exports, the events of a plugin, and OTLP, joined by session id, message id and call id.

Its parts tell exit codes as numbers; no message tells the repository, which our plugin measures at the start, and none
that a session is over. Measured on 1.18.33.
"""

from collections.abc import Iterator
from pathlib import Path

from collectors.collector import Collector, FoundFile, HookMessage, SessionFile
from collectors.opencode.fields import FIELDS
from collectors.opencode.files import session_files
from collectors.opencode.hooks import hook_observations
from collectors.opencode.messages import file_observations
from collectors.opencode.telemetry import span_observations
from sidecar.capture import AgentFields
from sidecar.domain import AgentName, LogRecord, Observation, Span


class Opencode:
    """Collector of opencode."""

    @property
    def name(self) -> AgentName:
        """`opencode`."""
        return AgentName("opencode")

    @property
    def fields(self) -> AgentFields:
        """What each field of its messages holds."""
        return FIELDS

    def hook_observations(self, message: HookMessage) -> list[Observation]:
        """What one event says; `session.created` and `session.idle` among them."""
        return hook_observations(message)

    def file_observations(self, file: SessionFile) -> list[Observation]:
        """What an export says; nothing when it is cut."""
        return file_observations(file)

    def span_observations(self, span: Span) -> list[Observation]:
        """What the span of a tool call says."""
        return span_observations(span)

    def log_observations(self, record: LogRecord) -> list[Observation]:  # noqa: ARG002
        """Nothing: its logs are of its own insides."""
        return []

    def claims(self, service_name: str) -> bool:
        """Its `service.name` is `opencode`."""
        return service_name == "opencode"

    def session_files(self, path: Path, head: str) -> Iterator[FoundFile]:
        """The sessions of a database, of an export or of a folder of the older layout."""
        return session_files(path, head)


def build() -> Collector:
    """The collector."""
    return Opencode()
