"""The words that frame an open convention, and how a token is read inside one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.gate.names import Weight, is_code_shaped, weight_of
from sidecar.gate.parts import Part
from sidecar.gate.slots import Token
from sidecar.gate.topics import Topic, is_form_of, topic_of_part, topics_of, topics_of_name
from sidecar.gate.words import TOOLS

_INSTRUCTIONS_TEXT = (
    "add annotate build capitalise capitalize choose compare compress declare define document encrypt escape extend"
    " format freeze group hash indent inject keep limit map mask model name order parametrise parametrize parse pass"
    " pin prefer prefix place put quote rebase redact register render represent return rotate round sanitise sanitize"
    " separate serialise serialize sort split squash store structure suffix translate type use validate wrap write"
)
INSTRUCTIONS = frozenset(_INSTRUCTIONS_TEXT.split())
"""What a convention may begin with. Left out: to run, copy, set, follow, take, mark and send."""
_ARRANGEMENTS_TEXT = (
    "begin check belong consist contain depend end expose extend follow go group have implement inherit live"
    " need own require return set sit start stay use"
)
ARRANGEMENTS = frozenset(_ARRANGEMENTS_TEXT.split())
"""What a convention may say that its subject does."""
_PARTICIPLES_TEXT = (
    "align annotate apply arrange build capitalise capitalize cache compile compose compress compute convert create"
    " declare define derive describe document encode encrypt escape export format generate group hash implement import"
    " indent inject keep limit localise localize manage map mask measure model name nest normalise normalize order"
    " organise organize parametrise parametrize parse pin place prefix quote redact refresh register render represent"
    " return reuse rotate round sanitise sanitize save separate serialise serialize show sort spell split store"
    " structure suffix test give handle translate type validate version wrap write"
)
PARTICIPLES = frozenset(_PARTICIPLES_TEXT.split())
"""What a convention may say that is done with its subject."""
_DENIABLE_TEXT = (
    "abbreviate add alias block build call catch combine concatenate configure create declare define depend"
    " deserialise deserialize duplicate edit expose extend have import indent inherit inject instantiate interpolate"
    " introduce merge mix mock modify mutate name nest pass patch raise redefine refer reference rely reuse swallow"
    " talk throw touch upgrade use wrap"
)
DENIABLE = frozenset(_DENIABLE_TEXT.split())
"""What a convention may forbid of things that are no protection."""
STORING = frozenset(("commit", "put", "store", "write", "keep", "save"))
RECORDING = re.compile(r"log|print|emit|send|sent$|echo|push|copy|copi|attach|shar|dump|post|publish|past")
ARTICLES = frozenset(("a", "an", "the", "each", "every", "all", "our", "new", "both"))
COPULAS = frozenset(("is", "are", "be"))

_NAME = re.compile(r"@?[A-Za-z_]\w*(?:(?:\.|::|->|-)\w+)*(?:\((?:\w+(?:, ?\w+)*)?\))?")
_LONGEST_NAME = 40
_WORD = re.compile(r"[A-Za-z][a-z]*(?:[-'’][a-z]+)*|[A-Z]{2,6}s?")
_CODE_NAME = re.compile(r"[A-Z]|\w[_.:(]\w*")
_BRINGING_TEXT = "use prefer add with via from through by need require have choose"
_BRINGING = frozenset(_BRINGING_TEXT.split())
_BUILDING = frozenset(("build", "compile", "format", "generate", "lint", "render", "translate"))
_BY_MEANS = frozenset(("with", "via", "by", "through"))
_MEMBER = re.compile(r"\w[_.:(]\w*|^_")
_RELATING = frozenset(("dependency", "dependencies", "against", "another", "around", "during", "per", "until", "upon"))
_KNOWN_VERBS = INSTRUCTIONS | ARRANGEMENTS | PARTICIPLES | DENIABLE


_WEIGHING = {
    Weight.LIGHT: frozenset[Topic](),
    Weight.GUARDING: frozenset({Topic.CLOSED, Topic.PROTECTING}),
    Weight.WEIGHTY: frozenset({Topic.CLOSED}),
    Weight.DANGEROUS: frozenset({Topic.CLOSED}),
}
"""What a name that the source holds touches; of those that guard only plain sentences speak."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A token as it is read in an open convention."""

    text: str
    part: Part
    topics: frozenset[Topic]
    is_unknown: bool
    is_quoted: bool
    is_capital: bool = False


