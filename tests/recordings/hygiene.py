"""What may not stand in a recording: this machine's name, and paths that only exist on it."""

import gzip
import re
import socket
from collections.abc import Iterable

from sidecar.recordings import RecordedRequest

ALLOWED_ROOTS = ("/tmp/recorded", "/tmp/claude", "/usr/", "/bin/", "/dev/null")
"""Where the agents work, and where any Linux machine has its programs."""
_PATH = re.compile(r"(?<![\w.:/<~-])/(?:work|root|home|opt|var|etc|mnt|srv|run|proc|sys|dev|tmp|usr|bin)\b[\w./@+-]*")
_NOT_A_PATH = frozenset({"/root"})
"""What Codex calls its main agent."""
_NOT_A_NAME = frozenset({"localhost", ""})


def foreign_text(requests: Iterable[RecordedRequest], hostname: str | None = None) -> list[str]:
    """What in these requests belongs to the machine they were recorded on, each thing once.

    Args:
        hostname: The machine's name; this machine's when None.
    """
    name = socket.gethostname() if hostname is None else hostname
    found: set[str] = set()
    for request in requests:
        text = f"{request.target}\n{plain_body(request)}"
        found.update(
            path for path in _PATH.findall(text) if not path.startswith(ALLOWED_ROOTS) and path not in _NOT_A_PATH
        )
        if name not in _NOT_A_NAME and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
            found.add(name)
    return sorted(found)


def plain_body(request: RecordedRequest) -> str:
    """A request's body without its compression; bytes that are not UTF-8 are replaced."""
    raw = gzip.decompress(request.body) if request.headers.get("content-encoding") == "gzip" else request.body
    return raw.decode(errors="replace")
