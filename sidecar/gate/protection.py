"""Whether a change of rules would take a protection away.

A rule that forbids to weaken checks, or asks to validate and to mask, is what a poisoned draft most wants gone. Only
a person takes such a rule out or rewords it: by hand, in the file, where nothing here stands in the way.
"""

from collections.abc import Sequence

from sidecar.domain import Rule
from sidecar.gate.context import GateContext
from sidecar.gate.grammar import with_phrases
from sidecar.gate.parts import Part
from sidecar.gate.slots import Token, tokens_of
from sidecar.gate.topics import Topic, topic_of_part, topics_of

_GUARDED = (Topic.PROTECTING, Topic.WEAKENING, Topic.CONFIDENTIAL)
_ASKING_TEXT = (
    "authenticate check encrypt escape guard hash mask parameterise parameterize redact require review sanitise"
    " sanitize validate verify"
)
_ASKING = frozenset(_ASKING_TEXT.split())
_NEGATIONS = (Part.NOT, Part.FORBIDDEN)


def protection_lost(before: Sequence[Rule], after: Rule | None) -> str | None:
    """Why these rules may not be replaced so; None when no protection is lost.

    Args:
        after: None where they are taken out.
    """
    for rule in before:
        guarded = _guarded_words(rule.text)
        if not guarded:
            continue
        if after is None:
            return f"protection: {rule.text!r} protects something; only a person takes it out"
        if after.scope not in (None, rule.scope):
            return f"protection: {rule.text!r} would hold for less than it does; only a person narrows it"
        if not guarded <= _guarded_words(after.text):
            return f"protection: {rule.text!r} would say less than it does; only a person rewords it"
    return None


def _guarded_words(text: str) -> frozenset[str]:
    """The words by which a rule protects, its negation among them; empty where it protects nothing."""
    tokens = with_phrases(tokens_of(text, GateContext()))
    words = frozenset(token.text.lower() for token in tokens if _topics(token) & set(_GUARDED))
    negations = frozenset("not" for token in tokens if token.part in _NEGATIONS)
    is_asked = bool(tokens) and tokens[0].text.lower() in _ASKING
    return words | negations if words and (negations or is_asked) else frozenset()


def _topics(token: Token) -> frozenset[Topic]:
    if token.is_break or token.part in (Part.NOT_WORKING, Part.ELSE_FAILS, Part.COMMAND):
        return frozenset()
    if token.is_quoted or " " in token.text or token.reason is not None:
        return topic_of_part(token.part)
    return topics_of(token.text.lower())
