"""Reads requests with a limit on one body and on all bodies held at once."""

import asyncio
import re
import time
from typing import Final

from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope

from sidecar.config import ReceiveConfig
from sidecar.domain import Intake, TeamId
from sidecar.errors import DecodeError, InputError, StoreBusyError, TooLargeError
from sidecar.http_receiver.headers import headers_of
from sidecar.receive import Arrival, Receipt, Receiver

OBSERVED_HEADER: Final = "x-sidecar-observed-ns"


class Intakes:
    """Reads requests with a limit on one body and on all bodies held at once."""

    def __init__(self, receiver: Receiver, limits: ReceiveConfig) -> None:
        """Bind the limits."""
        self._receiver = receiver
        self._max_body_bytes = limits.max_body_bytes
        self._max_waiting_bytes = limits.max_waiting_bytes
        self._waiting_bytes = 0

    async def take(
        self, scope: Scope, receive: Receive, intake: Intake, *, team: TeamId, agent: str | None = None
    ) -> Receipt:
        """Hand one request to `receive` and return its receipt; see there for the errors."""
        received_ns = time.time_ns()
        held = 0
        pieces: list[bytes] = []
        try:
            is_more = True
            while is_more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise InputError("the sender went away before its whole body was here")
                piece: bytes = message.get("body", b"")
                is_more = message.get("more_body", False)
                pieces.append(piece)
                held += len(piece)
                self._waiting_bytes += len(piece)
                self._check_room(held)
            body = b"".join(pieces)
            # one copy is held while it waits, not two
            pieces.clear()
            return await self._receiver.receive(_arrival(scope, intake, body, received_ns, team, agent))
        except asyncio.CancelledError as exc:
            # the server stops and this request outlasted its grace: it is not acknowledged, whatever becomes of it
            raise StoreBusyError("the sidecar is stopping; send the same again when it is back") from exc
        finally:
            self._waiting_bytes -= held

    def _check_room(self, held: int) -> None:
        if held > self._max_body_bytes:
            raise TooLargeError(
                f"the body is over {self._max_body_bytes} bytes, the most taken in one request; send it in pieces"
            )
        if self._waiting_bytes > self._max_waiting_bytes:
            raise StoreBusyError("too many bytes are waiting to be stored; send again in a second")


def _arrival(scope: Scope, intake: Intake, body: bytes, received_ns: int, team: TeamId, agent: str | None) -> Arrival:
    headers = headers_of(scope)
    has_parameters = intake in (Intake.TRANSCRIPT, Intake.OUTCOME)
    return Arrival(
        team=team,
        intake=intake,
        body=body,
        received_ns=received_ns,
        content_type=headers.get("content-type", ""),
        content_encoding=headers.get("content-encoding", ""),
        agent=agent,
        parameters=dict(QueryParams(scope["query_string"])) if has_parameters else {},
        observed_ns=_observed_ns(headers.get(OBSERVED_HEADER)),
    )


def _observed_ns(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,19}", text):
        raise DecodeError(f"header {OBSERVED_HEADER} must be nanoseconds since 1970, got {text[:40]!r}")
    return int(text)
