"""A proposal's whole way on a real remote: built, published, merged or declined by a person, and read back."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from sidecar.domain import EditOperation, ProjectId, Proposal, ProposalState, Rule, RuleEdit, RuleKind
from sidecar.forges import Publication, forge
from sidecar.git import Clone, PushResult
from sidecar.proposals import (
    build_files,
    commit_message,
    content_hash,
    deletion_tombstones,
    describe,
    merged_edits,
    proposal_id,
    read_base,
)
from sidecar.rules import rule_id
from sidecar.targets import CLINE, rules_paths, targets
from tests.sidecar.remotes import commit, git, make_remote

AT_NS = 1_700_000_000_000_000_000
PROJECT = ProjectId("forge.example/acme/shop")
FILES = {"CLAUDE.md": "# Shop\r\n\r\nHand-written, no final line end", ".clinerules/team.md": "Be kind.\n"}


def edit(text: str) -> RuleEdit:
    rule = Rule(rule_id=rule_id(text, None), text=text, kind=RuleKind.COMMAND, evidence=("s1", "s2"))
    return RuleEdit(operation=EditOperation.ADD, rule=rule, reason="Twice needed", task_count=2)


EDITS = (edit("Run `uv run pytest`; `pytest` fails here."), edit("Do not edit `gen/api.py` by hand."))


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return make_remote(tmp_path, FILES)


@pytest.fixture
def clone(tmp_path: Path, remote: Path) -> Clone:
    return Clone.open(tmp_path / "clone.git", str(remote))


def base_files(clone: Clone) -> dict[str, bytes]:
    head = clone.fetch()
    found = {path: clone.read_file(head, path) for path in rules_paths(clone.list_files(head), links=clone.links(head))}
    return {path: content for path, content in found.items() if content is not None}


def changes(clone: Clone, edits: tuple[RuleEdit, ...] = EDITS) -> Mapping[str, bytes | None]:
    files = base_files(clone)
    names = clone.list_files(clone.base_head())
    return build_files(files, edits, targets=targets(names, agents=[CLINE]))


def proposal(clone: Clone, edits: tuple[RuleEdit, ...] = EDITS) -> Proposal:
    head = clone.fetch()
    return Proposal(
        proposal_id=proposal_id(PROJECT, head, edits),
        project=PROJECT,
        state=ProposalState.DRAFTED,
        base_commit=head,
        edits=edits,
        content_hash=content_hash(changes(clone, edits)),
        created_ns=AT_NS,
    )


async def deliver(clone: Clone, made: Proposal) -> PushResult:
    place = forge("local", clone)
    publication = Publication(
        branch=made.branch,
        base_commit=made.base_commit,
        files=changes(clone, made.edits),
        message=commit_message(made),
        at_ns=made.created_ns,
    )
    published = await place.publish(publication)
    await place.open(made.branch, describe(made))
    return published.result


def squash(work: Path, made: Proposal) -> None:
    """A person merges the branch as one commit of their own."""
    git(work, "pull", "--quiet", "--rebase", "origin", "main")
    git(work, "fetch", "--quiet", "origin", made.branch)
    git(work, "merge", "--quiet", "--squash", "FETCH_HEAD")
    commit(work, {}, "Take the rules")
    git(work, "push", "--quiet", "origin", "HEAD:main")


def proposals_beside(remote: Path) -> list[Path]:
    return list(Path(f"{remote}.proposals").rglob("*.json"))


async def test_ten_runs_leave_one_branch_and_one_proposal(clone: Clone, remote: Path) -> None:
    made = proposal(clone)

    results = [await deliver(clone, made) for _ in range(10)]

    assert results == [PushResult.PUSHED, *[PushResult.UNCHANGED] * 9]
    assert list(clone.remote_branches()) == [made.branch]
    assert len(proposals_beside(remote)) == 1


async def test_only_blocks_and_ledger_differ(clone: Clone, remote: Path) -> None:
    made = proposal(clone)
    await deliver(clone, made)

    changed = git(remote, "diff", "--name-status", "main", made.branch).splitlines()

    assert changed == [
        "A\t.clinerules/learned.md",
        *sorted(f"A\t.sidecar/rules/{one.rule.rule_id}.json" for one in EDITS),
        "M\tCLAUDE.md",
    ]
    content = clone.read_file(clone.remote_branches()[made.branch], "CLAUDE.md") or b""
    assert content.startswith(FILES["CLAUDE.md"].encode() + b"\r\n\r\n<!--")
    assert not content.endswith(b"\n")


async def test_squashed_merge_is_noticed_and_leaves_nothing_to_do(clone: Clone, tmp_path: Path) -> None:
    made = proposal(clone)
    await deliver(clone, made)

    squash(tmp_path / "work", made)

    assert merged_edits(made, read_base(base_files(clone), proposals=[made])) == EDITS
    assert changes(clone) == {}


async def test_line_deleted_after_the_merge_becomes_a_tombstone(clone: Clone, tmp_path: Path) -> None:
    made, work = proposal(clone), tmp_path / "work"
    await deliver(clone, made)
    squash(work, made)
    rule = EDITS[0].rule
    for path in ("CLAUDE.md", ".clinerules/learned.md"):
        lines = (work / path).read_bytes().splitlines(keepends=True)
        (work / path).write_bytes(b"".join(line for line in lines if rule.text.encode() not in line))
    commit(work, {}, "Not this one")
    git(work, "push", "--quiet", "origin", "HEAD:main")

    reading = read_base(base_files(clone), previous=[one.rule for one in EDITS], proposals=[made])

    assert [one.rule_id for one in deletion_tombstones(PROJECT, reading, at_ns=AT_NS)] == [rule.rule_id]


async def test_proposal_is_rebuilt_where_the_base_moved(clone: Clone, tmp_path: Path) -> None:
    made = proposal(clone)
    await deliver(clone, made)
    moved = commit(tmp_path / "work", {"CLAUDE.md": "# Shop\n\nRewritten.\n"}, "Rewrite")
    git(tmp_path / "work", "push", "--quiet", "origin", "main")
    clone.fetch()

    publication = Publication(
        branch=made.branch,
        base_commit=moved,
        files=changes(clone),
        message=commit_message(made),
        at_ns=made.created_ns,
    )
    published = await forge("local", clone).publish(publication)

    assert published.result is PushResult.PUSHED
    assert clone.is_ancestor(moved, published.commit)
    assert (clone.read_file(published.commit, "CLAUDE.md") or b"").startswith(b"# Shop\n\nRewritten.\n\n<!--")
