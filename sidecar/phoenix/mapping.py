"""A Session as OTLP spans with OpenInference attributes: a trace for each turn, a span for each step. Pure.

Ids are hashes of the session and the step, so that sending again adds nothing. Phoenix keeps the first it gets of an
id, so what can change later (label, verdicts) is not here but in annotating.py. Attribute names: OpenInference
semantic conventions 0.1, https://github.com/Arize-ai/openinference/tree/main/spec.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from sidecar.capture import shown_words
from sidecar.domain import LOCAL_TEAM, ProjectId, Rule, RuleId, Session, SessionKey, Step, StepKind, TeamId
from sidecar.phoenix.values import JSON, PLAIN, at, attributes, clean, json_text, shortened
from sidecar.rules import active_rules

UNASSIGNED = "unassigned"
_START = "start"
"""Stands for the prompt of steps that came before any prompt."""
_NO_NAME = re.compile(r"[/?#]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What an agent did for one prompt."""

    prompt: Step | None
    """None for what came before the first one."""
    steps: tuple[Step, ...]
    """In time order, without the prompt."""

    @property
    def name(self) -> str:
        """What the turn's ids are made from."""
        return str(self.prompt.step_id) if self.prompt else _START


def phoenix_project(team: TeamId, project: ProjectId | None) -> str:
    """Name of the Phoenix project for a repository: `host:owner:name`, as its interface takes no slash in names."""
    name = _NO_NAME.sub(":", clean(project or UNASSIGNED))
    return name if team == LOCAL_TEAM else f"{name}@{_NO_NAME.sub(':', clean(team))}"


def phoenix_session(key: SessionKey) -> str:
    """Id of the session in Phoenix: the agent's own, which is how people know it."""
    name = clean(key.session_id).strip() or UNASSIGNED
    return name if key.team == LOCAL_TEAM else f"{name}@{clean(key.team)}"


def active_rule_ids(session: Session, rules_by_sha: Mapping[str, Sequence[Rule]]) -> tuple[RuleId, ...] | None:
    """Ids of our rules that the session had loaded, sorted; None where its rules version is not known.

    Args:
        rules_by_sha: Our rules in every rules file seen, by git blob hash.
    """
    if session.rules_version is None:
        return None
    known = [rule for rules in rules_by_sha.values() for rule in rules]
    found: set[RuleId] = set()
    for file in session.rules:
        rules = rules_by_sha.get(file.sha or "")
        found |= {rule.rule_id for rule in (active_rules([file], known) if rules is None else rules)}
    return tuple(sorted(found))


def turns(session: Session) -> list[Turn]:
    """The session cut at the prompts of its main agent; at least one turn."""
    found: list[tuple[Step | None, list[Step]]] = []
    for step in session.steps:
        if step.kind is StepKind.PROMPT and step.agent_id is None:
            found.append((step, []))
        elif not found:
            found.append((None, [step]))
        else:
            found[-1][1].append(step)
    return [Turn(prompt=prompt, steps=tuple(steps)) for prompt, steps in found or [(None, [])]]


def root_span_ids(session: Session) -> list[str]:
    """Hex ids of the turns' root spans, in order."""
    return [_id(session.key, "root", turn.name, size=8).hex() for turn in turns(session)]


def session_spans(session: Session, rules: Sequence[RuleId] | None) -> list[Span]:
    """All spans of a session, each turn's root before its steps.

    Args:
        rules: Ids of our active rules; None where that is not known.
    """
    about = _about(session, rules)
    return [span for turn in turns(session) for span in _turn_spans(session, turn, about)]


def span_request(project: str, spans: Sequence[Span]) -> ExportTraceServiceRequest:
    """One OTLP request with these spans for one Phoenix project."""
    resource = {"service.name": "agent-sidecar", "openinference.project.name": project}
    scope = ScopeSpans(scope=InstrumentationScope(name="agent-sidecar"), spans=spans)
    return ExportTraceServiceRequest(
        resource_spans=[ResourceSpans(resource=Resource(attributes=attributes(resource)), scope_spans=[scope])]
    )


def _about(session: Session, rules: Sequence[RuleId] | None) -> str | None:
    """What a session is filtered by in Phoenix, such as `metadata['rules_version'] == '…'`."""
    version = session.rules_version
    return json_text(
        {
            "project": session.project,
            "task": session.task,
            "branch": session.branch,
            "base_commit": session.base_commit,
            "head_commit": session.head_commit,
            "agent": session.key.agent,
            "agent_version": session.agent_version,
            "rules_version": version.value if version else None,
            "rules_source": version.source.value if version else None,
            "rules": None if rules is None else list(rules),
            "is_headless": session.is_headless,
            "end_reason": session.end_reason,
        }
    )


