"""Open clauses: conventions with words that are on no list, in frames where an unknown word can only be a name.

The closed grammar of `shapes` knows every word it allows. Teams name things of their own, so a clause that it cannot
account for may still pass here, when

- its frame is closed: a known instruction (`Keep …`), a known arrangement (`… live in …`, `… are named …`), or a known
  negation before a known verb;
- what is on no list is a name: of the repository's own files and folders, or an identifier, where no package is named;
- no word touches a topic that its place forbids (see `topics`): nothing protective is denied, nothing weakening is
  asked for, and agents, consent, leniency and places outside are not spoken of at all.
"""

import re
from collections.abc import Sequence

from sidecar.gate.open_denials import is_forbidden, is_freed_test, is_thing_to_forbid
from sidecar.gate.open_strength import NARROWING, is_as_strong
from sidecar.gate.open_words import (
    ARRANGEMENTS,
    ARTICLES,
    COPULAS,
    INSTRUCTIONS,
    PARTICIPLES,
    Piece,
    is_package_named,
    piece_of,
)
from sidecar.gate.parts import Part
from sidecar.gate.plain_risks import is_harmless_unknown
from sidecar.gate.slots import Token
from sidecar.gate.topics import Topic, is_form_of
from sidecar.gate.vocabulary import lexicon

_NEVER = frozenset((Topic.CLOSED, Topic.LENIENT, Topic.NEGATING))
_NEUTRAL = (Part.NEUTRAL, Part.ABOUT_TESTS, Part.FUNCTION, Part.NUMBER, Part.LITERAL, Part.AND, Part.OR, Part.PATH)


def is_open_convention(tokens: Sequence[Token]) -> bool:
    """Whether a clause is a convention in a closed frame, whatever the names in it are."""
    read = [piece_of(token) for token in tokens if token.part is not Part.COMMA]
    pieces = [piece for piece in read if piece is not None]
    if len(pieces) != len(read):
        return False
    pieces = _without_consent(pieces)
    if len(pieces) < 3 or any(piece.is_unknown and not piece.is_quoted for piece in pieces):
        return False
    if is_freed_test(pieces):
        return True
    if any(piece.topics & _NEVER for piece in pieces) or is_package_named(pieces):
        return False
    if any(piece.part is Part.COMMAND for piece in pieces):
        return _is_run(pieces)
    if any(piece.part in (Part.NOT, Part.CONTRAST) and piece.text not in lexicon() for piece in pieces):
        # an inflection of a negation is a word of another language: Portuguese `nos` denies nothing
        return False
    turns = [at for at, piece in enumerate(pieces) if piece.part in (Part.NOT, Part.CONTRAST, Part.FORBIDDEN)]
    if not turns:
        return _is_asked(pieces)
    if len(turns) > 1:
        return False
    return _is_turned(pieces[: turns[0]], pieces[turns[0]], pieces[turns[0] + 1 :])


def is_plain_reason(tokens: Sequence[Token]) -> bool:
    """Whether what stands after `because` only describes, and touches no topic at all."""
    pieces = [piece_of(token) for token in tokens if token.part is not Part.COMMA]
    known = [piece for piece in pieces if piece is not None]
    unknown = sum(piece.is_unknown for piece in known)
    is_plain = len(known) == len(pieces) and not any(piece.topics or piece.part in _TURNING for piece in known)
    is_plain = is_plain and all(
        piece.is_quoted or is_harmless_unknown(piece.text) for piece in known if piece.is_unknown
    )
    return is_plain and len(known) > 2 and unknown * 2 <= len(known) and known[0].text not in INSTRUCTIONS


def _without_consent(pieces: list[Piece]) -> list[Piece]:
    """A prohibition without its `… without asking`, which only a person can lift."""
    texts = [piece.text for piece in pieces]
    at = texts.index("without") if "without" in texts else 0
    is_prohibition = any(piece.part is Part.NOT for piece in pieces[:at])
    asked_for = [piece for piece in pieces[at + 1 :] if piece.text not in ARTICLES]
    is_stronger = 0 < len(asked_for) < 3 and any(
        piece.text in _CONSENTS or Topic.PROTECTING in piece.topics for piece in asked_for
    )
    weak = (Topic.WEAKENING, Topic.OUTCOME)
    is_stronger = is_stronger and not any(piece.topics & set(weak) or piece.is_quoted for piece in asked_for)
    return pieces[:at] if at and is_prohibition and is_stronger else pieces


_CONSENTS = frozenset(("asking", "approval", "review", "discussion", "ticket", "plan", "reason"))


def _is_run(pieces: Sequence[Piece]) -> bool:
    """`Run C before …`, `after changing …, run C`: one command that worked, told to be run, and when."""
    at = [at for at, piece in enumerate(pieces) if piece.part is Part.COMMAND]
    before, after = pieces[: at[0]], pieces[at[0] + 1 :]
    if len(at) > 1 or not before or before[-1].text not in ("run", "use", "with"):
        return False
    is_told = len(before) == 1 or before[0].part is Part.CONDITION or before[0].text in ("to", "in", "for")
    is_led = before[-1].text == "with" and (_is_instruction(before[:-1]) or before[0].text in _BY_COMMAND)
    is_followed = not after or after[0].part is Part.CONDITION or after[0].text in ("to", "in", "for", "from", "once")
    if after and after[0].part is Part.AND and len(after) > 1:
        is_followed = after[1].text in INSTRUCTIONS or [piece.text for piece in after[1:]] in _KEPT
    said = [piece for piece in (*before, *after) if piece.part is not Part.COMMAND]
    is_plain = not any(piece.topics & _UNSAID_BESIDE_COMMANDS or piece.part in _TURNING for piece in said)
    is_plain = is_plain and not any(piece.text.startswith(("fail", "error", "block", "red")) for piece in said)
    return (is_told or is_led) and is_followed and is_plain


