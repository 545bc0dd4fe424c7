"""Claude Code's transcripts as Observations: one JSON object a line, format unversioned, so read tolerantly.

A line that is cut, no JSON, or of an unknown kind says nothing. A line's Observations depend on that line alone, so
pieces of the file may be read in any order, with others missing.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from collectors.claude_code.prompts import (
    commanded,
    interruption,
    intervention_in,
    is_interruption,
    is_notification,
    is_written_by_program,
    own_words,
    prompted,
)
from collectors.claude_code.tools import (
    called,
    is_numbered,
    shown_text,
    split_failure,
    structured_output,
    without_line_numbers,
)
from collectors.collector import SessionFile
from collectors.payload import Payload, parse_payload, parse_time
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

_CURRENT_BRANCH = re.compile(r"^Current branch: (\S+)$", re.MULTILINE)
_MAIN_BRANCH = re.compile(r"^Main branch \(.*\): (\S+)$", re.MULTILINE)
_NEWEST_COMMIT = re.compile(r"^Recent commits:\n([0-9a-f]{7,64})\b", re.MULTILINE)
_MAIN_PART = "main"


def file_observations(file: SessionFile) -> list[Observation]:
    """What a transcript says so far."""
    lines = (parse_payload(text) for text in file.text.split("\n"))
    return [seen for line in lines if line is not None for seen in _line_observations(file, line)]


def _line_observations(file: SessionFile, line: Payload) -> Iterator[Observation]:
    at_ns = parse_time(line.text("timestamp"))
    if at_ns is None:
        return
    envelope = _envelope(file, line, at_ns)
    match line.text("type"):
        case "assistant":
            parts = _assistant_parts(line, at_ns)
        case "user":
            yield from _user_observations(line, envelope)
            return
        case "attachment":
            yield from _attachment(file, line, envelope)
            return
        case _:
            return
    agent_id = line.text("agentId")
    numbered = enumerate(replace(part, agent_id=agent_id) for part in parts)
    steps = [replace(envelope, key=f"{envelope.key}/{number}", step=part) for number, part in numbered]
    yield from steps or [envelope]


def _user_observations(line: Payload, envelope: Observation) -> Iterator[Observation]:
    """What tools gave back, a prompt, or that a person stopped the agent."""
    content, agent_id = line.at("message", "content"), line.text("agentId")
    results = [block for block in content.items() if block.text("type") == "tool_result"]
    told = [
        (replace(part, agent_id=agent_id), _intervention(line, block))
        for block in results
        for part in _result_parts(line, block, envelope.at_ns)
    ]
    words = own_words(content)
    if not results and words is not None:
        if is_interruption(words):
            yield replace(envelope, intervention=interruption())
            return
        told = [
            (replace(part, agent_id=agent_id, started_ns=envelope.at_ns), None) for part in _prompt_parts(line, words)
        ]
    if not told:
        yield envelope
    for number, (part, stepped_in) in enumerate(told):
        yield replace(envelope, key=f"{envelope.key}/{number}", step=part, intervention=stepped_in)


def _envelope(file: SessionFile, line: Payload, at_ns: int) -> Observation:
    entrypoint = line.text("entrypoint")
    branch = line.text("gitBranch")
    return Observation(
        session_id=file.session_id,
        key=f"transcript/{line.text('uuid') or line.digest()}",
        channel=Channel.TRANSCRIPT,
        at_ns=at_ns,
        is_timed=True,
        is_activity=line.text("type") != "attachment" and line.flag("isMeta") is not True,
        agent_version=line.text("version"),
        model=_model(file, line),
        # A sub-agent may work in a work tree of its own. HEAD is no branch: so a detached one is shown.
        cwd=line.text("cwd") if file.part == _MAIN_PART else None,
        branch=branch if file.part == _MAIN_PART and branch != "HEAD" else None,
        is_headless=None if entrypoint is None else entrypoint.startswith("sdk"),
        prompt_id=line.text("promptId"),
    )


def _model(file: SessionFile, line: Payload) -> str | None:
    """The model that the main agent runs on; what the program answered itself names none."""
    named = line.text("message", "model") if file.part == _MAIN_PART and not line.flag("isSidechain") else None
    return None if named is None or named.startswith("<") else named


def _assistant_parts(line: Payload, at_ns: int) -> Iterator[StepPart]:
    """The model call that wrote the line, with the line's text, and a tool call for each use of a tool.

    A request has a line for each block of its answer; merging puts their texts together.
    """
    request = line.text("requestId") or line.text("message", "id") or line.text("uuid") or line.digest()
    blocks = list(line.items("message", "content"))
    texts = [text for block in blocks if block.text("type") == "text" and (text := block.text("text"))]
    text = "\n".join(texts) or None
    yield StepPart(step_id=StepId(request), kind=StepKind.MODEL_CALL, text=text, started_ns=at_ns)
    for block in blocks:
        tool_use_id = block.text("id")
        if block.text("type") == "tool_use" and tool_use_id is not None:
            yield replace(called(tool_use_id, block.text("name"), block.at("input")), started_ns=at_ns)


def _intervention(line: Payload, block: Payload) -> Intervention | None:
    """What a result tells of a person who refused, stopped or changed the call."""
    if block.flag("is_error"):
        return intervention_in(shown_text(block.at("content")) or "")
    structured = line.at("toolUseResult")
    if structured.flag("userModified"):
        return Intervention(kind=CorrectionKind.HUMAN_EDIT)
    return interruption() if structured.flag("interrupted") else None


def _prompt_parts(line: Payload, words: str) -> Iterator[StepPart]:
    given = commanded(words)
    if given is not None:
        yield _prompt(line, given)
    elif not line.flag("isMeta") and not line.flag("isCompactSummary") and not is_written_by_program(words):
        yield _prompt(line, words)


def _prompt(line: Payload, prompt: str) -> StepPart:
    uuid = line.text("uuid") or line.digest()
    if line.flag("isSidechain"):
        # What the main agent told its sub-agent.
        return StepPart(step_id=StepId(uuid), kind=StepKind.PROMPT, text=prompt, is_human=False)
    return prompted(line.text("promptId") or uuid, prompt)


def _result_parts(line: Payload, block: Payload, at_ns: int) -> Iterator[StepPart]:
    tool_use_id = block.text("tool_use_id")
    if tool_use_id is None:
        return
    part = StepPart(step_id=StepId(tool_use_id), kind=StepKind.TOOL_CALL, ended_ns=at_ns)
    structured = line.at("toolUseResult")
    text = shown_text(block.at("content")) or ""
    if structured.text("backgroundTaskId"):
        yield replace(part, ended_ns=None)  # it runs on: neither its output nor its success is known
    elif block.flag("is_error"):
        exit_code, output = split_failure(text)
        yield replace(part, output=output, exit_code=exit_code, is_success=False)
    else:
        is_success = not structured.flag("interrupted")
        exit_code = 0 if is_success and structured.string("stdout") is not None else None
        yield replace(part, output=_output(structured, text), exit_code=exit_code, is_success=is_success)


def _output(structured: Payload, shown: str) -> str:
    """What came back: whole from the structured form, which sub-agents' results do not have, else as it was shown."""
    output = structured_output(structured)
    if output is not None:
        return output
    return without_line_numbers(shown) if structured.value is None and is_numbered(shown) else shown


