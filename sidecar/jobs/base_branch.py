"""A project's base branch as the flows see it: which files there are, and which rules of ours stand in them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from sidecar.domain import AgentName, ProjectId, Proposal, ProposalState, Rule, RuleId, TeamId
from sidecar.gate import hidden_notes
from sidecar.git import Clone
from sidecar.jobs.attesting import SourceNames
from sidecar.proposals import BaseReading, put_back, read_base
from sidecar.rules import (
    MARKER,
    LedgerEntry,
    decode_ledger,
    is_ledger_path,
    match_rules,
    missing_paths,
    parse_rules_file,
)
from sidecar.store import Store
from sidecar.targets import PromptFile, Target, honours_scope, imported_paths, rules_paths, targets
from sidecar.targets.loading import overridden
from sidecar.targets.reaching import first_targets

_SHA1_DIGITS = 40
_IN_USE_NS = 30 * 24 * 3600 * 1_000_000_000
"""How long before an agent's newest session a version still counts: teams upgrade one after another."""
LIVE = (ProposalState.DRAFTED, ProposalState.OPEN)
"""States in which people have not decided yet."""


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
    left_behind: frozenset[str]
    """Commits that were read or built upon and are no part of the base's history: it was rewritten, or it is another
    branch now."""
    gone_branches: frozenset[str]
    """Branches of ours that were published and are no more, where the base still has what they were built upon."""
    gone_paths: Mapping[RuleId, tuple[str, ...]]
    """What rules of ours speak of and the base holds no more, though its history does."""
    first_targets: frozenset[str]
    """Paths of targets that never held our block, and whose readers read none of the rules that stand."""
    rules_by_sha: Mapping[str, tuple[Rule, ...]]
    """Rules of ours in each rules file of the base, by git blob hash; empty for a file without our block."""
    notes: tuple[str, ...]
    """What keeps an agent from our rules here, and what hides in them; one sentence each, for whoever looks at a draft.
    """
    names: SourceNames = field(compare=False, repr=False)
    """The names of code in its source, looked for when they are asked after."""


