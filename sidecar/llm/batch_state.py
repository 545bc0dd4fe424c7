"""Reads how far batches are from what the provider says of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as wire

from sidecar.llm.attempt import Failure, Fate

MOST_LISTED = 100
"""Batches of one list; with fewer it shows all there are."""

_OPEN = ConfigDict(extra="ignore")
_Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchState:
    """A batch as the provider tells it."""

    batch_id: str
    is_ended: bool
    created_ns: int
    size: int
    """Requests in it."""


@wire(frozen=True, slots=True, kw_only=True, config=_OPEN)
class _Counts:
    processing: _Count
    succeeded: _Count
    errored: _Count
    canceled: _Count
    expired: _Count


@wire(frozen=True, slots=True, kw_only=True, config=_OPEN)
class _Batch:
    id: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_:-]+$")]
    """It becomes part of an address."""
    type: Literal["message_batch"]
    processing_status: str
    created_at: datetime
    request_counts: _Counts


@wire(frozen=True, slots=True, kw_only=True, config=_OPEN)
class _Page:
    data: tuple[_Batch, ...]


def read_state(body: bytes | None) -> BatchState | Failure:
    """One batch.

    Args:
        body: None for one that was too long to be read.
    """
    try:
        return _state(TypeAdapter(_Batch).validate_json(body or b""))
    except ValidationError:
        return _unreadable("a batch")


def read_page(body: bytes | None) -> list[BatchState] | Failure:
    """The batches of a list, in its order; see read_state."""
    try:
        return [_state(one) for one in TypeAdapter(_Page).validate_json(body or b"").data]
    except ValidationError:
        return _unreadable("a list of batches")


def _state(batch: _Batch) -> BatchState:
    counts = batch.request_counts
    return BatchState(
        batch_id=batch.id,
        is_ended=batch.processing_status == "ended",
        created_ns=int(batch.created_at.timestamp() * 1_000_000) * 1000,
        size=counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired,
    )


def _unreadable(what: str) -> Failure:
    return Failure(fate=Fate.TRY_AGAIN, words=f"what came is not {what}", is_unpaid=False)
