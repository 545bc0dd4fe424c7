"""All patterns matched at once, at a gigabyte a second and without the interpreter's lock, by Hyperscan (Vectorscan).

It is told what each finder needs at least, so what it does not report no finder would find.
"""

import re
import threading
from collections.abc import Iterator

import hyperscan

from sidecar.redact import syntax
from sidecar.redact.escapes import ESCAPE
from sidecar.redact.forms import FORMS, PREFIXES, PRIVATE_KEY_ANCHOR, Form
from sidecar.redact.keys import KEY_JOINS
from sidecar.redact.members import ANCHORS
from sidecar.redact.phrases import PHRASES
from sidecar.redact.places import MAX_KEY_AFTER
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
_ONCE = hyperscan.HS_FLAG_SINGLEMATCH
_AFTER = rb"[A-Za-z0-9_\-]{0,%d}" % MAX_KEY_AFTER
# or the framing of a protobuf attribute
_VALUE = b"(?:" + BEGINNING + rb"|\x12[\x00-\xff]{1,3}\x0a)"
_WORDS = (
    *(re.escape(anchor) + _AFTER for anchor in ANCHORS if anchor not in (b"key", b"pass", b"pat", b"token")),
    *(word + b"key" + _AFTER for word in (*KEY_JOINS, rb"[0-9._\- ]")),
    # counts of tokens are on every line of a session file
    *(b"token" + after for after in (b"", rb"[a-rt-z0-9_\-]" + _AFTER, rb"s[a-z0-9_\-]" + _AFTER)),
    # and `passed` on every line of a test run
    *(
        b"pass" + after
        for after in (
            *(b"", rb"[a-df-z0-9_\-]" + _AFTER),
            *(b"e", rb"e[a-ce-z0-9_\-]" + _AFTER, rb"ed[a-z0-9_\-]" + _AFTER),
        )
    ),
    rb"[._\-]pat",
)
_CASED_WORDS = (
    *(rb"[A-Za-z0-9]" + word + _AFTER for word in (b"KEY", b"Key", b"KEy", b"KeY")),
    *(b"[a-z]" + word for word in (b"Pat", b"PAT")),
)
"""Key words, each by itself: of a choice Hyperscan would look for the shortest parts. `key` and `pat` alone are parts
of too many words."""
_CHOICE = re.compile(rb"\(\?:((?:[^()\[\]\\]|\\.|\[[^\]]*\])*)\)(?![?*{])")
"""Without groups within."""
_FORM_SIGNS = {b"pat": rb"[A-Za-z0-9]\.[a-f0-9]{32}"}
"""What to look for instead of the form itself: `path` begins as that one does, and is everywhere."""
_LOOKAHEAD = re.compile(rb"\(\?[=!][^()]*\)")
_BOUNDED = re.compile(rb"\{(\d+),\d+\}")
_TAIL = re.compile(rb"\{(1[7-9]|[2-9]\d|\d{3,}),?\}(?:=\{0,\})?\Z")
"""Of a pattern that asks for more of the same byte class than it takes to tell nearly all text apart."""


class OnePass:
    """The compiled patterns, with the working memory that a thread needs of its own."""

    def __init__(self) -> None:
        """Compile, which takes less than a second.

        Raises:
            hyperscan.error: this processor lacks what the patterns were compiled for.
        """
        forms = (*FORMS, *PREFIXES.values())
        self._anchors = [form.anchor for form in forms]
        self._parts = list(Part)
        self._database = hyperscan.Database()
        rows = [*_form_rows(forms), *_syntax_rows(len(forms)), *_word_rows(len(forms) + len(Part))]
        self._database.compile(
            expressions=[expression for _, expression, _ in rows],
            ids=[number for number, _, _ in rows],
            elements=len(rows),
            flags=[flags for _, _, flags in rows],
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
            phrases={name: sorted(places) for name, places in signs.items()},
            member_ends=sorted(ends),
        )

    def _scratch(self) -> hyperscan.Scratch:
        scratch = getattr(self._own, "scratch", None)
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(self._database)
        return scratch


def _form_rows(forms: tuple[Form, ...]) -> Iterator[tuple[int, bytes, int]]:
    """Number, expression and flags; numbers from 0."""
    for number, form in enumerate(forms):
        sign = _FORM_SIGNS.get(form.anchor, form.unframed)
        yield number, _TAIL.sub(b"{16}", _weakened(sign)), hyperscan.HS_FLAG_DOTALL | _ONCE


def _syntax_rows(first: int) -> Iterator[tuple[int, bytes, int]]:
    """One number for each part, from `first` on."""
    for part, pattern in _SYNTAX:
        number = first + list(Part).index(part)
        for branch in _branches(_weakened(pattern.pattern)):
            yield number, branch, _flags(pattern) | _ONCE


def _word_rows(first: int) -> Iterator[tuple[int, bytes, int]]:
    """One number for each phrase, from `first` on, and one for all key words; where each stands is told."""
    for number, phrase in enumerate(PHRASES, first):
        yield from ((number, sign, _flags(phrase.pattern)) for sign in phrase.signs)
    for words, flags in ((_WORDS, hyperscan.HS_FLAG_CASELESS), (_CASED_WORDS, 0)):
        yield from ((first + len(PHRASES), word + _VALUE, hyperscan.HS_FLAG_DOTALL | flags) for word in words)


def _branches(expression: bytes) -> Iterator[bytes]:
    """What begins with a choice of words, once for each of them."""
    choice = _CHOICE.match(expression)
    if choice is None:
        yield expression
        return
    for word in choice.group(1).split(b"|"):
        yield word + expression[choice.end() :]


def _weakened(pattern: bytes) -> bytes:
    """The pattern without what only makes it match less: conditions on what follows, and upper bounds of lengths."""
    return _BOUNDED.sub(rb"{\1,}", _LOOKAHEAD.sub(b"", pattern))


def _flags(pattern: re.Pattern[bytes]) -> int:
    return hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_CASELESS if pattern.flags & re.IGNORECASE else 0)
