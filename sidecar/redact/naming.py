"""What stands beside a key and opens nothing: variables of any language, names of what is kept elsewhere, checksums."""

import re

from sidecar.redact.drawn import is_drawn_key
from sidecar.redact.values import is_random

_VARIABLE = re.compile(
    rb"[@$*&!~^+\-]{0,2}(?:[a-z]+(?:_[a-z]+)*|[A-Za-z][a-z]*(?:[A-Z][a-z]+)*|[A-Za-z_]\w*(?=-\Z|::|\[|\())"
)
_TYPE = re.compile(rb"(?:[A-Z][a-z]{2,}+){2,}+")
_SIGILS = b"@$*&!~^+-"
_SECRET_ID = re.compile(rb"secret[_-]?id\Z", re.IGNORECASE)
_PATH_OF_NAMES = re.compile(rb"(?:[A-Za-z]++\d{0,4}+[-_.]?+)++(?:/(?:[A-Za-z]++\d{0,4}+[-_.]?+)++)++")
_ARN = re.compile(rb"arn:[\w:*/.\-]{1,300}\Z")
_MAX_ARN = 320
_CACHE = re.compile(rb"(?i:cache\b[^\n\"'=]{0,60}\bkey):?[ ]\Z")
_CACHE_KEY = re.compile(rb"[A-Za-z]+(?:-[A-Za-z0-9_.]+){0,5}-[0-9a-f]{16,64}")
"""`Cache restored from key: Linux-pnpm-4f2a…`, as build servers say it."""
_CHECKSUM_LENGTHS = (32, 40, 56, 64, 96, 128)
_HEX = re.compile(rb"[0-9a-f]+|[0-9A-F]+")
_LINE_BEGIN = re.compile(rb"(?:\A|[\n\"'`]|\\{1,15}[nrt])\Z")
_WORD_BEGIN = re.compile(rb"(?<![:=])[ ]\Z")
_FILE_BEHIND = re.compile(rb"(?:[ ][ *]|\\{1,15}t|\t)(?:[\w.~/-][\w./~+@-]*|\\{0,15}[\"'])")
_FILE_NAME_BEHIND = re.compile(rb"[ ][ *][\w/~-]*[./][\w./~+@-]*")
_DOCUMENTED = re.compile(rb"A(?:K|S)IA[A-Z0-9]{9}EXAMPLE")
"""Access key ids in the documentation of AWS."""
_ASSIGNED = re.compile(rb"(?:key|id)\\{0,15}[\"']?[ \t]{0,4}[:=][ \t]{0,4}\\{0,15}[\"']?\Z", re.IGNORECASE)


def is_code(body: bytes, found: re.Match[bytes]) -> bool:
    """Whether the bare value found is a variable or a type: `$request->`, `*flagPassword`, `@user`, `AccessToken`."""
    value = found.group()
    if value[-1:] == b"-" and body[found.end() : found.end() + 1] == b">":
        return True
    name = value.rstrip(b".,;:")
    return (value[0] in _SIGILS and _VARIABLE.fullmatch(name) is not None) or _TYPE.fullmatch(name) is not None


def is_name(key: bytes, value: bytes) -> bool:
    """Whether `value` says which secret is meant: `--secret-id prod/db`, `--secret id=npmrc`, not Vault's secret id."""
    if key == b"--secret":
        return not is_random(value)
    return _SECRET_ID.search(key) is not None and not is_drawn_key(value)


def is_documented(body: bytes, start: int, end: int) -> bool:
    """Whether a key id between these is one that AWS writes about; beside its name it is taken for one in use."""
    return _DOCUMENTED.fullmatch(body, start, end) is not None and (
        _ASSIGNED.search(body, max(0, start - 48), start) is None
    )


def is_path_of_names(value: bytes) -> bool:
    """Whether `value` is `prod/Payments2/StripeKey` or the like, none of its parts drawn."""
    return _PATH_OF_NAMES.fullmatch(value) is not None and not any(map(is_drawn_key, value.split(b"/")))


def is_spared(body: bytes, start: int, end: int) -> bool:
    """Whether what was found by words near it is no secret by what stands right around it."""
    value = body[start:end]
    if len(value) in _CHECKSUM_LENGTHS and _HEX.fullmatch(value) and _is_checksum(body, start, end):
        return True
    before = max(0, start - _MAX_ARN)
    if _CACHE_KEY.fullmatch(value) and _CACHE.search(body, before, start):
        return True
    return _ARN.search(body, before, start) is not None


def _is_checksum(body: bytes, start: int, end: int) -> bool:
    """`<digest>  name`, `<digest> *name`, as checksum tools write and read it."""
    if _LINE_BEGIN.search(body, max(0, start - 17), start):
        return _FILE_BEHIND.match(body, end) is not None
    return _WORD_BEGIN.search(body, max(0, start - 2), start) is not None and (
        _FILE_NAME_BEHIND.match(body, end) is not None
    )
