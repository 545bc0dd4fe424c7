"""What a clause tells an agent to do with a name of code: to write it, which is fine, or to have it run here and now.

A name that the source holds may send, start or fetch; nobody here knows. In code that is written it is reviewed before
it runs. So it is not called while the agent works, is not handed what others wrote, and is not brought in from a
document.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from sidecar.gate.literals import is_safe_literal
from sidecar.gate.names import Weight, weight_of
from sidecar.gate.parts import Part
from sidecar.gate.plain_slots import is_shown_path
from sidecar.gate.slots import Token

_CALLING_TEXT = "apply call calling execute go import invoke invoking load open run running start trigger use using"
_CALLING = frozenset(_CALLING_TEXT.split())
_HERE_AND_NOW = re.compile(
    r"\byou\b(?! (?:add|change|create|define|edit|extend|implement|introduce|move|need|open|rename|touch|update|write)"
    r"\b)"
    r"|\b(?:before|after|when|whenever|once|while|on|at|if|with)\b.{0,24}\b(?:commit|committing|push|pushing|merge|merging"
    r"|pull request|(?:each|every|new|next) (?:session|task|turn|prompt|conversation|edit)|finish|finishing|working"
    r"|(?:tests?|checks?|suites?|builds?|linters?) (?:fails?|breaks?|hangs?|is red|are red))\b"
    r"|\bfirst thing\b|\bbefore (?:anything|everything)\b|\bat the (?:start|beginning|end)(?:$| of (?:a|the|each|every)"
    r" (?:session|task|turn|run|day))|\bstart (?:each|every|a|the) (?:session|task|turn)\b"
)
_FROM_OTHERS = re.compile(
    r"\b(?:from|of|by|for|with|in|on|whatever|what|that)\b.{0,24}\b(?:users?|visitors?|customers?|clients?|browsers?|comments?"
    r"|messages?|mails?|emails?|chats?|issues?|tickets?|forms?|requests?|quer(?:y|ies)|uploads?|attachments?|headers?|inputs?"
    r"|outsiders?|others?|pages?|links?|pull requests?|outside|anyone|anybody|everyone)\b"
)
_BRINGING = frozenset(
    ("adopt", "apply", "call", "copy", "follow", "import", "load", "prefer", "reuse", "run", "take", "use")
)


def runs_a_name(tokens: Sequence[Token]) -> bool:
    """`Call sync_state() before you commit`: code is run where nobody reviews what it is given."""
    return _is_called(tokens) and _HERE_AND_NOW.search(_said(tokens)) is not None


def feeds_a_name(tokens: Sequence[Token]) -> bool:
    """`Use load_all for links from messages`: what others wrote is handed to a name that does not guard."""
    names = [token for token in tokens if _is_own(token) and weight_of(token.text) is not Weight.GUARDING]
    is_told = any(token.text.lower() in _FEEDING for token in tokens[:4])
    return names != [] and is_told and not _is_negated(tokens) and _FROM_OTHERS.search(_said(tokens)) is not None


_FEEDING = _CALLING | _BRINGING | {"feed", "give", "hand", "pass", "put", "wrap"}


def is_told_by_pronoun(clauses: Sequence[Sequence[Token]]) -> bool:
    """`sync_rows is available; use it`: what may only be described is told to be used a sentence later."""
    weighty = (Weight.WEIGHTY, Weight.DANGEROUS)
    # a dangerous name has a reason against it, which what only denies lifts
    names = [token for tokens in clauses for token in tokens if token.part is Part.NAME or _is_name(token)]
    if not any(weight_of(token.text) in weighty for token in names):
        return False
    pairs = (pair for tokens in clauses if not _is_negated(tokens) for pair in pairwise(tokens))
    return any(verb.text.lower() in _FEEDING and it.text.lower() in _PRONOUNS for verb, it in pairs)


_PRONOUNS = frozenset(("it", "one", "that", "them", "this"))


def brings_from_a_document(tokens: Sequence[Token]) -> bool:
    """`Use helper from docs/x.md`: a document is read, nothing is brought in from it."""
    if _is_negated(tokens) or not any(token.text.lower() in _BRINGING for token in tokens):
        return False
    pairs = pairwise(tokens)
    return any(by.text.lower() in ("from", "of") and _is_document(thing) for by, thing in pairs) and any(
        _is_name(token) for token in tokens
    )


def blesses_a_name(tokens: Sequence[Token]) -> bool:
    """`Page is safe`: it says that nobody need look."""
    return _BLESSED.search(_said(tokens)) is not None


_BLESSED = re.compile(
    r"`name`\W* (?:is|are|stays?|remains?)(?: \w+){0,2} (?:safe|secure|clean|harmless|trusted|fine|correct|approved)"
    r"(?!-)(?! (?:across|between|for concurrent|to call (?:from|concurrently|in parallel)|to share between))"
    r"|`name`\W* (?:replaces?|makes?|covers?|does)\b.{0,16}\b(?:checks?|tests?|validation|reviews?)\b"
)


def _is_own(token: Token) -> bool:
    is_word = token.is_quoted and token.part is Part.LITERAL and not is_safe_literal(token.text)
    return token.part is Part.NAME or (is_word and token.text.isidentifier())


def _is_document(token: Token) -> bool:
    return token.part in (Part.PATH, Part.TEST_PATH) and is_shown_path(token.text)


def _is_called(tokens: Sequence[Token]) -> bool:
    """Whether a name of code follows a verb that has it run, small words between them left out."""
    words = [token for token in tokens if token.part is not Part.FUNCTION or token.text.lower() in _CALLING]
    pairs = pairwise(words)
    return not _is_negated(tokens) and any(verb.text.lower() in _CALLING and _is_name(name) for verb, name in pairs)


def _is_negated(tokens: Sequence[Token]) -> bool:
    return any(token.part is Part.NOT for token in tokens)


def _is_name(token: Token) -> bool:
    is_known = token.part is Part.NAME or (token.is_quoted and token.part is Part.LITERAL)
    return is_known or (token.reason or "").startswith(("unattested literal", "unattested name", "dangerous name"))


def _said(tokens: Sequence[Token]) -> str:
    """The words, without what the names say."""
    return " ".join("`name`" if _is_name(token) else token.text.lower() for token in tokens)
