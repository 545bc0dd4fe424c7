"""Checks of what arrived, from the store: channels, repository, outcome, rules; and how far the first lesson is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.doctor.finding import Finding, ok, problem, unchecked
from sidecar.domain import LOCAL_TEAM, Channel, Label, ProjectId, RulesSource, SessionKey, SessionState
from sidecar.installation import Installation
from sidecar.rules import rules_version
from sidecar.sessions.ending import IDLE
from sidecar.store import StoredSession

_LOOKED_AT = 500
"""Newest sessions."""
_HEARD_OUT = 50
"""Newest sessions of an agent whose channels are looked at: each is read whole for it."""
_SETTLED_LABELS = (Label.PASS, Label.CODE_FAIL)
_LIVE = frozenset({Channel.HOOK, Channel.OTLP})
"""What only a session that was listened to has; a session file may have been imported any time later."""
_CHANNELS = {
    "claude_code": {Channel.HOOK: "hooks", Channel.TRANSCRIPT: "session file", Channel.OTLP: "OTLP"},
    "cline": {Channel.HOOK: "hooks", Channel.TRANSCRIPT: "session file"},
}
"""What should have come of a session; Cline's telemetry cannot be redirected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A session of this machine."""

    stored: StoredSession
    is_learned_from: bool
    """It is of a project that sidecar.toml names."""


def newest_sessions(installation: Installation) -> list[Arrived]:
    """The sessions of this machine that are looked at, newest first."""
    projects = frozenset(installation.projects_of(LOCAL_TEAM))
    return [
        Arrived(stored=one, is_learned_from=one.session.project in projects)
        for one in installation.store.sessions(LOCAL_TEAM, limit=_LOOKED_AT)
    ]


def first_day_line(arrived: Sequence[Arrived], min_tasks: int) -> str:
    """How far the first lesson is, in one line."""
    settled = [one for one in arrived if one.stored.session.state is SessionState.SETTLED]
    missing = tasks_missing([one.stored for one in settled if one.is_learned_from], min_tasks)
    sessions = f"{len(arrived)} session{'s' if len(arrived) != 1 else ''}, {len(settled)} settled"
    others = sum(not one.is_learned_from for one in arrived)
    are, do = ("is", "does") if others == 1 else ("are", "do")
    counted = f"; {others} of them {are} of no project that sidecar.toml names and {do} not count" if others else ""
    if not missing:
        return f"{sessions}, enough tasks for a lesson; it needs {min_tasks} that teach the same{counted}"
    return f"{sessions}, {missing} more task{'s' if missing != 1 else ''} until a lesson is possible{counted}"


def tasks_missing(settled: Sequence[StoredSession], min_tasks: int) -> int:
    """How many more tasks the project needs that is nearest to its first lesson."""
    tasks: dict[ProjectId, set[str]] = {}
    for one in settled:
        if one.session.project is not None and one.session.task is not None:
            tasks.setdefault(one.session.project, set()).add(one.session.task)
    return max(0, min_tasks - max((len(found) for found in tasks.values()), default=0))


def check_sessions(installation: Installation, agent: str) -> list[Finding]:
    """What the newest session of an agent proves that was listened to while it ran; imported ones prove less."""
    newest = newest_sessions(installation)
    found = [one.stored for one in newest if one.stored.session.key.agent == agent]
    hop = f"{agent}: sessions arrive"
    if not found:
        return [unchecked(hop, "none is stored yet", "run one session of it, then doctor again")]
    heard = {one.session.key: _channels_of(installation, one.session.key) for one in found[:_HEARD_OUT]}
    live = [one for one in found[:_HEARD_OUT] if heard[one.session.key] & _LIVE]
    imported = [one for one in found[:_HEARD_OUT] if not heard[one.session.key] & _LIVE]
    findings = [
        *([_channels(live[0], heard[live[0].session.key], agent), _repository(live[0], agent)] if live else []),
        *([_imported(imported, len(heard), agent)] if imported else []),
        _outcomes(found, agent),
        _rules(installation, live or found, agent, is_live=bool(live)),
    ]
    if live:
        return findings
    return [unchecked(hop, "none was listened to while it ran", "run one session of it, then doctor again"), *findings]


