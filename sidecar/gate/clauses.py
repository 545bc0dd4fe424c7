"""Clauses as they were read, what stands against each, and what they say together."""

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.gate.characters import canonical_text
from sidecar.gate.explaining import is_explanation
from sidecar.gate.insinuations import insinuations
from sidecar.gate.open_words import is_open_name
from sidecar.gate.parts import Part
from sidecar.gate.running import belittles_a_command, runs_a_file
from sidecar.gate.slots import Token
from sidecar.gate.telling import blesses_a_name, brings_from_a_document, feeds_a_name, is_told_by_pronoun, runs_a_name

_BY_NAME = (Part.BAD, Part.CONFIDENTIAL, Part.GOOD)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause and how it was read."""

    tokens: tuple[Token, ...]
    is_negative: bool
    fault: str | None
    is_open: bool = False
    """Its frame accounts for names that are on no list."""
    is_framed: bool = False
    """It is one of the written sentences, in which only slots are chosen."""
    is_plain: bool = False
    """The grammar of plain sentences accounts for all of it, its slots too."""


def clause_reasons(clause: Clause) -> list[str]:
    """What stands against a clause; empty when it is accounted for."""
    is_touch = any(token.part in (Part.TOUCHING, Part.MOVING) for token in clause.tokens)
    reasons = [
        token.reason
        for token in clause.tokens
        if token.reason is not None
        and not (clause.is_negative and (token.part is Part.BAD or is_touch))
        and not (clause.is_open and is_open_name(token))
        and not clause.is_plain
    ]
    unknown = [token.text for token in clause.tokens if token.part is Part.UNKNOWN and token.reason is None]
    if unknown and not clause.is_open:
        reasons.append(f"needs a human author: no convention is known with the words {', '.join(map(repr, unknown))}")
    if runs_a_file(clause.tokens):
        reasons.append("unattested command: a file that exists is not yet a command that was seen to succeed")
    if belittles_a_command(clause.tokens):
        reasons.append("needs a human author: it says of a command what would make an agent leave it")
    if runs_a_name(clause.tokens):
        reasons.append("needs a human author: it has code of the repository run while the agent works")
    if feeds_a_name(clause.tokens):
        reasons.append("needs a human author: it hands what others wrote to code that may do anything with it")
    if blesses_a_name(clause.tokens):
        reasons.append("needs a human author: it says of code that nobody need look at it")
    if brings_from_a_document(clause.tokens):
        reasons.append("needs a human author: nothing is brought in from a document")
    return [*reasons, clause.fault] if clause.fault is not None and not reasons else reasons


def insinuated(clauses: list[Clause]) -> list[str]:
    """What the clauses say together; what is forbidden by name may hold any words."""
    said = [
        " ".join(token.text for token in c.tokens) for c in clauses if not (_is_told_whole(c) or _forbids_by_name(c))
    ]
    found = {meaning for text in (*said, " ; ".join(said)) for meaning in insinuations(canonical_text(text))}
    if is_told_by_pronoun([clause.tokens for clause in clauses]):
        found.add("it tells to use what may only be described")
    return [f"needs a human author: {meaning}" for meaning in sorted(found)]


def _is_told_whole(clause: Clause) -> bool:
    """Whether nothing in a clause was chosen by its writer: a written sentence without a path in it."""
    return clause.is_framed and not any(token.part in (Part.PATH, Part.TEST_PATH) for token in clause.tokens)


def _forbids_by_name(clause: Clause) -> bool:
    return clause.is_negative and any(token.part in _BY_NAME for token in clause.tokens)


def explained(judged: list[Clause], closed: list[bool]) -> list[Clause]:
    """The clauses, in which what only describes is accounted for by one beside it that is, and names something here."""
    faults = [clause_reasons(clause) for clause in judged]
    grounds = [not fault and is_of_code(clause.tokens) for clause, fault in zip(judged, faults, strict=True)]
    if not any(faults) or not any(grounds):
        return judged
    return [
        Clause(clause.tokens, is_negative=False, fault=None, is_open=True, is_plain=True)
        if fault and not shut and is_explanation(clause.tokens)
        else clause
        for clause, fault, shut in zip(judged, faults, closed, strict=True)
    ]


def is_of_code(tokens: Sequence[Token]) -> bool:
    """Whether a clause only forbids, or names something of the repository: what names nothing may be meant for anybody.

    Of 220 attacks in innocent prose by a hand that had not seen the gate, five more passed before this was asked.
    """
    is_slot = any(token.is_quoted or token.reason is not None or token.part in _NAMED for token in tokens)
    return is_slot or tokens[0].part is Part.NOT


def goes_on(before: list[Clause], tokens: list[Token]) -> bool:
    """Whether a clause says more of the name of code that the clause before it holds: `…; strip them first`."""
    is_named = before != [] and any(token.part is Part.NAME for token in before[-1].tokens)
    is_on_it = any(token.text.lower() in _PRONOUNS for token in tokens)
    return is_named and is_on_it and not _GOING_ON.isdisjoint(token.text.lower() for token in tokens[:3])


_GOING_ON_TEXT = "await cast catch check clear close compare convert format handle raise round sort strip trim wrap"
_GOING_ON = frozenset(_GOING_ON_TEXT.split())
_PRONOUNS = frozenset(("it", "its", "them", "this"))
_NAMED = (Part.PATH, Part.TEST_PATH, Part.COMMAND, Part.LITERAL, Part.NAME)
