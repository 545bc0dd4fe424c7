"""Whether ports may be opened as asked: to this machine at will, to a network only with TLS or with a word for it."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from sidecar.addresses import Address
from sidecar.config import ListenConfig
from sidecar.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """What both ports show to callers."""

    certificate: Path
    key: Path


def tls_for(settings: ListenConfig, addresses: list[Address]) -> Tls | None:
    """What the ports speak TLS with; None where they need none.

    Raises:
        ConfigError: a port would be open to the network in the clear, or the files cannot be used.
    """
    tls = _tls(settings)
    if tls is not None or settings.is_plaintext_allowed:
        return tls
    for address in addresses:
        if not address.is_loopback:
            raise ConfigError(
                f"{address} can be reached from the network, where tokens and sessions would cross it in the clear; "
                "set listen.tls_certificate and listen.tls_key, or listen.is_plaintext_allowed = true where "
                "something in front speaks TLS"
            )
    return None


def _tls(settings: ListenConfig) -> Tls | None:
    certificate, key = settings.tls_certificate, settings.tls_key
    if not certificate and not key:
        return None
    if not certificate or not key:
        missing = "tls_key" if certificate else "tls_certificate"
        raise ConfigError(f"listen.{missing} is missing; TLS needs a certificate and its key: set it, or neither")
    try:
        # a password would be asked for at the terminal; an empty one is an error instead
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except ssl.SSLError as exc:
        raise ConfigError(
            f"listen.tls_certificate {certificate} and listen.tls_key {key} cannot be used together "
            f"({exc.reason or exc}); both must be PEM, the key the certificate's own and without a password"
        ) from exc
    except OSError as exc:
        raise ConfigError(
            f"listen.tls_certificate {certificate} or listen.tls_key {key} cannot be read ({exc.strerror}); "
            f"name files that are there and that this user may read"
        ) from exc
    return Tls(certificate=Path(certificate), key=Path(key))
