"""Issue keys in people's words: `SHOP-12`, `#123`."""

import re

_KEY = re.compile(r"(?<![\w/.-])([A-Z][A-Z0-9]+)-(\d+)(?![\w-])")
_NUMBER = re.compile(r"(?<![\w&#/])#([1-9]\d{0,6})(?![\w-])")
_NOT_TRACKERS = frozenset(
    {
        *("AES", "ANSI", "ASCII", "BASE", "CP", "CRC", "CVE", "CWE", "EC", "ECMA", "FIPS", "GHSA", "GPT", "HMAC"),
        *("HTTP", "IEC", "IEEE", "IPV", "ISO", "JSR", "KOI8", "LATIN", "MD", "OWASP", "PEP", "PKCS", "RFC", "RIPEMD"),
        *("RSA", "SHA", "SHA1", "SHA2", "SHA3", "SSL", "TLS", "UCS", "UTC", "UTF", "UTF8", "WIN", "X86", "XXH"),
    }
)
"""First halves of names of standards, ciphers and encodings that look like an issue key."""


def issue_key(words: str) -> str | None:
    """The first issue key that a text names; None when it names none."""
    keys = [(found.start(), found[0]) for found in _KEY.finditer(words) if found[1] not in _NOT_TRACKERS]
    numbers = [(found.start(), found[0]) for found in _NUMBER.finditer(words)]
    return min(keys + numbers)[1] if keys or numbers else None
