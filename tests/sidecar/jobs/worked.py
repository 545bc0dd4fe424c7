"""Settled sessions as the store has them: what they were shown, touched and came to, and what they taught."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from judges.registry import judge
from sidecar.domain import (
    FailureClass,
    Label,
    LabelDecision,
    Lesson,
    LoadedRules,
    ProjectId,
    RulesSource,
    SessionState,
    Step,
    StepId,
    StepKind,
    Verdict,
)
from sidecar.store import Store
from tests.contracts.records import PROJECT, make_key, make_session

DAY_NS = 24 * 3600 * 1_000_000_000
LESSON = Lesson(
    failure_class=FailureClass.WRONG_COMMAND,
    signature='{"failing":"npm test","working":"make check"}',
    failing_command="npm test",
    working_command="make check",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Sessions of one kind, an hour apart, the last one `days_ago`."""

    passed: int
    failed: int
    days_ago: int
    shown: str | None = "# Shop\n"
    """CLAUDE.md as the agents were shown it; None where nobody knows."""
    model: str | None = "claude-opus-5-5"
    path: str = "lib/a.py"
    lesson: Lesson | None = None
    """What the failed ones taught."""
    is_judged: bool = True
    reason: str = "as the tests said"
    state: SessionState = SessionState.SETTLED


def add_work(store: Store, kinds: Sequence[Work], *, now_ns: int, project: ProjectId = PROJECT) -> None:
    """Store these sessions, each judged by the judge that asks no model; passes and failures alternate."""
    for number, kind in enumerate(kinds):
        for turn in range(kind.passed + kind.failed):
            # spread evenly, so that no stretch of time is all of one kind
            total = kind.passed + kind.failed
            is_pass = (turn + 1) * kind.passed // total > turn * kind.passed // total
            _add(
                store,
                kind,
                f"w{number}-{turn}",
                is_pass,
                now_ns - kind.days_ago * DAY_NS - turn * DAY_NS // 24,
                project,
            )


def _add(store: Store, kind: Work, name: str, is_pass: bool, at_ns: int, project: ProjectId) -> None:
    shown = LoadedRules(path="CLAUDE.md", text=kind.shown, source=RulesSource.LOADED_TEXT)
    edit = Step(step_id=StepId("e"), kind=StepKind.EDIT, at_ns=at_ns, path=kind.path, is_write=True, new_text="x")
    made = make_session(make_key(name), state=kind.state, project=project, started_ns=at_ns, task=f"branch:{name}")
    rules = () if kind.shown is None else (shown,)
    session = replace(made, rules=rules, rules_version=None, steps=(edit,), model=kind.model)
    label = Label.PASS if is_pass else Label.CODE_FAIL
    store.set_session(session, LabelDecision(label=label, reason=kind.reason), now_ns=at_ns)
    if kind.is_judged:
        _judge(store, made.key.session_id, None if is_pass else kind.lesson)


def _judge(store: Store, name: str, lesson: Lesson | None) -> None:
    evidence, key = judge("evidence"), make_key(name)
    stored = store.session(key)
    assert stored is not None
    revision = stored.session.revision
    said = Verdict(
        session=key,
        session_revision=revision,
        judge=evidence.name,
        judge_version=evidence.version,
        explanation="It ran npm test.",
        evidence=(),
        lessons=() if lesson is None else (lesson,),
    )
    verdict = None if lesson is None else said
    store.set_verdict(key, revision=revision, judge=evidence.name, judge_version=evidence.version, verdict=verdict)
