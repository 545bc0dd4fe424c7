"""Reads a reply against the packet it speaks of: what it proves becomes an explanation and a lesson, the rest goes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as wire

from judges.attempts import relative_path
from judges.failure.signature import lesson_signature
from judges.packet import quote_is_in, texts_of
from judges.words import is_english, plain
from sidecar.domain import EvidenceQuote, FailureClass, Lesson, Packet, ReplyProblem, StepId
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
    quotes_offered: int
    """Different quotes that were looked for, those that proved nothing included."""


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
    return Explained(
        explanation=explanation,
        evidence=evidence,
        lesson=_lesson(reply, packet, evidence, candidate),
        quotes_offered=len(set(reply.quotes[:MOST_QUOTES])),
    )


def _candidate(reply: FailureReply) -> str | None:
    lesson = plain(reply.lesson or "")
    is_usable = reply.is_avoidable_by_rule and 0 < len(lesson) <= _LONGEST_LESSON
    return lesson if is_usable else None


def _proven(reply: FailureReply, packet: Packet) -> Iterator[EvidenceQuote]:
    """The quotes that stand where they are said to stand."""
    for quote in reply.quotes[:MOST_QUOTES]:
        text = quote.text.strip()[:_LONGEST_QUOTE].strip()
        if _is_verbatim(packet, quote) and any(text in one for one in texts_of(packet, quote.step_id)):
            yield EvidenceQuote(step_id=StepId(quote.step_id), text=text)


def _is_verbatim(packet: Packet, quote: QuoteReply) -> bool:
    text = quote.text.strip()
    return len(text) >= _SHORTEST_QUOTE and quote_is_in(packet, text)


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
