"""What a collector is: it reads one agent's hooks, session files and OTLP into Observations.

A collector is pure but for `find_session_files`. The same message always gives the same Observations with the same
keys, whatever came before it, so that they can be stored as a set. It never decides what a session is: that is merged
later from all Observations.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from collectors.payload import JsonValue
from sidecar.domain import AgentName, LoadedRules, LogRecord, Observation, SessionId, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRepository:
    """What our own start hook measured in the work tree."""

    remote: str | None = None
    """URL of `origin`; None where there is none."""
    head: str | None = None
    """Full SHA of the checked-out commit."""
    branch: str | None = None
    """None when HEAD is detached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookMessage:
    """One posted hook."""

    body: Mapping[str, JsonValue]
    """The agent's own JSON, unchanged but for redaction."""
    observed_ns: int
    """When it happened by the sender's header; else its first receipt."""
    is_timed: bool
    """observed_ns was said by the sender."""
    last_observed_ns: int
    """Latest receipt of the same bytes; equals observed_ns for timed ones."""
    repository: HookRepository | None = None
    """None for all but our start hook."""
    rules: tuple[LoadedRules, ...] = ()
    """Rules files that our start hook hashed, source EXACT: those of every agent, loaded or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFile:
    """One file of a session as assembled so far."""

    session_id: SessionId
    part: str
    """`main` and `subagents/agent-<id>` of Claude Code, `session` and `messages` of Cline."""
    text: str
    received_ns: int
    """Latest receipt of a piece of it."""


class Collector(Protocol):
    """How one agent is listened to."""

    @property
    def name(self) -> AgentName:
        """The agent's name in addresses and keys."""
        ...

    def hook_observations(self, message: HookMessage) -> list[Observation]:
        """What one hook says.

        Raises:
            DecodeError: it names no session.
        """
        ...

    def file_observations(self, file: SessionFile) -> list[Observation]:
        """What a session file says so far; lines that are cut or unknown say nothing."""
        ...

    def span_observations(self, span: Span) -> list[Observation]:
        """What one span says; none for a span that is no part of a session."""
        ...

    def log_observations(self, record: LogRecord) -> list[Observation]:
        """What one log record says; none for a record that is no part of a session."""
        ...

    def claims(self, service_name: str) -> bool:
        """Whether OTLP with this `service.name` comes from this agent."""
        ...

    def find_session_files(self, root: Path) -> Iterator[tuple[SessionId, str, Path]]:
        """Session files under a folder, or the folder's one file: session id, part and path, sorted by path."""
        ...
