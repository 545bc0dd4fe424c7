"""Builds the Packet: a settled session as a judge sees it, the same bytes for the same session.

The sections are what a model would read, most telling and newest first, within a budget; the steps behind them keep
enough text for judges that need no model. Nothing here decides anything: no label, no lesson.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from judges.cutting import BYTES_PER_TOKEN, cut, size
from judges.sections import Evidence, Piece, pieces
from sidecar.domain import LabelDecision, Packet, PacketSection, Session, Step, StepKind, TestStatus

BUDGET_TOKENS = 6000
"""With a prompt around it, a packet of that size stays under 8,000 tokens."""
_STEP_BYTES = 8000
"""Most that is kept of one text of a step: its head and its tail."""
_MOST_STEPS = 2000
_SMALLEST_PIECE = 200
"""Bytes; less of a section than this says nothing, so it is left out whole."""
_LEFT_OUT_BYTES = 48
"""Of the line that says how much was left out."""
_FAILING = frozenset({TestStatus.FAILED, TestStatus.ERRORED})
_FIRST = {StepKind.PROMPT: 0, StepKind.MODEL_CALL: 1}
"""What comes first of what happened at the same time, as sessions are merged."""


def unchanged(text: str) -> str:
    """The text itself: for texts that leave this process by no way."""
    return text


def build_packet(
    session: Session,
    decision: LabelDecision,
    feedback: Sequence[str] = (),
    *,
    redact: Callable[[str], str] = unchanged,
    budget_tokens: int = BUDGET_TOKENS,
) -> Packet:
    """The packet of a session; the order in which its steps are given does not matter.

    Args:
        feedback: What people said about the session, oldest first.
        redact: Takes secrets out of what is shown, once more before a model reads it.
        budget_tokens: Most tokens of the rendered packet, at four bytes each.
    """
    ordered = sorted(session.steps, key=_place)
    kept = [step for step in ordered if step.kind is not StepKind.MODEL_CALL][-_MOST_STEPS:]
    evidence = Evidence(
        steps=tuple(_shortened(step) for step in kept),
        last_test_run=next((step for step in reversed(kept) if step.kind is StepKind.TEST_RUN), None),
        decision=decision,
        failing=tuple(test for test in decision.tests if test.status in _FAILING),
        corrections=session.corrections,
        feedback=tuple(feedback),
        cwd=session.cwd,
        redact=redact,
    )
    wanted = [_section(piece, redact) for piece in pieces(evidence)]
    sections, omitted = _within(wanted, budget_tokens * BYTES_PER_TOKEN)
    return Packet(
        session=session.key,
        session_revision=session.revision,
        label=decision.label,
        sections=sections,
        steps=evidence.steps,
        omitted_tokens=-(-omitted // BYTES_PER_TOKEN),
        tests=evidence.failing,
        cwd=session.cwd,
        project=session.project,
    )


def render_packet(packet: Packet) -> str:
    """The packet as text: each section under its title and the step it points at."""
    parts: list[str] = []
    for section in packet.sections:
        pointer = "" if section.step_id is None else f" (step {section.step_id})"
        parts.append(f"## {section.title}{pointer}\n{section.text}\n")
    if packet.omitted_tokens and packet.sections:
        parts.append(f"left out: about {packet.omitted_tokens} tokens\n")
    return "\n".join(parts)


def quote_is_in(packet: Packet, quote: str) -> bool:
    """Whether a quote stands word for word in one section or in one text of a step."""
    return bool(quote.strip()) and any(quote in text for text in _texts(packet))


def texts_of(packet: Packet, step_id: str) -> Iterator[str]:
    """What was recorded under an id; an empty one names the sections that sum up several steps."""
    for section in packet.sections:
        if (section.step_id or "") == step_id:
            yield section.text
    for step in packet.steps:
        if step.step_id == step_id:
            yield from _step_texts(step)


def _texts(packet: Packet) -> Iterator[str]:
    yield from (section.text for section in packet.sections)
    for step in packet.steps:
        yield from _step_texts(step)


def _step_texts(step: Step) -> Iterator[str]:
    yield from (
        text for text in (step.output, step.command, step.new_text, step.old_text, step.path, step.text) if text
    )


def _place(step: Step) -> tuple[int, int, int, str]:
    return step.at_ns, _FIRST.get(step.kind, 2), step.ended_ns or 0, step.step_id


def _section(piece: Piece, redact: Callable[[str], str]) -> PacketSection:
    text = cut(redact(piece.text), piece.most, head=piece.head)
    return PacketSection(title=piece.title, step_id=piece.step_id, text=text)


def _within(wanted: Sequence[PacketSection], budget: int) -> tuple[tuple[PacketSection, ...], int]:
    """The sections that fit into so many bytes, in order, and the number of bytes left out."""
    kept, omitted = _fitted(wanted, budget)
    return _fitted(wanted, budget - _LEFT_OUT_BYTES) if omitted else (kept, 0)


def _fitted(wanted: Sequence[PacketSection], budget: int) -> tuple[tuple[PacketSection, ...], int]:
    kept: list[PacketSection] = []
    omitted = 0
    for section in wanted:
        room = budget - size(section.title) - size(section.step_id or "") - 16
        long = size(section.text)
        if long > room and room < _SMALLEST_PIECE:
            omitted += long
            continue
        fitting = section if long <= room else replace(section, text=cut(section.text, room, head=0.6))
        omitted += long - size(fitting.text)
        budget = room - size(fitting.text)
        kept.append(fitting)
    return tuple(kept), omitted


def _shortened(step: Step) -> Step:
    texts = (step.output, step.old_text, step.new_text, step.text)
    if all(text is None or size(text) <= _STEP_BYTES for text in texts):
        return step
    output, old_text, new_text, text = (None if one is None else cut(one, _STEP_BYTES, head=0.5) for one in texts)
    return replace(step, output=output, old_text=old_text, new_text=new_text, text=text)
