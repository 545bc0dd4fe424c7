"""What one attempt came to: the bytes of an answer, or a failure and what it means for what comes next."""

from dataclasses import dataclass
from enum import Enum, auto


class Fate(Enum):
    """What a failed attempt means for what comes next."""

    TRY_AGAIN = auto()
    REQUEST_REJECTED = auto()
    """This request will never do, others may."""
    ALL_REFUSED = auto()
    """No request will do until a person acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Success as it came over the wire."""

    body: bytes | None
    """None when it was too long to be read to its end."""
    request_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why an attempt gave no answer."""

    fate: Fate
    words: str
    """For a person; of the provider's own text the first line at most."""
    told_wait_s: float | None = None
    is_busy: bool = False
    """The provider speaks of everybody's calls, so that others wait too."""
    status: int | None = None
    """Of the response; None where none came."""
    is_unpaid: bool
    """Certain to cost nothing; an answer that was on its way when the line broke may have been paid."""
    request_id: str | None = None
