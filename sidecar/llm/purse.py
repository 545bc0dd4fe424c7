"""Money of one model: put aside before each attempt, settled after it, never over the cap."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sidecar.domain import ModelRequest, ModelUsage
from sidecar.errors import SpendCapError, StoreBusyError
from sidecar.llm.settings import ModelSettings
from sidecar.prices import cost_usd
from sidecar.store import KeptReply, Store, Wanted, day_start_ns, month_start_ns

T = TypeVar("T")

_BYTES_PER_TOKEN = 2
"""Half of what English has: the estimate must not be too low for any text that a session can hold."""
_FRAME_TOKENS = 1000
"""For the schema and the provider's own words around a request."""
SAVING_PATIENCE_S = 60.0
"""How long a busy store is asked again to take what was paid for; each time it waits by itself for some seconds."""
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Money put aside for one attempt."""

    request_key: str
    attempt: int
    amount_usd: float
    at_ns: int


class Purse:
    """Books the attempts of one model."""

    def __init__(self, store: Store, settings: ModelSettings, now_ns: Callable[[], int]) -> None:
        self._store = store
        self._settings = settings
        self._now_ns = now_ns

    def check_price(self) -> None:
        """Nothing.

        Raises:
            ConfigError: nobody knows the model's price.
        """
        self._cost_usd(ModelUsage(), at_ns=self._now_ns())

    def most_usd(self, request: ModelRequest[T], *, at_ns: int, is_batch: bool = False) -> float:
        """What one attempt costs at most."""
        read = len((request.system + request.user).encode("utf-8", "replace")) // _BYTES_PER_TOKEN + _FRAME_TOKENS
        # Writing to the provider's cache is the dearest way to read a token.
        most = ModelUsage(cache_write_tokens=read, output_tokens=request.max_tokens)
        return self._cost_usd(most, at_ns=at_ns, is_batch=is_batch)

    def _cost_usd(self, usage: ModelUsage, *, at_ns: int, is_batch: bool = False, model: str | None = None) -> float:
        settings = self._settings
        return cost_usd(
            model or settings.model,
            usage,
            at_ns=at_ns,
            prices=settings.prices,
            is_batch=is_batch,
            provider=settings.cloud.price_list,
        )

    def wanted(self, request: ModelRequest[T], amount_usd: float) -> Wanted:
        """What is put aside for one attempt of a request."""
        return Wanted(
            request_key=request.request_key,
            purpose=request.purpose,
            model=self._settings.model,
            amount_usd=amount_usd,
            project=request.project,
        )

    async def reserve(self, request: ModelRequest[T]) -> Reservation:
        """Put aside what an attempt costs at most.

        Raises:
            SpendCapError: it would go over the cap of the day or the month.
        """
        amount, now_ns = self._most_now(request)
        reserve, wanted = self._store.reserve_spend, self.wanted(request, amount)
        attempt = await asyncio.to_thread(lambda: reserve(wanted, now_ns=now_ns, cap=self._settings.cap))
        return await self._reservation(request, attempt, amount, now_ns)

    async def kept_or_reserved(self, request: ModelRequest[T]) -> str | Reservation:
        """As `reserve`, but where an answer was paid for this very question before, that answer, and nothing put aside.

        In one commit, as each way to the store and back takes as long as what is done there.
        """
        if not request.is_kept:
            return await self.reserve(request)
        amount, now_ns = self._most_now(request)
        reserve, wanted = self._store.reserve_spend, self.wanted(request, amount)
        said = await asyncio.to_thread(lambda: reserve(wanted, now_ns=now_ns, cap=self._settings.cap, or_kept=True))
        return said if isinstance(said, str) else await self._reservation(request, said, amount, now_ns)

    def _most_now(self, request: ModelRequest[T]) -> tuple[float, int]:
        now_ns = self._now_ns()
        return self.most_usd(request, at_ns=now_ns), now_ns

    async def _reservation(
        self, request: ModelRequest[T], attempt: int | None, amount: float, now_ns: int
    ) -> Reservation:
        if attempt is None:
            raise await asyncio.to_thread(self.cap_error, amount, now_ns)
        return Reservation(request_key=request.request_key, attempt=attempt, amount_usd=amount, at_ns=now_ns)

    async def settle(self, reservation: Reservation, usage: ModelUsage | None, kept: str | None = None) -> float:
        """Book what an attempt cost; with no usage known, what was put aside goes on counting.

        Args:
            kept: Answer to keep for the same question.
        Returns:
            USD that count against the cap for it.
        """
        if usage is None:
            return reservation.amount_usd
        amount = self._cost_usd(usage, at_ns=reservation.at_ns)
        reply = None if kept is None else KeptReply(model=self._settings.model, text=kept)
        key, attempt, settle = reservation.request_key, reservation.attempt, self._store.settle_spend
        await _saved(lambda: settle(key, attempt, amount_usd=amount, usage=usage, kept=reply))
        return amount

    async def release(self, reservation: Reservation) -> None:
        """Put back what an attempt would have cost that was never made: it is no call."""
        await asyncio.to_thread(self._store.spending.release, reservation.request_key, reservation.attempt)

    async def settle_batched(
        self, request_key: str, attempt: int, usage: ModelUsage, *, model: str, at_ns: int
    ) -> float:
        """Book what an answer in a batch cost; the same one booked twice counts once.

        Args:
            model: That was asked, which may no longer be ours.
        """
        amount = self._cost_usd(usage, at_ns=at_ns, is_batch=True, model=model)
        settle = self._store.settle_spend
        await asyncio.to_thread(settle, request_key, attempt, amount_usd=amount, usage=usage)
        return amount

    def cap_error(self, amount: float, now_ns: int) -> SpendCapError:
        """That the cap leaves no room for an amount."""
        return SpendCapError(self._cap_words(amount, now_ns))

    async def kept(self, request: ModelRequest[T]) -> str | None:
        """The answer that was paid for this very question before; None when there is none."""
        if not request.is_kept:
            return None
        return await asyncio.to_thread(self._store.kept_reply, request.request_key, self._settings.model)

    async def forget(self, request: ModelRequest[T]) -> None:
        """Keep the answer to this question no longer."""
        await asyncio.to_thread(self._store.forget_reply, request.request_key, self._settings.model)

    def _cap_words(self, amount: float, now_ns: int) -> str:
        cap = self._settings.cap
        day = self._store.spent_usd(day_start_ns(now_ns))
        month = self._store.spent_usd(month_start_ns(now_ns))
        limits = [
            (spent, limit, name)
            for spent, limit, name in ((day, cap.day_usd, "day"), (month, cap.month_usd, "month"))
            if limit is not None
        ]
        told = ", ".join(f"{spent:.4f} of {_usd(limit)} USD this {name}" for spent, limit, name in limits)
        least = min(limit for _, limit, _ in limits)
        if amount > least:
            return (
                f"the cap on money lets nothing through: {told} (UTC) are spent or put aside, and one call may cost "
                f"{amount:.4f}, more than all of it; raise model.max_usd_per_day or model.max_usd_per_month"
            )
        return (
            f"the cap on money is reached: {told} (UTC) are spent or put aside, and the next call may cost "
            f"{amount:.4f}; it goes on by itself when the time is over, or raise model.max_usd_per_day or "
            f"model.max_usd_per_month"
        )


async def _saved(save: Callable[[], None]) -> None:
    """Write down what was paid for, waiting for a store that is busy: an answer that is lost is paid for again.

    Raises:
        StoreBusyError: it is busy for longer than anybody should wait.
    """
    until_s = time.monotonic() + SAVING_PATIENCE_S
    while True:
        try:
            return await asyncio.to_thread(save)
        except StoreBusyError:
            if time.monotonic() > until_s:
                raise
        await asyncio.sleep(_LOOK_S)


def _usd(amount: float) -> str:
    """With as many places as it needs, two at least."""
    return f"{amount:.2f}" if round(amount, 2) == amount else f"{amount:.4f}"