def _turn_spans(session: Session, turn: Turn, about: str | None) -> list[Span]:
    trace = _id(session.key, "trace", turn.name, size=16)
    root = _id(session.key, "root", turn.name, size=8)
    return [
        _root(session, turn, trace, root, about),
        *(_step_span(session, step, trace, root) for step in turn.steps),
    ]


def _root(session: Session, turn: Turn, trace: bytes, root: bytes, about: str | None) -> Span:
    begin_ns = turn.prompt.at_ns if turn.prompt else min((s.at_ns for s in turn.steps), default=session.started_ns)
    end_ns = max((step.ended_ns or step.at_ns for step in turn.steps), default=begin_ns)
    asked = shortened(shown_words(turn.prompt.text)) if turn.prompt and turn.prompt.text else None
    said = {
        **_common(session, "AGENT"),
        "agent.name": session.key.agent,
        "metadata": about,
        **_value("input", asked),
        **_value("output", shortened(_ending(turn.steps))),
    }
    return _span(_Place(trace=trace, span=root), f"{session.key.agent} turn", begin_ns, end_ns, said)


def _ending(steps: Sequence[Step]) -> str | None:
    """The agent's last words; where they were not kept, its last command and how that ended."""
    own = [step for step in steps if step.agent_id is None]
    words = next((step.text for step in reversed(own) if step.kind is StepKind.MODEL_CALL and step.text), None)
    run = next((step for step in reversed(own) if step.command), None)
    if words is not None or run is None:
        return words
    ended = "" if run.exit_code is None else f"\nexit code {run.exit_code}"
    return f"$ {run.command}{ended}"


def _step_span(session: Session, step: Step, trace: bytes, root: bytes) -> Span:
    name, kind, said = _said(step)
    metadata = json_text({"step": step.kind.value, "exit_code": step.exit_code, "sub_agent": step.agent_id})
    values = {**_common(session, kind), "metadata": metadata, **said}
    place = _Place(trace=trace, span=_id(session.key, "step", step.step_id, size=8), parent=root)
    span = _span(place, name, step.at_ns, step.ended_ns, values)
    if step.is_success is not None:
        failed = "failed" if step.exit_code is None else f"exit code {step.exit_code}"
        code = Status.STATUS_CODE_OK if step.is_success else Status.STATUS_CODE_ERROR
        span.status.CopyFrom(Status(code=code, message="" if step.is_success else failed))
    return span


def _said(step: Step) -> tuple[str, str, dict[str, str | None]]:
    """Name, OpenInference kind and attributes of a step by what it was."""
    text = None if step.text is None else shortened(shown_words(step.text))
    if step.kind is StepKind.MODEL_CALL:
        message = "llm.output_messages.0.message"
        role = {f"{message}.role": "assistant", f"{message}.content": text} if text else {}
        return "model call", "LLM", {**_value("output", text), **role}
    if step.kind is StepKind.PROMPT:
        return "sub-agent prompt", "CHAIN", _value("input", text)
    asked = step.command if step.command is not None else _arguments(step)
    mime = PLAIN if step.command is not None else JSON
    said = {
        "tool.name": step.tool,
        **_value("input", shortened(asked), mime),
        **_value("output", shortened(step.output)),
    }
    return step.tool or step.kind.value, "TOOL", said


def _arguments(step: Step) -> str | None:
    return json_text({"path": step.path, "old_text": shortened(step.old_text), "new_text": shortened(step.new_text)})


def _common(session: Session, kind: str) -> dict[str, str | None]:
    return {
        "openinference.span.kind": kind,
        "session.id": phoenix_session(session.key),
        "user.id": session.person,
    }


def _value(side: str, text: str | None, mime: str = PLAIN) -> dict[str, str | None]:
    return {} if text is None else {f"{side}.value": text, f"{side}.mime_type": mime}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a span stands."""

    trace: bytes
    span: bytes
    parent: bytes = b""
    """Empty for the first of its trace."""


def _span(place: _Place, name: str, begin_ns: int, end_ns: int | None, said: Mapping[str, str | None]) -> Span:
    return Span(
        trace_id=place.trace,
        span_id=place.span,
        parent_span_id=place.parent,
        name=clean(name),
        kind=Span.SPAN_KIND_INTERNAL,
        start_time_unix_nano=at(begin_ns),
        end_time_unix_nano=max(at(begin_ns), at(end_ns or begin_ns)),
        attributes=attributes(said),
        status=Status(),
    )


def _id(key: SessionKey, what: str, name: str, *, size: int) -> bytes:
    """Bytes that stand for one act of one session, the same every time; never all zero in practice."""
    text = "\0".join((key.team, key.agent, key.session_id, what, name))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:size]
