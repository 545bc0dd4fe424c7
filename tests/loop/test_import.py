"""Back-filled session files of every agent: known by what they hold, the same as what was seen live, counted."""

import asyncio
import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.cli.importing import pieces
from sidecar.config import Config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, Intake, Session, SessionState, Step
from sidecar.installation import Installation
from sidecar.receive import Arrival
from sidecar.recordings import Recording, load_recording
from tests.recordings.observing import recording as any_recording

DAY_S = 86_400
SESSION = "2b3f5786-a606-5b83-9490-144fa1a313a3"


@pytest.fixture
def session_file(tmp_path: Path) -> Path:
    """The session file of a recording, where Claude Code keeps it."""
    recording = load_recording("claude-code-shop-receipt-amounts")
    file = tmp_path / "projects" / "-tmp-recorded-shop" / f"{SESSION}.jsonl"
    file.parent.mkdir(parents=True)
    # long ago, so that any age a test gives the file is later than what happened in it
    file.write_bytes(written(recording, "main").replace(recording.recorded_on.encode(), b"2026-01-05"))
    return file


def written(recording: Recording, part: str) -> bytes:
    """A session file as the agent left it."""
    pieces: dict[int, bytes] = {}
    for request in recording.requests:
        query = parse_qs(urlsplit(request.target).query)
        if request.target.startswith("/transcripts/") and query["part"] == [part]:
            pieces[int(query["offset"][0])] = request.body
    return b"".join(pieces[offset] for offset in sorted(pieces))


