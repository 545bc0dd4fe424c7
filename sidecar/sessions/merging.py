"""Merges the set of a session's Observations into the Session."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sidecar.domain import (
    LoadedRules,
    Observation,
    PersonId,
    ProjectId,
    RulesSource,
    RulesVersion,
    Session,
    SessionKey,
    SessionState,
    Step,
    StepKind,
)
from sidecar.sessions.corrections import corrections
from sidecar.sessions.ending import ending
from sidecar.sessions.missing import missing_reasons
from sidecar.sessions.paths import is_absolute, relative_path
from sidecar.sessions.repository import began_on, repository
from sidecar.sessions.steps import merged_steps
from sidecar.sessions.task import first_human_prompt, task_of
from sidecar.sessions.trust import by_time, by_trust, first


def _no_rules_version(_rules: tuple[LoadedRules, ...]) -> RulesVersion | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeContext:
    """What merging needs to know besides the Observations."""

    keyed_hash: Callable[[str], str]
    """Hash that nobody without the team's key can look up; of user ids and prompts."""
    project_aliases: Mapping[ProjectId, ProjectId] = field(default_factory=dict[ProjectId, ProjectId])
    """Other remotes of a Project to the Project."""
    default_branches: Mapping[ProjectId, str] = field(default_factory=dict[ProjectId, str])
    """Main branches, as far as they were configured."""
    rules_version: Callable[[tuple[LoadedRules, ...]], RulesVersion | None] = _no_rules_version
    """Which of our rules the loaded rules files hold; None when that cannot be told."""


def merge(key: SessionKey, observations: Iterable[Observation], *, context: MergeContext) -> Session:
    """The Session that a set of Observations tells of, steps included; never settled.

    Raises:
        ValueError: there is no Observation.
    """
    seen = by_trust(observations)
    if not seen:
        raise ValueError(f"session {key.session_id} has no observation to merge")
    timeline = by_time(seen)
    root = first(timeline, lambda one: one.cwd)
    is_subagent = first(seen, lambda one: one.is_subagent)
    steps = _told_by(merged_steps(seen, root, began_on(seen)), is_subagent=is_subagent)
    place = repository(seen, steps, context.project_aliases, context.default_branches)
    rules = _rules(timeline, root)
    end = ending(seen)
    user = first(seen, lambda one: one.user)
    prompt = first_human_prompt(steps, context.keyed_hash)
    session = Session(
        key=key,
        state=SessionState.OPEN if end is None else SessionState.CLOSED,
        agent_version=_last_version(timeline),
        model=_usual_model(timeline),
        project=place.project,
        branch=place.branch,
        is_branch_shared=place.branch is not None and not place.is_own_branch,
        base_commit=place.base_commit,
        head_commit=place.head_commit,
        cwd=root,
        task=task_of(prompt, place.branch if place.is_own_branch else None, context.keyed_hash),
        person=None if user is None else PersonId(context.keyed_hash(user)),
        rules=rules,
        rules_version=context.rules_version(rules),
        is_headless=first(seen, lambda one: one.is_headless),
        is_subagent=is_subagent,
        started_ns=_started_ns(seen),
        last_activity_ns=_last_activity_ns(seen),
        ended_ns=None if end is None else end.at_ns,
        end_reason=None if end is None else end.reason,
        first_prompt=prompt,
        steps=steps,
        corrections=corrections(seen, steps, root),
    )
    return replace(session, missing=missing_reasons(session, seen))


def _told_by(steps: tuple[Step, ...], *, is_subagent: bool | None) -> tuple[Step, ...]:
    """The Steps as they are; what a sub-agent of its own session is prompted, its parent agent wrote."""
    if not is_subagent:
        return steps
    return tuple(replace(step, is_human=False) if step.kind is StepKind.PROMPT else step for step in steps)


def _last_version(timeline: Sequence[Observation]) -> str | None:
    """A resume may run a newer version of the agent."""
    return first(timeline[::-1], lambda one: one.agent_version)


def _usual_model(timeline: Sequence[Observation]) -> str | None:
    """The one named most often: agents ask others for a title or a summary."""
    counts = Counter(one.model for one in timeline if one.model is not None)
    return min(counts, key=lambda model: (-counts[model], model), default=None)


def _started_ns(seen: Sequence[Observation]) -> int:
    """Earliest time that a sender gave; a receipt only where no sender gave any."""
    return min(one.at_ns for one in _timed(seen))


def _last_activity_ns(seen: Sequence[Observation]) -> int:
    active = [one for one in seen if one.is_activity]
    return max(one.at_ns for one in _timed(active or seen))


def _timed(seen: Sequence[Observation]) -> Sequence[Observation]:
    return [one for one in seen if one.is_timed] or seen


def _rules(timeline: Sequence[Observation], root: str | None) -> tuple[LoadedRules, ...]:
    """One entry for each project file, sorted by path: the first hash and the first text that were told of it."""
    told: dict[str, list[LoadedRules]] = {}
    for rules in (rules for one in timeline for rules in one.rules):
        path = relative_path(rules.path, root)
        if not is_absolute(path) and not path.startswith("../"):
            told.setdefault(path, []).append(rules)
    return tuple(_one_file(path, told[path]) for path in sorted(told))


def _one_file(path: str, told: Sequence[LoadedRules]) -> LoadedRules:
    sha = next((rules.sha for rules in told if rules.sha is not None), None)
    text = next((rules.text for rules in told if rules.text is not None), None)
    source = RulesSource.LOADED_TEXT if sha is None else RulesSource.EXACT
    return LoadedRules(path=path, sha=sha, text=text, source=source)
