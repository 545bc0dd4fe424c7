"""Back-filled sessions learn which repository they are of: asked of git in their folder, else named by a person."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.errors import InputError
from sidecar.recordings import load_recording
from sidecar.recordings.repositories import build_remote, build_repository
from tests.loop.test_import import run_import, sessions_in, written
from tests.loop.written import found_in
from tests.recordings.observing import recording as any_recording

SHOP = "forge.example/acme/shop"
ORIGIN = "https://ada:tok-in-the-remote@Forge.example/acme/shop.git"
LESSONS = ("claude-code-shop-receipt-amounts", "claude-code-shop-bulk-discount", "claude-code-shop-swiss-rate")
AGENTS = {
    "cline": ("cline-shop-average-price", "session", "{id}/{id}.json"),
    "gemini_cli": ("gemini-cli-shop-average-price", "main", "shop/chats/session-1.jsonl"),
    "opencode": ("opencode-shop-average-price", "export", "exported.json"),
}
"""Agent to a recording, the part of its session file that names the folder, and where the agent keeps it."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A developer's clone, whose remote holds a token."""
    folder = tmp_path / "work" / "shop"
    folder.parent.mkdir()
    build_repository("shop", folder)
    subprocess.run(["git", "remote", "set-url", "origin", ORIGIN], cwd=folder, check=True)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose settings name the repository, and another of which next to nothing may be kept."""
    folder = tmp_path / "data"
    folder.mkdir()
    build_remote("shop", tmp_path / "shop.git")
    stricter = '[projects."git.example/acme/else"]\nurl = "/x"\ncapture = "metadata"\n'
    (folder / "sidecar.toml").write_text(f'[projects."{SHOP}"]\nurl = "{tmp_path / "shop.git"}"\n{stricter}')
    return folder


def lay(home: Path, clone: Path, files: Mapping[str, bytes]) -> Path:
    """Session files of sessions in a clone, not written to for a day."""
    long_ago = time.time() - 86_400
    for place, body in files.items():
        file = home / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body.replace(b"/tmp/recorded/shop", str(clone).encode()))
        os.utime(file, (long_ago, long_ago))
    return home


def lessons(home: Path, clone: Path) -> Path:
    """Three sessions of Claude Code that teach the same, long ago."""
    found = [load_recording(name) for name in LESSONS]
    bodies = {
        f"-shop/{one.session_id}.jsonl": written(one, "main").replace(one.recorded_on.encode(), b"2026-01-05")
        for one in found
    }
    return lay(home, clone, bodies)


def said(*words: str) -> dict[str, object]:
    """What a command says as JSON."""
    done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_months_of_sessions_in_a_clone_give_a_rule(clone: Path, data: Path, tmp_path: Path) -> None:
    home = lessons(tmp_path / "home", clone)

    told = run_import(data, str(home))
    said("judge", "--data", str(data))
    proposed = said("propose", "--data", str(data))

    assert (told["sessions"], told["without_repository"], told["next"]) == (3, 0, None)
    assert "make check" in json.dumps(proposed)
    assert found_in(data, ["tok-in-the-remote"]) == set()


def test_sessions_of_a_folder_that_is_gone_are_of_the_repository_that_is_named(
    clone: Path, data: Path, tmp_path: Path
) -> None:
    home = lessons(tmp_path / "home", clone)
    clone.rename(tmp_path / "elsewhere")
    before = run_import(data, str(home))

    named = run_import(data, str(home), "--repository", ORIGIN)
    first = sessions_in(data)
    again = run_import(data, str(home), "--repository", ORIGIN)

    assert before["without_repository"] == 3
    assert "--repository URL" in str(before["next"])
    assert (named["without_repository"], again["new"]) == (0, 0)
    assert {one.project for one in first.values()} == {SHOP}
    assert sessions_in(data) == first
    assert found_in(data, ["tok-in-the-remote"]) == set()


def test_file_that_was_imported_before_learns_its_repository_when_its_folder_is_back(
    clone: Path, tmp_path: Path
) -> None:
    home = lessons(tmp_path / "home", clone)
    clone.rename(tmp_path / "elsewhere")
    run_import(tmp_path / "data", str(home), "--repository", "https://forge.example/acme/wrong")
    (tmp_path / "elsewhere").rename(clone)

    run_import(tmp_path / "data", str(home))
    first = sessions_in(tmp_path / "data")
    again = run_import(tmp_path / "data", str(home), "--repository", "https://forge.example/acme/wrong")

    assert {one.project for one in first.values()} == {SHOP}
    assert again["new"] == 0
    assert sessions_in(tmp_path / "data") == first


def test_repository_is_found_for_every_agent_that_names_a_folder(clone: Path, tmp_path: Path) -> None:
    files = {
        f"{agent}/{place.format(id=any_recording(name).session_id)}": written(any_recording(name), part)
        for agent, (name, part, place) in AGENTS.items()
    }
    home = lay(tmp_path / "home", clone, {place: without_remote(body) for place, body in files.items()})

    looked = run_import(tmp_path / "data", str(home), "--dry-run")
    run_import(tmp_path / "data", str(home))

    assert looked["without_repository"] == 0
    assert {agent: one.project for agent, one in sessions_in(tmp_path / "data").items()} == dict.fromkeys(AGENTS, SHOP)


def without_remote(body: bytes) -> bytes:
    """A file that does not say itself which repository it is of."""
    return body.replace(b"https://forge.example/acme/shop.git", b"")


def test_empty_file_is_skipped_and_not_counted(clone: Path, tmp_path: Path) -> None:
    home = lessons(tmp_path / "home", clone)
    (home / "-shop" / "0c0c0c0c-0000-4000-8000-000000000000.jsonl").touch()

    told = [run_import(tmp_path / "data", str(home), *words) for words in (["--dry-run"], [])]

    assert [one["files"] for one in told] == [{"claude_code": 3}] * 2
    skipped = [cast(list[dict[str, str]], one["skipped"]) for one in told]
    assert [[one["reason"] for one in every] for every in skipped] == [["is empty"]] * 2


@pytest.mark.parametrize("url", ["a secret", "", "https://forge.example/a\nb"])
def test_repository_that_is_no_remote_is_refused_without_being_shown(url: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["import", str(tmp_path), "--repository", url, "--data", str(tmp_path / "data")])

    assert isinstance(done.exception, InputError)
    assert "the URL of a git remote was expected" in str(done.exception)
    assert "secret" not in str(done.exception)
