"""The yardstick of receiving: uvicorn, gunzip, parse, one SQLite row, FULL, group commit, and nothing else.

With `filtering` it takes out of each span what a list of attributes does not name, as a capture level does, and
stores what is left, compressed. With `raw` uvicorn is what its own package brings (asyncio's loop and h11); else it has
uvloop and httptools, as the program itself. All with the libraries that a plain program would use.

python -m tests.bench.bare PORT FOLDER [filtering | raw]
"""

import asyncio
import queue
import sqlite3
import sys
import threading
import zlib
from pathlib import Path

import uvicorn
import zstandard
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.types import Receive, Scope, Send

KEPT = frozenset(
    {"session.id", "user.id", "tool_name", "gen_ai.request.model", "span.type", "duration_ms"}
    | {f"{kind}_tokens" for kind in ("input", "output", "cache_read")}
)
"""What the level `evidence` leaves of these spans."""
Waiting = tuple[bytes, asyncio.Future[None], asyncio.AbstractEventLoop]


def _write(file: Path, waiting: "queue.Queue[Waiting]") -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE inbox (row_id INTEGER PRIMARY KEY, body BLOB)")
    while True:
        batch = [waiting.get()]
        while not waiting.empty():
            batch.append(waiting.get())
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO inbox (body) VALUES (?)", [(body,) for body, _, _ in batch])
        connection.execute("COMMIT")
        for _, future, loop in batch:
            loop.call_soon_threadsafe(future.set_result, None)


class Bare:
    """The smallest application that acknowledges after a durable commit."""

    def __init__(self, file: Path, *, is_filtering: bool) -> None:
        self._is_filtering = is_filtering
        self._waiting: queue.Queue[Waiting] = queue.Queue()
        threading.Thread(target=_write, args=(file, self._waiting), daemon=True).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        pieces: list[bytes] = []
        is_more = scope["method"] == "POST"
        while is_more:
            message = await receive()
            pieces.append(message.get("body", b""))
            is_more = message.get("more_body", False)
        if pieces:
            body = b"".join(pieces)
            message = ExportTraceServiceRequest.FromString(zlib.decompress(body, zlib.MAX_WBITS | 16))
            if self._is_filtering:
                body = _filtered(message)
            loop = asyncio.get_running_loop()
            committed: asyncio.Future[None] = loop.create_future()
            self._waiting.put((body, committed, loop))
            await committed
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


def _filtered(message: ExportTraceServiceRequest) -> bytes:
    for group in message.resource_spans:
        for scope in group.scope_spans:
            for span in scope.spans:
                kept = [pair for pair in span.attributes if pair.key in KEPT]
                del span.attributes[:]
                span.attributes.extend(kept)
    return zstandard.compress(message.SerializeToString())


if __name__ == "__main__":
    kind = sys.argv[3:]
    uvicorn.run(
        Bare(Path(sys.argv[2]) / "bare.db", is_filtering=kind == ["filtering"]),
        port=int(sys.argv[1]),
        loop="asyncio" if kind == ["raw"] else "uvloop",
        http="h11" if kind == ["raw"] else "httptools",
        log_config=None,
        access_log=False,
        lifespan="off",
    )