def load_base(
    clone: Clone, store: Store, team: TeamId, project: ProjectId, *, prompt: PromptFile | None = None
) -> Base:
    """Fetch the remote and read its base.

    Args:
        prompt: The file whose text agents are given by flag, where the project has one.
    Raises:
        GitError: the remote cannot be read.
        RulesFileError: a rules file has broken markers, or is a link that leaves the repository.
        DecodeError: a ledger file at the base is not one.
    """
    at = _Tree.fetched(clone)
    seen = _agents(store, team, project)
    imports = imported_paths(at.files, at.links, at.content)
    places = _targets(at, seen, imports, prompt)
    paths = {*rules_paths(at.files, links=at.links), *(place.path for place in places)}
    contents = put_back(at.contents(paths), store.allowed_tombstones(project))
    left_behind, reading = _read(store, project, at, contents)
    holding = _holding(contents, reading.standing)
    first = first_targets(places, holding, at.files, links=at.links, imports=imports, prompt=prompt)
    return Base(
        team=team,
        project=project,
        commit=at.commit,
        files=at.files,
        contents=contents,
        targets=places,
        reading=reading,
        ledger=decode_ledger(contents),
        left_behind=left_behind,
        gone_branches=_gone_branches(store.proposals(project=project, states=LIVE), clone, left_behind),
        gone_paths=at.gone_paths(reading.standing),
        # who took our block out of a file did not want it there
        first_targets=frozenset(path for path in first if not clone.was_there(at.commit, path, words=MARKER)),
        rules_by_sha=at.rules_by_sha(contents, reading.standing),
        notes=_notes(at, seen, places, contents),
        names=SourceNames(clone, at.commit),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    """The repository at the commit that is its base now."""

    clone: Clone
    commit: str
    files: frozenset[str]
    links: Mapping[str, str]

    @classmethod
    def fetched(cls, clone: Clone) -> Self:
        """What the remote has."""
        commit = clone.fetch()
        return cls(clone=clone, commit=commit, files=clone.list_files(commit), links=clone.links(commit))

    def content(self, path: str) -> bytes | None:
        """A file's bytes; None for links, submodules and what is not there."""
        entry = self.clone.entries(self.commit).get(path)
        return self.clone.read_file(self.commit, path) if entry is not None and entry.is_file else None

    def contents(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Bytes of those that exist, by path."""
        read = {path: self.clone.read_file(self.commit, path) for path in sorted(paths)}
        return {path: content for path, content in read.items() if content is not None}

    def without(self, known: Iterable[str | None]) -> frozenset[str]:
        """Of known commits, those that are no part of its history."""
        return frozenset(one for one in known if one is not None and not self.clone.is_ancestor(one, self.commit))

    def gone_paths(self, standing: Sequence[Rule]) -> dict[RuleId, tuple[str, ...]]:
        """What rules speak of and it holds no more, though its history does."""
        missing = {rule.rule_id: missing_paths(rule, self.files) for rule in standing}
        known = {path: self.clone.was_there(self.commit, path) for paths in missing.values() for path in paths}
        gone = {rule_id: tuple(path for path in paths if known[path]) for rule_id, paths in missing.items()}
        return {rule_id: paths for rule_id, paths in gone.items() if paths}

    def rules_by_sha(self, contents: Mapping[str, bytes], standing: Sequence[Rule]) -> dict[str, tuple[Rule, ...]]:
        """Rules of ours in each of its rules files, by the hash of the file."""
        found: dict[str, tuple[Rule, ...]] = {}
        for path, content in contents.items():
            if not is_ledger_path(path):
                rules = match_rules(parse_rules_file(content, standing).rules, standing).standing
                sha = self.clone.entries(self.commit)[path].sha
                found |= {sha: rules, _checked_out_sha(sha, content): rules}
        return found


def _targets(
    at: _Tree,
    seen: Mapping[AgentName, Collection[str]],
    imports: Mapping[str, Collection[str]],
    prompt: PromptFile | None,
) -> tuple[Target, ...]:
    """Where our block belongs.

    Args:
        seen: Agents, each with its versions in use.
    """
    scoped = [agent for agent, versions in seen.items() if honours_scope(agent, versions)]
    return targets(at.files, links=at.links, agents=seen, imports=imports, scoped=scoped, prompt=prompt)


def _notes(
    at: _Tree, seen: Mapping[AgentName, Collection[str]], places: Sequence[Target], contents: Mapping[str, bytes]
) -> tuple[str, ...]:
    hidden = overridden(at.files, seen, [place.name for place in places])
    return (*(() if hidden is None else (hidden,)), *_hidden_characters(contents))


def _read(
    store: Store, project: ProjectId, at: _Tree, contents: Mapping[str, bytes]
) -> tuple[frozenset[str], BaseReading]:
    """Commits that the base left behind, and what it says of our rules."""
    read_at, stood = store.base_rules(project) or (None, [])
    proposals = store.proposals(project=project)
    left_behind = at.without({read_at, *(one.base_commit for one in proposals if one.state in LIVE)})
    # rules are deleted by a commit upon what stood; a base that never held them says nothing of them
    previous = () if read_at in left_behind else stood
    return left_behind, read_base(contents, previous=previous, proposals=proposals)


def _hidden_characters(contents: Mapping[str, bytes]) -> list[str]:
    files = {path: content for path, content in contents.items() if not is_ledger_path(path)}
    return [note for path, content in sorted(files.items()) for note in hidden_notes(path, content)]


def _holding(contents: Mapping[str, bytes], standing: Sequence[Rule]) -> frozenset[str]:
    """Paths in which rules of ours stand."""
    files = {path: content for path, content in contents.items() if not is_ledger_path(path)}
    blocks = {path: parse_rules_file(content, standing).rules for path, content in files.items()}
    return frozenset(path for path, rules in blocks.items() if match_rules(rules, standing).standing)


def _checked_out_sha(sha: str, content: bytes) -> str:
    """Hash of the file as git for Windows checks it out, with carriage returns; the same where it has some already."""
    if b"\r\n" in content:
        return sha
    windows = content.replace(b"\n", b"\r\n")
    algorithm = "sha1" if len(sha) == _SHA1_DIGITS else "sha256"
    return hashlib.new(algorithm, b"blob %d\0" % len(windows) + windows, usedforsecurity=False).hexdigest()


def _gone_branches(proposals: Sequence[Proposal], clone: Clone, left_behind: frozenset[str]) -> frozenset[str]:
    published = [one for one in proposals if one.published and one.base_commit not in left_behind]
    return frozenset(one.branch for one in published if not clone.has_branch(one.branch))


def _agents(store: Store, team: TeamId, project: ProjectId) -> dict[AgentName, set[str]]:
    """Agents seen in the project's newest sessions, with the versions in use lately; unknown versions are left out."""
    found: dict[AgentName, set[str]] = {}
    newest: dict[AgentName, int] = {}
    for stored in store.sessions(team, project=project):
        agent, version = stored.session.key.agent, stored.session.agent_version
        versions = found.setdefault(agent, set())
        since_ns = newest.setdefault(agent, stored.session.started_ns) - _IN_USE_NS
        if version is not None and stored.session.started_ns >= since_ns:
            versions.add(version)
    return found
