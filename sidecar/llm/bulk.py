"""A model asked in batches: many questions at once, at a lower price, answered within a day.

What is sent, looked for and read is here, and what it costs; which sessions are asked about, and what is written down
before, is the caller's.
"""

import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self, TypeVar

from sidecar.domain import ModelReply, ModelRequest, ModelUsage
from sidecar.errors import ModelRefusedError, SpendCapError
from sidecar.llm.attempt import Failure, Fate
from sidecar.llm.batch_lines import Line, Result
from sidecar.llm.batch_state import BatchState
from sidecar.llm.purse import Purse
from sidecar.llm.reading import Reading, read_kept
from sidecar.llm.settings import ModelSettings
from sidecar.store import Cap, Store, Wanted

if TYPE_CHECKING:
    from sidecar.llm.batch_calls import BatchCalls

T = TypeVar("T")

MOST_REQUESTS = 1000
"""Of one batch; the API takes a hundred times as many, yet a batch is also what one reply may lose."""
MOST_BYTES = 32 * 1024 * 1024
"""Of one batch's texts; the API takes 256 MB."""
_UNKNOWN_PATH = frozenset({404, 405, 501})
_REJECTED = frozenset({400, 413, 415, 422})
_MAYBE_BEGUN = frozenset({408, 500, 502, 504})
"""Statuses of those on the way, who do not know what the server made of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBegun:
    """Why there is no batch, or why nobody knows whether there is one."""

    words: str
    is_certain: bool
    """Nothing was begun, and nothing is paid."""
    is_unsupported: bool
    """The provider takes no batches, or not of this kind; single calls may do."""
    fate: Fate


class Bulk:
    """A model to ask in batches, of one event loop."""

    def __init__(self, settings: ModelSettings, purse: Purse, redact: Callable[[str], str]) -> None:
        self._settings = settings
        self._purse = purse
        self._redact = redact
        self._calls: BatchCalls | None = None

    @classmethod
    def open(
        cls,
        settings: ModelSettings,
        store: Store,
        redact: Callable[[str], str],
        *,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> Self:
        """A model whose spending the store keeps; nothing is connected yet. See Model.open for the errors."""
        settings.cloud.require_library()
        purse = Purse(store, settings, now_ns)
        purse.check_price()
        return cls(settings, purse, redact)

    @property
    def name(self) -> str:
        """The model id."""
        return self._settings.model

    @property
    def cap(self) -> Cap:
        """What may be spent."""
        return self._settings.cap

    async def close(self) -> None:
        """Close the connections; needed before the event loop ends."""
        if self._calls is not None:
            calls, self._calls = self._calls, None
            await calls.close()

    def fit_to_send(self, request: ModelRequest[T]) -> ModelRequest[T]:
        """The question without secrets."""
        return replace(request, user=self._redact(request.user))

    def wanted(self, request: ModelRequest[T], *, at_ns: int) -> Wanted:
        """What a question may cost in a batch."""
        return self._purse.wanted(request, self._purse.most_usd(request, at_ns=at_ns, is_batch=True))

    def cap_error(self, wanted: Wanted, *, at_ns: int) -> SpendCapError:
        """That the cap leaves no room for a question."""
        return self._purse.cap_error(wanted.amount_usd, at_ns)

    async def kept(self, request: ModelRequest[T]) -> ModelReply[T] | None:
        """The answer that was paid for this very question before; None when there is none."""
        text = await self._purse.kept(request)
        reading = None if text is None else read_kept(text, request.shape)
        return None if reading is None else self.reply(reading, cost_usd=0.0)

    async def create(self, asked: Mapping[str, ModelRequest[T]]) -> BatchState | NotBegun:
        """Have all of these answered.

        Args:
            asked: Fit to send, by custom id.
        """
        made = await self._connected().create(asked)
        if not isinstance(made, Failure):
            return made
        status = made.status
        is_known = status in _UNKNOWN_PATH or (status is not None and status not in _MAYBE_BEGUN)
        return NotBegun(
            words=made.words,
            is_certain=is_known or (status is None and made.is_unpaid),
            is_unsupported=status in _UNKNOWN_PATH | _REJECTED and "credit balance" not in made.words.lower(),
            fate=made.fate,
        )

    async def state(self, batch_id: str) -> BatchState | Failure:
        """How far a batch is.

        Raises:
            ModelRefusedError: the provider takes no call.
        """
        found = await self._connected().state(batch_id)
        if isinstance(found, Failure) and found.fate is Fate.ALL_REFUSED and found.status not in _UNKNOWN_PATH:
            raise self.refused_error(found.words)
        return found

    async def newest(self) -> Sequence[BatchState] | Failure:
        """The last hundred batches of this key, ours or not."""
        return await self._connected().newest()

    def results(self, batch_id: str) -> AsyncGenerator[Line | Failure]:
        """The lines of an ended batch's results; a failure is the last that comes."""
        return self._connected().results(batch_id)

    async def settle(self, custom_id: str, attempt: int, result: Result[T], *, model: str, at_ns: int) -> float:
        """Book what a question came to: USD that count against the cap for it."""
        usage = ModelUsage() if result.is_unpaid else result.reading.usage
        if usage is None:
            return 0.0  # what was put aside goes on counting
        return await self._purse.settle_batched(custom_id, attempt, usage, model=model, at_ns=at_ns)

    def reply(self, reading: Reading[T], *, cost_usd: float) -> ModelReply[T]:
        """What a judge is given of a reading."""
        return ModelReply(
            value=reading.value,
            problem=reading.problem,
            detail=reading.detail,
            stop_reason=reading.stop_reason,
            usage=reading.usage or ModelUsage(),
            cost_usd=cost_usd,
            model=self.name,
        )

    def refused_error(self, words: str) -> ModelRefusedError:
        """That no call will do until a person acts."""
        return ModelRefusedError(
            f"no batch for the model {self.name!r} is taken ({words}); check the key in the environment, its credit "
            f"and permissions; nothing is lost, the next run goes on"
        )

    def _connected(self) -> "BatchCalls":
        if self._calls is None:
            from sidecar.llm.batch_calls import BatchCalls  # noqa: PLC0415 - it loads the provider's library

            self._calls = BatchCalls(self._settings)
        return self._calls
