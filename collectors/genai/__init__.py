"""genai: OTLP of any agent that follows OpenTelemetry's GenAI conventions or OpenInference, as one more agent.

It takes what no collector of a named agent claims. A session is a conversation where one is named, else a trace. There
are no hooks and no session files of it. Sources: OpenTelemetry semantic conventions 1.37 and later, gen-ai spans;
OpenInference specification, semantic conventions.
"""

from collections.abc import Iterator
from pathlib import Path

from collectors.collector import Collector, FoundFile, HookMessage, SessionFile
from collectors.genai.fields import FIELDS
from collectors.genai.logs import log_observations
from collectors.genai.spans import span_observations
from sidecar.capture import AgentFields
from sidecar.domain import AgentName, LogRecord, Observation, Span
from sidecar.errors import DecodeError


class GenAi:
    """Collector of every agent that has none of its own."""

    @property
    def name(self) -> AgentName:
        """`genai`."""
        return AgentName("genai")

    @property
    def fields(self) -> AgentFields:
        """What each attribute of its records holds."""
        return FIELDS

    def hook_observations(self, message: HookMessage) -> list[Observation]:  # noqa: ARG002
        """Nothing.

        Raises:
            DecodeError: always; it has no hooks.
        """
        raise DecodeError("hook of genai: it has no hooks; send OTLP spans to /v1/traces")

    def file_observations(self, file: SessionFile) -> list[Observation]:  # noqa: ARG002
        """Nothing: it has no session files."""
        return []

    def span_observations(self, span: Span) -> list[Observation]:
        """What a span of a model request, of a tool or of an agent says."""
        return span_observations(span)

    def log_observations(self, record: LogRecord) -> list[Observation]:
        """What the event of a model request says, where it names its conversation."""
        return log_observations(record)

    def claims(self, service_name: str) -> bool:  # noqa: ARG002
        """Every service: it is asked after all others."""
        return True

    def session_files(self, path: Path, head: str) -> Iterator[FoundFile]:  # noqa: ARG002
        """None."""
        return iter(())


def build() -> Collector:
    """The collector."""
    return GenAi()
