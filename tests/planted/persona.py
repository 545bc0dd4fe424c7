"""How a good but fallible model answers: as judge it explains a packet, as writer it weighs what it is shown.

It knows what the words mean (that is what models are for), and nothing of our code: everything is read from the
request. One explanation in five is mistaken, drawn from the session itself, so that a repeated run says the same.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.judges.failure.answering import packet_in, sections_in
from tests.planted.lessons import LESSONS, VAGUE, WRONG_CAUSES, PlantedLesson, WrongCause
from tests.scripted_model import Asked

_SECTION = re.compile(r"^## (?P<title>[^\n]+)\n(?P<text>.*?)(?=^## |\Z)", re.M | re.S)
_MEANINGS = {words: lesson.name for lesson in LESSONS for words in (*lesson.suggestions, lesson.rule)} | {
    words: one.rule for one in WRONG_CAUSES for words in (one.suggestion, one.rule)
}
"""What each wording means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A model with a share of mistaken explanations."""

    seed: int = 0
    noise: float = 0.2

    def answer(self, asked: Asked) -> object:
        """The reply to either question."""
        return (
            self._draft(asked) if "RuleEdits" in asked.system or "rules file" in asked.system else self._explain(asked)
        )

    def _explain(self, asked: Asked) -> dict[str, object]:
        shown = [(step, line.strip()) for step, text in sections_in(asked) for line in text.splitlines()]
        lesson = next(one for one in LESSONS if any(line.lstrip("+ ") == one.wrong.strip() for _, line in shown))
        choice = _Chooser(f"{self.seed} {packet_in(asked)}")
        quotes = [_quote(shown, lesson.wrong.strip()), *_symptom_quotes(shown, lesson)]
        reply: dict[str, object] = {
            "explanation": f"The change has `{lesson.wrong.strip()}` and the test demands that {lesson.convention}.",
            "quotes": quotes,
            "failure_class": lesson.failure_class,
            "convention": lesson.convention,
            "lesson": choice.of(lesson.suggestions),
            "scope": choice.of((lesson.path, f"{lesson.path.rpartition('/')[0]}/**")),
            "is_avoidable_by_rule": True,
        }
        return {**reply, **(_mistaken(choice, lesson) if choice.share() < self.noise else {})}

    def _draft(self, asked: Asked) -> dict[str, object]:
        sections = [(found["title"], found["text"]) for found in _SECTION.finditer(asked.user)]
        failed = [text for title, text in sections if title.startswith("Failed session")]
        suggested = [found[1] for text in failed if (found := re.search(r"^suggested: (.+)$", text, re.M))]
        meanings = Counter(meaning for words in suggested if (meaning := _MEANINGS.get(words)) is not None)
        if not meanings:
            return _none("The explanations share nothing that a rule could say.", "no_rule_helps")
        passed = " ".join(text for title, text in sections if title.startswith("Passed session"))
        meaning = _shown_by_contrast(meanings, failed, passed) or max(meanings, key=lambda one: meanings[one])
        count = sum(meaning in (_MEANINGS.get(words), words) for words in suggested)
        if count < 2 and _shown_by_contrast([meaning], failed, passed) is None:
            return _none("Only one of them suggests it.", "too_little_evidence")
        choice = _Chooser(f"{self.seed} {meaning} {failed}")
        if meaning in {one.rule for one in WRONG_CAUSES} and choice.share() >= self.noise:
            # what is quoted of the sessions shows no such thing; one time in five that is overlooked
            return _none("Nothing that is quoted shows it.", "too_little_evidence")
        rule = next(one for one in (*LESSONS, *WRONG_CAUSES) if meaning in (getattr(one, "name", None), one.rule))
        alike = next((text for title, text in sections if title.startswith("Most alike texts")), "")
        relations = _relations(alike, meaning)
        if "same" in {one["relation"] for one in relations}:
            return {**_none("It is said already.", "already_said"), "neighbours": relations}
        edit: dict[str, object] = {
            "operation": "add",
            "rule_ids": [],
            "text": rule.rule,
            "kind": rule.kind,
            "scope": None,
        }
        return {
            "reasoning": f"{count} of the failed sessions did it, the passed ones did not.",
            "neighbours": relations,
            "edits": [edit],
            "none_because": None,
            "none_kind": None,
        }


def _shown_by_contrast(meanings: Iterable[str], failed: list[str], passed: str) -> str | None:
    """A suggestion that the quotes of several failed sessions bear, and that a passed one heeded."""
    for lesson in LESSONS:
        is_suggested = lesson.name in meanings
        did = sum(lesson.wrong.strip() in text for text in failed)
        if is_suggested and did > 1 and lesson.right.strip() in passed:
            return lesson.name
    return None


class _Chooser:
    """Choices that follow from a text: the same text chooses alike."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._turn = 0

    def share(self) -> float:
        """A number in [0, 1)."""
        self._turn += 1
        digest = hashlib.sha256(f"{self._turn} {self._text}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def of(self, options: tuple[str, ...] | tuple[WrongCause, ...]) -> str | WrongCause:
        """One of them."""
        return options[int(self.share() * len(options))]


def _mistaken(choice: _Chooser, lesson: PlantedLesson) -> dict[str, object]:
    """Another cause, another scope, or words that say nothing."""
    kind = choice.share()
    if kind < 0.6:
        cause = choice.of(WRONG_CAUSES)
        assert isinstance(cause, WrongCause)
        return {
            "explanation": "The change fails because of how it is laid out, which the test does not accept.",
            "failure_class": cause.failure_class,
            "convention": "another convention",
            "lesson": cause.suggestion,
        }
    if kind < 0.8:
        return {"scope": choice.of(("src/**", "docs/**")), "failure_class": "faulty_logic"}
    return {"lesson": choice.of(VAGUE), "failure_class": "misread_task", "convention": "what the task asks for"}


def _quote(shown: list[tuple[str, str]], words: str) -> dict[str, str]:
    step, _ = next((step, line) for step, line in shown if words in line)
    return {"step_id": step, "text": words}


def _symptom_quotes(shown: list[tuple[str, str]], lesson: PlantedLesson) -> list[dict[str, str]]:
    for step, line in shown:
        for symptom in lesson.symptoms:
            if symptom in line:
                return [{"step_id": step, "text": symptom}]
    return []


def _relations(alike: str, meaning: str) -> list[dict[str, str]]:
    """How each of the most alike texts stands to a meaning."""
    found: list[dict[str, str]] = []
    for line in alike.splitlines():
        match = re.fullmatch(r"(?P<id>[^(]+) \((?P<kind>[^)]+)\): (?P<text>.*)", line)
        if match is not None:
            is_same = _MEANINGS.get(match["text"]) == meaning
            found.append({"id": match["id"], "relation": "same" if is_same else "independent"})
    return found


def _none(because: str, kind: str) -> dict[str, object]:
    return {"reasoning": because, "neighbours": [], "edits": [], "none_because": because, "none_kind": kind}
