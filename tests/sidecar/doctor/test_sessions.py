"""What doctor says of sessions: an imported one breaks no hop, and a live one counts though imported ones are newer."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.config import Config, load_config
from sidecar.data_dir import DataDir
from sidecar.doctor.finding import Finding, State
from sidecar.doctor.sessions import check_sessions, first_day_line, newest_sessions
from sidecar.installation import Installation
from sidecar.recordings.repositories import build_remote
from tests.loop.test_import import collect_live, run_import
from tests.loop.test_import_repositories import SHOP, lessons
from tests.recordings.observing import recording

AGENT = "claude_code"


@contextmanager
def opened(data: Path) -> Generator[Installation]:
    """The data folder with its own settings."""
    settings = data / "sidecar.toml"
    config = load_config(settings, {}) if settings.exists() else Config()
    with Installation.open(DataDir.open(data), config, owner="test") as installation:
        yield installation


def found(data: Path) -> dict[str, Finding]:
    """What is said of the sessions of Claude Code, by hop."""
    with opened(data) as installation:
        return {one.hop.removeprefix(f"{AGENT}: "): one for one in check_sessions(installation, AGENT)}


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of three imported sessions of no known folder but a named repository, and a proposal; no copy."""
    root = tmp_path_factory.mktemp("imported")
    data = root / "data"
    data.mkdir()
    (data / "sidecar.toml").write_text(f'[projects."{SHOP}"]\nurl = "{root / "shop.git"}"\n')
    build_remote("shop", root / "shop.git")
    run_import(data, str(lessons(root / "home", root / "gone")), "--repository", f"https://{SHOP}")
    for command in ("judge", "propose"):
        done = CliRunner().invoke(app, [command, "--data", str(data)], catch_exceptions=False)
        assert done.exit_code == 0
    return data


def test_sessions_that_were_imported_break_no_hop(proposed: Path) -> None:
    told = found(proposed)

    assert {one.state for one in told.values()} == {State.OK, State.UNCHECKED}
    assert told["sessions arrive"].state is State.UNCHECKED
    assert "3 of the newest 3 came as session files alone" in told["imported sessions"].detail


def test_rules_that_nobody_merged_are_not_said_to_be_loaded(proposed: Path) -> None:
    rules = found(proposed)["our rules are loaded"]

    assert (rules.state, "no rule of ours stands yet" in rules.detail) == (State.UNCHECKED, True)


def test_sessions_of_no_known_repository_are_to_be_named(tmp_path: Path) -> None:
    run_import(tmp_path / "data", str(lessons(tmp_path / "home", tmp_path / "gone")))

    imported = found(tmp_path / "data")["imported sessions"]

    assert (imported.state, "--repository" in imported.next_step) == (State.UNCHECKED, True)
    assert "3 of no known repository" in imported.detail


def test_channels_are_those_of_the_newest_live_session(tmp_path: Path) -> None:
    collect_live(tmp_path / "data", recording("claude-code-shop-tax-explained"))
    home = lessons(tmp_path / "home", tmp_path / "gone")
    for file in home.rglob("*.jsonl"):
        file.write_bytes(file.read_bytes().replace(b"2026-01-05", b"2026-11-26"))
    run_import(tmp_path / "data", str(home))

    told = found(tmp_path / "data")

    assert told["sessions arrive"].state is State.OK
    assert told["repository and commit known"].state is State.OK
    assert "3 of the newest 4" in told["imported sessions"].detail


def test_only_sessions_of_named_projects_bring_the_first_lesson_nearer(proposed: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(proposed, data)
    with opened(data) as installation:
        named = first_day_line(newest_sessions(installation), 2)
    (data / "sidecar.toml").unlink()
    with opened(data) as installation:
        unnamed = first_day_line(newest_sessions(installation), 2)

    assert "enough tasks" in named
    assert unnamed == (
        "3 sessions, 3 settled, 2 more tasks until a lesson is possible; "
        "3 of them are of no project that sidecar.toml names and do not count"
    )
