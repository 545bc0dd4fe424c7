"""A folder's repository is looked at as its owner configured it, and nothing in it or around it gets to run."""

import subprocess
from pathlib import Path

import pytest

from sidecar.attach.project import repository_at
from sidecar.errors import GitError
from sidecar.git.looking import git_answer


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    """A work tree with a remote, one tracked file and one ignored name."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "remote", "add", "upstream", "https://forge.example/acme/shop.git")
    (folder / "a.py").touch()
    (folder / ".gitignore").write_text("*.local\n")
    git(folder, "add", "a.py")
    return folder


def test_surrounding_git_hook_does_not_lead_to_another_repository(
    work_tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "no-index"))

    repository = repository_at(work_tree)

    assert repository is not None
    assert (repository.root, repository.remote) == (work_tree.resolve(), "https://forge.example/acme/shop.git")
    assert repository.exclude == work_tree.resolve() / ".git/info/exclude"
    assert (repository.tracks("a.py"), repository.tracks("*.py")) == (True, False)
    assert (repository.ignores("a.local"), repository.ignores("a.py")) == (True, False)


def test_file_monitor_of_the_repository_is_not_run(work_tree: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(0o700)
    git(work_tree, "config", "core.fsmonitor", str(trap))

    assert git_answer(work_tree, "status", "--short", "--", "a.py") == "A  a.py"
    assert not (tmp_path / "sprung").exists()


def test_missing_git_is_named(work_tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(GitError, match="git is not on PATH; install git"):
        repository_at(work_tree)
