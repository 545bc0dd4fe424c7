"""Checks of what arrived, from the store: channels, repository, outcome, rules; and how far the first lesson is."""

from collections.abc import Sequence

from sidecar.doctor.finding import Finding, ok, problem, unchecked
from sidecar.domain import LOCAL_TEAM, Channel, Label, ProjectId, RulesSource, SessionState
from sidecar.installation import Installation
from sidecar.store import StoredSession

_LOOKED_AT = 500
"""Newest sessions."""
_SETTLED_LABELS = (Label.PASS, Label.CODE_FAIL)
_CHANNELS = {
    "claude_code": {Channel.HOOK: "hooks", Channel.TRANSCRIPT: "session file", Channel.OTLP: "OTLP"},
    "cline": {Channel.HOOK: "hooks", Channel.TRANSCRIPT: "session file"},
}
"""What should have come of a session; Cline's telemetry cannot be redirected."""


def newest_sessions(installation: Installation) -> list[StoredSession]:
    """The sessions of this machine that are looked at, newest first."""
    return list(installation.store.sessions(LOCAL_TEAM, limit=_LOOKED_AT))


def first_day_line(stored: Sequence[StoredSession], min_tasks: int) -> str:
    """How far the first lesson is, in one line."""
    settled = [one for one in stored if one.session.state is SessionState.SETTLED]
    missing = tasks_missing(settled, min_tasks)
    sessions = f"{len(stored)} session{'s' if len(stored) != 1 else ''}, {len(settled)} settled"
    if not missing:
        return f"{sessions}, enough tasks for a lesson; it needs {min_tasks} that teach the same"
    return f"{sessions}, {missing} more task{'s' if missing != 1 else ''} until a lesson is possible"


def tasks_missing(settled: Sequence[StoredSession], min_tasks: int) -> int:
    """How many more tasks the project needs that is nearest to its first lesson."""
    tasks: dict[ProjectId, set[str]] = {}
    for one in settled:
        if one.session.project is not None and one.session.task is not None:
            tasks.setdefault(one.session.project, set()).add(one.session.task)
    return max(0, min_tasks - max((len(found) for found in tasks.values()), default=0))


def check_sessions(installation: Installation, agent: str) -> list[Finding]:
    """What the newest session of an agent proves."""
    found = [one for one in newest_sessions(installation) if one.session.key.agent == agent]
    if not found:
        return [
            unchecked(f"{agent}: sessions arrive", "none is stored yet", "run one session of it, then doctor again")
        ]
    newest = found[0]
    return [
        _channels(installation, newest, agent),
        _repository(newest, agent),
        _outcomes(found, agent),
        _rules(installation, found, agent),
    ]


def _channels(installation: Installation, newest: StoredSession, agent: str) -> Finding:
    hop = f"{agent}: sessions arrive"
    seen = {one.channel for one in installation.store.observations(newest.session.key)}
    wanted = _CHANNELS.get(agent, {Channel.TRANSCRIPT: "session file"})
    missing = [name for channel, name in wanted.items() if channel not in seen]
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


def _rules(installation: Installation, found: Sequence[StoredSession], agent: str) -> Finding:
    hop = f"{agent}: our rules are loaded"
    if not installation.known_rules(LOCAL_TEAM):
        return unchecked(hop, "there are no rules of ours yet")
    newest = found[0].session
    version = newest.rules_version
    if not newest.rules or version is None:
        return problem(
            hop,
            f"nothing tells which rules session {newest.key.session_id} had",
            "attach again: the start hook hashes the rules files",
        )
    how = "shown to the model" if version.source is RulesSource.LOADED_TEXT else "as the files lay there at the start"
    paths = ", ".join(sorted({one.path for one in newest.rules}))
    return ok(hop, f"version {version.value} ({how}) by {agent} {newest.agent_version or '?'}: {paths}")
