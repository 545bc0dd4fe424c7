"""Just enough HTTP/1.1 to be spoken to by a real client, and to break off where a fault wants it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """One response."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    kind: str = "application/json"
    length: int | None = None
    """Announced length where it is not the body's."""


async def read_request(reader: asyncio.StreamReader) -> HttpRequest | None:
    """The next request of a connection; None when the client has closed it."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    start, *lines = head.strip().split("\r\n")
    method, target, _ = start.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    path, _, query = target.partition("?")
    return HttpRequest(method=method, path=path, query=query, headers=headers, body=body)


async def write_response(writer: asyncio.StreamWriter, response: HttpResponse) -> None:
    """Send a response, whole or as far as its body goes."""
    length = len(response.body) if response.length is None else response.length
    lines = {"content-type": response.kind, "content-length": str(length), **response.headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"HTTP/1.1 {response.status} Scripted\r\n{head}\r\n".encode() + response.body)
    await writer.drain()
