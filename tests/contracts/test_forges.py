"""What every forge promises: seven verbs, each safe to repeat, none over somebody else's work."""

from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.errors import ConfigError, ForgeError, GitError, GitUnavailableError
from sidecar.forges import BRANCH_DELETED, FORGES, Forge, Publication, forge
from sidecar.git import Clone, PushResult
from sidecar.proposals import ProposalText
from tests.sidecar.remotes import commit, git, make_remote

BRANCH = "sidecar/0123456789abcdef"
TEXT = ProposalText(title="Agent rules: add 1 rule", body="## Rules\n\nRun it.\n")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return make_remote(tmp_path, {"CLAUDE.md": "# Shop\n"})


@pytest.fixture
def clone(tmp_path: Path, remote: Path) -> Clone:
    opened = Clone.open(tmp_path / "data" / "clone.git", str(remote))
    opened.fetch()
    return opened


@pytest.fixture(params=sorted(FORGES))
def subject(request: pytest.FixtureRequest, clone: Clone) -> Forge:
    return forge(str(request.param), clone)


@pytest.fixture
def publication(clone: Clone) -> Publication:
    return Publication(
        branch=BRANCH,
        base_commit=clone.base_head(),
        files={"CLAUDE.md": b"# Shop\n\n- rule\n"},
        message="Agent rules\n\nSidecar-Proposal: 0123456789abcdef\n",
        at_ns=1_700_000_000_000_000_000,
    )


def test_name_is_the_one_in_the_registry(subject: Forge) -> None:
    assert subject.name in FORGES


async def test_publishing_twice_pushes_once(subject: Forge, publication: Publication, clone: Clone) -> None:
    first = await subject.publish(publication)
    second = await subject.publish(publication)

    assert (first.result, second.result) == (PushResult.PUSHED, PushResult.UNCHANGED)
    assert first.commit == second.commit
    assert clone.remote_branches() == {BRANCH: first.commit}


async def test_published_files_stand_on_the_branch(subject: Forge, publication: Publication, remote: Path) -> None:
    await subject.publish(publication)

    assert git(remote, "show", f"{BRANCH}:CLAUDE.md") == "# Shop\n\n- rule"
    assert git(remote, "show", "main:CLAUDE.md") == "# Shop"


async def test_branch_of_somebody_else_is_frozen(subject: Forge, publication: Publication, tmp_path: Path) -> None:
    theirs = commit(tmp_path / "work", {"CLAUDE.md": "# Theirs\n"}, "Theirs")
    git(tmp_path / "work", "push", "--quiet", "origin", f"HEAD:{BRANCH}")

    published = await subject.publish(publication)

    assert published.result is PushResult.FROZEN
    assert git(tmp_path / "remote.git", "rev-parse", BRANCH) == theirs


@pytest.mark.parametrize("branch", ["main", "feature/x", "sidecar/../main"])
async def test_no_other_branch_is_published(subject: Forge, publication: Publication, branch: str) -> None:
    with pytest.raises(GitError):
        await subject.publish(replace(publication, branch=branch))


async def test_file_that_holds_no_rules_is_not_published(subject: Forge, publication: Publication) -> None:
    with pytest.raises(GitError, match="is not written"):
        await subject.publish(replace(publication, files={".github/workflows/ci.yml": b"x"}))


async def test_opening_twice_finds_the_first(subject: Forge, publication: Publication) -> None:
    await subject.publish(publication)

    first = await subject.open(BRANCH, TEXT)
    second = await subject.open(BRANCH, TEXT)

    assert first == second
    assert (first.state, first.review) == ("open", None)


async def test_branches_have_numbers_of_their_own(subject: Forge) -> None:
    numbers = [(await subject.open(f"sidecar/{name}", TEXT)).number for name in ("a", "b", "a")]

    assert numbers[0] == numbers[2] != numbers[1]


async def test_pull_request_is_found_by_branch_and_read_by_number(subject: Forge, publication: Publication) -> None:
    await subject.publish(publication)
    opened = await subject.open(BRANCH, TEXT)

    assert await subject.find(BRANCH) == opened
    assert await subject.read(opened.number) == opened
    assert await subject.find("sidecar/other") is None


async def test_number_that_is_none_is_refused(subject: Forge) -> None:
    with pytest.raises(ForgeError, match="7"):
        await subject.read(7)
    with pytest.raises(ForgeError, match="7"):
        await subject.update(7, TEXT)


async def test_updating_keeps_number_and_state(subject: Forge) -> None:
    opened = await subject.open(BRANCH, TEXT)
    await subject.close(opened.number, reason="superseded")

    updated = await subject.update(opened.number, replace(TEXT, title="Other"))

    assert (updated.number, updated.state) == (opened.number, "closed")


async def test_closing_twice_is_closing_once(subject: Forge) -> None:
    opened = await subject.open(BRANCH, TEXT)

    first = await subject.close(opened.number, reason="superseded")
    second = await subject.close(opened.number, reason="superseded")

    assert first == second
    assert first.state == "closed"


async def test_closed_pull_request_is_not_opened_again(subject: Forge) -> None:
    opened = await subject.open(BRANCH, TEXT)
    await subject.close(opened.number, reason="superseded")

    assert (await subject.open(BRANCH, TEXT)).state == "closed"


async def test_deleted_branch_of_an_open_pull_request_declines_it(
    subject: Forge, publication: Publication, remote: Path
) -> None:
    await subject.publish(publication)
    opened = await subject.open(BRANCH, TEXT)

    git(remote, "update-ref", "-d", f"refs/heads/{BRANCH}")

    found = await subject.find(BRANCH)
    assert found == await subject.read(opened.number)
    assert found == replace(opened, state="closed", review=BRANCH_DELETED)


async def test_branch_that_was_merged_and_deleted_meanwhile_is_looked_at_again(
    subject: Forge, publication: Publication, remote: Path, clone: Clone
) -> None:
    published = await subject.publish(publication)
    await subject.open(BRANCH, TEXT)

    git(remote, "update-ref", "refs/heads/main", published.commit)
    git(remote, "update-ref", "-d", f"refs/heads/{BRANCH}")

    with pytest.raises(GitUnavailableError, match="run again"):
        await subject.find(BRANCH)
    clone.fetch()
    assert (await subject.find(BRANCH)) is not None


async def test_comment_changes_no_state(subject: Forge, publication: Publication) -> None:
    await subject.publish(publication)
    opened = await subject.open(BRANCH, TEXT)

    await subject.comment(opened.number, "The base moved.")
    await subject.comment(opened.number, "The base moved.")

    assert await subject.read(opened.number) == opened


def test_unknown_forge_is_refused_with_the_known_names(clone: Clone) -> None:
    with pytest.raises(ConfigError, match="there are: local"):
        forge("svn", clone)
