"""People edit, merge in part, put back and change their minds: what they did last holds, and words agree with it."""

import json
import re
import shutil
from typing import Any

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.errors import NotFoundError
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


def record(loop: Loop, branch: str, **changed: str | None) -> None:
    """What a person writes into the file of a proposal beside the remote."""
    path = loop.remote.with_name(f"{loop.remote.name}.proposals") / f"{branch}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def test_reverted_merge_that_is_reverted_again_leaves_no_rule_declined(loop: Loop) -> None:
    (branch,) = loop.branches()
    before = loop.git("rev-parse", "main^{tree}")
    merged = merge(loop, branch)
    synced(loop)

    reverted = loop.git("commit-tree", before, "-p", merged, "-m", "Revert")
    loop.git("update-ref", "refs/heads/main", reverted)
    first = synced(loop)
    again = loop.git("commit-tree", f"{merged}^{{tree}}", "-p", reverted, "-m", "Revert the revert")
    loop.git("update-ref", "refs/heads/main", again)
    planned = loop.run("sync", "--dry-run")["projects"][0]
    second = synced(loop)

    assert (states(first), len(first["tombstones"])) == (["reverted"], 2)
    assert (states(second), len(second["allowed"]), len(planned["allowed"])) == (["merged"], 2, 2)
    assert (len(rules(loop)["rules"]), rules(loop)["tombstones"]) == (2, [])


def test_rule_that_people_put_back_over_its_tombstone_in_the_ledger_stands(loop: Loop) -> None:
    (branch,) = loop.branches()
    merge(loop, branch)
    synced(loop)
    without = {
        path: "\n".join(line for line in loop.git("show", f"main:{path}").splitlines() if OURS not in line) + "\n"
        for path in FILES
    }
    held = {path: loop.git("show", f"main:{path}") + "\n" for path in FILES}
    loop.commit("Not this one", without)
    assert len(synced(loop)["tombstones"]) == 1
    loop.propose_and_sync()
    (fresh,) = set(loop.branches()) - {branch}
    merge(loop, fresh)
    synced(loop)
    lines = {path: loop.git("show", f"main:{path}") for path in FILES}
    line = next(line for line in held["CLAUDE.md"].splitlines() if OURS in line)

    loop.commit("It was of use", {path: text.replace(END, f"{line}\n{END}") + "\n" for path, text in lines.items()})
    told = synced(loop)

    assert [one["text"] for one in told["allowed"]] == [line.removeprefix("- ")]
    assert (len(rules(loop)["rules"]), rules(loop)["tombstones"]) == (3, [])


def test_closed_proposal_that_is_opened_again_is_published_again(loop: Loop) -> None:
    (branch,) = loop.branches()
    record(loop, branch, state="closed", review="No.")
    assert states(synced(loop)) == ["closed"]

    record(loop, branch, state="open")
    told = synced(loop)

    assert (states(told), len(told["allowed"])) == (["open"], 2)
    assert "was opened again" in told["notes"][0]
    assert ([len(one) for one in waiting(loop)], rules(loop)["tombstones"]) == ([2], [])


def test_proposal_that_is_opened_again_without_a_branch_is_told_the_way(loop: Loop) -> None:
    (branch,) = loop.branches()
    loop.git("update-ref", "-d", f"refs/heads/{branch}")
    synced(loop)

    record(loop, branch, state="open")
    told = synced(loop)
    after = synced(loop)

    assert "sidecar rules allow" in told["notes"][0]
    assert (states(told), after["notes"]) == (["closed"], [])


def test_allowed_rule_is_proposed_again_and_can_be_declined_again(loop: Loop) -> None:
    (branch,) = loop.branches()
    record(loop, branch, state="closed", review="No.")
    synced(loop)
    stone = next(one for one in rules(loop)["tombstones"] if one["text"].startswith(OURS))

    told = loop.run("rules", "allow", stone["id"][:6], "--because", "We use it now.")
    again = loop.run("rules", "allow", stone["id"])
    loop.propose_and_sync()
    (fresh,) = set(loop.branches()) - {branch}
    proposed = loop.git("show", f"{fresh}:CLAUDE.md")
    record(loop, fresh, state="closed", review="Not again.")
    synced(loop)

    assert (told["id"], told["changed"], told["because"]) == (stone["id"], True, "We use it now.")
    assert (again["changed"], again["because"]) == (False, "We use it now.")
    assert OURS in proposed
    reasons = {one["id"]: one["reason"] for one in rules(loop)["tombstones"]}
    assert reasons[stone["id"]] == "Not again."


def test_lines_that_say_never_again_name_the_way_back(loop: Loop) -> None:
    (branch,) = loop.branches()
    record(loop, branch, state="closed", review="No.")
    told = [shown(loop, "sync", "--dry-run"), shown(loop, "sync"), shown(loop, "rules", "list")]

    assert [len(re.findall(r"never again \(No\.\): .*`sidecar rules allow [0-9a-f]{12}`", one)) for one in told] == [
        2
    ] * 3


def shown(loop: Loop, *arguments: str) -> str:
    """What a command prints for a person."""
    return CliRunner().invoke(app, [*arguments, "--data", str(loop.data)], catch_exceptions=False).stdout


@pytest.mark.parametrize(("identity", "what"), [("ffffffffffff", "there are: "), ("", "has the id ''")])
def test_id_of_no_declined_rule_is_told_with_what_there_is(loop: Loop, identity: str, what: str) -> None:
    (branch,) = loop.branches()
    record(loop, branch, state="closed", review="No.")
    synced(loop)

    with pytest.raises(NotFoundError, match=what):
        loop.run("rules", "allow", identity)


def test_published_branch_that_is_gone_is_declined_also_where_its_record_went_too(loop: Loop) -> None:
    (branch,) = loop.branches()
    loop.git("update-ref", "-d", f"refs/heads/{branch}")
    shutil.rmtree(f"{loop.remote}.proposals")

    told = synced(loop)
    after = synced(loop)

    assert states(told) == ["closed"]
    assert {one["reason"] for one in told["tombstones"]} == {"its branch was deleted on the remote"}
    assert (states(after), loop.branches()) == ([], [])


def test_rules_whose_markers_people_removed_are_taken_over_and_not_gone(loop: Loop) -> None:
    (branch,) = loop.branches()
    merge(loop, branch)
    synced(loop)
    bare = {path: loop.git("show", f"main:{path}").replace(BEGIN, "").replace(END, "") + "\n" for path in FILES}
    ledger = loop.git("ls-tree", "-r", "--name-only", "main", ".sidecar/rules/").splitlines()

    loop.commit("These are ours now", bare | dict.fromkeys(ledger))
    told = synced(loop)
    after = synced(loop)
    (reported,) = loop.run("report", "--since", "1970-01-01")["projects"]

    assert {one["reason"] for one in told["tombstones"]} == {
        "taken out of the block: a person keeps it among their own lines"
    }
    assert (states(told), states(after)) == ([], [])
    assert (len(reported["taken_over"]), reported["retired"], reported["declined"]) == (2, [], [])
    assert "taken over by people: 2" in shown(loop, "report", "--since", "1970-01-01")
