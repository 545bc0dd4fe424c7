"""opencode's sessions, messages and parts as Observations: the same objects lie in its exports and come by its events.

Every object carries its times in milliseconds. A part does not say whose message it is of: a person's words are told by
the message they stand in.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from collectors.collector import SessionFile
from collectors.opencode.tools import called, intervention_in, returned
from collectors.payload import Payload, parse_payload, storable_time
from sidecar.domain import (
    Channel,
    CorrectionKind,
    Intervention,
    LoadedRules,
    Observation,
    RulesSource,
    SessionId,
    StepId,
    StepKind,
    StepPart,
)

_NS_PER_MS = 1_000_000
_LOADED = re.compile(
    r"^Instructions from: ([^\n]+)\n(.*?)\n*(?=^Instructions from: |</system-reminder>)", re.DOTALL | re.MULTILINE
)
_STOPPED = "MessageAbortedError"
"""Name of the error of an answer that a person stopped."""
_FINISHED = frozenset({"completed", "error"})


def file_observations(file: SessionFile) -> list[Observation]:
    """What an export says: `{"info": session, "messages": [{"info": message, "parts": […]}]}`; nothing when cut."""
    content = parse_payload(file.text)
    if content is None or not content.is_object():
        return []
    seen = list(session_observations(file.session_id, content.at("info"), Channel.TRANSCRIPT))
    for message in content.items("messages"):
        info, parts = message.at("info"), list(message.items("parts"))
        seen += message_observations(file.session_id, info, parts, Channel.TRANSCRIPT)
        for part in parts:
            seen += part_observations(file.session_id, part, Channel.TRANSCRIPT)
    return seen


def session_observations(session_id: SessionId, info: Payload, channel: Channel) -> Iterator[Observation]:
    """The start that a session's own object tells of."""
    created_ns = milliseconds(info, "time", "created")
    if created_ns is None:
        return
    names = ("id", "directory", "version", *(("parentID",) if info.text("parentID") is not None else ()))
    known = {name: info.text(name) for name in names}
    yield Observation(
        session_id=session_id,
        key=f"{channel}/session/{Payload(known).digest()}",
        channel=channel,
        at_ns=created_ns,
        is_timed=True,
        is_activity=False,
        start_source="startup",
        agent_version=info.text("version"),
        cwd=info.text("directory"),
        is_subagent=True if info.text("parentID") is not None else None,
    )


def message_observations(
    session_id: SessionId, info: Payload, parts: list[Payload], channel: Channel
) -> Iterator[Observation]:
    """What a message says: a person's prompt with its words, or that the model was asked."""
    created_ns, message_id, role = milliseconds(info, "time", "created"), info.text("id"), info.text("role")
    if created_ns is None or message_id is None or role not in {"assistant", "user"}:
        return
    own = [part for part in parts if part.text("type") == "text" and not part.flag("synthetic")]
    text = "\n".join(words for part in own if (words := part.text("text"))) or None
    if role == "user" and text is None and channel is Channel.HOOK:
        return  # the event of a message comes without its words
    completed_ns = milliseconds(info, "time", "completed")
    step = StepPart(
        step_id=StepId(message_id),
        kind=StepKind.PROMPT if role == "user" else StepKind.MODEL_CALL,
        text=text,
        is_human=text is not None or not parts if role == "user" else None,
        started_ns=created_ns,
        ended_ns=completed_ns,
    )
    yield Observation(
        session_id=session_id,
        key=f"{channel}/message/{message_id}/{Payload([info.value, text]).digest()}",
        channel=channel,
        at_ns=completed_ns or created_ns,
        is_timed=True,
        model=info.text("modelID"),
        cwd=info.text("path", "root") or info.text("path", "cwd"),
        step=step,
        intervention=Intervention(kind=CorrectionKind.INTERRUPT) if info.text("error", "name") == _STOPPED else None,
    )


def part_observations(session_id: SessionId, part: Payload, channel: Channel) -> Iterator[Observation]:
    """What a part of a message says of a call of a tool; texts are told with their message."""
    call_id, state = part.text("callID"), part.at("state")
    started_ns, ended_ns = milliseconds(state, "time", "start"), milliseconds(state, "time", "end")
    at_ns = ended_ns or started_ns
    if part.text("type") != "tool" or call_id is None or at_ns is None:
        return
    steps = [replace(step, started_ns=started_ns) for step in called(call_id, part.text("tool"), state.at("input"))]
    if state.text("status") in _FINISHED:
        error = (state.text("error") or "error") if state.text("status") == "error" else None
        done = returned(steps, state.string("output"), state.at("metadata"), error)
        steps = [replace(step, ended_ns=ended_ns) for step in done]
    stepped_in = intervention_in(state.text("error")) if state.text("status") == "error" else None
    envelope = Observation(
        session_id=session_id,
        key=f"{channel}/part/{call_id}/{part.digest()}",
        channel=channel,
        at_ns=at_ns,
        is_timed=True,
        intervention=stepped_in,
    )
    yield from (replace(envelope, key=f"{envelope.key}/{n}", step=step) for n, step in enumerate(steps))
    rules = tuple(_loaded_rules(state))
    if rules:
        yield replace(envelope, key=f"{envelope.key}/rules", is_activity=False, rules=rules, intervention=None)


def _loaded_rules(state: Payload) -> Iterator[LoadedRules]:
    """The nested rules files that reading a file brought in, as the model was shown them."""
    for found in _LOADED.finditer(state.string("output") or ""):
        yield LoadedRules(path=found[1].strip(), text=f"{found[2]}\n", source=RulesSource.LOADED_TEXT)


def milliseconds(payload: Payload, *names: str) -> int | None:
    """The time at a path, in ns; None where it is none."""
    stated = payload.whole(*names)
    return None if stated is None else storable_time(stated * _NS_PER_MS)
