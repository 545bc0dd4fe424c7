"""What a look over the bytes found: which finders have anything to look for, and where key words stand.

Where nothing is known every finder looks everywhere: the same answers, later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sidecar.redact.members import ANCHORS
from sidecar.redact.places import MAX_KEY_AFTER
from sidecar.redact.separators import MAX_BEGINNING


class Part(StrEnum):
    """What a finder looks for, beside secrets of a known form, which are told apart by their anchors."""

    PRIVATE_KEY = "private key"
    URL = "url"
    AUTHORIZATION = "authorization"
    BEARER = "bearer"
    IDENTIFIED_BY = "identified by"
    PIPED_PASSWORD = "piped password"  # noqa: S105 - a part's name
    PASSWORD_FILE = "password file"  # noqa: S105 - a part's name
    PASSWORD_OPTION = "password option"  # noqa: S105 - a part's name
    USER_OPTION = "user option"
    COMMAND = "command"
    SENTENCE = "sentence"
    DOCKER_AUTH = "docker auth"
    PUTTY_KEY = "putty key"
    ESCAPE = "escape"


_REACH = max(map(len, ANCHORS)) + MAX_KEY_AFTER + MAX_BEGINNING
"""Bytes from the start of a key word to what shows that a value may stand beside it, at most."""
_CORES = tuple(
    map(
        re.compile,
        (
            rb"k(?:ey|en|ie)",
            rb"p(?:ass(?!ed(?![a-z0-9_\-]))|at|sk|w)",
            rb"cre(?:ds|d|t)",
            rb"auth",
            rb"_seed",
        ),
    )
)
"""What anchors of key words have in common. Each begins with one letter, which `re` skips to as fast as memory goes.

No secret's key ends with `passed`, which stands in every line of many a test runner's output."""
_ANCHORS_BY_CORE = {
    core: tuple((anchor, anchor.index(core)) for anchor in ANCHORS if core in anchor)
    for core in (b"key", b"ken", b"kie", b"pass", b"pat", b"psk", b"pw", b"cret", b"creds", b"cred", b"auth", b"_seed")
}
"""Core to each anchor that holds it and where in the anchor."""


@dataclass(slots=True)
class Sifted:
    """What a text may hold."""

    is_known: bool = False
    """False: nothing is known, look for everything everywhere."""
    parts: set[Part] = field(default_factory=set[Part])
    anchors: set[bytes] = field(default_factory=set[bytes])
    """Of forms that may be there."""
    phrases: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """Name of each that may be there to where its sign ends, ascending."""
    member_ends: list[int] = field(default_factory=list[int])
    """Ascending; each key word that may have a value beside it begins at most _REACH bytes before one of these."""

    @property
    def is_empty(self) -> bool:
        """Certain: no finder finds anything."""
        return self.is_known and not (self.parts or self.anchors or self.phrases or self.member_ends)

    def may_hold(self, part: Part) -> bool:
        """Whether to look for this part; False is certain."""
        return not self.is_known or part in self.parts

    def may_hold_form(self, anchor: bytes) -> bool:
        """Whether to look for forms with this anchor; False is certain."""
        return not self.is_known or anchor in self.anchors

    def may_hold_phrase(self, name: str) -> bool:
        """Whether to look for this phrase; False is certain."""
        return not self.is_known or name in self.phrases


def key_positions(body: bytes, sifted: Sifted) -> Iterator[tuple[int, bytes]]:
    """Where anchors of key words stand that may have a value beside them, each once, with the anchor, in no order."""
    stretches = _joined(sifted.member_ends) if sifted.is_known else ((0, len(body)),)
    for start, end in stretches:
        for at, anchor in anchor_positions(body[start:end].lower()):
            yield start + at, anchor


def anchor_positions(lowered: bytes) -> Iterator[tuple[int, bytes]]:
    """Where the anchors of key words stand, in no order; as if each were searched for, without the word `passed`."""
    for core in _CORES:
        for match in core.finditer(lowered):
            for anchor, before in _ANCHORS_BY_CORE[match.group()]:
                at = match.start() - before
                if at >= 0 and lowered.startswith(anchor, at):
                    yield at, anchor


def _joined(ends: list[int]) -> Iterator[tuple[int, int]]:
    """Stretches that hold the key words before these ends, not overlapping."""
    start = reached = 0
    for end in ends:
        if end - _REACH > reached:
            if reached:
                yield start, reached
            start = end - _REACH
        reached = end
    if reached:
        yield start, reached
