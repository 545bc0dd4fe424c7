"""A session's folder is asked which repository it is, or was, a part of; nothing else answers for it."""

import subprocess
from pathlib import Path

import pytest

from sidecar.cli.import_repositories import Repositories

SHOP = "https://forge.example/acme/shop"


def git(folder: Path, *arguments: str) -> None:
    person = ("-c", "user.name=r", "-c", "user.email=r@example")
    subprocess.run(["git", *person, *arguments], cwd=folder, capture_output=True, check=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose packages/old was taken out again, and whose packages/new was never committed."""
    folder = tmp_path / "shop"
    (folder / "packages" / "old").mkdir(parents=True)
    (folder / "packages" / "old" / "a.py").touch()
    (folder / "packages" / "kept.py").touch()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "remote", "add", "origin", "https://ada:secret@forge.example/Acme/shop.git?x=1")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    git(folder, "rm", "--quiet", "-r", "packages/old")
    git(folder, "commit", "--quiet", "-m", "two")
    return folder


@pytest.mark.parametrize(
    ("folder", "remote"),
    [
        ("shop", SHOP),
        ("shop/packages", SHOP),
        ("shop/packages/old", SHOP),
        ("shop/packages/old/a.py", SHOP),
        ("shop/packages/new", None),
        ("shop/a-repository-that-was-deleted", None),
        ("shop/.git", None),
        ("another/folder", None),
        ("shop/\0", None),
        ("shop/" + "x" * 300, None),
    ],
)
def test_folder_is_of_the_repository_that_holds_or_held_it(
    clone: Path, tmp_path: Path, folder: str, remote: str | None
) -> None:
    assert Repositories().remote_at(f"{tmp_path}/{folder}") == remote


@pytest.mark.parametrize("folder", ["packages", ".", "", "C:\\work\\shop"])
def test_folder_that_is_no_place_here_is_of_no_repository(
    clone: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clone)

    assert Repositories().remote_at(folder) is None


def test_first_remote_answers_where_none_is_called_origin(clone: Path) -> None:
    git(clone, "remote", "rename", "origin", "upstream")

    assert Repositories().remote_at(str(clone)) == SHOP


def test_folder_is_asked_once(clone: Path) -> None:
    repositories = Repositories()
    first = repositories.remote_at(str(clone))
    git(clone, "remote", "remove", "origin")

    assert repositories.remote_at(str(clone)) == first == SHOP
    assert Repositories().remote_at(str(clone)) is None


def test_what_a_clone_lacks_is_not_fetched_to_answer(clone: Path, tmp_path: Path) -> None:
    git(clone, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=tree:0", f"file://{clone}", "partial")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(0o700)
    git(tmp_path / "partial", "config", "remote.origin.uploadpack", str(trap))

    assert Repositories().remote_at(f"{tmp_path}/partial") == f"https://localhost{clone}".lower()
    assert Repositories().remote_at(f"{tmp_path}/partial/packages/old") is None
    assert not (tmp_path / "sprung").exists()
