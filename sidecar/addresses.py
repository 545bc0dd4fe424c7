"""Where to listen: HOST:PORT of the command line as an address of this machine, and a socket bound to it."""

import re
import socket
from dataclasses import dataclass
from ipaddress import ip_address
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

    @property
    def is_loopback(self) -> bool:
        """Only this machine can reach it."""
        return ip_address(self.host).is_loopback

    def __str__(self) -> str:
        """As it stands in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str, *, option: str) -> Address:
    """`127.0.0.1:4318` as an Address.

    Raises:
        ConfigError: not HOST:PORT, or a host that is neither `localhost` nor an IP address.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        raise ConfigError(f"{option} {text!r}: HOST:PORT was expected, such as 127.0.0.1:4318")
    # one address rather than all that the name stands for: somebody else may have half of them
    numeric = "127.0.0.1" if host == "localhost" else host.removeprefix("[").removesuffix("]")
    if not _is_ip(numeric) or (":" in numeric) is not host.startswith("["):
        raise ConfigError(
            f"{option} {text!r}: an IP address of this machine was expected, such as 127.0.0.1, [::1] or 0.0.0.0"
        )
    return Address(host=numeric, port=int(port))


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


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
