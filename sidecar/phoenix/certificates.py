"""Certificates that close Phoenix's gRPC port: it asks its callers for one, and nobody has one.

Phoenix binds that port on every interface and has no switch for it. The key that could sign a caller's certificate
exists only while this function runs.
"""

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sidecar.phoenix.settings import AUTHORITY, CERTIFICATE, KEY

_VALID = timedelta(days=3650)
"""Longer than any installation lasts; nothing is protected by the date."""


def make_certificates(folder: Path, *, now: datetime) -> None:
    """Write a new authority's certificate, a server certificate signed by it and the server's key, for us alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = _name("agent-sidecar throwaway authority")
    authority = (
        _builder(authority_name, authority_name, authority_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    server_key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    server = (
        _builder(_name("localhost"), authority_name, server_key.public_key(), now)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write(folder / AUTHORITY, authority.public_bytes(Encoding.PEM))
    _write(folder / CERTIFICATE, server.public_bytes(Encoding.PEM))
    _write(folder / KEY, server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def now_utc() -> datetime:
    """The present, for whoever makes certificates."""
    return datetime.now(UTC)


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a clock that is set back must not close the page
        .not_valid_after(now + _VALID)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, content)
    finally:
        os.close(descriptor)