_KEPT = (["commit", "the", "result"], ["commit", "the", "results"], ["commit", "the", "changes"], ["commit", "it"])
_BY_COMMAND = frozenset(
    ("regenerate", "update", "refresh", "compile", "rebuild", "generate", "start", "run", "check", "test")
)
_UNSAID_BESIDE_COMMANDS = frozenset((Topic.WEAKENING, Topic.CONFIDENTIAL))
_TURNING = (Part.NOT, Part.CONTRAST, Part.FORBIDDEN, Part.SICK, Part.SENSITIVE)


def _is_turned(before: Sequence[Piece], turn: Piece, after: Sequence[Piece]) -> bool:
    if turn.part is Part.FORBIDDEN:
        return not after and is_thing_to_forbid(before)
    if any(piece.text in INSTRUCTIONS and not piece.is_quoted for piece in after[1:]):
        # a second sentence behind a comma, which the negation may not reach
        return False
    if turn.text in ("not", "never", "instead of", "rather than", "over") and _is_instruction(before):
        return _is_asked(before) and is_thing_to_forbid(after)
    if turn.text in ("no", "avoid"):
        return not before and is_thing_to_forbid(after)
    is_verbal = turn.part is Part.NOT or (turn.text == "not" and before[-1:] != [] and before[-1].text in COPULAS)
    return is_verbal and is_forbidden(before, after)


def _is_asked(pieces: Sequence[Piece]) -> bool:
    """Whether a clause without negation asks for something that cannot weaken."""
    topics = frozenset(topic for piece in pieces for topic in piece.topics)
    if Topic.WEAKENING in topics or _is_given_away(pieces):
        return False
    if Topic.CONFIDENTIAL in topics:
        # `mask card numbers in all logs`: what is confidential is only spoken of to be covered
        return pieces[0].text in _COVERING and not any(piece.part in NARROWING for piece in pieces)
    if any(piece.part in (Part.SICK, Part.BY_HAND) for piece in pieces):
        return False
    if any(piece.part is Part.SENSITIVE for piece in pieces) and Topic.PROTECTING not in pieces[0].topics:
        return False
    if Topic.PROTECTING in topics and not is_as_strong(pieces, topics):
        return False
    return _is_instruction(pieces) or _is_arrangement(pieces)


_COVERING = frozenset(("mask", "redact", "hash", "encrypt"))


_SHOWN = re.compile(
    r"readme|docs?$|document|changelog|message|title|comment|page|response|description|footer|hook|git$"
)
"""Where what is put is shown or run."""
_PUTTING = frozenset(
    ["add", "contain", "expose", "have", "hold", "include", "keep", "place", "put", "save", "set", "store", "write"]
)


def _is_given_away(pieces: Sequence[Piece]) -> bool:
    """Whether something nobody knows is put where others see it, or a document is to be obeyed."""
    texts = [piece.text for piece in pieces if not piece.is_quoted or piece.part is Part.PATH]
    is_put = any(is_form_of(text, _PUTTING) for text in texts)
    is_shown = any(_SHOWN.match(text.split("/")[0]) for text in texts)
    is_unknown = any(piece.is_unknown for piece in pieces)
    is_document = any(piece.part is Part.PATH and not piece.text.endswith(_CODE_ENDINGS) for piece in pieces)
    return (is_put and is_shown and is_unknown) or (is_document and is_form_of(pieces[0].text, _OBEYING))


_OBEYING = frozenset(("use", "prefer", "choose", "apply", "extend"))
_CODE_ENDINGS = (".py", ".ts", ".tsx", ".js", ".go", ".rs", ".java", ".rb", ".kt", ".php", ".cs", "/")


def _is_instruction(pieces: Sequence[Piece]) -> bool:
    if len(pieces) < 2 or pieces[1].text in COPULAS:
        return False
    head = pieces[0]
    if not head.is_quoted and head.text in INSTRUCTIONS:
        return not (head.text == "write" and pieces[1].is_quoted)
    # `In new code, prefer …`: what stands before the instruction says where it holds
    is_led = head.text in ("in", "for", "inside")
    return is_led and any(piece.text in INSTRUCTIONS and not piece.is_quoted for piece in pieces[2:-1])


def _is_arrangement(pieces: Sequence[Piece]) -> bool:
    """`Handlers live in …`, `all dates are stored in …`, `names must end in …`."""
    for at, piece in enumerate(pieces[1:-1], 1):
        following = pieces[at + 1 :]
        if piece.is_quoted:
            continue
        if piece.text in COPULAS:
            return _is_stated(following)
        if piece.text in ("must", "should") or (piece.text in ("has", "have") and following[0].text == "to"):
            return _is_due(following[1:] if following[0].text == "to" else following)
        if is_form_of(piece.text, ARRANGEMENTS):
            return True
    return False


def _is_due(pieces: Sequence[Piece]) -> bool:
    if pieces[:1] == () or not pieces:
        return False
    if pieces[0].text == "be":
        return _is_stated(pieces[1:]) or (len(pieces) == 2 and not pieces[1].topics)
    return is_form_of(pieces[0].text, INSTRUCTIONS | ARRANGEMENTS)


def _is_stated(pieces: Sequence[Piece]) -> bool:
    """What `is` may be followed by: how something is done, or neutral words that are all known."""
    rest = [piece for piece in pieces if piece.text not in ("always", "also", "then")]
    if rest and is_form_of(rest[0].text, PARTICIPLES):
        return True
    return bool(rest) and all(piece.part in _NEUTRAL and not piece.topics for piece in rest)
