"""Who claims rows and holds leases: a process, named so that another one on the same machine can tell it has died."""

import os
import secrets
import socket
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc/self/ns/pid")


def this_process() -> str:
    """`machine:pid:token`; unique among everybody who shares a store, also where a pid comes again."""
    return f"{_machine()}:{os.getpid()}:{secrets.token_hex(4)}"


def describe_owner(owner: str) -> str:
    """An owner in words for people: which process, and where."""
    machine, _, rest = owner.partition(":")
    process = rest.partition(":")[0]
    return f"process {process} on {machine.partition('/')[0]}" if process.isdecimal() else owner


def is_dead(owner: str) -> bool:
    """Whether an owner is known to be gone; False for one on another machine, of whom only its lease tells."""
    machine, _, rest = owner.partition(":")
    process = rest.partition(":")[0]
    if machine != _machine() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _machine() -> str:
    """Where process numbers mean the same processes: containers and clones of one image often share a host name."""
    try:
        return f"{socket.gethostname()}/{_BOOT.read_text().strip()}/{_PROCESSES.stat().st_ino}"
    except OSError:  # not Linux
        return socket.gethostname()
