"""All patterns matched at once, at a gigabyte a second and without the interpreter's lock, by Hyperscan (Vectorscan).

It is told what each finder needs at least, so what it does not report no finder would find.
"""

import re
import threading

import hyperscan

from sidecar.redact import syntax
from sidecar.redact.escapes import ESCAPE
from sidecar.redact.forms import FORMS, PREFIXES, PRIVATE_KEY_ANCHOR
from sidecar.redact.members import ANCHORS, MAX_KEY_AFTER
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
_MEMBER = (
    b"(?:"
    + b"|".join(re.escape(anchor) for anchor in ANCHORS)
    + rb")[A-Za-z0-9_\-]{0,%d}" % MAX_KEY_AFTER
    # what a separator begins with, or the framing of a protobuf attribute
    + rb"(?:[ \t\r\n\\\"'`\]=:!>]|\x12[\x00-\xff]{1,3}\x0a)"
)
_LOOKAHEAD = re.compile(rb"\(\?[=!][^()]*\)")
_BOUNDED = re.compile(rb"\{(\d+),\d+\}")


class OnePass:
    """The compiled patterns, with the working memory that a thread needs of its own."""

    def __init__(self) -> None:
        """Compile, which takes a twentieth of a second.

        Raises:
            hyperscan.error: this processor lacks what the patterns were compiled for.
        """
        forms = (*FORMS, *PREFIXES.values())
        patterns = [*(form.unframed for form in forms), *(pattern for _, pattern in _SYNTAX)]
        self._anchors = [form.anchor for form in forms]
        self._parts = [part for part, _ in _SYNTAX]
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=[*(_weakened(pattern.pattern) for pattern in patterns), _MEMBER],
            ids=list(range(len(patterns) + 1)),
            elements=len(patterns) + 1,
            flags=[*map(_flags, patterns), hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_CASELESS],
        )
        self._own = threading.local()

    def sift(self, body: bytes) -> Sifted:
        """What `body` may hold; from any thread."""
        found: list[int] = []
        ends: list[int] = []
        member = len(self._anchors) + len(self._parts)

        def note(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
            if pattern == member:
                ends.append(end)
            else:
                found.append(pattern)

        self._database.scan(body, match_event_handler=note, scratch=self._scratch())
        forms = len(self._anchors)
        return Sifted(
            is_known=True,
            parts={self._parts[pattern - forms] for pattern in found if pattern >= forms},
            anchors={self._anchors[pattern] for pattern in found if pattern < forms},
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
    # once is enough: the finder looks for itself
    flags = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_SINGLEMATCH
    return flags | hyperscan.HS_FLAG_CASELESS if pattern.flags & re.IGNORECASE else flags
