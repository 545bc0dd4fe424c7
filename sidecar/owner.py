"""Who claims rows and holds leases: a process, named so that another one on the same machine can tell it has died."""

import os
import secrets
import socket


def this_process() -> str:
    """`host:pid:token`; unique among everybody who shares a store, also where a pid comes again."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Whether an owner is known to be gone; False for one on another machine, of whom only its lease tells."""
    host, _, rest = owner.partition(":")
    process = rest.partition(":")[0]
    if host != socket.gethostname() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
