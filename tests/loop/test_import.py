"""Back-filled session files: one that nobody has written to for long is of a session that is over."""

import os
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.config import Config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, SessionState
from sidecar.installation import Installation
from sidecar.recordings import load_recording

DAY_S = 86_400
SESSION = "2b3f5786-a606-5b83-9490-144fa1a313a3"


@pytest.fixture
def session_file(tmp_path: Path) -> Path:
    """The session file of a recording, where Claude Code keeps it."""
    recording = load_recording("claude-code-shop-receipt-amounts")
    pieces = {
        int(parse_qs(urlsplit(request.target).query)["offset"][0]): request.body
        for request in recording.requests
        if request.target.startswith("/transcripts/")
    }
    file = tmp_path / "projects" / "-tmp-recorded-shop" / f"{SESSION}.jsonl"
    file.parent.mkdir(parents=True)
    written = b"".join(pieces[offset] for offset in sorted(pieces))
    # long ago, so that any age a test gives the file is later than what happened in it
    file.write_bytes(written.replace(recording.recorded_on.encode(), b"2026-01-05"))
    return file


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
