"""Private keys with no frame around them: as base64 or hex of their DER, known by the algorithm, or as XML.

Sources: RFC 5958 (PKCS#8), RFC 5915 (SEC1), RFC 8017 (PKCS#1), RFC 8410 (Ed25519 and others), RFC 4051 (RSAKeyValue).
"""

from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.values import is_opaque, is_random

_RSA, _EC, _EDWARDS = b"IBADANBgkqhkiG9w0BAQEFAA", rb"AgEAMB[AM]GByqGSM49AgEG", rb"CAQAwBQYDK2V[uwxv]B[CD]"
_BASE64 = (
    *(rb"MII[A-Za-z0-9+/]{3}" + _RSA, rb"MI[GH][A-Za-z0-9+/]" + _EC, b"MEECAQAwEwYHKoZIzj0CAQYI"),
    *(rb"M[CE][4c]" + _EDWARDS, b"MHcCAQEEI", rb"MIGkAgEBBD", rb"MIHcAgEBBEI"),
    rb"MII[A-Za-z0-9+/]{3}IBAAK[BC]",
)
"""PKCS#8 of RSA, of elliptic curves, of Edwards curves; SEC1 of three curves; PKCS#1."""
_PKCS8 = rb"020100(?:300d06092a864886f70d010101|301[03]06072a8648ce3d0201|300506032b65(?:6e|6f|70|71))"
_SEC1 = rb"020101(?:0420[0-9a-f]{64}|0430[0-9a-f]{96}|0442[0-9a-f]{132})a0"
_PKCS1 = rb"020100028[12][0-9a-f]{2,4}00"
_LENGTH = rb"30(?:8[12])?[0-9a-f]{2,4}"

BARE_KEYS: tuple[Phrase, ...] = (
    phrase(
        "private-key:base64",
        rb"(?P<secret>(?:" + b"|".join(_BASE64) + rb")[A-Za-z0-9+/]{36,12000}={0,2})",
        is_random,
        before=rb"(?:(?<![A-Za-z0-9+/])|(?<=\\[nrt]))",
        signs=_BASE64,
        is_caseless=False,
    ),
    phrase(
        "private-key:hex",
        rb"(?P<secret>" + _LENGTH + rb"(?:" + b"|".join((_PKCS8, _SEC1, _PKCS1)) + rb")[0-9a-f]{32,20000})",
        is_random,
        before=rb"(?:(?<![0-9A-Za-z])|(?<=0x)|(?<=\\[nrt]))",
        signs=(
            *(b"020100300d06092a864886f70d010101", b"020100301306072a8648ce3d0201", b"020100301006072a8648ce3d0201"),
            *(b"020100300506032b65", b"0201010420", b"0201010430", b"0201010442", b"0201000281", b"0201000282"),
        ),
    ),
    phrase(
        "private-key:xml",
        rb"<(?:D|P|Q|DP|DQ|InverseQ)>(?P<secret>[A-Za-z0-9+/]{40,1400}={0,2})(?=<\\{0,15}/)",
        is_opaque,
        signs=each(rb"<%b>[A-Za-z0-9+/]{40}", b"D P Q DP DQ InverseQ".split()),
        is_caseless=False,
    ),
)
