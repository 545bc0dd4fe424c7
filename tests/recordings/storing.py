"""Writes a recording in the format that `sidecar.recordings` reads."""

import base64
import json
from dataclasses import asdict
from pathlib import Path

import zstandard

from sidecar.recordings import SUFFIX, RecordedRequest, Recording

LEVEL = 19
"""Written once and read often: the smallest file that still opens at once."""


def write_recording(recording: Recording, folder: Path) -> Path:
    """Write one recording into a folder, replacing an older one of its name, and give the file's path."""
    header = {key: value for key, value in asdict(recording).items() if key not in ("name", "requests")}
    lines = [json.dumps(header), *(json.dumps(_line(request)) for request in recording.requests)]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (recording.name + SUFFIX)
    path.write_bytes(zstandard.ZstdCompressor(level=LEVEL).compress(("\n".join(lines) + "\n").encode()))
    return path


def _line(request: RecordedRequest) -> dict[str, object]:
    return {
        "at_ns": request.at_ns,
        "method": request.method,
        "target": request.target,
        "headers": dict(request.headers),
        "body": base64.b64encode(request.body).decode(),
    }