def _attachment(file: SessionFile, line: Payload, envelope: Observation) -> Iterator[Observation]:
    attachment = line.at("attachment")
    match attachment.text("type"):
        case "instructions":
            rules = tuple(rule for item in attachment.items("files") for rule in _project_rules(item))
            yield replace(envelope, rules=rules)
        case "nested_memory":
            yield replace(envelope, rules=tuple(_project_rules(attachment.at("content"))))
        case "session_context":
            # A sub-agent's context is of its own start, when commits may have been made.
            if file.part == _MAIN_PART:
                yield _with_git_status(envelope, attachment.text("context", "gitStatus") or "")
        case "queued_command":
            prompt = attachment.text("prompt")
            if prompt is not None:
                queued = "queued/" + Payload(prompt.strip()).digest()
                part = replace(prompted(queued, prompt), started_ns=envelope.at_ns)
                yield replace(envelope, is_activity=not is_notification(prompt), step=part)
        case "edited_text_file":
            edit = Intervention(kind=CorrectionKind.HUMAN_EDIT, path=attachment.text("filename"), is_certain=False)
            yield replace(envelope, intervention=edit)
        case _:
            return


def _project_rules(item: Payload) -> Iterator[LoadedRules]:
    """The file where it is the project's own; personal ones (User, Local) are nobody's business."""
    path, content = item.text("path"), item.string("content")
    if item.text("type") != "Project" or path is None or content is None:
        return
    if not path.replace("\\", "/").endswith("/CLAUDE.local.md"):
        yield LoadedRules(path=path, text=content, source=RulesSource.LOADED_TEXT)


def _with_git_status(envelope: Observation, status: str) -> Observation:
    branch, main, commit = (pattern.search(status) for pattern in (_CURRENT_BRANCH, _MAIN_BRANCH, _NEWEST_COMMIT))
    return replace(
        envelope,
        branch=branch[1] if branch else envelope.branch,
        default_branch=main[1] if main else None,
        base_commit=commit[1] if commit else None,
    )
