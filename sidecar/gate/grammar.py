"""Grammar: a text is clauses, and every clause must be one of the shapes that are harmless by construction.

Texts in other languages have no grammar here: they are sentences of `frames`, or neutral words and existing paths.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sidecar.domain import RuleKind
from sidecar.gate.clauses import Clause, clause_reasons, explained, goes_on, insinuated, is_of_code
from sidecar.gate.explaining import consequence_at
from sidecar.gate.foreign import foreign_reasons, is_foreign
from sidecar.gate.frames import is_framed, is_framed_clause
from sidecar.gate.open_clauses import is_open_convention, is_plain_reason
from sidecar.gate.parts import Part
from sidecar.gate.plain import is_plain_clause
from sidecar.gate.running import OUTDATED, checks_by_setting_up
from sidecar.gate.shapes import REACHING_BREAKS, VERB_READINGS, is_harmless, is_neutral, is_protective, is_remedy
from sidecar.gate.slots import Token
from sidecar.gate.vocabulary import LONGEST_PHRASE, base_forms, lexicon

_SET_ASIDE = OUTDATED | {"cosmetic", "draft", "example", "exception", "minor"}
_BRACKETS = frozenset("(（[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a text was read."""

    reasons: tuple[str, ...]
    kind: RuleKind | None


def read(tokens: list[Token], kind: RuleKind | None) -> Reading:
    """Account for every token of a text, or say what cannot be accounted for."""
    tokens = with_phrases(tokens)
    clauses = _judge(_clauses(tokens))
    reasons = [reason for clause in clauses for reason in clause_reasons(clause)]
    reasons += insinuated(clauses)
    if reasons and is_framed(tokens):
        reasons = []
    elif reasons and is_foreign(tokens):
        reasons = foreign_reasons(tokens)
    if not reasons and checks_by_setting_up([tuple(clause) for clause in _clauses(tokens)]):
        reasons = ["needs a human author: what it has the checks done with only sets things up"]
    inferred = _inferred_kind(clauses)
    if not reasons and kind is not None:
        reasons += _kind_reasons(kind, clauses)
    return Reading(reasons=tuple(dict.fromkeys(reasons)), kind=kind or inferred)


def with_phrases(tokens: list[Token]) -> list[Token]:
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
    return [part for clause in clauses for part in _with_consequence(clause)]


def _with_consequence(clause: list[Token]) -> list[list[Token]]:
    """A clause without the `, or the build fails` that it ends in, and that as one of its own."""
    at = consequence_at(clause)
    return [clause] if at is None else [clause[:at], clause[at:]]


def _judge(clauses: list[list[Token]]) -> list[Clause]:
    judged: list[Clause] = []
    closed: list[bool] = []
    told = [token.text for clause in clauses for token in clause if token.part is Part.COMMAND]
    is_negated = False
    for clause in clauses:
        is_reached = is_negated and clause[:1] != [] and clause[0].is_break and clause[0].text in REACHING_BREAKS
        tokens = [token for token in clause if not token.is_break]
        if not tokens:
            continue
        follows_protection = any(before.is_negative and _speaks_of_checks(before) for before in judged)
        # what stands in brackets explains; it is no convention of its own
        is_closed = is_reached or (clause[0].is_break and clause[0].text in _BRACKETS)
        judged.append(_judged(tokens, is_reached, is_closed=is_closed, follows_protection=follows_protection))
        is_led = clause[0].is_break and clause[0].text in REACHING_BREAKS
        if is_led and _is_set_aside(judged):
            judged[-1] = Clause(tuple(tokens), is_negative=False, fault=_SETS_ASIDE)
        # what stands before a colon may say anything of what follows
        elif not is_led and not follows_protection and is_framed_clause(tokens):
            is_negative = any(token.part is Part.NOT for token in tokens)
            judged[-1] = Clause(tuple(tokens), is_negative, fault=None, is_open=True, is_framed=True)
        if judged[-1].fault is not None or Part.UNKNOWN in {token.part for token in tokens}:
            is_reason = clause[0].is_break and clause[0].text.lower() in ("because", "since")
            if is_reason and not follows_protection and is_plain_reason(tokens):
                judged[-1] = Clause(tuple(tokens), is_negative=False, fault=None, is_open=True)
        is_refused = not is_closed and judged[-1].fault != _SETS_ASIDE and clause_reasons(judged[-1]) != []
        names_code = is_of_code(tokens) or goes_on(judged[:-1], tokens)
        if is_refused and names_code and is_plain_clause(tokens, told, is_after_protection=follows_protection):
            judged[-1] = Clause(tuple(tokens), tokens[0].part is Part.NOT, fault=None, is_open=True, is_plain=True)
        is_negated = is_reached or any(token.part in (Part.NOT, Part.CONTRAST) for token in tokens)
        closed.append(is_closed or judged[-1].fault == _SETS_ASIDE)
    return explained(judged, closed)


