"""Codex's session files as Observations: `rollout-<time>-<session id>.jsonl`, one JSON object a line.

The format is unversioned and has changed often, so it is read tolerantly: a line that is cut, no JSON or of an unknown
kind says nothing. Only whether an end of a turn ends the session depends on another line, the first.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from collectors.codex.tools import called, command_text, refusal, returned
from collectors.collector import SessionFile
from collectors.payload import Payload, parse_payload, parse_time, storable_time
from sidecar.domain import (
    Channel,
    CorrectionKind,
    Intervention,
    LoadedRules,
    Observation,
    RulesSource,
    StepId,
    StepKind,
    StepPart,
)

_NS_PER_MS = 1_000_000
_RULES = re.compile(r"\A# AGENTS\.md instructions for ([^\n]+)\n+<INSTRUCTIONS>\n(.*?)\n?</INSTRUCTIONS>", re.DOTALL)
_PROJECT_PART = "--- project-doc ---"
"""Between a person's own instructions and the project's."""
_WRITTEN_BY_PROGRAM = re.compile(
    r"\A\s*(?:<[a-z_]+[ >]|# AGENTS\.md instructions(?: for |\n)|Another language model started to solve this problem"
    r"|You were originally given instructions from a user over one or more turns)"
)
"""Texts of role user that Codex wrote: the environment, an interruption, instructions; without a folder named, those
are a person's own alone."""
IDE_FRAME = re.compile(
    r"(# Context from my IDE setup:.*?^## My request for Codex:\s*)(.*)()\Z", re.DOTALL | re.MULTILINE
)
"""What an editor puts above a person's words."""
_CALLS = frozenset({"function_call", "custom_tool_call", "local_shell_call"})
_OUTPUTS = frozenset({"function_call_output", "custom_tool_call_output"})
_TURN_ENDS = {"task_complete": "completed", "turn_aborted": "interrupted"}


def file_observations(file: SessionFile) -> list[Observation]:
    """What a rollout says so far."""
    lines = [line for text in file.text.split("\n") if (line := parse_payload(text)) is not None and line.is_object()]
    is_headless = any(_is_headless(line.at("payload")) for line in lines if line.text("type") == "session_meta")
    calls = _calls(lines)
    return [seen for line in lines for seen in _line_observations(file, line, calls, is_headless=is_headless)]


def is_rules_text(text: str) -> bool:
    """Whether a text of role user is the project's AGENTS.md as it was shown, and nothing of a person's own."""
    return _RULES.match(text) is not None and _PROJECT_PART not in text


def is_written_by_program(text: str) -> bool:
    """Whether Codex wrote a text of role user."""
    return _WRITTEN_BY_PROGRAM.match(text) is not None


def _calls(lines: list[Payload]) -> dict[str, list[StepPart]]:
    """The Steps of each call by its id: a result does not say which tool it is of."""
    found: dict[str, list[StepPart]] = {}
    for payload in map(_item, lines):
        call_id = payload.text("call_id")
        if payload.text("type") in _CALLS and call_id is not None:
            found.setdefault(call_id, _called(call_id, payload))
    return found


def _called(call_id: str, payload: Payload) -> list[StepPart]:
    tool = payload.text("name") or payload.text("type")
    named = next((name for name in ("arguments", "input", "action") if payload.at(name).value is not None), "action")
    given = payload if named == "action" else payload.at(named)
    return called(call_id, tool, given)


def _item(line: Payload) -> Payload:
    """What a line holds; before 2025-09 the items stood in the lines themselves."""
    return line.at("payload") if line.at("payload").is_object() else line


def _is_headless(payload: Payload) -> bool | None:
    originator, source = payload.text("originator"), payload.text("source")
    if originator is None and source is None:
        return None
    return is_headless_originator(originator) or source in {"exec", "mcp"}


def is_headless_originator(originator: str | None) -> bool:
    """Whether the program that runs Codex has no person before it."""
    return (originator or "").startswith(("codex_exec", "codex_sdk"))


def _is_subagent(payload: Payload) -> bool | None:
    """Whether another thread of Codex began this one; None where nothing says so."""
    named = payload.text("source") or payload.text("thread_source") or ""
    is_told = named.startswith(("subagent", "sub_agent")) or payload.at("source", "subagent").value is not None
    return True if is_told else None


def _intervention(payload: Payload, kind: str | None) -> Intervention | None:
    """That a person stopped the turn, by the event or by what the model was told of it."""
    is_event = kind == "event_msg" and payload.text("type") == "turn_aborted"
    is_stopped = is_event and payload.text("reason") in {None, "interrupted"}
    is_told = payload.text("role") == "user" and any(text.startswith("<turn_aborted>") for text in _texts(payload))
    return Intervention(kind=CorrectionKind.INTERRUPT) if is_stopped or is_told else None


