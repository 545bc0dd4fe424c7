"""Ports for a Phoenix that starts: free ones that no other Phoenix of this user is about to take.

Phoenix listens some ten seconds after its port was looked at. Two that chose the same one meanwhile would both be
believed ready as soon as one of them answers, and the sessions of one would be shown by the other. So a port is held by
a lock from its choice until its Phoenix has ended.
"""

import fcntl
import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sidecar.errors import PhoenixError

USUAL_PORT = 6006
"""Where people expect Phoenix; another one is taken when it is in use and none was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPort:
    """A port with the lock on it."""

    number: int
    lock: int
    """File descriptor; the port is held while this, or a copy of it in a child, is open."""


def page_port(port: int | None) -> HeldPort:
    """The port of the page: the one asked for, else the usual one, else any.

    Raises:
        PhoenixError: the one asked for is taken.
    """
    if port is not None:
        return held_port(port)
    try:
        return held_port(USUAL_PORT)
    except PhoenixError:
        return held_port(None)


def held_port(port: int | None) -> HeldPort:
    """That port, or any, held for a Phoenix; nobody has it on any interface.

    Raises:
        PhoenixError: it is taken, or its lock cannot be made.
    """
    while True:
        number = _free(port)
        lock = _locked(number)
        if lock is not None:
            return HeldPort(number=number, lock=lock)
        if port is not None:
            raise PhoenixError(f"port {port} for Phoenix: another Phoenix starts there; choose another")


def _free(port: int | None) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port or 0))
        except OSError as exc:
            raise PhoenixError(
                f"port {port} for Phoenix: {exc.strerror}; stop what listens there or choose another"
            ) from exc
        return int(probe.getsockname()[1])


def _locked(number: int) -> int | None:
    """The lock on a port; None while another Phoenix has it."""
    path = Path(tempfile.gettempdir()) / f"agent-sidecar-phoenix-{os.getuid()}-{number}.lock"
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as exc:
        raise PhoenixError(
            f"{path}: cannot be made ({exc.strerror}); let this user write there, or set TMPDIR"
        ) from exc
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
