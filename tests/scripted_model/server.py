"""The server: in a thread of its own on loopback, so that any client of any event loop can speak to it."""

import asyncio
import itertools
import json
import threading
from typing import Self

from anthropic.types import MessageTokensCount

from tests.scripted_model.answers import Meter, Script, make_message
from tests.scripted_model.batching import BATCHES as _BATCHES
from tests.scripted_model.batching import BatchDesk, Ways
from tests.scripted_model.faults import STATUSES, Fault, FaultPlan, Status, never
from tests.scripted_model.request import Asked, BadRequestError, read_asked
from tests.scripted_model.sampling import sampled
from tests.scripted_model.wire import HttpRequest, HttpResponse, read_request, write_response

KEY = "a-key-of-the-tests"
_MESSAGES, _COUNT = "/v1/messages", "/v1/messages/count_tokens"
_PAGE = b"<html><body>Sign in to the network</body></html>"
_DRIP_S = 0.05


class ScriptedModel:
    """A context manager around a running server; `script` and `plan` may be changed while it runs."""

    def __init__(
        self,
        script: Script = sampled,
        plan: FaultPlan = never,
        *,
        key: str = KEY,
        latency_s: float = 0.0,
        hang_s: float = 30.0,
    ) -> None:
        self._key = key
        self.script = script
        self.plan = plan
        self.meter = Meter()
        self.batches = BatchDesk(self.meter)
        self._latency_s = latency_s
        self._hang_s = hang_s
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Base url to give to a client."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def end_batches(self) -> None:
        """End every batch that is under way, as the script and the plan are now."""
        self.batches.end(self._ways())

    def _ways(self) -> Ways:
        return Ways(script=self.script, plan=self.plan, url=self.url)

    def __enter__(self) -> Self:
        self._thread.start()
        starting = asyncio.start_server(self._connected, "127.0.0.1", 0, limit=16 * 1024 * 1024)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _stop(self) -> None:
        assert self._server is not None
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while not writer.is_closing() and (request := await read_request(reader)) is not None:
                await self._serve(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, as clients do after a timeout, or the server stops
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, request: HttpRequest, writer: asyncio.StreamWriter) -> None:
        if request.path.startswith(_BATCHES):
            await self._serve_batches(request, writer)
            return
        asked = self._read(request)
        if isinstance(asked, Status):
            await self._send_status(writer, asked)
        elif request.path == _COUNT:
            counted = MessageTokensCount(input_tokens=asked.input_tokens)
            await self._send(writer, counted.model_dump_json().encode())
        else:
            self.meter.at_once += 1
            self.meter.most_at_once = max(self.meter.most_at_once, self.meter.at_once)
            try:
                await self._answer(asked, writer)
            finally:
                self.meter.at_once -= 1

    def _read(self, request: HttpRequest) -> Asked | Status:
        if request.method != "POST" or request.path not in (_MESSAGES, _COUNT):
            return STATUSES[Fault.NOT_FOUND]
        refused = self._refused(request)
        if refused is not None:
            return refused
        try:
            asked = read_asked(json.loads(request.body), is_count=request.path == _COUNT)
        except (BadRequestError, ValueError) as exc:
            return Status(400, "invalid_request_error", str(exc), {})
        return asked if asked.model.startswith("claude-") else STATUSES[Fault.NOT_FOUND]

    def _refused(self, request: HttpRequest) -> Status | None:
        given = (request.headers.get("authorization"), request.headers.get("x-api-key"))
        if f"Bearer {self._key}" != given[0] and self._key != given[1]:
            return STATUSES[Fault.UNAUTHORISED]
        if "anthropic-version" not in request.headers:
            return Status(400, "invalid_request_error", "anthropic-version: header is required", {})
        return None

    async def _serve_batches(self, request: HttpRequest, writer: asyncio.StreamWriter) -> None:
        said = self._refused(request) or self.batches.said(request, self._ways())
        if isinstance(said, Status):
            await self._send_status(writer, said)
            return
        if said.kept_bytes is None:
            await self._send(writer, said.body, kind=said.kind)
            return
        await self._send(writer, said.body[: said.kept_bytes], length=len(said.body), kind=said.kind)
        writer.transport.abort()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.meter.asked.append(asked)
        fault = self.plan(asked)
        await asyncio.sleep(self._latency_s)
        if fault is not None:
            self.meter.faults.append(fault)
            if fault in STATUSES:
                await self._send_status(writer, STATUSES[fault])
                return
        message = make_message(asked, self.script, fault, self.meter)
        await self._send_message(writer, message.model_dump_json(exclude_none=True).encode(), fault)

    async def _send_message(self, writer: asyncio.StreamWriter, body: bytes, fault: Fault | None) -> None:
        match fault:
            case Fault.TIMEOUT:
                await asyncio.sleep(self._hang_s)
            case Fault.DROP:
                await self._send(writer, body[: len(body) // 2], length=len(body))
                writer.transport.abort()
            case Fault.DRIP:
                await self._send(writer, b"", length=len(body))
                for at in range(len(body)):
                    writer.write(body[at : at + 1])
                    await writer.drain()
                    await asyncio.sleep(_DRIP_S)
            case Fault.PAGE:
                await write_response(writer, HttpResponse(status=200, body=_PAGE, kind="text/html"))
            case _:
                await self._send(writer, body)

    async def _send(
        self, writer: asyncio.StreamWriter, body: bytes, *, length: int | None = None, kind: str = "application/json"
    ) -> None:
        headers = {"request-id": f"req_{next(self._numbers):08d}"}
        await write_response(writer, HttpResponse(status=200, body=body, headers=headers, length=length, kind=kind))

    async def _send_status(self, writer: asyncio.StreamWriter, status: Status) -> None:
        name = f"req_{next(self._numbers):08d}"
        error = {"type": status.kind, "message": status.message}
        body = json.dumps({"type": "error", "error": error, "request_id": name}).encode()
        headers = {"request-id": name, **status.headers}
        await write_response(writer, HttpResponse(status=status.code, body=body, headers=headers))
