"""Recording sessions of Codex, Gemini CLI and opencode again gives the Steps that are stored, whatever their ids."""

import subprocess
import sys
from pathlib import Path

import pytest

from sidecar.domain import Session
from sidecar.recordings import read_recording
from tests.recordings.observing import merged, observations, sessions_of

RECORD = Path(__file__).parents[1] / "recordings" / "record.py"
AGAIN = ("codex-shop-currency-sign", "gemini-cli-shop-currency-sign", "opencode-shop-currency-sign")

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def recorded_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the recordings of `AGAIN`, made now."""
    folder = tmp_path_factory.mktemp("again")
    only = [part for name in AGAIN for part in ("--only", name)]
    run = subprocess.run(
        [sys.executable, str(RECORD), *only, "--out", str(folder)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return folder


def acts(session: Session) -> list[tuple[object, ...]]:
    """What was done, in order."""
    return [
        (step.kind, step.tool, step.command, step.path, step.is_write, step.exit_code, step.is_success, step.text)
        for step in session.steps
    ]


@pytest.mark.parametrize("name", AGAIN)
def test_recording_again_gives_the_same_session(name: str, recorded_again: Path) -> None:
    (stored,) = sessions_of(name).values()

    again = read_recording(recorded_again / f"{name}.jsonl.zst")

    (session,) = merged(again.agent, observations(again.agent, again.requests)).values()
    assert acts(stored) == acts(session)
    assert (stored.project, stored.branch, stored.base_commit) == (session.project, session.branch, session.base_commit)
    assert (stored.state, stored.end_reason, stored.rules) == (session.state, session.end_reason, session.rules)
