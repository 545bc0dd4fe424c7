"""Grammar: a text is clauses, and every clause must be one of the shapes that are harmless by construction.

Texts in other languages have no grammar here: each of their tokens must be a neutral word or an existing path.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sidecar.domain import RuleKind
from sidecar.gate.languages import unknown_words
from sidecar.gate.parts import Part
from sidecar.gate.shapes import REACHING_BREAKS, VERB_READINGS, is_harmless, is_neutral, is_protective
from sidecar.gate.slots import Token
from sidecar.gate.vocabulary import LONGEST_PHRASE, base_forms, lexicon

_FAILURE = re.compile(
    r"(?:\w*Error: )?no module named '?[\w.]+'?|(?:[\w./-]+: )?(?:command )?not found|command not found: [\w.-]+"
    r"|no such file or directory(?:: '?[\w./-]+'?)?|exit (?:code|status) \d{1,3}|missing script: \"?[\w:-]+\"?"
    r"|(?:error: )?cannot find module '?[\w./@-]+'?|no rule to make target '?[\w-]+'?|unknown command:? \"?[\w-]+\"?"
    r"|unrecognized arguments: [\w=-]+|could not find [\w.]+",
    re.IGNORECASE,
)
"""What a failing command may be said to have printed: closed forms, since it is text that others wrote."""

_FAILURE_IN_BRACKETS = re.compile(r"(?P<said>does not work here|fails otherwise) \((?P<failure>[^()]*)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a text was read."""

    reasons: tuple[str, ...]
    kind: RuleKind | None


@dataclass(frozen=True, slots=True)
class _Clause:
    tokens: tuple[Token, ...]
    is_negative: bool
    fault: str | None


def failure_words(text: str) -> str:
    """`text` with the bracketed words of a known failure taken out: `… does not work here (No module named x).`"""
    return _FAILURE_IN_BRACKETS.sub(_without_failure, text)


def _without_failure(match: re.Match[str]) -> str:
    return match["said"] if _FAILURE.fullmatch(match["failure"].strip()) else match.group()


def read(tokens: list[Token], kind: RuleKind | None) -> Reading:
    """Account for every token of a text, or say what cannot be accounted for."""
    clauses = _judge(_clauses(_with_phrases(tokens)))
    reasons = [reason for clause in clauses for reason in _clause_reasons(clause)]
    if _is_foreign(tokens):
        reasons = _foreign_reasons(tokens)
    inferred = _inferred_kind(clauses)
    if not reasons and kind is not None:
        reasons += _kind_reasons(kind, clauses)
    return Reading(reasons=tuple(dict.fromkeys(reasons)), kind=kind or inferred)


def _with_phrases(tokens: list[Token]) -> list[Token]:
    """The tokens with known phrases joined, longest first, so that `do not` is one negation."""
    known = lexicon()
    joined: list[Token] = []
    position = 0
    while position < len(tokens):
        for length in range(min(LONGEST_PHRASE, len(tokens) - position), 0, -1):
            window = tokens[position : position + length]
            phrase = " ".join(token.text.lower().replace("\u2019", "'") for token in window)
            if phrase in known and not any(token.is_quoted or token.is_break for token in window) and length > 1:
                joined.append(Token(text=phrase, part=known[phrase]))
                position += length
                break
        else:
            joined.append(tokens[position])
            position += 1
    return joined


def _clauses(tokens: list[Token]) -> list[list[Token]]:
    """The tokens cut at breaks; a clause begins with the break before it, if there is one."""
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        if token.is_break:
            clauses.append([])
        clauses[-1].append(token)
    return clauses


def _judge(clauses: list[list[Token]]) -> list[_Clause]:
    judged: list[_Clause] = []
    is_negated = False
    for clause in clauses:
        is_reached = is_negated and clause[:1] != [] and clause[0].is_break and clause[0].text in REACHING_BREAKS
        tokens = [token for token in clause if not token.is_break]
        if not tokens:
            continue
        judged.append(_judged(tokens, is_reached=is_reached))
        is_negated = is_reached or any(token.part in (Part.NOT, Part.CONTRAST) for token in tokens)
    return judged


