"""Takes the result out of a packet: by where a word comes from first, and by the word itself second.

What tests, commands and people said of the work goes whole: no list of words holds every way to say that it went well.
So does which commands failed and which worked later; of the last test run the command stays, as nearly every session
has one.

What a person said before the last change stays, as it cannot speak of the result; then every word and sign by which
results are told is taken out of what is left, code included.
"""

import re
from collections.abc import Iterator

from judges.packet import render_packet
from judges.sections import (
    EDIT,
    HUMAN_EDIT,
    INTERRUPTED,
    LAST_TEST_RUN,
    PATHS,
    TASK,
    USER_SAID,
)
from sidecar.domain import Packet, PacketSection, StepId

HIDDEN = "…"
"""No longer than any word it stands for, so that a packet does not outgrow its budget."""
COMMAND = "command"
_AS_SHOWN = frozenset({TASK, EDIT, PATHS})
_BEFORE_THE_END = frozenset({USER_SAID, INTERRUPTED, HUMAN_EDIT})
"""Shown where it happened before the last change."""
_LEAST_MESSAGE = 8
"""Characters; a shorter message of a test is no more telling than other words."""
_WORDS = re.compile(
    r"(?<![a-z])(?:"
    r"code[_ -]?fail(?:ed|ure)?|pass(?:es|ed|ing)|fail(?:s|ed|ing|ure|ures)?|errored|skipped|xfail(?:ed)?|xpass(?:ed)?"
    r"|succe(?:ss|sses|ssful|ssfully|ed|eds|eded)|work(?:s|ed)|broken|breaks|no result"
    r"|exit(?:ed|s)?(?: with)?[ _-]?(?:code|status)?[ :=]*-?\d+|return ?code[ :=]*-?\d+|rc[ :=]+-?\d+"
    r"|(?<!\d)\d+[ ]?(?:errors?|warnings?|ok|tests?|assertions?|examples?|specs?)|errors?[ ]?[:=][ ]?\d+"
    r"|(?:not )?ok(?=[ \t]+\d)|all green|(?:is|are|was|were|went|stay|stays|turned) (?:green|red)"
    r")(?![a-z])|[✓✔✅☑✗✘❌✖]",
    re.IGNORECASE,
)
_LOUD = re.compile(r"(?<![A-Za-z_])(?:ERRORS?|OK|PASS|FAIL|GREEN|RED)(?![A-Za-z_])")
_PASS = re.compile(r"(?<![a-z])pass(?![a-z])", re.IGNORECASE)
_STATEMENT = re.compile(r"^[+-]?\s*(?:[^#'\"]*:)?\s*pass\s*(?:#.*)?$")
"""The word of Python that does nothing; it tells nothing either."""


def render_blind(packet: Packet) -> str:
    """The packet as text without its result; empty where no change can be shown."""
    sections = tuple(_shown(packet))
    if not any(section.title == EDIT for section in sections):
        return ""
    bare = Packet(
        session=packet.session,
        session_revision=packet.session_revision,
        label=packet.label,
        sections=sections,
        steps=(),
        omitted_tokens=0,
    )
    messages = [_first_line(test.message or "") for test in packet.tests]
    said = frozenset(message for message in messages if len(message) >= _LEAST_MESSAGE)
    return "\n".join(_hidden(line, said) for line in render_packet(bare).split("\n"))


def _shown(packet: Packet) -> Iterator[PacketSection]:
    at = {step.step_id: place for place, step in enumerate(packet.steps)}
    commands = {step.step_id: step.command for step in packet.steps}
    last_change = max((place for place, step in enumerate(packet.steps) if step.is_write), default=-1)
    for section in packet.sections:
        step_id = section.step_id or StepId("")
        if section.title in _AS_SHOWN or (
            section.title in _BEFORE_THE_END and at.get(step_id, last_change) < last_change
        ):
            yield section
        elif section.title == LAST_TEST_RUN and (command := commands.get(step_id)) and f"$ {command}" in section.text:
            yield PacketSection(title=COMMAND, step_id=section.step_id, text=f"$ {command}")


def _hidden(line: str, said: frozenset[str]) -> str:
    if any(message in line for message in said):
        return HIDDEN
    line = _LOUD.sub(HIDDEN, _WORDS.sub(HIDDEN, line))
    return line if _STATEMENT.match(line) else _PASS.sub(HIDDEN, line)


def _first_line(message: str) -> str:
    return next(iter(message.strip().splitlines()), "").strip()
