"""What every reader of a forge's webhooks promises, and the records that a delivery becomes.

A reader knows one forge: how it proves that it sent a delivery, what it calls the delivery, and what the delivery says
of checks that ended and of changes that were merged, closed, pushed or taken back. Everything else it says is left out
before anything is stored.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from collectors.payload import Payload, parse_time
from sidecar.domain import Conclusion, FollowUp, FollowUpId, ProjectId, TeamId
from sidecar.errors import DecodeError

Headers = Mapping[str, str]
"""Of a request, names in lower case."""
MAX_COMMITS = 200
"""Of one push; what lies beyond is another branch's history that came along."""
MAX_PATHS = 300
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEnded:
    """A check, or a whole pipeline, ended on a commit."""

    forge: str
    project: ProjectId
    commit: str
    branch: str | None
    """The branch it ran on; None where the forge does not say."""
    name: str
    """Unique among the checks of a commit."""
    conclusion: Conclusion
    at_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one delivery says that we use."""

    checks: tuple[CheckEnded, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()

    @property
    def is_used(self) -> bool:
        """It says anything we use."""
        return bool(self.checks or self.follow_ups)

    @property
    def project(self) -> ProjectId | None:
        """The repository it speaks of; None when it says nothing we use."""
        return next((one.project for one in (*self.checks, *self.follow_ups)), None)


UNUSED = Delivery()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a reader needs beside the delivery."""

    team: TeamId
    received_ns: int
    """Stands in where the forge gives no time."""


class DeliveryReader(Protocol):
    """Webhooks of one forge."""

    @property
    def name(self) -> str:
        """Name of the forge, as in the path of its webhook."""
        ...

    @property
    def proof(self) -> str:
        """How the forge proves itself, in a few words for an error message."""
        ...

    def is_authentic(self, headers: Headers, body: bytes, secret: str, *, now_ns: int) -> bool:
        """Whether somebody who knows the secret sent these bytes; compared in constant time."""
        ...

    def delivery_id(self, headers: Headers) -> str | None:
        """What the forge calls the delivery, the same when it sends it again; None where it says nothing."""
        ...

    def read(self, headers: Headers, body: Payload, context: Context) -> Delivery:
        """What the delivery says; UNUSED for a kind or a state that we do not use."""
        ...


def encode_delivery(delivery: Delivery) -> bytes:
    """The delivery as JSON."""
    return _adapter().dump_json(delivery)


def decode_delivery(body: bytes) -> Delivery:
    """The delivery that `encode_delivery` wrote.

    Raises:
        DecodeError: another version wrote it.
    """
    try:
        return _adapter().validate_json(body)
    except ValidationError as exc:
        raise DecodeError(f"a stored webhook delivery does not read back ({exc.error_count()} fields differ)") from exc


def with_id(told: FollowUp) -> FollowUp:
    """The follow-up named by what it says, so that the same told twice is one."""
    said = "\0".join(map(str, (told.kind.value, told.project, told.branch, told.number, *told.commits)))
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    return replace(told, follow_up_id=FollowUpId(digest[:32]))


def commit_of(text: str | None) -> str | None:
    """A commit's hash in lower case; None for none, and for the zeros that stand for no commit."""
    if text is None or not _COMMIT.fullmatch(text.lower()) or not text.strip("0"):
        return None
    return text.lower()


def time_of(text: str | None) -> int | None:
    """Nanoseconds of a forge's time, which GitLab also writes as `2026-11-25 10:00:00 UTC`."""
    return parse_time(text.replace(" UTC", "+00:00")) if text is not None else None


@cache
def _adapter() -> TypeAdapter[Delivery]:
    return TypeAdapter(Delivery)
