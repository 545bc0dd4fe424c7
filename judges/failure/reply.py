"""Reads a reply against the packet it speaks of: what it proves becomes an explanation and a lesson, the rest goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as wire

from judges.attempts import relative_path
from judges.failure.signature import lesson_signature
from judges.packet import quote_is_in
from sidecar.domain import EvidenceQuote, FailureClass, Lesson, Packet, ReplyProblem, Step, StepId
from sidecar.gate.paths import is_existing_path

MOST_QUOTES = 5
_LONGEST_QUOTE = 400
_SHORTEST_QUOTE = 4
"""Shorter pieces stand in every packet and prove nothing."""
_LONGEST_EXPLANATION = 1200
_LONGEST_LESSON = 200
"""As long as a rule may be."""
_LONGEST_SYMPTOM = 160
_STRICT = ConfigDict(extra="forbid")
_LEAST_ENGLISH = 0.12
"""Share of the words below among all words; in plain English it is a quarter, in other languages near 0."""
_ENGLISH = frozenset(
    {
        *("the", "of", "to", "and", "is", "are", "was", "were", "it", "its", "that", "this", "not", "with", "for"),
        *("by", "but", "on", "because", "when", "which", "does", "has", "have", "be", "as", "from", "never", "do"),
    }
)
_FEW_WORDS = 6
"""A shorter text may do without any of them."""

_Class = Literal[
    FailureClass.GENERATED_FILE,
    FailureClass.MISSING_SETUP,
    FailureClass.WRONG_COMMAND,
    FailureClass.UNCHECKED_END,
    FailureClass.MISREAD_TASK,
    FailureClass.WRONG_PLACE,
    FailureClass.INCOMPLETE_CHANGE,
    FailureClass.BROKEN_CONVENTION,
    FailureClass.WRONG_ASSUMPTION,
    FailureClass.FAULTY_LOGIC,
    FailureClass.FAILING_ASSERTION,
]


@wire(frozen=True, slots=True, kw_only=True, config=_STRICT)
class QuoteReply:
    """A quote as the model gives it."""

    step_id: str
    text: str


@wire(frozen=True, slots=True, kw_only=True, config=_STRICT)
class FailureReply:
    """The shape of a reply; the explanation comes before the class, so that it is not written to fit one."""

    explanation: str
    quotes: tuple[QuoteReply, ...]
    failure_class: _Class
    convention: str
    lesson: str | None
    scope: str | None
    is_avoidable_by_rule: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a reply proves."""

    explanation: str
    evidence: tuple[EvidenceQuote, ...]
    lesson: Lesson


def read_reply(reply: FailureReply, packet: Packet) -> Explained | ReplyProblem:
    """The proven part of a reply, or why there is none."""
    explanation = plain(reply.explanation)[:_LONGEST_EXPLANATION]
    if not explanation:
        return ReplyProblem.EMPTY
    candidate = _candidate(reply)
    if not is_english(explanation) or (candidate is not None and not is_english(candidate)):
        return ReplyProblem.WRONG_LANGUAGE
    evidence = tuple(dict.fromkeys(_proven(reply, packet)))
    if not evidence:
        is_verbatim = any(_is_verbatim(packet, quote) for quote in reply.quotes)
        return ReplyProblem.WRONG_IDS if is_verbatim else ReplyProblem.NO_QUOTE
    return Explained(explanation=explanation, evidence=evidence, lesson=_lesson(reply, packet, evidence, candidate))


def plain(text: str) -> str:
    """Text of others on one line, without characters that do not print."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def is_english(text: str) -> bool:
    """Whether a text is English, as far as its small words and letters tell."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    foreign = sum(not word.isascii() for word in words)
    if foreign * 4 > len(words):
        return False
    return len(words) < _FEW_WORDS or sum(word in _ENGLISH for word in words) >= _LEAST_ENGLISH * len(words)


def _candidate(reply: FailureReply) -> str | None:
    lesson = plain(reply.lesson or "")
    is_usable = reply.is_avoidable_by_rule and 0 < len(lesson) <= _LONGEST_LESSON
    return lesson if is_usable else None


def _proven(reply: FailureReply, packet: Packet) -> Iterator[EvidenceQuote]:
    """The quotes that stand where they are said to stand."""
    for quote in reply.quotes[:MOST_QUOTES]:
        text = quote.text.strip()[:_LONGEST_QUOTE].strip()
        if _is_verbatim(packet, quote) and any(text in one for one in _texts_of(packet, quote.step_id)):
            yield EvidenceQuote(step_id=StepId(quote.step_id), text=text)


def _is_verbatim(packet: Packet, quote: QuoteReply) -> bool:
    text = quote.text.strip()
    return len(text) >= _SHORTEST_QUOTE and quote_is_in(packet, text)


def _texts_of(packet: Packet, step_id: str) -> Iterator[str]:
    """What was recorded under an id; an empty one names the sections that sum up several steps."""
    for section in packet.sections:
        if (section.step_id or "") == step_id:
            yield section.text
    for step in packet.steps:
        if step.step_id == step_id:
            yield from _step_texts(step)


def _step_texts(step: Step) -> Iterator[str]:
    yield from (
        text for text in (step.output, step.command, step.new_text, step.old_text, step.path, step.text) if text
    )


def _lesson(reply: FailureReply, packet: Packet, evidence: tuple[EvidenceQuote, ...], candidate: str | None) -> Lesson:
    paths = _paths(packet)
    scope = reply.scope if reply.scope and is_existing_path(reply.scope, paths) else None
    symptom = _symptom(packet, evidence)
    return Lesson(
        failure_class=reply.failure_class,
        signature=lesson_signature(reply.failure_class, scope, symptom, reply.convention),
        paths=tuple(sorted(path for path in paths if scope is not None and is_existing_path(scope, frozenset({path})))),
        symptom=symptom,
        quotes=evidence,
        scope=scope,
        rule_candidate=candidate,
    )


def _paths(packet: Packet) -> frozenset[str]:
    """Files of the repository that the packet names."""
    named = [step.path for step in packet.steps] + [test.path for test in packet.tests]
    relative = (relative_path(path, packet.cwd) for path in named if path)
    return frozenset(path for path in relative if not path.startswith("/"))


def _symptom(packet: Packet, evidence: tuple[EvidenceQuote, ...]) -> str | None:
    """The first line of what a failing test said: of one that is quoted, else of the first."""
    said = [line for test in packet.tests if (line := plain((test.message or "").strip().split("\n")[0]))]
    quoted = (line for line in said if any(line in plain(quote.text) for quote in evidence))
    return next(quoted, next(iter(said), None) or "")[:_LONGEST_SYMPTOM] or None
