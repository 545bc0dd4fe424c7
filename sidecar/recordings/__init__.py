"""Recorded sessions of real coding agents, as the HTTP requests that a sidecar would have received.

A recording is one session, or one session and its resume. Its requests stand in the order in which they came in, with
their bodies byte for byte, so that playing them to a server is the same as having had the agent there. The recordings
are package data, made by `tests/recordings/record.py`; this module only reads them.
"""

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

import zstandard

from sidecar.errors import DecodeError, InputError

_PACKAGE = "sidecar.recordings"
SUFFIX = ".jsonl.zst"
"""How the name of every stored recording ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One HTTP request, as it arrived."""

    at_ns: int
    """When it arrived, int nanoseconds UTC."""
    method: str
    """Always POST so far."""
    target: str
    """Path and query, for example `/transcripts/cline?session=1&part=messages&offset=0`."""
    headers: Mapping[str, str]
    """Names in lower case: content-type, and where sent content-encoding, user-agent and x-sidecar-observed-ns."""
    body: bytes
    """The raw body, still compressed where content-encoding says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recorded session with all requests that it caused."""

    name: str
    """`<agent>-<repository>-<scenario>`, with a hyphen in the agent's name."""
    agent: str
    """`claude_code` or `cline`."""
    agent_version: str
    """The version the agent reports, for example 2.1.330."""
    binary_sha256: str
    """SHA-256 of the agent's executable, 64 hex digits."""
    repository: str
    """The fixture repository it worked on; `repositories.build_repository` builds it."""
    scenario: str
    """What it shows, in a few words with hyphens."""
    recorded_on: str
    """ISO date."""
    session_id: str
    """The agent's own session id."""
    head_commit: str
    """Full hash of the commit the session began on; it exists in the built repository."""
    branch: str
    """The branch the session began on."""
    exit_code: int
    """The agent's last exit code; negative is minus the signal that ended it."""
    description: str
    """One sentence for people."""
    requests: tuple[RecordedRequest, ...]
    """In order of arrival."""


def recordings() -> list[str]:
    """The names of all stored recordings, sorted."""
    found = (entry.name for entry in files(_PACKAGE).joinpath("data").iterdir())
    return sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX))


def load_recording(name: str) -> Recording:
    """A stored recording.

    Raises:
        InputError: there is none of that name.
        DecodeError: its file is damaged.
    """
    if name not in recordings():
        raise InputError(f"no recording {name!r}; `sidecar.recordings.recordings()` lists them")
    return decode_recording(name, files(_PACKAGE).joinpath("data", name + SUFFIX).read_bytes())


def read_recording(path: Path) -> Recording:
    """A recording from a file outside the package, as the recorder writes it.

    Raises:
        DecodeError: the file is damaged.
    """
    return decode_recording(path.name.removesuffix(SUFFIX), path.read_bytes())


def decode_recording(name: str, raw: bytes) -> Recording:
    """A recording from the bytes of its file.

    Raises:
        DecodeError: not zstandard, not JSON lines, or a field is missing.
    """
    try:
        text = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw)).read().decode()
        header, *lines = (cast(dict[str, object], json.loads(line)) for line in text.splitlines())
        return _recording(name, header, tuple(_request(line) for line in lines))
    except (zstandard.ZstdError, ValueError, KeyError, TypeError) as exc:
        raise DecodeError(f"recording {name!r} is damaged ({exc}); record it again") from exc


def _recording(name: str, header: Mapping[str, object], requests: tuple[RecordedRequest, ...]) -> Recording:
    return Recording(
        name=name,
        agent=str(header["agent"]),
        agent_version=str(header["agent_version"]),
        binary_sha256=str(header["binary_sha256"]),
        repository=str(header["repository"]),
        scenario=str(header["scenario"]),
        recorded_on=str(header["recorded_on"]),
        session_id=str(header["session_id"]),
        head_commit=str(header["head_commit"]),
        branch=str(header["branch"]),
        exit_code=int(str(header["exit_code"])),
        description=str(header["description"]),
        requests=requests,
    )


def _request(line: Mapping[str, object]) -> RecordedRequest:
    return RecordedRequest(
        at_ns=int(str(line["at_ns"])),
        method=str(line["method"]),
        target=str(line["target"]),
        headers=dict(cast(dict[str, str], line["headers"])),
        body=base64.b64decode(str(line["body"]), validate=True),
    )