def _channels_of(installation: Installation, key: SessionKey) -> set[Channel]:
    """The channels that told of a session; that nothing was heard any more, nobody told."""
    return {one.channel for one in installation.store.observations(key) if one.end_reason != IDLE}


def _channels(newest: StoredSession, heard: set[Channel], agent: str) -> Finding:
    hop = f"{agent}: sessions arrive"
    wanted = _CHANNELS.get(agent, {Channel.TRANSCRIPT: "session file"})
    missing = [name for channel, name in wanted.items() if channel not in heard]
    about = f"session {newest.session.key.session_id}"
    if not missing:
        return ok(hop, f"{about}: {', '.join(wanted.values())}")
    if newest.session.state is SessionState.OPEN:
        return unchecked(hop, f"{about} runs still; not here yet: {', '.join(missing)}", "look again when it has ended")
    return problem(
        hop, f"{about} came without {', '.join(missing)}", f"attach again, and start {agent.replace('_', '-')} anew"
    )


def _repository(newest: StoredSession, agent: str) -> Finding:
    hop, session = f"{agent}: repository and commit known", newest.session
    if session.project is None:
        return problem(
            hop, f"session {session.key.session_id} is of no known repository", "give the repository a remote `origin`"
        )
    if session.base_commit is None:
        return problem(hop, f"{session.project}, but no commit", "attach again: the start hook tells the commit")
    return ok(hop, f"{session.project} at {session.base_commit[:12]}")


def _imported(imported: Sequence[StoredSession], looked_at: int, agent: str) -> Finding:
    """What is known of sessions that came as session files alone; no hop is broken where that is little."""
    hop = f"{agent}: imported sessions"
    unplaced = sum(one.session.project is None for one in imported)
    told = f"{len(imported)} of the newest {looked_at} came as session files alone"
    if not unplaced:
        return ok(hop, f"{told}, the repository of each is known")
    return unchecked(
        hop,
        f"{told}, {unplaced} of no known repository, so that nothing is learned from them",
        "sidecar import PATH asks git in their folders; where those are gone, --repository URL says it",
    )


def _outcomes(found: Sequence[StoredSession], agent: str) -> Finding:
    hop = f"{agent}: outcome joined"
    joined = [one for one in found if one.decision.label in _SETTLED_LABELS]
    if joined:
        return ok(hop, f"{len(joined)} of the newest {len(found)} sessions; last: {joined[0].decision.reason}")
    return unchecked(
        hop,
        f"none of {len(found)} sessions; last: {found[0].decision.reason}",
        "let CI post its report: POST /outcomes?commit=SHA, or sidecar outcomes add",
    )


def _rules(installation: Installation, found: Sequence[StoredSession], agent: str, *, is_live: bool) -> Finding:
    hop = f"{agent}: our rules are loaded"
    if not installation.known_rules(LOCAL_TEAM):
        return unchecked(hop, "there are no rules of ours yet")
    newest = found[0].session
    version = newest.rules_version
    if version is not None and newest.rules and version.value != rules_version((), version.source).value:
        is_text = version.source is RulesSource.LOADED_TEXT
        how = "shown to the model" if is_text else "as the files lay there at the start"
        paths = ", ".join(sorted({one.path for one in newest.rules}))
        return ok(hop, f"version {version.value} ({how}) by {agent} {newest.agent_version or '?'}: {paths}")
    standing = _standing(installation)
    if not standing:
        return unchecked(hop, "no rule of ours stands yet: of those that were proposed none is merged")
    if not is_live:
        return unchecked(hop, f"{standing} of ours stand, and no session was listened to", "run one session of it")
    if version is not None and newest.rules:
        return unchecked(
            hop,
            f"session {newest.key.session_id} began with none of the {standing} that stand",
            "take them into the work tree (git pull), then run one session",
        )
    return problem(
        hop,
        f"nothing tells which rules session {newest.key.session_id} had",
        "attach again: the start hook hashes the rules files",
    )


def _standing(installation: Installation) -> int:
    """How many rules of ours stand in the bases, as far as the last sync saw."""
    bases = [installation.store.base_rules(project) for project in installation.projects_of(LOCAL_TEAM)]
    return sum(len(base[1]) for base in bases if base is not None)