def is_open_name(token: Token) -> bool:
    """Whether what stands against a token is only that it is a name nobody attested."""
    is_unattested = token.reason is not None and token.reason.startswith("unattested literal")
    return is_unattested and len(token.text) <= _LONGEST_NAME and _NAME.fullmatch(token.text) is not None


def piece_of(token: Token) -> Piece | None:
    """The token as it is read here; None where no open convention may hold it."""
    if token.part is Part.BAD:
        return Piece(token.text, token.part, frozenset({Topic.WEAKENING}), is_unknown=False, is_quoted=True)
    if token.reason is not None:
        if not is_open_name(token):
            return None
        return Piece(token.text, Part.LITERAL, topics_of_name(token.text), is_unknown=True, is_quoted=True)
    if token.part is Part.NAME:
        is_common = not is_code_shaped(token.text)
        return Piece(token.text, token.part, _WEIGHING[weight_of(token.text)], is_unknown=is_common, is_quoted=True)
    if token.part is Part.COMMAND:
        return Piece(token.text, token.part, frozenset(), is_unknown=False, is_quoted=True)
    if token.part in (Part.FAILING_COMMAND, Part.BROKEN_COMMAND, Part.NOT_WORKING, Part.ELSE_FAILS):
        return None
    if token.part in (Part.PATH, Part.NUMBER, Part.NOT, Part.CONTRAST, Part.FORBIDDEN):
        return Piece(token.text.lower(), token.part, frozenset(), is_unknown=False, is_quoted=token.is_quoted)
    if " " in token.text and not token.is_quoted and token.part in (Part.EMITTING, Part.BAD_VERB):
        topics = topic_of_part(token.part).union(*(topics_of(word) for word in token.text.lower().split()))
        return Piece(token.text.lower(), token.part, topics, is_unknown=False, is_quoted=False)
    if token.is_quoted or " " in token.text:
        topics = topic_of_part(token.part) | (topics_of_name(token.text) if token.is_quoted else frozenset[Topic]())
        return Piece(token.text.lower(), token.part, topics, is_unknown=False, is_quoted=token.is_quoted)
    return _word(token)


def _word(token: Token) -> Piece | None:
    if token.part is Part.UNKNOWN and not _WORD.fullmatch(token.text):
        return None
    text = token.text.lower()
    is_plain = token.part in (Part.FUNCTION, Part.AND, Part.OR) and text not in ("you", "same")
    is_said = token.is_named_here or text in _RELATING
    is_unknown = token.part is Part.UNKNOWN and not is_said and not is_form_of(text, _KNOWN_VERBS)
    topics = frozenset[Topic]() if is_plain else topics_of(text)
    return Piece(text, token.part, topics, is_unknown, is_quoted=False, is_capital=token.text[0].isupper())


def is_package_named(pieces: Sequence[Piece]) -> bool:
    """Whether an unknown name stands where a package would: `use colorsx for …`, a known name with a slip in it."""
    for at, piece in enumerate(pieces):
        if not piece.is_unknown:
            continue
        if any(_is_slip_of(piece.text.lower(), tool) for tool in TOOLS.split()):
            return True
        is_code = piece.is_quoted and _CODE_NAME.search(piece.text) is not None
        is_built = pieces[0].text in _BUILDING and at > 0 and pieces[at - 1].text in _BY_MEANS
        if is_built and _MEMBER.search(piece.text) is None:
            return True
        is_brought = at > 0 and pieces[at - 1].text in _BRINGING
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        is_alone = following is None or following.part in (Part.FUNCTION, Part.CONTRAST, Part.NOT, Part.AND, Part.OR)
        if is_brought and is_alone and not is_code and not piece.is_capital:
            return True
    return False


def _is_slip_of(word: str, tool: str) -> bool:
    """Whether `word` is `tool` with one letter more, less, other, or two swapped."""
    if word == tool or len(tool) < 4 or abs(len(word) - len(tool)) > 1 or word in (f"{tool}s", f"{tool}ed"):
        return False
    start = next((at for at, (a, b) in enumerate(zip(word, tool, strict=False)) if a != b), min(len(word), len(tool)))
    one, other = word[start:], tool[start:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )
