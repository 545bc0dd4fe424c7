"""A talkative model for the second world: it calls things by several names and is mistaken in three ways.

One explanation in five is mistaken: it names a cause that is none, tells the lesson of another convention, or says
nothing. One in eight of the others explains the lesson and suggests nothing.
"""

import re
from collections import Counter
from dataclasses import dataclass

from tests.judges.failure.answering import packet_in, sections_in
from tests.planted.desk import LESSONS, MISTAKES, VACUOUS, DeskLesson
from tests.planted.persona import _SECTION, _Chooser, _none
from tests.scripted_model import Asked

_WORDINGS = {one.name: (*one.suggestions, *one.explanations, one.rule, one.reworded) for one in LESSONS}
MEANINGS = {words: name for name, wordings in _WORDINGS.items() for words in wordings} | {
    words: one.rule for one in MISTAKES for words in (one.suggestion, one.explanation, one.rule)
}
"""What each wording means."""
_UNSAID = 0.125


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A model with a share of mistaken explanations."""

    seed: int = 0
    noise: float = 0.2

    def answer(self, asked: Asked) -> object:
        return self._draft(asked) if "rules file" in asked.system else self._explain(asked)

    def _explain(self, asked: Asked) -> dict[str, object]:
        shown = [(step, line.strip()) for step, text in sections_in(asked) for line in text.splitlines()]
        lesson = next(
            one
            for one in LESSONS
            if any(line.lstrip("+ ") == wrong.strip() for _, line in shown for wrong in one.wrongs)
        )
        path = next(one for one in lesson.paths if one in packet_in(asked))
        choice = _Chooser(f"{self.seed} {packet_in(asked)}")
        told = choice.of(lesson.explanations)
        said = choice.share()
        folder = path.rpartition("/")[0]
        reply: dict[str, object] = {
            "explanation": told,
            "quotes": _quotes(shown, lesson, choice),
            "failure_class": _class(lesson, choice),
            "convention": lesson.name,
            "lesson": choice.of(lesson.suggestions) if said >= _UNSAID else None,
            "scope": choice.of((path, path, f"{folder}/**", f"{folder}/**", "src/**", "")) or None,
            "is_avoidable_by_rule": True,
        }
        return {**reply, **(_mistaken(choice, lesson) if choice.share() < self.noise else {})}

    def _draft(self, asked: Asked) -> dict[str, object]:
        sections = [(found["title"], found["text"]) for found in _SECTION.finditer(asked.user)]
        failed = [text for title, text in sections if title.startswith("Failed session")]
        passed = " ".join(text for title, text in sections if title.startswith("Passed session"))
        meanings = Counter(one for text in failed for one in _understood(text, passed))
        if not meanings:
            return _none("They share nothing that a rule could say.", "no_rule_helps")
        meaning, count = meanings.most_common(1)[0]
        if count < 2:
            return _none("Only one of them suggests it.", "too_little_evidence")
        choice = _Chooser(f"{self.seed} {meaning} {failed}")
        if meaning in {one.rule for one in MISTAKES} and choice.share() >= self.noise:
            return _none("Nothing that is quoted shows it.", "too_little_evidence")
        rule = next(one for one in (*LESSONS, *MISTAKES) if meaning in (getattr(one, "name", None), one.rule))
        alike = next((text for title, text in sections if title.startswith("Most alike texts")), "")
        relations = []
        for line in alike.splitlines():
            match = re.fullmatch(r"(?P<id>[^(]+) \((?P<kind>[^)]+)\): (?P<text>.*)", line)
            if match is not None:
                same = MEANINGS.get(match["text"]) == meaning
                relations.append({"id": match["id"], "relation": "same" if same else "independent"})
        if "same" in {one["relation"] for one in relations}:
            return {**_none("It is said already.", "already_said"), "neighbours": relations}
        refused = next((text for title, text in sections if title.startswith("Drafts that were refused")), "")
        reworded = getattr(rule, "reworded", "")
        text = reworded if reworded and rule.rule in refused else rule.rule
        return {
            "reasoning": f"{count} of the failed sessions did it, the passed ones did not.",
            "neighbours": relations,
            "edits": [{"operation": "add", "rule_ids": [], "text": text, "kind": rule.kind, "scope": None}],
            "none_because": None,
            "none_kind": None,
        }


def _understood(text: str, passed: str) -> set[str]:
    """What a reader takes one failed session for: what is said of it, where its quotes do not speak against that."""
    lines = text.splitlines()
    suggested = next((line.removeprefix("suggested: ") for line in lines if line.startswith("suggested: ")), "")
    said = {MEANINGS[one] for one in (lines[0], suggested) if one in MEANINGS}
    quoted = {
        one.name
        for one in LESSONS
        if any(wrong.strip() in line for wrong in one.wrongs for line in lines if line.startswith("> "))
    }
    healed = {one.name for one in LESSONS if one.name in quoted and one.right.strip() in passed}
    return said | healed


def _class(lesson: DeskLesson, choice: _Chooser) -> str:
    return lesson.classes[0] if choice.share() < 0.6 else str(choice.of(lesson.classes))


def _mistaken(choice: _Chooser, lesson: DeskLesson) -> dict[str, object]:
    kind = choice.share()
    if kind < 1 / 3:
        cause = MISTAKES[int(choice.share() * len(MISTAKES))]
        return {"explanation": cause.explanation, "lesson": cause.suggestion, "failure_class": cause.failure_class}
    if kind < 2 / 3:
        others = [one for one in LESSONS if one is not lesson]
        other = others[int(choice.share() * len(others))]
        return {
            "explanation": choice.of(other.explanations),
            "lesson": choice.of(other.suggestions),
            "failure_class": other.classes[0],
        }
    explanation, suggestion = VACUOUS[int(choice.share() * len(VACUOUS))]
    return {"explanation": explanation, "lesson": suggestion, "failure_class": "misread_task"}


def _quotes(shown: list[tuple[str, str]], lesson: DeskLesson, choice: _Chooser) -> list[dict[str, str]]:
    """The runner's line, and in three of four cases the telling line."""
    said = next(((step, line) for step, line in shown if any(one in line for one in lesson.symptoms)), None)
    wrong = next((step, one.strip()) for step, line in shown for one in lesson.wrongs if one.strip() in line)
    quotes = [{"step_id": wrong[0], "text": wrong[1]}] if choice.share() < 0.75 or said is None else []
    return ([{"step_id": said[0], "text": said[1]}] if said else []) + quotes
