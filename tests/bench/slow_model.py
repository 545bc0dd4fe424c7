"""A model of one latency and one answer, so cheap that whoever asks it is what is measured: `PORT LATENCY_S`."""

import asyncio
import json
import sys

_QUOTE = "AssertionError: assert 12.5 == 1250"
_ANSWER = {
    "explanation": "The change returns a float, and the test demands an integer, because the sum was not rounded.",
    "quotes": [{"step_id": "step-13", "text": _QUOTE}],
    "failure_class": "broken_convention",
    "convention": "amounts as integer cents",
    "lesson": "Do not keep an amount as a float.",
    "scope": None,
    "is_avoidable_by_rule": True,
}
_MESSAGE = {
    "id": "msg_bench",
    "type": "message",
    "role": "assistant",
    "model": "claude-haiku-5-5",
    "content": [{"type": "text", "text": json.dumps(_ANSWER)}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 6000, "output_tokens": 160, "cache_read_input_tokens": 1500},
}
_BODY = json.dumps(_MESSAGE).encode()
_REPLY = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(_BODY), _BODY)


class Connection(asyncio.Protocol):
    """Answers each request on it after the latency; nothing of the request is read but its length."""

    def __init__(self, latency_s: float) -> None:
        self._latency_s = latency_s
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer when a request is whole."""
        self._received += data
        while (length := _whole(self._received)) is not None:
            is_question = self._received.startswith(b"POST")
            del self._received[:length]
            wait_s = self._latency_s if is_question else 0.0
            asyncio.get_running_loop().call_later(wait_s, self._transport.write, _REPLY)


def _whole(received: bytearray) -> int | None:
    """Bytes of the first request; None while it has not come to its end."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    at = received.lower().find(b"content-length:", 0, head)
    announced = 0 if at < 0 else int(received[at + 15 : received.find(b"\r\n", at)])
    length = head + 4 + announced
    return length if len(received) >= length else None


async def main(port: int, latency_s: float) -> None:
    """Serve until killed."""
    listening = await asyncio.get_running_loop().create_server(lambda: Connection(latency_s), "127.0.0.1", port)
    async with listening:
        await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
