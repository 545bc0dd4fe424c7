"""Builds the fixture repositories that the recorded sessions worked on.

Each repository lies in `data/<name>.fast-import` as a stream that `git fast-import` reads, with fixed authors and
dates, so every commit has the same hash on every machine and those named in a recording exist again after a build.
Building reads no git configuration but its own and contacts nothing: `origin` names a host that does not exist.
"""

import os
import subprocess
from importlib.resources import files
from pathlib import Path

from sidecar.errors import GitError, InputError

REMOTES = {
    "parcel": "https://forge.example/acme/parcel.git",
    "shop": "https://forge.example/acme/shop.git",
}
"""The `origin` of each fixture repository; the host name is reserved and never resolves."""

_STREAM_SUFFIX = ".fast-import"
_SETTINGS = {
    "core.autocrlf": "false",
    "core.fileMode": "false",
    "core.hooksPath": os.devnull,
    "commit.gpgSign": "false",
    "gc.auto": "0",
}
"""What a built repository keeps in its own configuration, so that it behaves alike under anybody's."""
_FOR_BUILDING = {"init.defaultBranch": "main", "safe.directory": "*"}


def repository_names() -> list[str]:
    """The fixture repositories, sorted by name."""
    return sorted(REMOTES)


def build_repository(name: str, destination: Path, branch: str = "main") -> str:
    """Build a fixture repository with all its branches and check one out.

    Args:
        name: One of `repository_names()`.
        destination: A folder that does not exist yet or is empty.
        branch: The branch to check out; each recording's header names the one that it began on.
    Returns:
        The full hash of the branch's newest commit.
    Raises:
        InputError: unknown name or branch, or a destination in use.
        GitError: git is missing or failed.
    """
    _import(name, destination)
    known = branches(destination)
    if branch not in known:
        raise InputError(f"{name} has no branch {branch!r}; it has: {', '.join(known)}")
    for key, value in _SETTINGS.items():
        _git(destination, "config", key, value)
    _git(destination, "symbolic-ref", "HEAD", f"refs/heads/{branch}")
    _git(destination, "reset", "--quiet", "--hard")
    _git(destination, "remote", "add", "origin", REMOTES[name])
    return known[branch]


def build_remote(name: str, destination: Path) -> str:
    """Build a fixture repository as the bare remote of a team.

    Args:
        name: One of `repository_names()`.
        destination: A folder that does not exist yet or is empty.
    Returns:
        The full hash of the newest commit of `main`.
    Raises:
        InputError: unknown name, or a destination in use.
        GitError: git is missing or failed.
    """
    _import(name, destination, "--bare")
    _git(destination, "symbolic-ref", "HEAD", "refs/heads/main")
    return branches(destination)["main"]


def branches(repository: Path) -> dict[str, str]:
    """The branches of a built repository: name to the full hash of its newest commit."""
    lines = _git(repository, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads").splitlines()
    return dict((name, commit) for name, commit in (line.split(" ") for line in lines))


def _import(name: str, destination: Path, *init: str) -> None:
    """Initialise the destination and read all commits of the fixture into it."""
    if name not in REMOTES:
        raise InputError(f"no fixture repository {name!r}; there are: {', '.join(repository_names())}")
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise InputError(f"{destination} is in use; name an empty or a new folder")
    destination.mkdir(parents=True, exist_ok=True)
    _git(destination, "init", "--quiet", "--template=", *init, ".")
    _git(destination, "fast-import", "--quiet", stdin=_stream(name))


def _stream(name: str) -> bytes:
    return files("sidecar.recordings").joinpath("data", name + _STREAM_SUFFIX).read_bytes()


def _git(folder: Path, *arguments: str, stdin: bytes | None = None) -> str:
    settings = [part for key, value in (_SETTINGS | _FOR_BUILDING).items() for part in ("-c", f"{key}={value}")]
    try:
        run = subprocess.run(
            ["git", *settings, *arguments],
            cwd=folder,
            env=_environment(),
            input=stdin if stdin is not None else b"",
            capture_output=True,
            check=True,
        )
    except FileNotFoundError as exc:
        raise GitError("git is not installed or not on PATH; install git and try again") from exc
    except subprocess.CalledProcessError as exc:
        said = exc.stderr.decode(errors="replace").strip()
        raise GitError(f"git {arguments[0]} failed in {folder}: {said}") from exc
    return run.stdout.decode()


def _environment() -> dict[str, str]:
    """The caller's PATH and nothing else that could change what git does."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_DEFAULT_HASH": "sha1",
        "GIT_TERMINAL_PROMPT": "0",
    }
