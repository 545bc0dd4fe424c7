"""A project's base branch as the flows see it: which files there are, and which rules of ours stand in them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sidecar.domain import AgentName, ProjectId, ProposalState, Rule, RuleId, TeamId
from sidecar.git import Clone
from sidecar.jobs.attesting import SourceNames
from sidecar.proposals import BaseReading, read_base
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
    gone_paths: Mapping[RuleId, tuple[str, ...]]
    """What rules of ours speak of and the base holds no more, though its history does."""
    first_targets: frozenset[str]
    """Paths of targets that never held our block, and whose readers read none of the rules that stand."""
    rules_by_sha: Mapping[str, tuple[Rule, ...]]
    """Rules of ours in each rules file of the base, by git blob hash; empty for a file without our block."""
    notes: tuple[str, ...]
    """What keeps an agent from our rules here, one sentence each; for whoever looks at a draft."""
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
    commit = clone.fetch()
    files = clone.list_files(commit)
    links = clone.links(commit)
    seen = _agents(store, team, project)
    imports = imported_paths(files, links, lambda path: _content(clone, commit, path))
    places = targets(
        files,
        links=links,
        agents=seen,
        imports=imports,
        scoped=[agent for agent, versions in seen.items() if honours_scope(agent, versions)],
        prompt=prompt,
    )
    contents = _contents(clone, commit, {*rules_paths(files, links=links), *(place.path for place in places)})
    read_at, stood = store.base_rules(project) or (None, [])
    proposals = store.proposals(project=project)
    left_behind = _left_behind(clone, commit, {read_at, *(one.base_commit for one in proposals if one.state in LIVE)})
    # rules are deleted by a commit upon what stood; a base that never held them says nothing of them
    previous = () if read_at in left_behind else stood
    reading = read_base(contents, previous=previous, proposals=proposals)
    holding = _holding(contents, reading.standing)
    first = first_targets(places, holding, files, links=links, imports=imports, prompt=prompt)
    hidden = overridden(files, seen, [place.name for place in places])
    return Base(
        team=team,
        project=project,
        commit=commit,
        files=files,
        contents=contents,
        targets=places,
        reading=reading,
        ledger=decode_ledger(contents),
        left_behind=left_behind,
        gone_paths=_gone_paths(clone, commit, files, reading.standing),
        # who took our block out of a file did not want it there
        first_targets=frozenset(path for path in first if not clone.was_there(commit, path, words=MARKER)),
        rules_by_sha=_rules_by_sha(clone, commit, contents, reading.standing),
        notes=() if hidden is None else (hidden,),
        names=SourceNames(clone, commit),
    )


def _contents(clone: Clone, commit: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Bytes of those that exist, by path."""
    read = {path: clone.read_file(commit, path) for path in sorted(paths)}
    return {path: content for path, content in read.items() if content is not None}


def _left_behind(clone: Clone, commit: str, known: Iterable[str | None]) -> frozenset[str]:
    return frozenset(one for one in known if one is not None and not clone.is_ancestor(one, commit))


def _holding(contents: Mapping[str, bytes], standing: Sequence[Rule]) -> frozenset[str]:
    """Paths in which rules of ours stand."""
    files = {path: content for path, content in contents.items() if not is_ledger_path(path)}
    blocks = {path: parse_rules_file(content, standing).rules for path, content in files.items()}
    return frozenset(path for path, rules in blocks.items() if match_rules(rules, standing).standing)


def _gone_paths(
    clone: Clone, commit: str, files: frozenset[str], standing: Sequence[Rule]
) -> dict[RuleId, tuple[str, ...]]:
    missing = {rule.rule_id: missing_paths(rule, files) for rule in standing}
    known = {path: clone.was_there(commit, path) for paths in missing.values() for path in paths}
    gone = {rule_id: tuple(path for path in paths if known[path]) for rule_id, paths in missing.items()}
    return {rule_id: paths for rule_id, paths in gone.items() if paths}


def _rules_by_sha(
    clone: Clone, commit: str, contents: Mapping[str, bytes], standing: Sequence[Rule]
) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for path, content in contents.items():
        if not is_ledger_path(path):
            rules = match_rules(parse_rules_file(content, standing).rules, standing).standing
            sha = clone.entries(commit)[path].sha
            found |= {sha: rules, _checked_out_sha(sha, content): rules}
    return found


def _checked_out_sha(sha: str, content: bytes) -> str:
    """Hash of the file as git for Windows checks it out, with carriage returns; the same where it has some already."""
    if b"\r\n" in content:
        return sha
    windows = content.replace(b"\n", b"\r\n")
    algorithm = "sha1" if len(sha) == _SHA1_DIGITS else "sha256"
    return hashlib.new(algorithm, b"blob %d\0" % len(windows) + windows, usedforsecurity=False).hexdigest()


def _content(clone: Clone, commit: str, path: str) -> bytes | None:
    """A file's bytes; None for links, submodules and what is not there."""
    entry = clone.entries(commit).get(path)
    return clone.read_file(commit, path) if entry is not None and entry.is_file else None


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
