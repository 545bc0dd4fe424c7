r"""Values beside a key word: `DB_PASSWORD=…`, `"token": "…"` at any depth of JSON escapes, `--password …`, `<secret>…`.

A key word alone proves little, since code is full of tokens. So the key is read whole (`max_tokens`, `token_url` and
`public_key` are no secrets), and how much the value must look like one depends on where it stands: in an environment
assignment hardly, in quotes a little, bare in code a lot.
"""

import re
from dataclasses import dataclass, replace

from sidecar.redact.drawn import is_drawn_run, is_of_drawn_letters
from sidecar.redact.keys import Word, word_of
from sidecar.redact.made_up import is_dotted, is_joined, is_made_up, is_of_script
from sidecar.redact.naming import is_code, is_name
from sidecar.redact.places import KEY_AFTER, MAX_KEY_BEFORE, SPACED_VALUE, end_of, key_before, may_be_spaced
from sidecar.redact.quotes import QUOTE, closing_quote
from sidecar.redact.runs import cookie_pairs, netrc_password
from sidecar.redact.separators import SEPARATOR, STRICT
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.told import told_at
from sidecar.redact.values import (
    is_bare_password,
    is_bare_token,
    is_clear_password,
    is_passphrase,
    is_password,
    is_random,
    is_reference,
    is_unlike_words,
    is_vendor_key,
)

ANCHORS = (
    *(b"pass", b"pw", b"psk", b"pat", b"secret", b"token", b"key", b"credential", b"creds"),
    *(b"_auth", b"-auth", b"_seed", b"cookie"),
)
"""Lower-case literals one of which every secret's key holds."""

MAX_VALUE = 4096
_MAX_KEY = 60


