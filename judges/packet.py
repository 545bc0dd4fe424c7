"""Builds the Packet: a settled session as a judge sees it, the same bytes for the same session.

The sections are what a model would read, most telling and newest first, within a budget; the steps behind them keep
enough text for judges that need no model. Nothing here decides anything: no label, no lesson.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from judges.attempts import Attempt, attempts
from sidecar.capture import words_after_mark
from sidecar.domain import (
    LabelDecision,
    Packet,
    PacketSection,
    Session,
    Step,
    StepId,
    StepKind,
    TestResult,
    TestStatus,
)

CHARACTERS_PER_TOKEN = 4
"""Rough but stable estimate; a tokenizer would tie the packet's bytes to one model."""
_STEP_CHARACTERS = 8000
"""Most that is kept of one text of a step: its head and its tail."""
_MOST_STEPS = 2000
_TEST_RUN_CHARACTERS = 6000
_SECTION_CHARACTERS = 1600
_MOST_OF_A_KIND = 12
_SMALLEST_PIECE = 200
"""Characters; less of a section than this says nothing, so it is left out whole."""
_FAILING = frozenset({TestStatus.FAILED, TestStatus.ERRORED})


def build_packet(
    session: Session, decision: LabelDecision, feedback: Sequence[str] = (), *, budget_tokens: int = 6000
) -> Packet:
    """The packet of a session.

    Args:
        feedback: What people said about the session, oldest first.
        budget_tokens: Most tokens of all sections together, at four characters each.
    """
    steps = tuple(_shortened(step) for step in session.steps if step.kind is not StepKind.MODEL_CALL)[-_MOST_STEPS:]
    tests = tuple(test for test in decision.tests if test.status in _FAILING)
    wanted = list(_sections(steps, tests, decision, feedback, session.cwd))
    sections, omitted = _within(wanted, budget_tokens * CHARACTERS_PER_TOKEN)
    return Packet(
        session=session.key,
        session_revision=session.revision,
        label=decision.label,
        sections=sections,
        steps=steps,
        omitted_tokens=-(-omitted // CHARACTERS_PER_TOKEN),
        tests=tests,
        cwd=session.cwd,
    )


def render_packet(packet: Packet) -> str:
    """The packet as text: each section under its title and the step it points at."""
    parts: list[str] = []
    for section in packet.sections:
        pointer = "" if section.step_id is None else f" (step {section.step_id})"
        parts.append(f"## {section.title}{pointer}\n{section.text}\n")
    if packet.omitted_tokens:
        parts.append(f"left out: about {packet.omitted_tokens} tokens\n")
    return "\n".join(parts)


def quote_is_in(packet: Packet, quote: str) -> bool:
    """Whether a quote stands word for word in one section or in one text of a step."""
    return bool(quote.strip()) and any(quote in text for text in _texts(packet))


def _texts(packet: Packet) -> Iterator[str]:
    yield from (section.text for section in packet.sections)
    for step in packet.steps:
        for text in (step.output, step.command, step.new_text, step.old_text, step.path, step.text):
            if text:
                yield text


def _sections(
    steps: Sequence[Step],
    tests: Sequence[TestResult],
    decision: LabelDecision,
    feedback: Sequence[str],
    cwd: str | None,
) -> Iterator[PacketSection]:
    """Every section, most telling first; within a kind the newest first."""
    tried = attempts(steps, cwd)
    yield _section("outcome", None, f"{decision.label}: {decision.reason}")
    if tests:
        yield _section("failing tests", None, "\n".join(_test_line(test) for test in tests))
    yield from _last_test_run(steps)
    yield from _newest(_failed_then_worked(tried))
    yield from _newest(_corrections(steps))
    yield from _newest([_section("feedback", None, text) for text in feedback])
    yield from _newest(_edits(steps))
    paths = dict.fromkeys(step.path for step in reversed(steps) if step.path is not None)
    if paths:
        yield _section("paths touched", None, "\n".join(paths))


def _newest(sections: Sequence[PacketSection]) -> Sequence[PacketSection]:
    return tuple(reversed(sections))[:_MOST_OF_A_KIND]


def _last_test_run(steps: Sequence[Step]) -> Iterator[PacketSection]:
    run = next((step for step in reversed(steps) if step.kind is StepKind.TEST_RUN), None)
    if run is not None:
        text = f"$ {run.command or ''}\n{_status(run)}\n{_cut(run.output or '', _TEST_RUN_CHARACTERS, head=0.25)}"
        yield PacketSection(title="last test run", step_id=run.step_id, text=text)


def _failed_then_worked(tried: Sequence[Attempt]) -> list[PacketSection]:
    """Each failed command with the next one that went well."""
    sections: list[PacketSection] = []
    failed: Attempt | None = None
    for attempt in tried:
        is_answer = failed is not None and (attempt.ran_check or not failed.looks_like_check)
        if attempt.has_failed and not is_answer:
            failed = attempt
        elif failed is not None and is_answer and attempt.complaint is None:
            bad, good = failed.step, attempt.step
            said = _cut(bad.output or "", _SECTION_CHARACTERS // 2, head=0.3)
            text = f"$ {bad.command}\n{_status(bad)}\n{said}\n$ {good.command}\n{_status(good)}"
            sections.append(_section("failed, then worked", bad.step_id, text))
            failed = None
    return sections


def _corrections(steps: Sequence[Step]) -> list[PacketSection]:
    """What a person said after the first prompt."""
    prompts = [step for step in steps if step.kind is StepKind.PROMPT and step.is_human is not False and step.text]
    said = [(step, words_after_mark(step.text or "")) for step in prompts[1:]]
    return [_section("user said", step.step_id, words) for step, words in said if words]


def _edits(steps: Sequence[Step]) -> list[PacketSection]:
    edits = (step for step in steps if step.kind is StepKind.EDIT and (step.old_text or step.new_text))
    return [_section("edit", step.step_id, _hunk(step)) for step in edits]


def _hunk(step: Step) -> str:
    """An edit in the form of a diff's hunk."""
    removed = [f"-{line}" for line in (step.old_text or "").splitlines()]
    added = [f"+{line}" for line in (step.new_text or "").splitlines()]
    return "\n".join([f"--- {step.path or 'unknown file'}", *removed, *added])


def _status(step: Step) -> str:
    if step.exit_code is not None:
        return f"exit code {step.exit_code}"
    return "no result" if step.is_success is None else "worked" if step.is_success else "failed"


def _test_line(test: TestResult) -> str:
    place = "" if test.path is None else f" ({test.path}" + (f":{test.line})" if test.line is not None else ")")
    message = "" if not test.message else f" {test.message.strip().splitlines()[0]}" if test.message.strip() else ""
    return f"{test.id}{place}: {test.status}{message}"


def _section(title: str, step_id: StepId | None, text: str) -> PacketSection:
    return PacketSection(title=title, step_id=step_id, text=_cut(text, _SECTION_CHARACTERS, head=0.6))


def _within(wanted: Sequence[PacketSection], budget: int) -> tuple[tuple[PacketSection, ...], int]:
    """The sections that fit, in order, and the number of characters left out."""
    kept: list[PacketSection] = []
    omitted = 0
    for section in wanted:
        frame = len(section.title) + len(section.step_id or "") + 16
        room = budget - frame
        if len(section.text) > room and room < _SMALLEST_PIECE:
            omitted += len(section.text)
            continue
        fitting = replace(section, text=_cut(section.text, room, head=0.6))
        omitted += max(0, len(section.text) - len(fitting.text))
        budget -= frame + len(fitting.text)
        kept.append(fitting)
    return tuple(kept), omitted


def _shortened(step: Step) -> Step:
    return replace(
        step,
        output=None if step.output is None else _cut(step.output, _STEP_CHARACTERS, head=0.5),
        old_text=None if step.old_text is None else _cut(step.old_text, _STEP_CHARACTERS, head=0.5),
        new_text=None if step.new_text is None else _cut(step.new_text, _STEP_CHARACTERS, head=0.5),
        text=None if step.text is None else _cut(step.text, _STEP_CHARACTERS, head=0.5),
    )


def _cut(text: str, most: int, *, head: float) -> str:
    """Head and tail of a text that is longer than allowed, with a line between that says how much is missing."""
    if len(text) <= most:
        return text
    gap = f"\n[… {len(text)} characters in all …]\n"
    room = max(0, most - len(gap))
    first = int(room * head)
    return text[:first] + gap + text[len(text) - (room - first) :]
