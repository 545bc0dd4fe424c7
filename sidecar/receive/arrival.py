"""A request as it came, as it may be written, and the receipt that its sender gets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sidecar.domain import AgentName, Intake, Outcome, TeamId
from sidecar.errors import InputError
from sidecar.remotes import project_of

MAX_NAME = 200
"""Characters of a session id or part; the longest seen in agents is 36."""
MAX_OFFSET = 2**53
"""Bytes; far beyond any session file, and still exact in every JSON reader."""
MAX_REMOTE = 1000
"""Characters of a remote's address; that of a forge has about fifty."""

DROPPED_LINES = "dropped_lines"
"""Parameter of a transcript's row: how many of its lines the capture level left nothing of."""


# Not frozen, as all that is made for each request: to freeze a record of ten fields takes a microsecond of fifty.
@dataclass(slots=True, kw_only=True)
class Arrival:
    """One request as it came."""

    team: TeamId
    intake: Intake
    body: bytes
    """As sent, compressed or not."""
    received_ns: int
    content_type: str = "application/json"
    content_encoding: str = ""
    agent: str | None = None
    """Name in the path of a hook or transcript, as sent."""
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    """Query of a transcript or outcome."""
    observed_ns: int | None = None
    """When it happened, as the sender says; None when it does not."""
    report: Outcome | None = None
    """What an outcome's body says, where its sender in this process has read it already; a long one takes seconds."""


@dataclass(slots=True, kw_only=True)
class Receipt:
    """What was stored; returned after the commit, never before."""

    is_new: bool
    """False when these bytes were here before."""
    rejected: int = 0
    """OTLP records that could not be kept."""
    warning: str = ""
    """What a sender should change, in English; empty when all is well."""


@dataclass(slots=True, kw_only=True)
class Prepared:
    """A request that may be written."""

    body: bytes
    """The plain bytes themselves, the same object, where nothing was changed."""
    agent: AgentName | None = None
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    observed_ns: int | None = None
    rejected: int = 0
    warning: str = ""


def checked_name(parameters: Mapping[str, str], name: str) -> str:
    """A session's or part's name in a query.

    Raises:
        InputError: missing, too long, or not a name.
    """
    value = parameters.get(name, "")
    if not value or len(value) > MAX_NAME or not value.isprintable() or ".." in value:
        raise InputError(f"{name}= must be 1 to {MAX_NAME} printable characters without '..', got {value[:60]!r}")
    return value


def checked_time(observed_ns: int | None) -> int | None:
    """Nanoseconds since 1970 as a sender says them.

    Raises:
        InputError: before 1970, or of more than 63 bits.
    """
    if observed_ns is not None and not 0 <= observed_ns < 2**63:
        raise InputError(f"observed time {observed_ns} must be nanoseconds since 1970, below 2**63")
    return observed_ns


def quiet_since(text: str) -> int:
    """When a session file was last written to, ns.

    Raises:
        InputError: not a time.
    """
    if not text.isdecimal() or int(text) >= 2**63:
        raise InputError(f"?quiet_since= must be the nanoseconds since 1970 of the last write, got {text[:60]!r}")
    return int(text)


def plain_remote(name: str, text: str) -> str:
    """A remote's address in the form that all clones of it share, so without user and password.

    Args:
        name: Of the parameter that holds it.
    Raises:
        InputError: not the address of a remote. The text is not shown: it may hold a password.
    """
    project = project_of(text)
    if project is None or not text.isprintable() or len(text) > MAX_REMOTE:
        raise InputError(f"?{name}= must be the URL of a git remote, such as https://forge.example/owner/name.git")
    return f"https://{project}"


def offset_of(text: str) -> int:
    """Bytes of a session file that were sent before.

    Raises:
        InputError: not a number of bytes.
    """
    if not re.fullmatch("[0-9]{1,16}", text) or int(text) > MAX_OFFSET:
        raise InputError(f"offset= must be the number of bytes sent before, got {text[:60]!r}")
    return int(text)
