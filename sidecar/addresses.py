"""Where to listen: HOST:PORT of the command line as an address of this machine, and a socket bound to it."""

import re
import socket
from dataclasses import dataclass
from typing import Final

from sidecar.errors import ConfigError

LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names of this machine for itself, as they stand before a port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to listen."""

    host: str
    """Numeric, without brackets."""
    port: int
    """0 lets the system choose."""

    def __str__(self) -> str:
        """As it stands in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str, *, option: str) -> Address:
    """`127.0.0.1:4318` as an Address.

    Raises:
        ConfigError: not HOST:PORT, or not a loopback address: nothing else is served yet.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        raise ConfigError(f"{option} {text!r}: HOST:PORT was expected, such as 127.0.0.1:4318")
    if host not in LOOPBACK_HOSTS:
        raise ConfigError(
            f"{option} {text!r}: only loopback is served ({', '.join(sorted(LOOPBACK_HOSTS))}), "
            "because requests are not authenticated yet"
        )
    # one address rather than all that the name stands for: somebody else may have half of them
    numeric = "127.0.0.1" if host == "localhost" else host.strip("[]")
    return Address(host=numeric, port=int(port))


def bind(address: Address, *, option: str) -> socket.socket:
    """A socket that listens there.

    Raises:
        ConfigError: somebody else does, or this machine has no such address.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.host, address.port))
        # at once: two sockets may be bound to one port as long as none of them listens
        listening.listen()
    except OSError as exc:
        listening.close()
        reason = exc.strerror or str(exc)
        raise ConfigError(
            f"{option} {address}: {reason.lower()}; stop what listens there or choose another port"
        ) from exc
    return listening
