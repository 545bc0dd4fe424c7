"""One configured model: asked a question, it gives a value or the reason why not; retries, limits and money are here.

A problem with one question never stops the others. What stops everything is raised: no key or credit, several calls
in a row without an answer, the cap on money. Whatever waits to be asked then goes on waiting.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from sidecar.domain import ModelReply, ModelRequest, ModelUsage, ReplyProblem
from sidecar.errors import ModelRefusedError, ModelUnavailableError
from sidecar.llm.attempt import Answer, Failure, Fate
from sidecar.llm.pace import Pace, Quiet, wait_s
from sidecar.llm.purse import Purse, Reservation
from sidecar.llm.reading import Reading, read_answer, read_kept
from sidecar.llm.settings import ModelSettings
from sidecar.store import Store

if TYPE_CHECKING:
    from sidecar.llm.provider import Provider

T = TypeVar("T")

MOST_IN_VAIN = 5
"""Calls in a row without any answer after which nobody is asked any more."""
MOST_AHEAD = 4
"""Attempts beyond the calls under way that may have money put aside; a process that is killed leaves them open, too.

With none, each call's place stands empty while the store commits: 3 to 5 points less of what latency allows."""
_CALLS_FOR_ONE_AHEAD = 4
_IN_VAIN = frozenset({ReplyProblem.UNAVAILABLE, ReplyProblem.REJECTED, ReplyProblem.NOT_A_MESSAGE})


@dataclass(frozen=True, slots=True)
class _Connection:
    """What belongs to one event loop."""

    provider: "Provider"
    slots: asyncio.Semaphore
    """One for each call that may be under way."""
    open_reservations: asyncio.Semaphore
    """One for each attempt between money put aside and money booked."""


@dataclass(slots=True)
class _Call(Generic[T]):
    """One question with what its attempts have come to so far."""

    request: ModelRequest[T]
    started_s: float | None = None
    """When its turn came; None while it waits for others to end."""
    cost_usd: float = 0.0
    request_id: str | None = None
    is_kept_told: bool = False
    """Nobody was asked: the answer is one that was paid for before."""


