"""Settings of what comes in, and of how long it is kept."""

from typing import Annotated

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from sidecar.config.fields import STRICT, Bytes, Days, Names, Seconds, named
from sidecar.domain import CaptureLevel, Door


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class StoreConfig:
    """Where records are kept."""

    url: str | None = None
    """SQLAlchemy URL; None is SQLite in the data folder. PostgreSQL: `postgresql+psycopg://…`."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ReceiveConfig:
    """Limits of one request."""

    max_body_bytes: Bytes = 64 * 1024 * 1024
    """As sent and after decompression; the default of the OTLP specification."""
    max_waiting_bytes: Bytes = 192 * 1024 * 1024
    """Bodies held at once by all requests; over it the answer is 503."""
    max_response_bytes: Bytes = 4 * 1024 * 1024
    """Of an answer to an export; clients take no more."""
    allowed_hosts: Names = ()
    """Host headers accepted beside the loopback names."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ListenConfig:
    """How the ports meet the network; on loopback none of it is needed."""

    tls_certificate: str | None = None
    """File with the certificate and those above it, PEM; with tls_key, both ports speak TLS only."""
    tls_key: str | None = None
    """File with the key, PEM, without a password."""
    is_plaintext_allowed: bool = False
    """True where something in front of the ports speaks TLS, so that tokens may cross them in the clear."""
    doors: Annotated[tuple[Door, ...], BeforeValidator(named)] = tuple(Door)
    """What the HTTP port is open for."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class CaptureConfig:
    """How much of what agents send is kept."""

    level: CaptureLevel = CaptureLevel.EVIDENCE
    """Of projects without a level of their own; while the project is unknown, the strictest of all holds."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class SessionsConfig:
    """When a session is over."""

    idle_s: Seconds = 6 * 3600
    """One that never said its end is closed when nothing was heard of it for that long; more of it reopens it."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RetentionConfig:
    """How long content is kept."""

    inbox_days: Days = 7
    """Requests as they came, after they were read into sessions."""
    failed_days: Days = 30
    """Requests that could not be read."""
    sessions_days: Days | None = None
    """What was said and done in settled, judged sessions, after their last activity; None keeps it."""
