"""A stand-in for the sidecar's HTTP port on loopback that keeps every request as it came."""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import cast

from sidecar.recordings import RecordedRequest

KEPT_HEADERS = ("content-encoding", "content-type", "user-agent", "x-sidecar-observed-ns")
"""What a receiver looks at; lengths, hosts and tokens belong to the connection and are left out."""


class Capture(ThreadingHTTPServer):
    """Answers 200 to every POST and keeps it."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Keep)
        self._lock = Lock()
        self._requests: list[RecordedRequest] = []

    def keep(self, request: RecordedRequest) -> None:
        """Add a request to those kept."""
        with self._lock:
            self._requests.append(request)

    def take(self) -> tuple[RecordedRequest, ...]:
        """All requests since the last call, in order of arrival."""
        with self._lock:
            taken, self._requests = self._requests, []
        return tuple(taken)


class _Keep(BaseHTTPRequestHandler):
    """One request to the stand-in."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep the request, then acknowledge it in the sender's own format."""
        at_ns = time.time_ns()
        body = self._body()
        headers = {name: self.headers[name] for name in KEPT_HEADERS if self.headers[name]}
        request = RecordedRequest(at_ns=at_ns, method="POST", target=self.path, headers=headers, body=body)
        cast(Capture, self.server).keep(request)
        protobuf = headers.get("content-type") == "application/x-protobuf"
        answer = b"" if protobuf else b"{}"
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf" if protobuf else "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", "0")))
        chunks: list[bytes] = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for the recorder."""