class Model:
    """A model to ask; any number of tasks of one event loop may use it at once."""

    def __init__(
        self,
        settings: ModelSettings,
        purse: Purse,
        redact: Callable[[str], str],
        pace: Pace,
        quiet: Quiet | None = None,
    ) -> None:
        self._settings = settings
        self._purse = purse
        self._redact = redact
        self._pace = pace
        self._quiet = quiet or Quiet()
        self._connection: _Connection | None = None
        self._in_vain = 0

    @classmethod
    def open(
        cls,
        settings: ModelSettings,
        store: Store,
        redact: Callable[[str], str],
        *,
        now_ns: Callable[[], int] = time.time_ns,
        pace: Pace | None = None,
        quiet: Quiet | None = None,
    ) -> Self:
        """A model whose spending the store keeps; nothing is connected yet.

        Args:
            redact: Takes secrets out of every text that is sent.
            quiet: Shared by all models of a process, so that all of them wait when one is told to.
        Raises:
            ConfigError: nobody knows its price, or the library of its cloud is not installed.
        """
        settings.cloud.require_library()
        purse = Purse(store, settings, now_ns)
        purse.check_price()
        real = Pace(random=random.random, sleep=asyncio.sleep, now_s=time.monotonic)
        return cls(settings, purse, redact, pace or real, quiet)

    @property
    def name(self) -> str:
        """The model id."""
        return self._settings.model

    async def close(self) -> None:
        """Close the connections; needed before the event loop ends. Asked again, the model connects anew."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.provider.close()

    async def complete(self, request: ModelRequest[T]) -> ModelReply[T]:
        """Ask once, with as many attempts as the settings allow.

        Raises:
            SpendCapError: the money of the day or the month is used up.
            ModelRefusedError: the provider takes no call, or none of several in a row.
            ModelUnavailableError: several calls in a row got no answer.
        """
        connection = self._connected()
        call = _Call(replace(request, user=self._redact(request.user)))
        reply = await self._attempts(connection, call)
        if call.is_kept_told:
            return reply
        self._in_vain = self._in_vain + 1 if reply.problem in _IN_VAIN else 0
        if self._in_vain >= MOST_IN_VAIN:
            raise self._stopped(reply)
        return reply

    async def forget(self, request: ModelRequest[T]) -> None:
        """Let the next asking of a kept question be paid for, as its answer was of no use after all."""
        await self._purse.forget(request)

    def _connected(self) -> _Connection:
        if self._connection is None:
            from sidecar.llm.provider import Provider  # noqa: PLC0415 - it loads the provider's library

            calls = self._settings.concurrency
            self._connection = _Connection(
                Provider(self._settings),
                slots=asyncio.Semaphore(calls),
                open_reservations=asyncio.Semaphore(calls + min(MOST_AHEAD, calls // _CALLS_FOR_ONE_AHEAD)),
            )
        return self._connection

    async def _attempts(self, connection: _Connection, call: _Call[T]) -> ModelReply[T]:
        number = 1
        while True:
            async with connection.open_reservations:
                said = await self._attempt(connection, call, number)
            if isinstance(said, ModelReply):
                return said
            await self._pace.sleep(said)
            number += 1

    async def _attempt(self, connection: _Connection, call: _Call[T], number: int) -> ModelReply[T] | float:
        """The reply, or the seconds until the next attempt."""
        reservation = await self._kept_or_reserved(call, number)
        if isinstance(reservation, ModelReply):
            return reservation
        answer = await self._asked(connection, call, reservation)
        call.request_id = answer.request_id
        if isinstance(answer, Answer):
            reading = read_answer(answer.body, call.request.shape)
            kept = reading.text if call.request.is_kept else None
            call.cost_usd += await self._purse.settle(reservation, reading.usage, kept)
            return self._reply(call, reading)
        call.cost_usd += await self._purse.settle(reservation, ModelUsage() if answer.is_unpaid else None)
        if answer.fate is Fate.ALL_REFUSED:
            raise self._settings.refused(answer.words)
        if answer.fate is Fate.REQUEST_REJECTED:
            return self._reply(call, Reading(problem=ReplyProblem.REJECTED, detail=answer.words))
        wait = self._wait_s(call, number, answer)
        if wait is None:
            told = "" if answer.told_wait_s is None else f", told to ask nothing for {answer.told_wait_s:.0f} s"
            words = f"{answer.words}; asked {number} times{told}"
            return self._reply(call, Reading(problem=ReplyProblem.UNAVAILABLE, detail=words))
        return wait

    async def _kept_or_reserved(self, call: _Call[T], number: int) -> ModelReply[T] | Reservation:
        """The answer that was paid for before, at no cost, or money put aside for an attempt."""
        if number > 1:
            return await self._purse.reserve(call.request)
        said = await self._purse.kept_or_reserved(call.request)
        if isinstance(said, Reservation):
            return said
        reading = read_kept(said, call.request.shape)
        if reading is None:
            return await self._purse.reserve(call.request)
        call.is_kept_told = True
        return self._reply(call, reading)

    async def _asked(self, connection: _Connection, call: _Call[T], reservation: Reservation) -> Answer | Failure:
        """One attempt, once its turn has come; what was put aside for it goes back where that never comes.

        Raises:
            ModelUnavailableError: the wait that others were told is longer than our patience.
        """
        is_sent = False
        try:
            async with connection.slots:
                await self._until_quiet_ends(call)
                is_sent = True
                return await connection.provider.ask(call.request)
        finally:
            if not is_sent:
                await self._purse.release(reservation)

    async def _until_quiet_ends(self, call: _Call[T]) -> None:
        if call.started_s is None:
            call.started_s = self._pace.now_s()
        while (left_s := self._quiet.left_s(self._pace.now_s())) > 0:
            if left_s > self._settings.patience_s:
                raise ModelUnavailableError(
                    f"{self._settings.model}: the provider told us to ask nothing for {left_s:.0f} s; what waits "
                    f"for the model goes on waiting, a later run asks again"
                )
            await self._pace.sleep(wait_s(1, left_s, self._pace.random()))

    def _wait_s(self, call: _Call[T], number: int, failure: Failure) -> float | None:
        """Seconds until the next attempt; None when there is none."""
        now_s, wait = self._pace.now_s(), wait_s(number, failure.told_wait_s, self._pace.random())
        if failure.is_busy:
            least_s = wait if failure.told_wait_s is None else failure.told_wait_s
            self._quiet.keep(now_s + least_s)
        is_too_late = now_s + wait - (now_s if call.started_s is None else call.started_s) > self._settings.patience_s
        return None if is_too_late or number >= self._settings.attempts else wait

    def _reply(self, call: _Call[T], reading: Reading[T]) -> ModelReply[T]:
        return ModelReply(
            value=reading.value,
            problem=reading.problem,
            detail=reading.detail,
            stop_reason=reading.stop_reason,
            usage=reading.usage or ModelUsage(),
            cost_usd=call.cost_usd,
            request_id=call.request_id,
            model=self._settings.model,
        )

    def _stopped(self, reply: ModelReply[T]) -> ModelRefusedError | ModelUnavailableError:
        words = f"{self._settings.model}: {self._in_vain} calls in a row in vain, the last: {reply.detail}"
        if reply.problem is ReplyProblem.REJECTED:
            return ModelRefusedError(f"{words}; check model and model.base_url in sidecar.toml")
        return ModelUnavailableError(f"{words}; what waits for the model goes on waiting, the next run asks again")
