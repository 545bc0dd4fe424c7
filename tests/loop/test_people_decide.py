"""People edit, merge in part, put back and change their minds: what they did last holds, and the words agree with it."""

import json
import re
from typing import Any

import pytest

from sidecar.rules import BEGIN, END
from tests.loop.conftest import MakeLoop
from tests.loop.loop import Loop

pytestmark = pytest.mark.xdist_group("loop")

FILES = ("CLAUDE.md", ".clinerules/learned.md")
OURS = "Run the checks with `make check`"
THEIRS = "Use make check"


@pytest.fixture
def loop(judged: MakeLoop) -> Loop:
    """Two rules are published, and a third lesson waits for the next draft."""
    made = judged("shop")
    with (made.data / "sidecar.toml").open("a") as settings:
        settings.write("\n[learn]\nmax_edits = 2\n")
    made.propose_and_sync()
    return made


def reworded(loop: Loop, branch: str, old: str, new: str) -> dict[str, str | None]:
    """The rules files of a branch in other words."""
    return {path: loop.git("show", f"{branch}:{path}").replace(old, new) + "\n" for path in FILES}


def squash(loop: Loop, branch: str) -> None:
    """The branch's tree as one new commit on main; the branch stays."""
    merged = loop.git("commit-tree", f"{branch}^{{tree}}", "-p", "main", "-m", "Squashed by a person")
    loop.git("update-ref", "refs/heads/main", merged)


def merge(loop: Loop, branch: str) -> str:
    """An ordinary merge commit on main; the branch stays."""
    merged = loop.git("commit-tree", f"{branch}^{{tree}}", "-p", "main", "-p", branch, "-m", "Merged by a person")
    loop.git("update-ref", "refs/heads/main", merged)
    return merged


def rules(loop: Loop) -> Any:
    (project,) = loop.run("rules", "list")["projects"]
    return project


def waiting(loop: Loop) -> list[list[str]]:
    """Ids of the rules that each open proposal would bring."""
    return [[edit["rule"]["id"] for edit in one["edits"]] for one in rules(loop)["waiting"]]


def synced(loop: Loop) -> Any:
    (project,) = loop.run("sync")["projects"]
    return project


def states(project: Any) -> list[str]:
    return [one["state"] for one in project["proposals"]]


def test_edited_branch_that_was_merged_is_settled_and_what_it_never_held_goes_on(loop: Loop) -> None:
    (branch,) = loop.branches()
    loop.commit("In my words", reworded(loop, branch, OURS, THEIRS), branch=branch)
    loop.propose_and_sync()

    squash(loop, branch)
    planned = loop.run("sync", "--dry-run")["projects"][0]
    told = synced(loop)
    loop.git("update-ref", "-d", f"refs/heads/{branch}")
    after = synced(loop)

    assert states(told) == ["merged", "open"]
    assert [one["would"] for one in planned["proposals"]] == ["publish"]
    assert [len(one) for one in waiting(loop)] == [1]
    assert any(one["text"].startswith(THEIRS) for one in rules(loop)["rules"])
    assert (states(after), after["tombstones"], rules(loop)["tombstones"]) == (["open"], [], [])


def test_rule_that_was_drafted_while_people_merged_comes_in_a_proposal_of_its_own(loop: Loop) -> None:
    (branch,) = loop.branches()
    loop.run("propose")

    merge(loop, branch)
    told = synced(loop)

    (fresh,) = set(loop.branches()) - {branch}
    record = loop.remote.with_name(f"{loop.remote.name}.proposals") / f"{fresh}.json"
    assert states(told) == ["merged", "open"]
    assert json.loads(record.read_text())["title"] == "Agent rules: add 1 rule"


def test_proposal_of_which_a_part_stands_is_told_without_it(loop: Loop) -> None:
    (branch,) = loop.branches()
    line = next(line for line in loop.git("show", f"{branch}:CLAUDE.md").splitlines() if OURS in line)
    block = f"{loop.git('show', 'main:CLAUDE.md')}\n\n{BEGIN}\n{line}\n{END}\n"

    loop.commit("This one I take", {"CLAUDE.md": block})
    told = synced(loop)

    assert states(told) == ["open"]
    assert loop.proposal_text().startswith("# Agent rules: add 1 rule\n")
    assert [len(one) for one in waiting(loop)] == [1]
    assert not re.search(rf"^{re.escape(line.strip('- '))}$", loop.proposal_text(), re.MULTILINE)