def _judged(tokens: list[Token], *, is_reached: bool) -> _Clause:
    parts = "".join(token.part for token in tokens).strip(Part.COMMA)
    if Part.UNKNOWN in parts:
        return _Clause(tuple(tokens), is_negative=False, fault=None)
    if not is_reached and _is_protective(tokens, parts):
        return _Clause(tuple(tokens), is_negative=True, fault=None)
    is_fine = is_neutral(parts) if is_reached else is_harmless(parts)
    clause = " ".join(token.text for token in tokens)
    fault = None if is_fine else f"needs a human author: it cannot be shown that {clause!r} weakens nothing"
    return _Clause(tuple(tokens), is_negative=False, fault=fault)


def _is_protective(tokens: list[Token], parts: str) -> bool:
    readings = {parts, *("".join(_parts_with(tokens, words, part)) for words, part in VERB_READINGS)}
    return any(is_protective(reading.strip(Part.COMMA)) for reading in readings)


def _parts_with(tokens: list[Token], words: frozenset[str], part: Part) -> Iterator[str]:
    for token in tokens:
        is_verb = token.part in (Part.VERB, Part.ADDING, Part.PLACING) and not token.is_quoted
        yield part if is_verb and any(form in words for form in base_forms(token.text.lower())) else token.part


def _clause_reasons(clause: _Clause) -> list[str]:
    reasons = [token.reason for token in clause.tokens if token.reason is not None and not clause.is_negative]
    unknown = [token.text for token in clause.tokens if token.part is Part.UNKNOWN and token.reason is None]
    if unknown:
        reasons.append(f"needs a human author: no convention is known with the words {', '.join(map(repr, unknown))}")
    return [*reasons, clause.fault] if clause.fault is not None and not reasons else reasons


def _is_foreign(tokens: list[Token]) -> bool:
    words = [
        token.text for token in tokens if token.part is not Part.COMMA and not token.is_break and not token.is_quoted
    ]
    unknown = sum(token.part is Part.UNKNOWN and token.reason is None for token in tokens if not token.is_break)
    has_letters_beyond_ascii = any(not word.isascii() for word in words)
    return unknown > 0 and (has_letters_beyond_ascii or unknown * 2 > len(words))


def _foreign_reasons(tokens: list[Token]) -> list[str]:
    reasons = [token.reason for token in tokens if token.reason is not None]
    words: list[str] = []
    for token in tokens:
        if token.is_break or token.part in (Part.COMMA, Part.NUMBER) or token.reason is not None:
            continue
        if token.part in (Part.COMMAND, Part.FAILING_COMMAND, Part.TEST_PATH):
            reasons.append(f"needs a human author: {token.text!r} in a language whose negations cannot be read")
        elif not (token.is_quoted and token.part in (Part.PATH, Part.LITERAL, Part.TOOL)):
            words.append(token.text)
    shared = frozenset(
        [
            "api",
            "json",
            "yaml",
            "sql",
            "css",
            "html",
            "utf-8",
            "utc",
            "iso",
            "id",
            "ui",
            "url-safe",
            "commit",
            "commits",
            "snake_case",
            "camelcase",
        ]
    )
    unknown = unknown_words(words, shared)
    if unknown:
        listed = ", ".join(repr(word) for word in unknown)
        reasons.append(f"needs a human author: no convention is known with the words {listed}")
    return reasons


def _inferred_kind(clauses: list[_Clause]) -> RuleKind | None:
    parts = ["".join(token.part for token in clause.tokens) for clause in clauses]
    together = "".join(parts)
    if not parts:
        return None
    if Part.TOUCHING in together and sum(map(together.count, (Part.PATH, Part.TEST_PATH))) > 1:
        return RuleKind.WORKFLOW
    if Part.COMMAND in together:
        return RuleKind.COMMAND
    if any(clause.is_negative for clause in clauses) or parts[0].lstrip("f")[:1] in ("V", "A", "T", "w"):
        return RuleKind.CONSTRAINT
    return RuleKind.FACT


def _kind_reasons(kind: RuleKind, clauses: list[_Clause]) -> list[str]:
    together = "".join(token.part for clause in clauses for token in clause.tokens)
    if kind is RuleKind.COMMAND and Part.COMMAND not in together:
        return ["kind: a command rule names an attested command"]
    if kind is RuleKind.WORKFLOW and not set(together) & {Part.COMMAND, Part.PATH, Part.TEST_PATH}:
        return ["kind: a workflow rule names a path or a command of the repository"]
    return []
