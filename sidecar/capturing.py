"""Reduces what arrives to the capture level in force, before anything of it is written.

Below `full` a message is kept member by member, as its agent's table says; a line or an attribute that no table knows
is dropped and counted. Raw bytes are never kept because they could not be read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import orjson

from collectors.collector import HookMessage
from collectors.payload import Payload
from collectors.registry import COLLECTORS, collector
from sidecar import otlp
from sidecar.capture import FileForm, JsonObject, JsonValue, Node, Reduction, reduce_json
from sidecar.domain import AgentName, CaptureLevel, Matter, ProjectId, SessionKey, TeamId, strictest
from sidecar.errors import DecodeError
from sidecar.json_body import decode_json
from sidecar.sessions import project_of

MAX_KNOWN = 10_000
"""Sessions whose project is remembered; the rest is looked up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureLevels:
    """The level of each project, as configured."""

    default: CaptureLevel
    """Of projects without a level of their own."""
    by_project: Mapping[ProjectId, CaptureLevel]
    """Of every project with settings."""

    @property
    def strictest(self) -> CaptureLevel:
        """What holds while it is not known of which project a message is."""
        return strictest([self.default, *self.by_project.values()])

    def of(self, project: ProjectId | None) -> CaptureLevel:
        """The level of a project; None where it is not known."""
        return self.strictest if project is None else self.by_project.get(project, self.default)


class Reductions:
    """Finds how a message is to be reduced; made once for all ports of a process."""

    def __init__(
        self,
        levels: CaptureLevels,
        keyed_hash: Callable[[str], str],
        project_of_session: Callable[[SessionKey], ProjectId | None],
    ) -> None:
        """Bind the levels.

        Args:
            project_of_session: What is stored of a session's project; asked only where levels differ.
        """
        self._reductions = {level: Reduction(level=level, keyed_hash=keyed_hash) for level in CaptureLevel}
        self._levels = levels
        self._is_one = len({levels.default, *levels.by_project.values()}) == 1
        self._project_of_session = project_of_session
        self._known: dict[SessionKey, ProjectId] = {}
        self.exports = export_reducer(self.unknown())
        """For OTLP requests, of which nobody can tell the project: one may hold those of many."""

    def unknown(self) -> Reduction:
        """For a message of which nobody can tell the project."""
        return self._reductions[self._levels.strictest]

    def of_session(self, key: SessionKey) -> Reduction:
        """For a message of a session."""
        return self._reductions[self._levels.strictest if self._is_one else self._levels.of(self._project(key))]

    def of_file(self, key: SessionKey, remote: str | None) -> Reduction:
        """For a session file: by what is known of its session, else by the repository that its sender measured.

        Args:
            remote: As measured; None where it was not.
        """
        if not self._is_one and remote is not None and self._project(key) is None:
            project = project_of(remote)
            if project is not None:
                self._remember(key, project)
        return self.of_session(key)

    def of_hook(self, team: TeamId, agent: AgentName, sent: JsonObject) -> Reduction:
        """For a hook: by the repository that our start hook measured, else by what is known of its session.

        Args:
            sent: The agent's JSON, or our start hook's with it inside.
        Raises:
            DecodeError: it names no session.
        """
        if self._is_one:
            return self.unknown()
        body = Payload(sent)
        hook = body.at("hook") if body.at("hook").is_object() else body
        message = HookMessage(body=cast("JsonObject", hook.value), observed_ns=0, is_timed=True, last_observed_ns=0)
        (first, *_) = collector(agent).hook_observations(message)
        key = SessionKey(team=team, agent=agent, session_id=first.session_id)
        remote = body.text("repository", "remote")
        project = None if remote is None else project_of(remote)
        if project is not None:
            self._remember(key, project)
        return self.of_session(key)

    def _project(self, key: SessionKey) -> ProjectId | None:
        project = self._known.get(key)
        if project is None and (project := self._project_of_session(key)) is not None:
            self._remember(key, project)
        return project

    def _remember(self, key: SessionKey, project: ProjectId) -> None:
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[key] = project


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A session file's piece as it is kept."""

    body: bytes
    dropped: int
    """Lines of which nothing is kept: of unknown kinds, cut, or no JSON."""


_ENVELOPE: Node = {
    "observed_ns": Matter.FRAME,
    "repository": {"remote": Matter.FRAME, "head": Matter.FRAME, "branch": Matter.FRAME},
    "rules": {"path": Matter.FRAME, "sha": Matter.FRAME},
}
"""What our start hook puts beside the agent's JSON; the paths of rules files are names of the agent's, not work."""


def capture_hook(agent: AgentName, sent: JsonObject, reduction: Reduction) -> JsonObject:
    """What is kept of an agent's hook, or of our start hook's envelope with the agent's hook in it."""
    if not reduction.is_needed:
        return sent
    hook = sent.get("hook")
    fields = collector(agent).fields.hook
    if isinstance(hook, Mapping):
        return {**_object(sent, _ENVELOPE, reduction), "hook": _object(hook, fields, reduction)}
    return _object(sent, fields, reduction)


def capture_file(agent: AgentName, part: str, piece: bytes, reduction: Reduction) -> Captured:
    """What is kept of a piece of a session file.

    Raises:
        DecodeError: its last line is cut; or the file is one JSON document, and this piece is not the whole of it.
    """
    if not reduction.is_needed:
        return Captured(body=piece, dropped=0)
    fields = collector(agent).fields
    if fields.form is FileForm.LINES:
        last = piece.rpartition(b"\n")[2]
        if last.strip() and _json(last) is None:
            # half a line could only be dropped, and its sender would think it stored
            raise DecodeError(
                f"transcript of {agent}: the last line is cut; at capture level {reduction.level} files are taken in "
                "whole lines: send up to the last line break, and the rest with the next piece"
            )
        return _captured_lines(piece, fields.part(part), reduction)
    value = _json(piece)
    if not isinstance(value, Mapping):
        raise DecodeError(
            f"transcript of {agent}: at capture level {reduction.level} the file {part!r} is taken whole only, as one "
            'JSON object; send all of it with offset=0, or set capture.level = "full"'
        )
    return Captured(body=orjson.dumps(_object(value, fields.part(part), reduction)), dropped=0)


def _captured_lines(piece: bytes, node: Node, reduction: Reduction) -> Captured:
    lines: list[bytes] = []
    dropped = 0
    for line in piece.split(b"\n"):
        if not line.strip():
            continue
        value = _json(line)
        kept = _object(value, node, reduction)
        if kept:
            lines.append(orjson.dumps(kept))
        else:
            dropped += 1
    # never empty: a piece of which nothing is kept was received all the same
    return Captured(body=b"\n".join(lines) + b"\n", dropped=dropped)


def export_reducer(reduction: Reduction) -> otlp.Reducer:
    """What reduces OTLP requests to a level, by the tables of all agents."""
    return otlp.Reducer(attributes_of, reduction)


def attributes_of(service_name: str) -> Mapping[str, Node]:
    """The table of the agent that claims a service; empty where none does."""
    for name in COLLECTORS:
        one = collector(name)
        if one.claims(service_name):
            return one.fields.attributes
    return {}


def _object(value: JsonValue, node: Node, reduction: Reduction) -> JsonObject:
    """What is kept of an object; empty where that is nothing, or it is none."""
    kept = reduce_json(value, node, reduction) if isinstance(value, Mapping) else None
    return cast("JsonObject", kept) if isinstance(kept, Mapping) else {}


def _json(text: bytes) -> JsonValue:
    """The value; None when it is cut or no JSON."""
    try:
        return cast("JsonValue", decode_json(text))
    except DecodeError:
        return None
