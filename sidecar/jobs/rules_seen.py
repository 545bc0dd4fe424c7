"""Which rules a session had, told after the fact: files that it names by hash are looked up in the history, and words
that people wrote become known with the next sync.
"""

from collections.abc import Callable, Sequence

from sidecar.domain import LoadedRules, ProjectId, Rule, RulesVersion, SessionKey, TeamId
from sidecar.errors import RulesFileError
from sidecar.git import Clone
from sidecar.rules import is_target_path, match_rules, parse_rules_file
from sidecar.store import Store


def add_rules_files_of_history(
    store: Store, clone: Clone, *, team: TeamId, project: ProjectId, known: Sequence[Rule]
) -> None:
    """Remember which rules the files held that sessions name by hash and no sync has seen at the base.

    Args:
        known: Every rule that ever stood in this project, in any wording.
    """
    seen = store.rules_files()
    sessions = (stored.session for stored in store.sessions(team, project=project))
    named = {file.sha for one in sessions if one.rules_version is None for file in one.rules if _may_hold_ours(file)}
    for sha in sorted(one for one in named if one is not None and one not in seen):
        content = clone.read_blob(sha)
        if content is None:
            continue  # never committed, or committed with other line ends
        try:
            rules = match_rules(parse_rules_file(content, known).rules, known).standing
        except RulesFileError:
            continue  # whatever it held, agents were not shown our block
        store.add_rules_file(project, sha, rules)


def outdated_sessions(
    store: Store,
    *,
    team: TeamId,
    project: ProjectId,
    version: Callable[[tuple[LoadedRules, ...]], RulesVersion | None],
) -> list[SessionKey]:
    """Sessions of which more is known now than when they were merged."""
    found: list[SessionKey] = []
    for stored in store.sessions(team, project=project):
        told = version(stored.session.rules)
        if told is not None and told != stored.session.rules_version:
            found.append(stored.session.key)
    return found


def _may_hold_ours(file: LoadedRules) -> bool:
    return file.sha is not None and is_target_path(file.path)
