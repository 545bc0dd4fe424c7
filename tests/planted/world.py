"""Sessions of the planted world, saved as the projector saves them, and the repository they worked in."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sidecar.domain import (
    AgentName,
    Label,
    LabelDecision,
    PersonId,
    ProjectId,
    Session,
    SessionId,
    SessionKey,
    SessionState,
    Step,
    StepId,
    StepKind,
    TaskId,
    TeamId,
    TestResult,
    TestStatus,
)
from sidecar.store import Store
from tests.planted.lessons import LESSONS

PROJECT = ProjectId("forge.example/acme/shop")
TEAM = TeamId("local")
SECOND_NS = 1_000_000_000
START_NS = 1_790_000_000 * SECOND_NS
PERSONS = 9
FAILED_SHARE = 0.53
"""Of the sessions that other systems were measured on."""
TIMES = 2, 8
"""Fewest and most failed sessions that teach one lesson."""
_OTHER_BYTES = 600
"""Of a packet beside its bulk."""
_MOST_OUTPUT, _EDIT_BYTES = 5000, 1000
"""Of a packet's bulk: test output first, the rest as edits of that size."""


class Planted(Protocol):
    """A hidden lesson of any world."""

    @property
    def name(self) -> str: ...
    @property
    def paths(self) -> tuple[str, ...]:
        """Where sessions break it, one file each."""
        ...

    @property
    def wrongs(self) -> tuple[str, ...]:
        """Lines that break it."""
        ...

    @property
    def right(self) -> str: ...
    @property
    def symptoms(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One session to be saved."""

    session: Session
    decision: LabelDecision


def planted_sessions(
    seed: int,
    *,
    count: int = 150,
    failed_share: float | None = None,
    packet_bytes: Sequence[int] = (0,),
    lessons: Sequence[Planted] = LESSONS,
    times: tuple[int, int] = TIMES,
) -> Iterator[Played]:
    """Failed sessions that teach each lesson some times, and passed ones on the same paths, in mixed order.

    Each session is a Task of its own; those that teach one lesson are by different Persons.

    Args:
        failed_share: Share of failed sessions; None takes what the draws for each lesson come to.
        packet_bytes: Sizes that packets come to, in turn, by test output and an edit as long as real ones.
        times: Fewest and most failed sessions that teach one lesson.
    """
    draw, (fewest, most) = random.Random(seed), times
    counts = [draw.randint(fewest, most) for _ in lessons]
    if failed_share is not None:
        while sum(counts) != round(count * failed_share):
            at = draw.randrange(len(counts))
            step = 1 if sum(counts) < round(count * failed_share) else -1
            counts[at] = min(most, max(fewest, counts[at] + step))
    kinds = [(lesson, False) for lesson, times in zip(lessons, counts, strict=True) for _ in range(times)]
    kinds += [(lessons[number % len(lessons)], True) for number in range(count - len(kinds))]
    draw.shuffle(kinds)
    turns = Counter[str]()
    for number, (lesson, is_pass) in enumerate(kinds):
        turns[lesson.name] += 1
        person = (lessons.index(lesson) + turns[lesson.name]) % PERSONS
        yield _played(
            number, lesson, draw, person=person, is_pass=is_pass, size=packet_bytes[number % len(packet_bytes)]
        )


def sessions_on(*names: str) -> list[Played]:
    """Those sessions of a planted world that are on a few of its lessons, failed and passed.

    Args:
        names: What the tests that catch the lesson are called after: `cents` of `tests/test_cents.py`.
    """
    tests = {f"tests/test_{name}.py" for name in names}
    return [one for one in planted_sessions(3) if one.decision.tests[0].path in tests]


def save(store: Store, played: Iterable[Played]) -> int:
    """Save the sessions; how many."""
    number = 0
    for number, one in enumerate(played, start=1):  # noqa: B007 - counted after the loop
        store.set_session(one.session, one.decision, now_ns=one.session.last_activity_ns)
    return number


def _played(number: int, lesson: Planted, draw: random.Random, *, person: int, is_pass: bool, size: int) -> Played:
    at_ns = START_NS + number * 3600 * SECOND_NS
    symptom = draw.choice(lesson.symptoms)
    path, wrong = _one(draw, lesson.paths), _one(draw, lesson.wrongs)
    test = f"tests/test_{lesson.name}.py::test_case_{number}"
    said = "1 passed" if is_pass else f"E   {symptom}\nFAILED {test} - {symptom}\n1 failed"
    room = max(0, size - _OTHER_BYTES)
    output = min(room, _MOST_OUTPUT)
    bulk = [_bulk(at_ns, number, path, draw) for number in range(10, 10 + (room - output) // _EDIT_BYTES)]
    steps = (
        _step(at_ns, 1, StepKind.PROMPT, text=f"Work on ticket {number}: {lesson.name}", is_human=True),
        _step(
            at_ns,
            2,
            StepKind.EDIT,
            path=path,
            is_write=True,
            old_text="    pass",
            new_text=lesson.right if is_pass else wrong,
        ),
        *bulk,
        _step(
            at_ns,
            90,
            StepKind.TEST_RUN,
            command="make check",
            output=_filler(draw, output) + said,
            is_success=is_pass,
            exit_code=0 if is_pass else 1,
        ),
    )
    session = Session(
        key=SessionKey(team=TEAM, agent=AgentName("claude_code"), session_id=SessionId(f"planted-{number:04d}")),
        state=SessionState.SETTLED,
        project=PROJECT,
        branch=f"work-{number}",
        task=TaskId(f"task-{number}"),
        person=PersonId(f"person-{person}"),
        started_ns=at_ns,
        last_activity_ns=at_ns + 90 * SECOND_NS,
        ended_ns=at_ns + 91 * SECOND_NS,
        steps=steps,
    )
    status = TestStatus.PASSED if is_pass else TestStatus.FAILED
    result = TestResult(
        id=test, status=status, message=None if is_pass else symptom, path=f"tests/test_{lesson.name}.py"
    )
    label = Label.PASS if is_pass else Label.CODE_FAIL
    return Played(
        session=session, decision=LabelDecision(label=label, reason="the session's own tests", tests=(result,))
    )


def _one(draw: random.Random, options: tuple[str, ...]) -> str:
    return options[0] if len(options) == 1 else draw.choice(options)


def _bulk(at_ns: int, number: int, path: str, draw: random.Random) -> Step:
    """A long edit beside the telling one."""
    lines = [f"    total_{draw.randrange(10**4)} = compute(value_{line}, {draw.randrange(99)})" for line in range(24)]
    return _step(at_ns, number, StepKind.EDIT, path=path, is_write=True, old_text="", new_text="\n".join(lines))


def _filler(draw: random.Random, size: int) -> str:
    """Test output that says nothing, as real ones mostly do."""
    lines: list[str] = []
    while size > 0:
        line = f"tests/test_area_{draw.randrange(90)}.py::test_{draw.randrange(10**6)} PASSED [{draw.randrange(100)}%]"
        lines.append(line)
        size -= len(line) + 1
    return "\n".join([*lines, ""]) if lines else ""


def _step(at_ns: int, number: int, kind: StepKind, **fields: object) -> Step:
    return Step(step_id=StepId(f"s{number}"), at_ns=at_ns + number * SECOND_NS, kind=kind, **fields)  # pyright: ignore[reportArgumentType] - keyword fields of the test


def settings(remote: Path, url: str) -> str:
    """A sidecar.toml for the world with a model at an address."""
    return (
        '[learn]\njudge = "failure"\n\n'
        f'[model]\njudge = "claude-haiku-5-5"\nbase_url = "{url}"\n'
        "max_usd_per_day = 1000.0\nmax_usd_per_month = 1000.0\n\n"
        f'[schedule]\nis_on = false\n\n[projects."{PROJECT}"]\nurl = "{remote}"\n'
    )