_OPTION_SEPARATOR = re.compile(rb"[ \t]{1,4}|=|\\{0,15}[\"'],[ \t]{0,4}(?=\\{0,15}[\"'])")
_BARE = re.compile(rb"[^\s\"'`\\,;<>(){}\[\]|&\x00-\x1f]{1,4096}")
_KEY_WORD_LAST = re.compile(rb"(?:pass|password|passwd|passphrase|pwd|secret|token|key|auth|psk)\Z", re.IGNORECASE)
_COMPOUND = re.compile(rb"[A-Za-z0-9][_-]|[a-z][A-Z]")
_ENVIRONMENT_VALUE = re.compile(rb"[^\s\"'`\\\x00-\x1f]{1,4096}")
_IN_LIST = re.compile(rb"=[A-Za-z]+(?:[_-][A-Za-z]+)+[_-]?[0-9]{2,}(?:[;\"'\\\s]|\Z)")
_PROPERTY = re.compile(rb"(?:name|key|property)[ ]?=[ ]?\\{0,15}[\"']\Z", re.IGNORECASE)
_TAG_VALUE = re.compile(rb"[^\s<>\"\\]{4,256}(?=(?:\]\]>|\s|\\{1,15}[nrt]){0,40}</)")
_SETTINGS = (b"requirepass", b"masterauth", b"bindpw", b"rootpw")
_GROUPED = re.compile(rb"[a-z]{4}(?: [a-z]{4}){3}")
_ENVIRONMENT_KEY = re.compile(rb"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Member:
    """A secret beside its key."""

    start: int
    end: int
    kind: str
    quote: bytes = b""
    """Put around the replacement: a bare number beside a quoted key is JSON, and must become a JSON string."""


def member_at(body: bytes, anchor_start: int, anchor: bytes) -> Member | None:
    """The secret whose key holds the anchor at `anchor_start`; None when the key or the value is harmless."""
    key_end = end_of(KEY_AFTER, body, anchor_start + len(anchor))
    member = _assigned_at(body, anchor_start, key_end)
    if member is not None:
        return member
    told = told_at(body, anchor_start, key_end)
    if told is None:
        return None
    return Member(*told, "password" if anchor in (b"pass", b"pw") else anchor.strip(b"_-").decode())


def _assigned_at(body: bytes, anchor_start: int, key_end: int) -> Member | None:
    key_start = anchor_start - len(key_before(body, anchor_start))
    key = body[key_start:key_end]
    word = word_of(key)
    if word is None and key != b"PASS":
        return None  # before the look for a separator, which takes ten times as long
    separator = SEPARATOR.match(body, key_end)
    spaced = None if separator is not None else SPACED_VALUE.match(body, key_end)
    if separator is None and spaced is None and not may_be_spaced(body, anchor_start, key_end):
        return None
    if key == b"PASS" and separator is not None and separator.group() == b"=":
        word = Word.PASSWORD
    if word is None or body[max(0, key_start - 9) : key_start] == b"checksum/":
        return None
    if word is Word.COOKIE:
        return _member(cookie_pairs(body, key_end), word)
    if key == b"password" and (found := netrc_password(body, key_start, key_end)) is not None:
        return _member(found, word)
    if key.startswith(b"--"):
        separator = _OPTION_SEPARATOR.match(body, key_end) or separator
    if separator is None:
        return None if spaced is None else _spaced(word, key, spaced)
    if separator.lastgroup in ("tag", "tagged", "entry"):
        return _tagged(body, key_start, word, separator)
    return _as_it_stands(body, key_start, key, word, separator)


def _as_it_stands(body: bytes, key_start: int, key: bytes, word: Word, separator: re.Match[bytes]) -> Member | None:
    """The value, if it looks enough like a secret for what stands between it and its key."""
    member = _value(body, word, key, separator)
    if member is None or is_name(key, body[member.start : member.end]):
        return None
    if separator.lastgroup in ("member", "typed", "object", "block", "coded", "here"):
        return member
    value = body[member.start : member.end]
    if separator.lastgroup in ("argument", "cell"):
        # the quote before the key is what makes it an argument of its own
        is_whole = separator.lastgroup == "cell" or body[key_start - 1 : key_start] in (b'"', b"'")
        is_secret = is_unlike_words(value) or (word is Word.PASSWORD and is_made_up(value))
        return member if is_whole and is_secret and _KEY_WORD_LAST.search(key) else None
    if separator.lastgroup == "symbol" and body[key_start - 1 : key_start] != b":":
        return None
    if separator.lastgroup in STRICT:
        is_secret = _is_password(value) if word is Word.PASSWORD else is_unlike_words(value)
        return member if is_secret else None
    is_secret = separator.lastgroup != "spaced" or is_random(value) or (word is Word.PASSWORD and is_made_up(value))
    return member if is_secret else None


def _is_password(value: bytes) -> bool:
    return is_clear_password(value) or is_made_up(value)


def _member(span: tuple[int, int] | None, word: Word) -> Member | None:
    return None if span is None else Member(*span, word.value)


def secret_member(key: bytes, value: bytes) -> str | None:
    """Kind of the secret that `value` is beside `key`, both whole and unescaped; None when it is none."""
    word = word_of(key) if len(key) <= _MAX_KEY else None
    if word is None or word is Word.COOKIE or not value or len(value) > MAX_VALUE:
        return None
    return word.value if _is_quoted_secret(word, value) and not is_name(key, value) else None


def _tagged(body: bytes, key_start: int, word: Word, tag: re.Match[bytes]) -> Member | None:
    member = _checked(body, word, _TAG_VALUE.match(body, tag.end()), is_strict=False)
    if member is None or tag.group()[:1] == b">":
        return member
    value = body[member.start : member.end]
    if word is Word.PASSWORD and _PROPERTY.search(body, max(0, key_start - MAX_KEY_BEFORE), key_start):
        return member if is_bare_password(value) else None
    # `<label for="password">Password</label>` is no password
    return member if is_unlike_words(value) else None


def _spaced(word: Word, key: bytes, found: re.Match[bytes]) -> Member | None:
    """`requirepass x`, `config set api_token x`: a key as no sentence has it, and a value that is no word."""
    value = found.group("secret").rstrip(b".,;:")
    is_name = _COMPOUND.search(key) is not None
    if word is Word.PASSWORD and (is_name or key in _SETTINGS) and is_made_up(value):
        return Member(found.start("secret"), found.start("secret") + len(value), word.value)
    if is_placeholder(value) or is_reference(value) or not is_unlike_words(value):
        return None
    if not (is_name or word is Word.PASSWORD) or len(value) < (8 if word is Word.PASSWORD else 16):
        return None
    return Member(found.start("secret"), found.start("secret") + len(value), word.value)


def _value(body: bytes, word: Word, key: bytes, separator: re.Match[bytes]) -> Member | None:
    start = separator.end()
    quote = QUOTE.match(body, start)
    if quote is not None:
        end = closing_quote(body, quote, MAX_VALUE)
        if end is None:
            # cut off: what can be told of the value is its first run
            end = end_of(_BARE, body, quote.end())
        value = body[quote.end() : end]
        return Member(quote.end(), end, word.value) if _is_quoted_secret(word, value) else None
    name = key.lstrip(b"-.")
    is_option = key.startswith(b"--")
    is_environment = _ENVIRONMENT_KEY.fullmatch(name) is not None and separator.group() == b"="
    before = body[separator.start() - len(key) - 1 : separator.start() - len(key)]
    is_query = before in (b"?", b"&") or (before == b";" and _IN_LIST.match(body, separator.start()) is not None)
    if is_environment and not is_query:
        member = _checked(body, word, _ENVIRONMENT_VALUE.match(body, start), is_strict=False)
        # POSTGRES_PASSWORD=postgres hides nothing
        return None if member is not None and body[member.start : member.end].upper() in name else member
    found = _BARE.match(body, start)
    if is_option and separator.group().isspace() and found is not None and found.group().isalpha():
        # `--password suffers from …`: one plain word after a blank is a sentence going on
        is_option = not found.group().islower()
    member = _checked(body, word, found, is_strict=not (is_query or is_option))
    key_quote = QUOTE.match(separator.group()) if separator.lastgroup != "default" else None
    return member if member is None or key_quote is None else replace(member, quote=key_quote.group())


def _checked(body: bytes, word: Word, found: re.Match[bytes] | None, *, is_strict: bool) -> Member | None:
    if found is None:
        return None
    value = found.group().rstrip(b".,;:")
    if is_placeholder(value) or is_placeholder(found.group()) or len(value) < 5:
        return None
    if is_reference(value) and not (word is Word.PASSWORD and is_dotted(value)):
        return None
    if word is Word.VENDOR_KEY and not (is_vendor_key(value) or is_drawn_run(value)):
        return None
    if is_strict:
        if body[found.end() : found.end() + 1] in (b"(", b"[", b"{", b"<") or is_code(body, found):
            return None
        is_secret = _is_bare(word, value)
    else:
        is_secret = word is Word.PASSWORD or (len(value) >= 8 and not value.isdigit())
    return Member(found.start(), found.start() + len(value), word.value) if is_secret else None


def _is_bare(word: Word, value: bytes) -> bool:
    if word is Word.PASSWORD:
        return is_bare_password(value) or is_joined(value)
    return is_bare_token(value) or is_passphrase(value)


def _is_quoted_secret(word: Word, value: bytes) -> bool:
    if is_placeholder(value) or b"\\n" in value:
        return False
    if is_reference(value):
        return word is Word.PASSWORD and is_dotted(value)
    if word is Word.VENDOR_KEY:
        return is_vendor_key(value) or is_drawn_run(value)
    if word is Word.PASSWORD:
        return is_password(value) or is_of_script(value) or _is_grouped(value)
    return is_random(value) or is_passphrase(value) or is_of_drawn_letters(value)


def _is_grouped(value: bytes) -> bool:
    """Four groups of four letters, as Google draws them for apps."""
    return _GROUPED.fullmatch(value) is not None and is_of_drawn_letters(value.replace(b" ", b""))