_SETS_ASIDE = "needs a human author: what stands before the colon sets aside what follows it"


def _is_set_aside(judged: list[Clause]) -> bool:
    """`An old idiom: validate user input`."""
    heading = judged[-2].tokens if len(judged) > 1 else ()
    return 0 < len(heading) < 4 and any(token.text.lower() in _SET_ASIDE for token in heading)


def _speaks_of_checks(clause: Clause) -> bool:
    tokens, parts = clause.tokens, {token.part for token in clause.tokens}
    is_place = [token.text.lower() for token in tokens[-2:]] == ["in", "tests"] and Part.BAD_VERB not in parts
    said = tokens[:-2] if is_place else tokens
    return any(token.part in (Part.GOOD, Part.SAFE, Part.SICK, Part.TEST_PATH) for token in said)


def _judged(tokens: list[Token], is_reached: bool, *, is_closed: bool, follows_protection: bool) -> Clause:
    parts = "".join(token.part for token in tokens).strip(Part.COMMA)
    is_known = Part.UNKNOWN not in parts
    if is_known and not is_reached and _is_protective(tokens, parts):
        return Clause(tuple(tokens), is_negative=True, fault=None)
    is_fine = is_known and (is_neutral(parts) if is_reached else is_harmless(parts))
    # `do not skip tests; keep them in comments`: what stands in for the forbidden must not do the same
    is_fine = is_fine and (not follows_protection or is_remedy(parts))
    if not is_fine and not is_closed and not follows_protection and is_open_convention(tokens):
        is_negative = any(token.part in (Part.NOT, Part.FORBIDDEN) for token in tokens)
        return Clause(tuple(tokens), is_negative=is_negative, fault=None, is_open=True)
    clause = " ".join(token.text for token in tokens)
    fault = f"needs a human author: it cannot be shown that {clause!r} weakens nothing"
    return Clause(tuple(tokens), is_negative=False, fault=fault if is_known and not is_fine else None)


def _is_protective(tokens: list[Token], parts: str) -> bool:
    readings = {parts, *("".join(_parts_with(tokens, words, part)) for words, part in VERB_READINGS)}
    return any(is_protective(reading.strip(Part.COMMA)) for reading in readings)


def _parts_with(tokens: list[Token], words: frozenset[str], part: Part) -> Iterator[str]:
    for token in tokens:
        is_verb = token.part in (Part.VERB, Part.ADDING, Part.PLACING) and not token.is_quoted
        yield part if is_verb and any(form in words for form in base_forms(token.text.lower())) else token.part


def _inferred_kind(clauses: list[Clause]) -> RuleKind | None:
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


def _kind_reasons(kind: RuleKind, clauses: list[Clause]) -> list[str]:
    together = "".join(token.part for clause in clauses for token in clause.tokens)
    if kind is RuleKind.COMMAND and Part.COMMAND not in together:
        return ["kind: a command rule names an attested command"]
    if kind is RuleKind.WORKFLOW and not set(together) & {Part.COMMAND, Part.PATH, Part.TEST_PATH}:
        return ["kind: a workflow rule names a path or a command of the repository"]
    return []
