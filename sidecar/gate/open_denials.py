"""What an open convention may forbid: what weakens, what gives away, and what is no protection."""

import re
from collections.abc import Sequence

from sidecar.gate.open_words import ARTICLES, COPULAS, DENIABLE, RECORDING, STORING, Piece
from sidecar.gate.parts import Part
from sidecar.gate.topics import Topic, is_form_of, topics_of_name

_WEIGHTY = frozenset((Topic.PROTECTING, Topic.CONFIDENTIAL, Topic.WEAKENING))
_KEPT = frozenset((Topic.PROTECTING, Topic.CONFIDENTIAL))
_UNDOING = re.compile(
    r"bypass|circumvent|comment|delet|disabl|drop|forg|ignor|mut|overwrit|remov|silen|skip|suppress|swallow|tamper|weaken"
)
"""Verbs whose prohibition protects whatever their object is."""
_COUPLING = frozenset(
    ("access", "call", "depend", "hit", "need", "reach", "read", "rely", "share", "touch", "use", "write")
)
"""What tests are better without: `tests must not touch the network` asks for more of them, whatever it names."""
_FAKING = frozenset(("mock", "patch", "share"))
_IN_TESTS = (["in", "tests"], ["in", "test"], ["between", "tests"])
_VERBS = (Part.VERB, Part.ADDING, Part.PLACING, Part.TOUCHING, Part.MOVING)


def is_forbidden(before: Sequence[Piece], after: Sequence[Piece]) -> bool:
    """Whether a negated clause takes away nothing that protects.

    Args:
        before: What stands before the negation: nothing, or the subject.
        after: What is negated, its verb first.
    """
    verbs = [piece for piece in after if piece.text not in COPULAS]
    if not verbs or any(piece.part in (Part.CONDITION, Part.RESTRICTING) for piece in after):
        return False
    verb, objects = verbs[0], verbs[1:]
    if RECORDING.match(verb.text) or is_form_of(verb.text, STORING):
        # `do not commit binaries, tokens are stored in git`: the negation does not reach a second sentence
        is_one_sentence = not any(piece.text in COPULAS for piece in after[1:])
        return is_one_sentence and _is_kept_back(verb, before, objects)
    if Topic.PROTECTING in verb.topics:
        return False
    if Topic.WEAKENING in verb.topics and not verb.is_quoted:
        return _is_undoing_denied(verb, before, objects)
    is_of_tests = bool(before) and before[-1].text in ("test", "tests") and is_form_of(verb.text, _COUPLING)
    if any(piece.topics & _WEIGHTY for piece in before) and not is_of_tests:
        return False
    if is_form_of(verb.text, DENIABLE) or verb.part in (Part.TOUCHING, Part.MOVING):
        if is_form_of(verb.text, _FAKING) and [piece.text for piece in objects[-2:]] in _IN_TESTS:
            objects = objects[:-2]
        is_said = bool(objects) or _is_passive(before, after)
        return is_said and not any(piece.topics & _KEPT for piece in objects)
    is_silent = not any(piece.topics for piece in (*before, *after))
    return is_silent and _is_passive(before, after) and not any(piece.is_unknown for piece in before)


def is_freed_test(pieces: Sequence[Piece]) -> bool:
    """`Unit tests must not touch the network`: what tests do not lean on may be named, outside places too."""
    texts = [piece.text for piece in pieces]
    turn = next((at for at, piece in enumerate(pieces) if piece.part is Part.NOT), 0)
    if not 0 < turn < len(pieces) - 2 or texts[turn - 1] not in ("test", "tests"):
        return False
    subject, verb, objects = pieces[: turn - 1], pieces[turn + 1], pieces[turn + 2 :]
    is_plain = all(piece.part in (Part.NEUTRAL, Part.ABOUT_TESTS, Part.FUNCTION) for piece in subject)
    weighty = {Topic.PROTECTING, Topic.LENIENT, Topic.NEGATING}
    is_told = any(piece.topics & weighty or piece.part in (Part.CONDITION, Part.AND) for piece in objects)
    return is_plain and is_form_of(verb.text, _COUPLING) and not is_told


def is_thing_to_forbid(pieces: Sequence[Piece]) -> bool:
    """A thing without a verb, as in `no default exports`: known, or one name, and no protection."""
    named = [piece for piece in pieces if piece.text not in ARTICLES]
    if not named or (named[0].part in _VERBS and not named[0].text.endswith("ing")):
        return False
    return not any(piece.topics & _KEPT for piece in named)


def _is_kept_back(verb: Piece, before: Sequence[Piece], objects: Sequence[Piece]) -> bool:
    """`Never commit secrets`; but `never log failures` would take a record away, which is a protection itself."""
    told = [*before, *objects]
    if verb.text in ("commit", "push") and any(piece.part is Part.BY_HAND for piece in objects[:1]):
        return not any(piece.topics - {Topic.OUTCOME} for piece in objects)
    is_path = any(piece.part is Part.PATH and not topics_of_name(piece.text) for piece in objects)
    if verb.text == "commit" and is_path:
        return not any(piece.topics for piece in told)
    is_private = any(Topic.CONFIDENTIAL in piece.topics or piece.part is Part.BAD for piece in told)
    return is_private and not any(Topic.PROTECTING in piece.topics for piece in told)


def _is_undoing_denied(verb: Piece, before: Sequence[Piece], objects: Sequence[Piece]) -> bool:
    if not objects and not before:
        return False
    if any(piece.part is Part.BAD for piece in before):
        return False
    # a second sentence behind `and` the negation may not reach; not to remove what weakens is to keep it
    if any(piece.part in (Part.AND, Part.BAD) or Topic.WEAKENING in piece.topics for piece in objects):
        return False
    return _UNDOING.match(verb.text) is not None or not any(Topic.PROTECTING in piece.topics for piece in objects)


def _is_passive(before: Sequence[Piece], after: Sequence[Piece]) -> bool:
    """`… are never reused`, `… must not be edited`."""
    return bool(before) and (before[-1].text in COPULAS or after[0].text == "be")
