"""Keys of wallets: base58 with its checksum, and what stands beside the words private key."""

import hashlib
import re

from sidecar.redact.forms import BOUNDARY
from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.values import is_hex

_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PRIVATE_KEY_BYTES = (33, 34, 39)
"""Version and key, with a mark of compression, and what BIP 38 makes of them."""
_COINS = (
    *(b"privkey", b"wallet", b"bitcoin", b"electrum", b"litecoin"),
    rb"wif[^a-z]",
    b"bc1q",
)
_COIN = rb"(?:" + b"|".join(_COINS) + rb")"
_BASE58_KEY = rb"(?-i:(?P<secret>[5679KLQTXc][1-9A-HJ-NP-Za-km-z]{50,51}|6P[1-9A-HJ-NP-Za-km-z]{56}))"
_LENGTHS = (51, 52, 58)
_RUN_ON = rb"(?P<gap>[^\n]{0,80}?)"
_PUBLIC = re.compile(rb"\b(?:tx|txid|transaction|block|hash|address|public|no|without)\b", re.IGNORECASE)
_KEY = rb"0x(?P<secret>[0-9a-f]{64})"
_KEY_OF_LIST = re.compile(rb"(?<=0x)[0-9a-fA-F]{64}")
_WORDS = rb"(?:private|priv|secret|signing|signer|deployer|wallet)s?[ _-]?(?:private[ _-]?)?keys?"


def _is_private_key(value: bytes) -> bool:
    """Whether `value` is base58 of a key, its checksum right."""
    if len(value) not in _LENGTHS:
        return False
    number = 0
    for byte in value:
        number = number * 58 + _BASE58.index(byte)
    content = number.to_bytes(44, "big").lstrip(b"\0")
    key, checksum = content[:-4], content[-4:]
    digest = hashlib.sha256(hashlib.sha256(key).digest()).digest()
    return len(key) in _PRIVATE_KEY_BYTES and digest[:4] == checksum


WALLETS: tuple[Phrase, ...] = (
    phrase(
        "private-key:wallet",
        _COIN + rb"[\x00-\xff]{0,200}?(?:[^A-Za-z0-9]|\\{1,15}[nrt])" + _BASE58_KEY,
        _is_private_key,
        behind=rb"(?![A-Za-z0-9])",
        signs=_COINS,
        reach=300,
    ),
    phrase(
        "private-key:wallet behind",
        _BASE58_KEY + rb"[^\n]{1,80}?" + _COIN,
        _is_private_key,
        before=BOUNDARY,
        signs=_COINS,
        reach=200,
    ),
    phrase(
        "private-key:said",
        _WORDS + _RUN_ON + _KEY,
        is_hex,
        behind=rb"(?![0-9A-Za-z])",
        unlike=_PUBLIC,
        signs=(rb"key[^\n]{0,81}0x[0-9a-f]{64}",),
        reach=200,
    ),
    phrase(
        "private-key:of wallet",
        rb"(?:wallet|keyToAccount|from_?key|from_?privateKey|signingKey)\([ ]?QUOTE(?:0x)?(?P<secret>[0-9a-f]{64})",
        is_hex,
        behind=rb"(?![0-9A-Za-z])",
        signs=each(rb"%b\([ ]?[\"'`\\]{1,16}(?:0x)?[0-9a-f]{64}", (b"wallet", b"ToAccount", b"key")),
        reach=200,
    ),
    phrase(
        "private-key:said behind",
        _KEY + _RUN_ON + rb"private[ _-]?key",
        is_hex,
        before=rb"(?<![0-9A-Za-z])",
        unlike=_PUBLIC,
        signs=(rb"0x[0-9a-f]{64}[^\n]{0,80}private",),
        reach=200,
    ),
    phrase(
        "private-key:list",
        rb"private[ ]keys(?:[\s=\-]|\\{1,15}[nrt]){1,60}"
        rb"(?P<secret>(?:\([0-9]{1,3}\)[ ]0x[0-9a-f]{64}(?:\s|\\{1,15}[nrt]){0,8}){1,40})",
        is_hex,
        signs=(rb"private[ ]keys[\s=\-\\]",),
        within=lambda match: (key.span() for key in _KEY_OF_LIST.finditer(match.string, *match.span("secret"))),
        reach=4000,
    ),
)