def imported(file: Path, data: Path, *, age_s: int) -> SessionState:
    """Import the file as one last written so long ago, and give the session's state."""
    written = time.time() - age_s
    os.utime(file, (written, written))
    done = CliRunner().invoke(app, ["import", str(file.parent), "--data", str(data)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with Installation.open(DataDir.open(data), Config(), owner="test") as installation:
        (stored,) = installation.store.sessions(LOCAL_TEAM)
    assert stored.session.end_reason == ("quiet" if stored.session.state is SessionState.SETTLED else None)
    return stored.session.state


def test_quiet_file_is_a_session_that_is_over(session_file: Path, tmp_path: Path) -> None:
    assert imported(session_file, tmp_path / "data", age_s=DAY_S // 2) is SessionState.SETTLED


def test_file_written_to_just_now_is_a_session_that_goes_on(session_file: Path, tmp_path: Path) -> None:
    assert imported(session_file, tmp_path / "data", age_s=60) is SessionState.OPEN


def test_session_is_over_when_its_file_is_found_quiet_later(session_file: Path, tmp_path: Path) -> None:
    first = imported(session_file, tmp_path / "data", age_s=60)
    second = imported(session_file, tmp_path / "data", age_s=DAY_S // 2)

    assert (first, second) == (SessionState.OPEN, SessionState.SETTLED)


FILES = {
    "claude_code": ("claude-code-shop-receipt-amounts", "main", f"-shop/{SESSION}.jsonl"),
    "cline": ("cline-shop-average-price", "messages", "{id}/{id}.messages.json"),
    "codex": ("codex-shop-average-price", "main", "2026/11/25/rollout-copy.jsonl"),
    "gemini_cli": ("gemini-cli-shop-average-price", "main", "shop/chats/session-1.jsonl"),
    "opencode": ("opencode-shop-average-price", "export", "exported.json"),
}
"""Agent to a recording, a part of its session file, and where the agent keeps it."""
INTAKES = {"hooks": Intake.HOOK, "transcripts": Intake.TRANSCRIPT, "outcomes": Intake.OUTCOME}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a session file of every agent, and with files of other programs."""
    found = tmp_path / "home"
    for agent, (name, part, place) in FILES.items():
        recording = any_recording(name)
        file = found / agent / place.format(id=recording.session_id)
        file.parent.mkdir(parents=True)
        file.write_bytes(written(recording, part))
    (found / "settings.json").write_text('{"theme": "dark"}')
    (found / "old.jsonl.gz").write_bytes(b"\x1f\x8b")
    (found / ".git").mkdir()
    (found / ".git" / "x.json").write_text("{}")
    return found


def collect_live(data: Path, recording: Recording) -> None:
    """Receive and project what the agent sent while it ran."""
    with Installation.open(DataDir.open(data), Config(), owner="test") as installation:
        for request in recording.requests:
            address = urlsplit(request.target)
            name = address.path.split("/")[1]
            stated = request.headers.get("x-sidecar-observed-ns")
            arrival = Arrival(
                team=LOCAL_TEAM,
                intake=INTAKES.get(name) or Intake(address.path.removeprefix("/v1/")),
                body=request.body,
                received_ns=request.at_ns,
                content_type=request.headers["content-type"],
                agent=recording.agent if name in {"hooks", "transcripts"} else None,
                parameters={key: value for key, (value,) in parse_qs(address.query).items()},
                observed_ns=None if stated is None else int(stated),
            )
            asyncio.run(installation.receiver().receive(arrival))
        installation.projector().run(now_ns=time.time_ns())


def run_import(data: Path, *words: str) -> dict[str, object]:
    """What an import says of itself."""
    done = CliRunner().invoke(app, ["import", *words, "--data", str(data), "--json"], catch_exceptions=False)
    return cast(dict[str, object], json.loads(done.stdout))


def sessions_in(data: Path) -> dict[str, Session]:
    """The sessions of a data folder with their steps, by agent."""
    with Installation.open(DataDir.open(data), Config(), owner="test") as installation:
        keys = [stored.session.key for stored in installation.store.sessions(LOCAL_TEAM)]
        found = [installation.store.session(key) for key in keys]
    return {stored.session.key.agent: stored.session for stored in found if stored is not None}


def test_every_agents_files_are_known_by_what_they_hold(folder: Path, tmp_path: Path) -> None:
    told = run_import(tmp_path / "data", str(folder))

    agents = cast(dict[str, dict[str, object]], told["agents"])
    stored = sessions_in(tmp_path / "data")
    assert {name: (one["files"], one["sessions"], one["new"]) for name, one in agents.items()} == dict.fromkeys(
        FILES, (1, 1, 1)
    )
    assert {name: one["steps"] for name, one in agents.items()} == {
        name: len(session.steps) for name, session in stored.items()
    }
    assert all(cast(int, one["steps"]) >= 8 for one in agents.values())
    skipped = {Path(one["file"]).name: one["reason"] for one in cast(list[dict[str, str]], told["skipped"])}
    assert skipped == {
        "settings.json": "no session file of a known agent",
        "old.jsonl.gz": "is compressed; unpack it first",
    }


def test_import_of_the_same_again_changes_nothing(folder: Path, tmp_path: Path) -> None:
    run_import(tmp_path / "data", str(folder))
    first = sessions_in(tmp_path / "data")

    again = run_import(tmp_path / "data", str(folder))

    assert again["new"] == 0
    assert sessions_in(tmp_path / "data") == first


def acts_in(data: Path) -> dict[str, list[Step]]:
    """The Steps of each agent's session without the words, whose marks are keyed by the data folder."""
    return {agent: [replace(step, text=None) for step in one.steps] for agent, one in sessions_in(data).items()}


def test_import_that_was_stopped_goes_on_where_it_was(folder: Path, tmp_path: Path) -> None:
    run_import(tmp_path / "stopped", str(folder / "codex"), str(folder / "cline"))

    rest = run_import(tmp_path / "stopped", str(folder))

    run_import(tmp_path / "whole", str(folder))
    assert rest["new"] == len(FILES) - 2
    assert acts_in(tmp_path / "stopped") == acts_in(tmp_path / "whole")


@pytest.mark.parametrize("agent", ["codex", "gemini_cli", "opencode"])
def test_import_after_live_collection_adds_no_step(agent: str, folder: Path, tmp_path: Path) -> None:
    collect_live(tmp_path / "data", any_recording(FILES[agent][0]))
    live = sessions_in(tmp_path / "data")

    run_import(tmp_path / "data", str(folder / agent))

    assert sessions_in(tmp_path / "data")[agent].steps == live[agent].steps


def test_lines_that_are_not_read_are_counted_by_shape(folder: Path, tmp_path: Path) -> None:
    file = folder / "codex" / FILES["codex"][2]
    file.write_bytes(file.read_bytes() + b'{"type":"novel","x":1}\n{"type":"novel"}\n{"timestamp":"2026-11-25T2')

    told = run_import(tmp_path / "data", str(file), "--agent", "codex")

    one = cast(dict[str, dict[str, object]], told["agents"])["codex"]
    shapes = cast(dict[str, int], one["unknown_shapes"])
    assert (shapes["novel"], shapes["no JSON"]) == (2, 1)
    assert one["unknown_lines"] == sum(shapes.values())
    assert told["skipped"] == []
    assert sessions_in(tmp_path / "data")["codex"].steps


def test_dry_run_counts_and_stores_nothing(folder: Path, tmp_path: Path) -> None:
    told = run_import(tmp_path / "data", str(folder), "--dry-run")

    assert told["sessions"] == len(FILES)
    assert "new" not in told
    assert all("steps" not in one for one in cast(dict[str, dict[str, object]], told["agents"]).values())
    assert not (tmp_path / "data").exists()


def test_only_one_agents_files_are_taken_where_it_is_named(folder: Path, tmp_path: Path) -> None:
    told = run_import(tmp_path / "data", str(folder), "--agent", "gemini-cli")

    assert list(cast(dict[str, object], told["agents"])) == ["gemini_cli"]


def test_folder_without_sessions_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    done = CliRunner().invoke(app, ["import", str(tmp_path / "empty"), "--data", str(tmp_path / "data")])

    assert done.exit_code == 1
    assert "no session file of claude_code or cline or codex" in done.stdout


def test_noise_of_telemetry_is_dropped_and_counted(tmp_path: Path) -> None:
    collect_live(tmp_path / "data", any_recording("opencode-shop-average-price"))

    done = CliRunner().invoke(app, ["status", "--data", str(tmp_path / "data"), "--json"], catch_exceptions=False)

    dropped = json.loads(done.stdout)["dropped"]["opencode"]
    assert dropped["traces"] > 50 * len(sessions_in(tmp_path / "data")["opencode"].steps)
    assert dropped["logs"] > 0


@given(
    lines=st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=12),
    at_most=st.integers(1, 40),
)
def test_pieces_are_whole_lines_and_together_the_file(lines: list[bytes], at_most: int) -> None:
    body = b"\n".join(lines)

    found = list(pieces(body, at_most=at_most))

    assert b"".join(piece for _, piece in found) == body
    assert [offset for offset, _ in found] == [sum(len(piece) for _, piece in found[:n]) for n in range(len(found))]
    assert all(piece.endswith(b"\n") for _, piece in found[:-1])
    assert all(len(piece) <= at_most or piece.count(b"\n") <= 1 for _, piece in found)
