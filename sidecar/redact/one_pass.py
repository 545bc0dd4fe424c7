"""All patterns matched at once, at a gigabyte a second and without the interpreter's lock, by Hyperscan (Vectorscan).

It is told what each finder needs at least, so what it does not report no finder would find.
"""

import re
import threading

import hyperscan

from sidecar.redact import syntax
from sidecar.redact.escapes import ESCAPE
from sidecar.redact.forms import FORMS, PREFIXES, PRIVATE_KEY_ANCHOR
from sidecar.redact.keys import KEY_JOINS
from sidecar.redact.members import ANCHORS, MAX_KEY_AFTER
from sidecar.redact.phrases import PHRASES
from sidecar.redact.separators import BEGINNING
from sidecar.redact.sieve import Part, Sifted

_SYNTAX: tuple[tuple[Part, re.Pattern[bytes]], ...] = (
    (Part.PRIVATE_KEY, re.compile(re.escape(PRIVATE_KEY_ANCHOR))),
    (Part.PASSWORD_FILE, re.compile(b":5432:")),
    (Part.URL, syntax.SERVICE_URL),
    (Part.URL, syntax.URL_CREDENTIAL),
    (Part.URL, syntax.URL_TOKEN),
    (Part.AUTHORIZATION, syntax.AUTHORIZATION),
    (Part.BEARER, syntax.BEARER),
    (Part.IDENTIFIED_BY, syntax.IDENTIFIED_BY),
    (Part.PIPED_PASSWORD, syntax.PIPED_PASSWORD),
    (Part.PASSWORD_OPTION, syntax.OPTION_VALUE),
    (Part.USER_OPTION, syntax.USER_OPTION),
    *((Part.COMMAND, pattern) for _, pattern in syntax.COMMANDS),
    (Part.SENTENCE, syntax.SENTENCE),
    (Part.DOCKER_AUTH, syntax.DOCKER_AUTH),
    (Part.PUTTY_KEY, syntax.PUTTY_KEY),
    (Part.ESCAPE, ESCAPE),
)
_AFTER = rb"[A-Za-z0-9_\-]{0,%d}" % MAX_KEY_AFTER
# or the framing of a protobuf attribute
_VALUE = b"(?:" + BEGINNING + rb"|\x12[\x00-\xff]{1,3}\x0a)"
_WORDS = b"|".join(re.escape(anchor) for anchor in ANCHORS if anchor not in (b"key", b"pat", b"token"))
# counts of tokens are on every line of a session file
_TOKEN = rb"token(?:(?:[a-rt-z0-9_\-]|s[a-z0-9_\-])" + _AFTER + rb")?"
_KEYS = b"(?:" + b"|".join(KEY_JOINS) + rb"|[0-9._\- ])key"
_MEMBERS = (
    re.compile(b"(?:" + _WORDS + b"|" + _KEYS + b")" + _AFTER + _VALUE, re.IGNORECASE),
    re.compile(_TOKEN + _VALUE, re.IGNORECASE),
    re.compile(rb"[A-Za-z0-9]K[Ee][Yy]" + _AFTER + _VALUE),
    re.compile(rb"[._\-]pat" + _VALUE, re.IGNORECASE),
    re.compile(rb"[a-z]P(?:at|AT)" + _VALUE),
)
"""Key words with something behind them that a value may follow; `key` and `pat` alone are parts of too many words."""
_LOOKAHEAD = re.compile(rb"\(\?[=!][^()]*\)")
_BOUNDED = re.compile(rb"\{(\d+),\d+\}")


class OnePass:
    """The compiled patterns, with the working memory that a thread needs of its own."""

    def __init__(self) -> None:
        """Compile, which takes less than a second.

        Raises:
            hyperscan.error: this processor lacks what the patterns were compiled for.
        """
        forms = (*FORMS, *PREFIXES.values())
        patterns = [
            *(form.unframed for form in forms),
            *(pattern for _, pattern in _SYNTAX),
        ]
        everywhere = [*(phrase.sign for phrase in PHRASES), *_MEMBERS]
        self._anchors = [form.anchor for form in forms]
        self._parts = [part for part, _ in _SYNTAX]
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=[*(_weakened(pattern.pattern) for pattern in patterns), *(one.pattern for one in everywhere)],
            ids=list(range(len(patterns) + len(everywhere))),
            elements=len(patterns) + len(everywhere),
            flags=[*(_flags(one) | hyperscan.HS_FLAG_SINGLEMATCH for one in patterns), *map(_flags, everywhere)],
        )
        self._own = threading.local()

    def sift(self, body: bytes) -> Sifted:
        """What `body` may hold; from any thread."""
        found: list[int] = []
        signs: dict[str, list[int]] = {}
        ends: list[int] = []
        forms = len(self._anchors)
        phrases = forms + len(self._parts)
        member = phrases + len(PHRASES)

        def note(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
            if pattern >= member:
                ends.append(end)
            elif pattern >= phrases:
                signs.setdefault(PHRASES[pattern - phrases].name, []).append(end)
            else:
                found.append(pattern)

        self._database.scan(body, match_event_handler=note, scratch=self._scratch())
        return Sifted(
            is_known=True,
            parts={self._parts[pattern - forms] for pattern in found if pattern >= forms},
            anchors={self._anchors[pattern] for pattern in found if pattern < forms},
            phrases=signs,
            member_ends=ends,
        )

    def _scratch(self) -> hyperscan.Scratch:
        scratch = getattr(self._own, "scratch", None)
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(self._database)
        return scratch


def _weakened(pattern: bytes) -> bytes:
    """The pattern without what only makes it match less: conditions on what follows, and upper bounds of lengths."""
    return _BOUNDED.sub(rb"{\1,}", _LOOKAHEAD.sub(b"", pattern))


def _flags(pattern: re.Pattern[bytes]) -> int:
    return hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_CASELESS if pattern.flags & re.IGNORECASE else 0)
