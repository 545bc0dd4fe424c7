"""A project's base branch as the flows see it: which files there are, and which rules of ours stand in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import AgentName, ProjectId, Rule, RuleId, TeamId
from sidecar.git import Clone
from sidecar.proposals import BaseReading, read_base
from sidecar.rules import LedgerEntry, decode_ledger, match_rules, parse_rules_file
from sidecar.store import Store
from sidecar.targets import Target, is_ledger_path, rules_paths, targets


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The base of one project at one commit."""

    team: TeamId
    project: ProjectId
    commit: str
    files: frozenset[str]
    """Every path of the repository."""
    contents: Mapping[str, bytes]
    """Rules files and ledger files that exist, by path."""
    targets: tuple[Target, ...]
    """Files that hold, or will hold, our block."""
    reading: BaseReading
    ledger: Mapping[RuleId, LedgerEntry]
    rules_by_sha: Mapping[str, tuple[Rule, ...]]
    """Rules of ours in each rules file of the base, by git blob hash; empty for a file without our block."""


def load_base(clone: Clone, store: Store, team: TeamId, project: ProjectId) -> Base:
    """Fetch the remote and read its base.

    Raises:
        GitError: the remote cannot be read.
        RulesFileError: a rules file has broken markers, or is a link that leaves the repository.
        DecodeError: a ledger file at the base is not one.
    """
    commit = clone.fetch()
    files = clone.list_files(commit)
    links = clone.links(commit)
    places = targets(files, links=links, agents=_agents(store, team, project))
    paths = {*rules_paths(files, links=links), *(place.path for place in places)}
    read = {path: clone.read_file(commit, path) for path in sorted(paths) if path in files}
    contents = {path: content for path, content in read.items() if content is not None}
    previous = store.base_rules(project)
    reading = read_base(contents, previous=previous[1] if previous else (), proposals=store.proposals(project=project))
    return Base(
        team=team,
        project=project,
        commit=commit,
        files=files,
        contents=contents,
        targets=places,
        reading=reading,
        ledger=decode_ledger(contents),
        rules_by_sha=_rules_by_sha(clone, commit, contents, reading.standing),
    )


def _rules_by_sha(
    clone: Clone, commit: str, contents: Mapping[str, bytes], standing: Sequence[Rule]
) -> dict[str, tuple[Rule, ...]]:
    entries = clone.entries(commit)
    return {
        entries[path].sha: match_rules(parse_rules_file(content, standing).rules, standing).standing
        for path, content in contents.items()
        if not is_ledger_path(path)
    }


def _agents(store: Store, team: TeamId, project: ProjectId) -> Collection[AgentName]:
    return {stored.session.key.agent for stored in store.sessions(team, project=project)}
