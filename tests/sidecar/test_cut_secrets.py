"""A secret cut between two pieces of a session file is nowhere in what is kept of the session."""

import json

import pytest

from sidecar.domain import LOCAL_TEAM, SessionId
from tests.sidecar.conftest import Served

TOKEN = "ghp_FAKE00fake11FAKE22fake33FAKE44fake55"


def transcript() -> bytes:
    """Two lines; the first holds the token in a tool's output."""
    shared = {"sessionId": "s-1", "cwd": "/w", "version": "2.1.330", "timestamp": "2026-11-23T03:00:00.000Z"}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": f"export GITHUB={TOKEN}", "is_error": False}
    call = {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "env"}}
    lines = [
        {"type": "assistant", "uuid": "u-1", "message": {"id": "m-1", "role": "assistant", "content": [call]}},
        {"type": "user", "uuid": "u-2", "message": {"role": "user", "content": [result]}},
    ]
    return b"".join(json.dumps(shared | line).encode() + b"\n" for line in lines)


@pytest.mark.parametrize("cut_after", [3, 4, 12, len(TOKEN) - 1])
async def test_secret_cut_between_pieces_is_redacted_where_it_becomes_whole(served: Served, cut_after: int) -> None:
    whole = transcript()
    cut = whole.index(TOKEN.encode()) + cut_after
    for offset, piece in ((cut, whole[cut:]), (0, whole[:cut])):
        target = f"/transcripts/claude_code?session=s-1&part=main&offset={offset}"
        await served.client.post(target, content=piece)

    await served.client.get("/api/sessions/s-1")
    (key,) = served.installation.store.session_keys(LOCAL_TEAM, SessionId("s-1"))
    stored = served.installation.store.session(key)

    assert stored is not None
    outputs = [step.output for step in stored.session.steps if step.output]
    assert len(outputs) == 1
    assert "[REDACTED:" in outputs[0]
    assert not any(TOKEN.encode() in file.read_bytes() for file in served.data.rglob("*") if file.is_file())
