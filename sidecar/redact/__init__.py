"""Secrets out of text before anything is written: each one becomes `[REDACTED:kind:hmac8]`.

Promises: the same secret gives the same replacement under the same key; redacting twice is redacting once; JSON text
stays valid JSON, however deeply it is escaped; time is linear in the text. Found are tokens of known form, key words
with a value beside them, or near them if it looks drawn, credentials in URLs, headers, command lines and sentences,
and private keys, whole or cut off; also where letters are escaped as JSON allows. What was found once and can be
no word is found wherever else it stands in the same text.

Not found, by design: a secret split over two messages, one wrapped in base64 or another encoding (but for
private keys), and one of no known form with no key word beside it. Entropy alone is never a reason: it cannot tell a
key from a checksum.
"""

import hashlib
import hmac
import threading
from collections.abc import Callable
from typing import TypeAlias

from sidecar.redact.escapes import without_escapes
from sidecar.redact.members import secret_member
from sidecar.redact.prefilter import may_hold_secret
from sidecar.redact.scan import Found, find_secrets
from sidecar.redact.sieve import Part
from sidecar.redact.sifting import sift

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"

UNSCANNABLE = "[UNSCANNABLE]"
MAX_STRING_BYTES = 64 * 1024 * 1024
"""Largest single string scanned; the receivers' limit on a whole request, so nothing honest is larger."""

_MAX_PASSES = 4
"""A replacement may join what stood apart; real text is stable after the first pass, the bound is for made-up text."""


class Redactor:
    """Replaces secrets, with hashes under one key."""

    def __init__(self, key: bytes, *, note_unscannable: Callable[[], None] | None = None) -> None:
        """
        Args:
            key: Secret of this installation, so that a hash cannot be looked up; equal secrets stay equal under it.
            note_unscannable: Called for each string that became `[UNSCANNABLE]`, from whatever thread redacts.
        """
        self._key = key
        self._note_unscannable = note_unscannable
        self._unscannable = 0
        self._counting = threading.Lock()

    @property
    def unscannable(self) -> int:
        """Strings that became `[UNSCANNABLE]` since the start."""
        return self._unscannable

    def redact(self, text: str) -> str:
        """`text` with every secret replaced. Lone surrogates survive unchanged."""
        body = text.encode("utf-8", "surrogatepass")
        redacted = self.redact_bytes(body)
        return text if redacted is body else redacted.decode("utf-8", "surrogatepass")

    def redact_bytes(self, body: bytes) -> bytes:
        """As `redact`, on UTF-8 text such as JSONL or a log; bytes that are not UTF-8 survive unchanged."""
        body = _readable(body)
        for _ in range(_MAX_PASSES):
            secrets = find_secrets(body)
            if not secrets:
                break
            body = self._replaced(body, secrets)
        return body

    def has_secret(self, body: bytes) -> bool:
        """Whether raw bytes, protobuf included, may hold anything to redact; False is certain, True may be wrong."""
        sifted = sift(body)
        if may_hold_secret(body, sifted):
            return True
        return sifted.may_hold(Part.ESCAPE) and may_hold_secret(without_escapes(body))

    def redact_json(self, value: JsonValue) -> JsonValue:
        """A copy of `value` with every string and every key redacted; a member is judged by its key, too.

        A string that cannot be encoded or is over MAX_STRING_BYTES becomes `[UNSCANNABLE]`
        and is counted.
        """
        if isinstance(value, str):
            return self._redact_json_string(value)
        if isinstance(value, list):
            return [self.redact_json(item) for item in value]
        if isinstance(value, dict):
            return {self._redact_json_string(key): self._redact_member(key, item) for key, item in value.items()}
        return value

    def _redact_member(self, key: str, value: JsonValue) -> JsonValue:
        redacted = self.redact_json(value)
        if not isinstance(redacted, str) or redacted == UNSCANNABLE:
            return redacted
        body = redacted.encode()
        kind = secret_member(key.encode("utf-8", "replace"), body)
        return redacted if kind is None else self._replacement(kind, body).decode()

    def _redact_json_string(self, text: str) -> str:
        try:
            body = text.encode()
        except UnicodeEncodeError:
            return self._unscanned()
        return self._unscanned() if len(body) > MAX_STRING_BYTES else self.redact_bytes(body).decode()

    def _unscanned(self) -> str:
        with self._counting:
            self._unscannable += 1
        if self._note_unscannable is not None:
            self._note_unscannable()
        return UNSCANNABLE

    def _replaced(self, body: bytes, secrets: list[Found]) -> bytes:
        pieces: list[bytes] = []
        end = 0
        for secret in secrets:
            replacement = self._replacement(secret.kind, body[secret.start : secret.end])
            pieces += [body[end : secret.start], secret.quote, replacement, secret.quote]
            end = secret.end
        pieces.append(body[end:])
        return b"".join(pieces)

    def _replacement(self, kind: str, secret: bytes) -> bytes:
        digest = hmac.new(self._key, secret, hashlib.sha256).hexdigest()[:8]
        return f"[REDACTED:{kind}:{digest}]".encode()


def _readable(body: bytes) -> bytes:
    """`body`, without its escapes where they hide a secret or part of one."""
    plain = without_escapes(body)
    if plain is body:
        return body
    seen = [without_escapes(body[secret.start : secret.end]) for secret in find_secrets(body)]
    return body if seen == [plain[secret.start : secret.end] for secret in find_secrets(plain)] else plain
