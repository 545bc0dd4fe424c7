"""Install Phoenix into an environment of its own, from the hash-pinned list beside this module.

Its pins conflict with ours, so it never shares an environment with the program. Installing twice does nothing the
second time; an installation that was interrupted is made anew.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from sidecar.errors import PhoenixError
from sidecar.phoenix.settings import AUTHORITY, CERTIFICATE, KEY

NEEDED_BYTES = 1_500_000_000
"""624 MB of packages (measured with 20.26.1), their compiled form, and the downloads while they are unpacked."""
INSTALL_S = 1800
"""A slow line takes minutes for 200 MB of downloads; a dead one is noticed by uv itself."""
TOLD_EVERY_S = 15
"""Between two lines that say it still goes on."""
SAID_LINES = 12
"""How many of uv's last lines an error shows."""

_MARK = ".agent-sidecar"
"""File that says a folder is ours to clear; holds the hash of the list once everything is there."""
_LOCK = ".agent-sidecar.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoenixEnvironment:
    """An environment with Phoenix in it."""

    path: Path

    @property
    def python(self) -> Path:
        """The interpreter that Phoenix runs in."""
        return self.path / "bin" / "python"

    @property
    def certificates(self) -> Path:
        """Folder of what make_certificates wrote."""
        return self.path / "certificates"


def requirements() -> bytes:
    """The list of pinned packages."""
    return files("sidecar.phoenix").joinpath("requirements.txt").read_bytes()


def requirements_hash() -> str:
    """What tells one list of packages from another."""
    return hashlib.sha256(requirements()).hexdigest()


def installed(environment: Path) -> PhoenixEnvironment | None:
    """Phoenix as this version of the program wants it; None when it is not there, is older, or is half a one."""
    try:
        mark = (environment / _MARK).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    there = PhoenixEnvironment(path=environment.absolute())
    return there if mark == requirements_hash() and _is_whole(there) else None


def _is_whole(there: PhoenixEnvironment) -> bool:
    """Whether what every start needs is there; a Python that was upgraded leaves a link that leads nowhere."""
    certificates = (there.certificates / name for name in (AUTHORITY, CERTIFICATE, KEY))
    return os.access(there.python, os.X_OK) and all(file.is_file() for file in certificates)


def found(environment: Path, *, program: str = "sidecar") -> PhoenixEnvironment:
    """The installed Phoenix.

    Args:
        program: How the user starts this program, for the command that the error names.
    Raises:
        PhoenixError: there is none, or no whole one.
    """
    there = installed(environment)
    if there is None:
        place = environment.absolute()
        is_damaged = (place / _MARK).exists()
        raise PhoenixError(
            f"Phoenix is not installed in {place}{', or not whole, or in another version' if is_damaged else ''}; "
            f"install it with: {program} phoenix install --environment {place}"
        )
    return there


def install(
    environment: Path, say: Callable[[str], None] = lambda _: None, *, is_anew: bool = False
) -> PhoenixEnvironment:
    """Put Phoenix into `environment` unless it is there.

    Args:
        environment: Folder to create; one that holds anything else is refused.
        say: Told in a sentence what takes long.
        is_anew: Also where it is there, which may be damaged.
    Raises:
        PhoenixError: uv is missing, the folder is somebody else's, no room, no package index, or a package that does
            not have its pinned hash.
    """
    environment = environment.absolute()
    try:
        with _alone(environment):
            there = None if is_anew else installed(environment)
            return there or _install(environment, say)
    except OSError as exc:
        raise PhoenixError(
            f"{environment}: {exc.strerror or exc}; let this user write there, make room, or name another folder"
        ) from exc


@contextmanager
def _alone(environment: Path) -> Generator[None]:
    """Two installations of one folder take turns."""
    environment.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (environment / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(environment: Path, say: Callable[[str], None]) -> PhoenixEnvironment:
    uv = _uv()
    _check_ours(environment)
    free = shutil.disk_usage(environment.parent).free
    if free < NEEDED_BYTES:
        raise PhoenixError(
            f"{environment.parent}: {free // 1_000_000} MB are free and Phoenix needs {NEEDED_BYTES // 1_000_000} MB; "
            f"make room, or name a folder on another disk"
        )
    say(f"installing Phoenix into {environment} (about 200 MB to download)")
    _clear(environment)
    made = PhoenixEnvironment(path=environment)
    _run(say, uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(environment))
    with as_file(files("sidecar.phoenix").joinpath("requirements.txt")) as listed:
        _run(
            say,
            uv,
            *("pip", "install", "--quiet", "--python", str(made.python)),
            *("--require-hashes", "--compile-bytecode", "--requirements", str(listed)),
        )
    # it loads a library of 10 MB, which whoever only asks whether Phoenix is there has no use for
    from sidecar.phoenix.certificates import make_certificates, now_utc  # noqa: PLC0415

    make_certificates(made.certificates, now=now_utc())
    draft = environment / f"{_MARK}.draft"
    draft.write_text(requirements_hash(), encoding="ascii")
    draft.replace(environment / _MARK)
    return made


def _check_ours(environment: Path) -> None:
    if {entry.name for entry in environment.iterdir()} > {_LOCK} and not (environment / _MARK).exists():
        raise PhoenixError(f"{environment}: holds something else; name a new or an empty folder for Phoenix")


def _clear(environment: Path) -> None:
    """Remove an older or a half installation; the mark stays until the end, to say that the folder is ours."""
    (environment / _MARK).write_text("", encoding="ascii")
    for entry in environment.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name not in (_MARK, _LOCK):
            entry.unlink()


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise PhoenixError("uv, which installs Phoenix, is not there; pip install uv, then run this again")
    return found


def _run(say: Callable[[str], None], *command: str) -> None:
    # never an interpreter from the net: Phoenix runs on the one that runs us
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": ""}
    # a group of its own, to be ended with all that it started
    with subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            said = _said(process, say)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode != 0:
        raise PhoenixError(f"{_advice(said)}\n{_tail(said)}")


def _said(process: subprocess.Popen[str], say: Callable[[str], None]) -> str:
    """All that a process said until it ended."""
    started_s = time.monotonic()
    while (waited_s := time.monotonic() - started_s) < INSTALL_S:
        try:
            return process.communicate(timeout=TOLD_EVERY_S)[0]
        except subprocess.TimeoutExpired:
            say(f"installing Phoenix: {waited_s + TOLD_EVERY_S:.0f} s")
    raise PhoenixError(f"uv did not end within {INSTALL_S // 60} minutes; look at the network, then run this again")


def _advice(said: str) -> str:
    """What uv's words mean for a person."""
    words = said.lower()
    if "hash mismatch" in words or "hash-checking" in words:
        return "a package does not have its pinned hash: the index serves other files than were pinned; use another one"
    if "no space left" in words or "disk quota" in words:
        return "the disk is full; make room, or name a folder on another disk"
    if any(word in words for word in ("failed to fetch", "connect", "dns", "timed out", "request failed", "network")):
        return (
            "the package index does not answer; check the network, the proxy or UV_DEFAULT_INDEX, then run this again"
        )
    return "uv could not install Phoenix; its last words:"


def _tail(said: str) -> str:
    return "\n".join(said.strip().splitlines()[-SAID_LINES:])
