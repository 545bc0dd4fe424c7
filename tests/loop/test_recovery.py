"""What one bad row, one bad session or a second worker may do to the rest: nothing."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.config import CaptureConfig, Config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, AgentName, CaptureLevel, Intake, SessionId, SessionKey, SessionState
from sidecar.installation import SECOND_NS, Installation
from sidecar.projector import Projector
from sidecar.receive import Arrival
from sidecar.sessions import MergeContext

AS_SENT = Config(capture=CaptureConfig(level=CaptureLevel.FULL))
"""What each capture level keeps has tests of its own."""
NOW_NS = 1_800_000_000_000_000_000
CLAUDE_CODE = AgentName("claude_code")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with Installation.open(DataDir.open(tmp_path / "data"), AS_SENT, owner="test:1:a") as opened:
        yield opened


def key(session_id: str) -> SessionKey:
    return SessionKey(team=LOCAL_TEAM, agent=CLAUDE_CODE, session_id=SessionId(session_id))


def hook(session_id: str, event: str = "UserPromptSubmit", *, at_ns: int = 1, **fields: str) -> Arrival:
    body: Mapping[str, str] = {"session_id": session_id, "hook_event_name": event, **fields}
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.HOOK,
        body=json.dumps(body).encode(),
        received_ns=NOW_NS + at_ns,
        agent="claude-code",
        observed_ns=NOW_NS + at_ns,
    )


def receive(installation: Installation, *arrivals: Arrival) -> None:
    async def all_of_them() -> None:
        receiver = installation.receiver()
        await asyncio.gather(*(receiver.receive(arrival) for arrival in arrivals))

    asyncio.run(all_of_them())


def session_ids(installation: Installation) -> set[str]:
    return {stored.session.key.session_id for stored in installation.store.sessions(LOCAL_TEAM)}


def rewrite(database: Path, statement: str, *values: object) -> None:
    """What a failing disk or another version did to a database."""
    with sqlite3.connect(database) as connection:
        connection.execute(statement, values)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("UPDATE inbox SET body = ? WHERE row_id = 1", b"no zstd frame"),
        ("UPDATE inbox SET parameters = ? WHERE row_id = 1", b"no zstd frame"),
        ("UPDATE inbox SET channel = ? WHERE row_id = 1", "of a newer version"),
        ("UPDATE inbox SET channel = ? WHERE row_id = 1", "transcript"),
    ],
)
def test_damaged_row_is_put_aside_and_stops_no_other(installation: Installation, statement: str, value: object) -> None:
    receive(installation, hook("bad"), hook("good", at_ns=2))
    rewrite(installation.data_dir.path / "inbox.db", statement, value)

    installation.projector().run(now_ns=NOW_NS)

    assert session_ids(installation) == {"good"}
    assert installation.inbox.counts() == {"new": 0, "claimed": 0, "done": 1, "failed": 1}


def test_session_that_cannot_be_merged_stops_no_other(installation: Installation) -> None:
    receive(installation, hook("bad"), hook("good", at_ns=2))
    installation.projector().run(now_ns=NOW_NS)
    rewrite(installation.data_dir.path / "store.db", "UPDATE observations SET body = ? WHERE session_id = 'bad'", b"x")

    receive(installation, hook("bad", "Stop", at_ns=3), hook("good", "SessionEnd", at_ns=4, reason="other"))
    projection = installation.projector().run(now_ns=NOW_NS + 10)

    good = installation.store.session(key("good"))
    assert good is not None
    assert good.session.state is SessionState.SETTLED
    assert projection.rejected == 1
    assert installation.inbox.counts() == {"new": 0, "claimed": 0, "done": 3, "failed": 1}


def test_session_saved_last_by_the_slower_of_two_workers_is_whole(installation: Installation) -> None:
    second = replace(installation, owner="test:2:b")
    is_interrupted = False

    def interrupting_hash(text: str) -> str:
        # called while a session is merged, after its observations were read
        nonlocal is_interrupted
        if not is_interrupted:
            is_interrupted = True
            receive(installation, hook("s", prompt_id="p2", prompt="second", at_ns=2))
            second.projector().run(now_ns=NOW_NS)
        return installation.keyed_hash(text)

    slow = Projector(
        store=installation.store,
        inbox=installation.inbox,
        owner="test:1:a",
        context=lambda _: MergeContext(keyed_hash=interrupting_hash),
        outcome_window_ns=lambda _: 0,
        redact=installation.redactor.redact_bytes,
    )
    receive(installation, hook("s", prompt_id="p1", prompt="first"))

    slow.run(now_ns=NOW_NS)

    stored = installation.store.session(key("s"))
    assert stored is not None
    assert [step.text for step in stored.session.steps] == ["first", "second"]


def line(number: int, text: str) -> bytes:
    message = {
        "type": "user",
        "uuid": f"u{number}",
        "promptId": f"p{number}",
        "timestamp": f"2026-11-01T10:00:{number:02}Z",
        "message": {"content": text},
    }
    return json.dumps(message).encode() + b"\n"


def piece(body: bytes, offset: int, *, at_ns: int = 1) -> Arrival:
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.TRANSCRIPT,
        body=body,
        received_ns=NOW_NS + at_ns,
        agent="claude-code",
        parameters={"session": "s", "part": "main", "offset": str(offset)},
    )


def prompts(installation: Installation) -> list[str | None]:
    stored = installation.store.session(key("s"))
    return [step.text for step in stored.session.steps] if stored else []


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 0, 3, 2), (0, 1, 3, 2)])
def test_file_that_was_written_anew_and_sent_anew_in_pieces_loses_no_line(
    installation: Installation, order: tuple[int, ...]
) -> None:
    """Cut at the same places, other words: a line that runs over a cut stands as its own version has it."""
    old = line(1, "before 1") + line(2, "before 2")
    new = line(3, "after 11") + line(4, "after 22")
    cut = len(old) * 3 // 4
    assert len(old) == len(new)
    cuts = [(old[:cut], 0), (old[cut:], cut), (new[:cut], 0), (new[cut:], cut)]
    sent = [piece(body, offset, at_ns=number) for number, (body, offset) in enumerate(cuts)]

    for number in order:
        receive(installation, sent[number])
        installation.projector().run(now_ns=NOW_NS)

    assert prompts(installation) == ["before 1", "before 2", "after 11", "after 22"]


@pytest.mark.parametrize(("window_s", "settles_after_s"), [(0, 0), (60, 60)])
def test_session_of_a_machine_whose_clock_is_years_ahead_settles_like_any_other(
    installation: Installation, window_s: int, settles_after_s: int
) -> None:
    years_ns = 10 * 365 * 86_400 * SECOND_NS
    projector = Projector(
        store=installation.store,
        inbox=installation.inbox,
        owner="test:1:a",
        context=installation.merge_context,
        outcome_window_ns=lambda _: window_s * SECOND_NS,
        redact=installation.redactor.redact_bytes,
    )
    receive(installation, hook("s", at_ns=years_ns), hook("s", "SessionEnd", at_ns=years_ns + 1, reason="other"))
    projector.run(now_ns=NOW_NS)

    projector.run(now_ns=NOW_NS + settles_after_s * SECOND_NS)

    stored = installation.store.session(key("s"))
    assert stored is not None
    assert stored.session.state is SessionState.SETTLED


def test_stop_ends_a_long_run_with_its_batch_and_the_rest_is_projected_later(installation: Installation) -> None:
    receive(installation, *(hook("s", prompt_id=f"p{number}", prompt="do it", at_ns=number) for number in range(450)))
    asked = iter([False, True, True])

    stopped = installation.projector().run(now_ns=NOW_NS, is_stopping=lambda: next(asked))
    rest = installation.projector().run(now_ns=NOW_NS)

    assert (stopped.rows, rest.rows) == (200, 250)
    assert len(prompts(installation)) == 450
