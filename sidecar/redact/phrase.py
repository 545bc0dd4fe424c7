r"""Secrets known by the words around them in prose, in other languages, in pairs with a user, or by their whole shape.

A phrase begins with no literal that could be looked for alone, so each pattern is searched for where the look over the
bytes has seen it. What a value must look like is the stricter, the less the words say.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

_QUOTE = rb"(?:\\{0,15}[\"'`])"
_VALUE = rb"[^\s\"'`\\,;<>(){}\[\]|\x00-\x1f]"
_TOKEN_BYTE = rb"[A-Za-z0-9_\-+/=.~]"
_LAST_BOUND = re.compile(rb"\{(\d+),\d{3,}\}(?:=\{0,2\})?\)(?:QUOTE)?\Z")
"""Of the value: a sign ends where the value is as long as it must be."""
_REACH = 600
"""Longer than nearly all phrases."""
_MAX_RUN_ON = 13
"""Printable bytes of the next field in protobuf that may touch a value, and one more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One way to say a secret."""

    name: str
    """Told apart by it; also the kind shown in the replacement, up to a colon."""
    signs: tuple[bytes, ...]
    """Expressions, read as the pattern is: one of them is in every text that it matches, and fast to look for."""
    pattern: re.Pattern[bytes]
    """A group `secret` is what is replaced."""
    unframed: re.Pattern[bytes]
    """The same whatever stands before and behind."""
    is_secret: Callable[[bytes], bool]
    is_judged: bool = False
    """Whether the value is judged in serialized bytes, too; else the words are enough there."""
    unlike: re.Pattern[bytes] | None = None
    """In what stands between, the group `gap`, of no secret."""
    within: Callable[[re.Match[bytes]], Iterator[tuple[int, int]]] | None = None
    """Where the secrets stand in a match that holds more than one."""
    reach: int = _REACH
    """Bytes from the end of a sign to the phrase's start, and to its end, at most; values may be longer."""

    def spans(self, body: bytes, sign_ends: list[int] | None) -> Iterator[tuple[int, int]]:
        """Where secrets stand, in order; signs end at `sign_ends` only, ascending, or anywhere when None."""
        for match in self._matches(self.pattern, body, sign_ends):
            if self.within is not None:
                yield from self.within(match)
                continue
            value = match.group("secret").rstrip(b".,;:")
            if self._is_led(match) and self.is_secret(value):
                yield match.start("secret"), match.start("secret") + len(value)

    def is_in(self, body: bytes, sign_ends: list[int] | None) -> bool:
        """Whether the phrase may be in `body`, text or protobuf."""
        if not self.is_judged:
            return any(True for _ in self._matches(self.unframed, body, sign_ends))
        return any(map(self._may_be_secret, self._values(body, sign_ends)))

    def _values(self, body: bytes, sign_ends: list[int] | None) -> Iterator[bytes]:
        """What stands where a value would, from each place on that begins as the phrase does."""
        for start, end in _stretches(body, sign_ends, self.reach):
            match = self.unframed.search(body, start, end)
            while match is not None:
                whole = match if match.end() < end else self.unframed.match(body, match.start())
                if whole is not None:
                    yield whole.group("secret")
                match = self.unframed.search(body, match.start() + 1, end)

    def _may_be_secret(self, value: bytes) -> bool:
        """Whether the value is one, or would be without what of the next field may have run on behind it."""
        ends = range(len(value), max(0, len(value) - _MAX_RUN_ON), -1)
        return any(self.is_secret(value[:end].rstrip(b".,;:")) for end in ends)

    def _is_led(self, match: re.Match[bytes]) -> bool:
        return self.unlike is None or self.unlike.search(match.group("gap")) is None

    def _matches(
        self, pattern: re.Pattern[bytes], body: bytes, sign_ends: list[int] | None
    ) -> Iterator[re.Match[bytes]]:
        for start, end in _stretches(body, sign_ends, self.reach):
            for match in pattern.finditer(body, start, end):
                # cut off by the stretch's end: read on
                whole = match if match.end() < end else pattern.match(body, match.start())
                if whole is not None:
                    yield whole


def _stretches(body: bytes, sign_ends: list[int] | None, reach: int) -> Iterator[tuple[int, int]]:
    if sign_ends is None:
        yield 0, len(body)
        return
    for start, end in _joined(sign_ends, reach):
        yield start, min(end, len(body))


def _joined(ends: list[int], reach: int) -> Iterator[tuple[int, int]]:
    """Stretches around these, not overlapping."""
    start = max(0, ends[0] - reach)
    reached = ends[0] + reach
    for end in ends:
        if end - reach > reached:
            yield start, reached
            start = end - reach
        reached = end + reach
    yield start, reached


def phrase(
    name: str,
    core: bytes,
    is_secret: Callable[[bytes], bool],
    *,
    signs: tuple[bytes, ...] = (),
    before: bytes = b"",
    behind: bytes = b"",
    is_caseless: bool = True,
    is_judged: bool = False,
    unlike: re.Pattern[bytes] | None = None,
    within: Callable[[re.Match[bytes]], Iterator[tuple[int, int]]] | None = None,
    reach: int = _REACH,
) -> Phrase:
    """One row of a table. `QUOTE`, `ANY_BYTE` and `TOKEN_BYTE` stand for what strings, values and tokens are made of.

    Args:
        core: What is said, with the group `secret`.
        signs: One of them is in every such text; else made of the core. Fast are those that begin with three letters
            or more, none of them a choice: Hyperscan looks for such literals first, and picks short ones of a choice.
        before: What must stand before it, `behind` what behind it; neither is asked of serialized bytes.
        within: As in the phrase, as is `reach`.
    """
    core, *signs_read = (
        text.replace(b"QUOTE", _QUOTE).replace(b"ANY_BYTE", _VALUE).replace(b"TOKEN_BYTE", _TOKEN_BYTE)
        for text in (core, *(signs or (_LAST_BOUND.sub(rb"{\1})", core.replace(b"(?P<secret>", b"(?:")),)))
    )
    flags = re.IGNORECASE if is_caseless else re.NOFLAG
    return Phrase(
        name=name,
        signs=tuple(signs_read),
        pattern=re.compile(before + core + behind, flags),
        unframed=re.compile(core, flags),
        is_secret=is_secret,
        is_judged=is_judged,
        unlike=unlike,
        within=within,
        reach=reach,
    )


def each(sign: bytes, *choices: Sequence[bytes]) -> tuple[bytes, ...]:
    """`sign` with each combination of the choices in place of its `%b`."""
    return tuple(sign % chosen for chosen in product(*choices))
