"""What a draft for one Cluster rests on, and how it is shown to a model within a budget.

Every part has its own share of the budget, so that no text of others can push another one out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sidecar.domain import Cluster, Refusal, Rule, SessionId, Tombstone
from sidecar.likeness import nearest

MOST_FAILED = 3
MOST_PASSED = 2
MOST_NEIGHBOURS = 5
_SHORTEST_LINE = 12
"""Characters of a people's line that can say something."""

_RULES_FILE_BYTES = 3000
_OUR_RULES_BYTES = 3400
_PROPOSED_BYTES = 1000
_NEIGHBOUR_BYTES = 1000
_LESSON_BYTES = 600
_FAILED_BYTES = 1400
"""Of one session."""
_PASSED_BYTES = 1300
"""Of one session."""
_TOMBSTONES_BYTES = 800
_REFUSED_BYTES = 800
_LEAST_REFUSED_BYTES = 250
"""Of one draft: its words, and the beginning of what was said against it."""
_EFFECTS_BYTES = 400
_HEAD = 0.6
"""Share of a cut text that is its beginning; the end of a session holds its result."""


class NeighbourKind(StrEnum):
    """Whose words a neighbour is."""

    RULE = "learned rule"
    PROPOSED = "proposed"
    PEOPLE = "written by people"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSession:
    """What a judge said of one session of the cluster."""

    session_id: SessionId
    explanation: str
    quotes: tuple[str, ...]
    rule_candidate: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A text that may mean the same as a draft, or the opposite."""

    handle: str
    """A rule id, or `line N` of the rules file."""
    text: str
    kind: NeighbourKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCase:
    """Everything that a draft for one cluster rests on."""

    cluster: Cluster
    rules_text: str
    """The rules file as people wrote it, without our block."""
    rules: tuple[Rule, ...]
    """Ours in force."""
    failed: tuple[FailedSession, ...]
    """Most telling first; those beyond MOST_FAILED are not shown."""
    passed: tuple[str, ...]
    """What sessions on the same paths that passed wrote, as text; those beyond MOST_PASSED are not shown."""
    tombstones: tuple[Tombstone, ...]
    """Newest first."""
    rules_left: int
    """Rules that may still be added."""
    tokens_left: int
    """Estimated tokens of rules that may still be added."""
    proposed: tuple[Rule, ...] = ()
    """Of the open proposal."""
    refusals: tuple[Refusal, ...] = ()
    """Drafts that the audit or the gate refused, newest first."""
    effects: tuple[str, ...] = ()
    """What was measured of rules in force, one sentence each."""


def neighbours(case: DraftCase) -> tuple[Neighbour, ...]:
    """The texts most alike to what the cluster's sessions suggest, most alike first."""
    suggested = " ".join(one.rule_candidate for one in case.failed[:MOST_FAILED] if one.rule_candidate)
    known = [
        *(Neighbour(handle=one.rule_id, text=one.text, kind=NeighbourKind.RULE) for one in case.rules),
        *(Neighbour(handle=one.rule_id, text=one.text, kind=NeighbourKind.PROPOSED) for one in case.proposed),
        *(Neighbour(handle=one.rule_id, text=one.text, kind=NeighbourKind.DECLINED) for one in case.tombstones),
        *_lines_of_people(case.rules_text),
    ]
    return tuple(nearest(suggested, [(one.text, one) for one in known], most=MOST_NEIGHBOURS))


def render_case(case: DraftCase) -> str:
    """The case as text, each part under its own heading."""
    return "\n".join(_sections(case))


def _lines_of_people(text: str) -> Iterable[Neighbour]:
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip().lstrip("-*+#> ")
        if len(words) >= _SHORTEST_LINE:
            yield Neighbour(handle=f"line {number}", text=words, kind=NeighbourKind.PEOPLE)


def _sections(case: DraftCase) -> Iterable[str]:
    lesson = case.cluster.lesson
    yield "## Rules file, written by people\n" + (_cut(case.rules_text.strip(), _RULES_FILE_BYTES) or "(empty)")
    ours = (
        f"{rule.rule_id}: {_scoped(rule)}{' (a person changed it)' if rule.is_human else ''}" for rule in case.rules
    )
    yield "## Learned rules, by id\n" + _lines(ours, _OUR_RULES_BYTES)
    yield "## Proposed rules that wait for a reviewer\n" + _lines(map(_scoped, case.proposed), _PROPOSED_BYTES)
    told = [f"class: {case.cluster.failure_class}", f"scope: {lesson.scope or 'unknown'}"]
    told += [f"the test says: {lesson.symptom}"] if lesson.symptom else []
    told.append(f"taught by {len(case.cluster.tasks)} distinct tasks")
    yield "## What the failed sessions share\n" + _cut("\n".join(told), _LESSON_BYTES)
    for number, session in enumerate(case.failed[:MOST_FAILED], start=1):
        yield f"## Failed session {number}\n" + _cut(_failed(session), _FAILED_BYTES)
    for number, written in enumerate(case.passed[:MOST_PASSED], start=1):
        yield f"## Passed session {number}, on the same paths\n" + _cut(written.strip(), _PASSED_BYTES)
    declined = (f"{one.text} (declined: {one.reason})" for one in case.tombstones)
    yield "## Rules that people declined\n" + _lines(declined, _TOMBSTONES_BYTES)
    share = max(_LEAST_REFUSED_BYTES, _REFUSED_BYTES // max(1, len(case.refusals)) - 1)
    refused = (_cut(f"{one.text} (refused: {'; '.join(one.reasons)})", share) for one in case.refusals)
    yield "## Drafts that were refused\n" + _lines(refused, _REFUSED_BYTES)
    yield "## What was measured of learned rules\n" + _lines(case.effects, _EFFECTS_BYTES)
    alike = (f"{one.handle} ({one.kind}): {one.text}" for one in neighbours(case))
    yield "## Most alike texts, by id\n" + _lines(alike, _NEIGHBOUR_BYTES)


def _scoped(rule: Rule) -> str:
    return f"[{rule.kind}] " + (f"in {rule.scope}: " if rule.scope else "") + rule.text


def _failed(session: FailedSession) -> str:
    quotes = [f"> {quote}" for quote in session.quotes]
    suggested = [f"suggested: {session.rule_candidate}"] if session.rule_candidate else []
    return "\n".join([session.explanation, *quotes, *suggested])


def _lines(lines: Iterable[str], most: int) -> str:
    """Whole lines, as many as fit: half an id would be another one."""
    kept: list[str] = []
    for line in lines:
        flat = " ".join(line.split())
        most -= len(flat.encode("utf-8", "replace")) + 1
        if most < 0:
            break
        kept.append(flat)
    return "\n".join(kept) or "(none)"


def _cut(text: str, most: int) -> str:
    """Head and tail of a text that has more bytes than allowed."""
    body = text.encode("utf-8", "replace")
    if len(body) <= most:
        return body.decode()
    gap = f"\n[… {len(body)} bytes in all …]\n"
    room = most - len(gap.encode())
    head = int(room * _HEAD)
    return body[:head].decode(errors="ignore") + gap + body[len(body) - (room - head) :].decode(errors="ignore")
