"""What an open convention may say of checks and limits: nothing that narrows them, replaces them or moves them."""

import re
from collections.abc import Sequence

from sidecar.gate.open_words import Piece
from sidecar.gate.parts import Part
from sidecar.gate.topics import Topic, is_form_of

_BESIDE_CHECKS = (
    *(Part.FUNCTION, Part.OR, Part.AND, Part.ABOUT_TESTS, Part.ADDING, Part.GOOD, Part.SAFE, Part.SAFE_CALL),
    *(Part.TOOL, Part.TEST_PATH, Part.UNKNOWN, Part.LITERAL, Part.VERB, Part.PLACING, Part.PATH),
)
_AS = frozenset(("as", "like", "into", "that", "which", "less", "fewer"))


def is_as_strong(pieces: Sequence[Piece], topics: frozenset[Topic]) -> bool:
    """Whether what is said of a check or a limit leaves it what it was: nothing narrows it, replaces it or moves it."""
    if Topic.OUTCOME in topics or any(piece.text in _AS for piece in pieces):
        return False
    is_of_tests = any(piece.part in (Part.GOOD, Part.TEST_PATH) for piece in pieces)
    is_moved = any(is_form_of(piece.text, _MOVING_VERBS) and not piece.is_quoted for piece in pieces)
    is_beside_code = any(piece.part is Part.TEST_PATH or piece.text == "next to" for piece in pieces)
    if is_of_tests and is_moved and not is_beside_code:
        return False
    if not is_of_tests:
        return not is_moved and not any(
            (piece.part in NARROWING and piece.text not in ("before", "after")) or piece.text in _PARTLY
            for piece in pieces[:-1]
        )
    names = [piece for piece in pieces if piece.part is Part.UNKNOWN and not piece.topics]
    is_placed = any(piece.part in (Part.PATH, Part.LITERAL) and not piece.is_unknown for piece in pieces)
    if len(names) > 2 or is_placed or any(_is_hollow(piece) for piece in pieces):
        return False
    return all(piece.part in _BESIDE_CHECKS or piece.part is Part.NEUTRAL for piece in pieces)


def _is_hollow(piece: Piece) -> bool:
    is_safe = piece.is_quoted or piece.part in (Part.ABOUT_TESTS, Part.FUNCTION, Part.GOOD, Part.ADDING)
    return not is_safe and _HOLLOW.match(piece.text) is not None


_HOLLOW = re.compile(
    r"comment|docs?$|document|return|early|late|less$|fewer|few$|empty|constant|archiv|old|draft|legacy|print|call"
    r"|catch|default|literal|small|short|large|big|quick|light|minim|maxim|reduc|trim|filter|select|subset|part|half|end"
    r"|finish|complet|done|final|clos|hid|collaps|group|batch|share|state|equal|exist|present|correct|right|wrong|valid"
    r"|match|mean|define|represent|optional|option|internal|private|extern|local|manual|week|month|night|day|hour|year"
    r"|free|open|plain|simple|text|word|title|note|number|value|data|source|target|type|format|lint|same"
    r"|build|compil|generate|copy|clone|move|mov|replac|rename|rewrit|keep|put|place|follow|set$|settings?|mode|flag"
)
"""Words that beside a test can make it another one, a smaller one or none."""
_MOVING_VERBS = frozenset(("keep", "put", "place", "live", "belong", "stay", "sit", "leave", "split", "group"))
"""`Validation lives in the client`: where a protection is said to be, it is said not to be elsewhere."""
NARROWING = (Part.RESTRICTING, Part.CONDITION, Part.NUMBER, Part.PATH)
_PARTLY = frozenset(
    ("first", "last", "outer", "inner", "public", "own", "main", "single", "new", "top", "large", "long", "short")
)