def _line_observations(
    file: SessionFile, line: Payload, calls: dict[str, list[StepPart]], *, is_headless: bool
) -> Iterator[Observation]:
    at_ns = parse_time(line.text("timestamp"))
    if at_ns is None:
        return
    payload, kind = _item(line), line.text("type")
    envelope = Observation(
        session_id=file.session_id,
        key=f"rollout/{line.digest()}",
        channel=Channel.TRANSCRIPT,
        at_ns=at_ns,
        is_timed=True,
        prompt_id=_turn_id(payload),
    )
    if kind == "session_meta" or (kind is None and payload.at("git").is_object()):
        yield _opening(envelope, payload, at_ns)
        return
    rules = tuple(_loaded_rules(payload))
    if rules:
        yield replace(envelope, key=f"{envelope.key}/rules", is_activity=False, rules=rules)
    if kind == "turn_context" and payload.text("model") is not None:
        yield replace(envelope, is_activity=False, model=payload.text("model"))
    stepped_in = _intervention(payload, kind)
    if stepped_in is not None:
        yield replace(envelope, key=f"{envelope.key}/stopped", intervention=stepped_in)
    is_event = kind == "event_msg"
    parts = list(_event_parts(payload) if is_event else _item_parts(payload, calls, at_ns))
    for number, part in enumerate(parts):
        yield replace(envelope, key=f"{envelope.key}/{number}", step=part, intervention=refusal(part))
    reason = _TURN_ENDS.get(payload.text("type") or "") if is_event and is_headless else None
    if reason is not None:
        yield replace(envelope, is_activity=False, end_reason=reason)


def _opening(envelope: Observation, payload: Payload, at_ns: int) -> Observation:
    return replace(
        envelope,
        at_ns=parse_time(payload.text("timestamp")) or at_ns,
        is_activity=False,
        start_source="startup",
        agent_version=payload.text("cli_version"),
        cwd=payload.text("cwd"),
        remote=payload.text("git", "repository_url"),
        branch=payload.text("git", "branch"),
        base_commit=payload.text("git", "commit_hash"),
        is_headless=_is_headless(payload),
        is_subagent=_is_subagent(payload),
    )


def _turn_id(payload: Payload) -> str | None:
    return payload.text("turn_id") or payload.text("internal_chat_message_metadata_passthrough", "turn_id")


def _texts(payload: Payload) -> list[str]:
    return [text for item in payload.items("content") if (text := item.text("text")) is not None]


def _loaded_rules(payload: Payload) -> Iterator[LoadedRules]:
    """The project's AGENTS.md as the model was shown it."""
    if payload.text("role") != "user":
        return
    for found in (_RULES.match(text) for text in _texts(payload)):
        if found is not None:
            text = found[2].rpartition(_PROJECT_PART)[2].strip("\n")
            path = f"{found[1].strip().rstrip('/')}/AGENTS.md"
            yield LoadedRules(path=path, text=f"{text}\n", source=RulesSource.LOADED_TEXT)


def _item_parts(payload: Payload, calls: dict[str, list[StepPart]], at_ns: int) -> Iterator[StepPart]:
    call_id, kind, role = payload.text("call_id"), payload.text("type"), payload.text("role")
    if kind in {None, "message"} and role == "user":
        words = [text for text in _texts(payload) if not is_written_by_program(text)]
        if words:
            step_id = StepId(_turn_id(payload) or payload.text("id") or f"prompt/{payload.digest()}")
            text = "\n".join(_own(text) for text in words)
            yield StepPart(step_id=step_id, kind=StepKind.PROMPT, text=text, is_human=True, started_ns=at_ns)
    elif kind in {None, "message"} and role == "assistant":
        step_id = StepId(payload.text("id") or f"answer/{payload.digest()}")
        text = "\n".join(_texts(payload)) or None
        yield StepPart(step_id=step_id, kind=StepKind.MODEL_CALL, text=text, started_ns=at_ns)
    elif kind in _CALLS and call_id is not None:
        yield from (replace(part, started_ns=at_ns) for part in _called(call_id, payload))
    elif kind in _OUTPUTS and call_id is not None:
        parts = calls.get(call_id) or [StepPart(step_id=StepId(call_id), kind=StepKind.TOOL_CALL)]
        yield from (replace(part, ended_ns=at_ns) for part in returned(parts, payload.at("output")))


def _own(text: str) -> str:
    """A person's words without what an editor put above them."""
    framed = IDE_FRAME.match(text)
    return framed[2].rstrip() if framed else text


def _event_parts(payload: Payload) -> Iterator[StepPart]:
    """A command as Codex itself saw it end: the one place where its exit code is a number."""
    item = payload.at("item") if payload.text("type") == "item_completed" else payload
    call_id = item.text("id") or item.text("call_id")
    is_command = item.text("type") in {"CommandExecution", "exec_command_end"}
    exit_code = item.whole("exit_code")
    if not is_command or call_id is None or exit_code is None:
        return
    yield StepPart(
        step_id=StepId(call_id),
        kind=StepKind.TOOL_CALL,
        command=command_text(item.at("command")),
        output=item.string("aggregated_output"),
        exit_code=exit_code,
        is_success=exit_code == 0,
        started_ns=_milliseconds(payload, "started_at_ms"),
        ended_ns=_milliseconds(payload, "completed_at_ms"),
    )


def _milliseconds(payload: Payload, name: str) -> int | None:
    stated = payload.whole(name)
    return None if stated is None else storable_time(stated * _NS_PER_MS)
