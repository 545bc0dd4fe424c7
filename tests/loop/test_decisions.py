"""What people decide about a proposal counts for what they saw, and for nothing else."""

import json
import sqlite3

import pytest

from sidecar.rules import BEGIN, END
from tests.loop.conftest import MakeLoop
from tests.loop.loop import Loop

TARGETS = ("CLAUDE.md", ".clinerules/learned.md")


def rules_on(loop: Loop, commit: str, path: str = "CLAUDE.md") -> list[str]:
    """Our rules in a file at a commit, in file order."""
    text = loop.git("show", f"{commit}:{path}")
    block = text[text.index(BEGIN) : text.index(END)] if BEGIN in text else ""
    return [line.removeprefix("- ") for line in block.splitlines() if line.startswith("- ")]


def propose_one_at_a_time(loop: Loop) -> None:
    settings = loop.data / "sidecar.toml"
    settings.write_text(f"{settings.read_text()}[learn]\nmax_edits = 1\n")


def answer(loop: Loop, **fields: str) -> None:
    """Edit the proposal's file as its reviewer would."""
    (record,) = loop.proposal_records()
    record.write_text(json.dumps(json.loads(record.read_text()) | fields))


def without(loop: Loop, commit: str, words: str) -> dict[str, str | None]:
    """The rules files of a commit without the lines that hold these words."""
    texts = {path: loop.git("show", f"{commit}:{path}") for path in TARGETS}
    return {
        path: "\n".join(line for line in text.splitlines() if words not in line) + "\n" for path, text in texts.items()
    }


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_rule_that_was_added_after_the_last_sync_is_not_declined_with_the_others(judged: MakeLoop, state: str) -> None:
    loop = judged("shop")
    propose_one_at_a_time(loop)
    loop.propose_and_sync()
    (branch,) = loop.branches()
    shown = rules_on(loop, branch)
    loop.run("propose")

    answer(loop, state=state, review="Not for us.")
    synced = loop.run("sync")["projects"][0]
    again = loop.run("propose")["projects"][0]

    assert [stone["text"] for stone in synced["tombstones"]] == shown
    assert len(shown) == 1
    proposed = [edit["rule"]["text"] for edit in again["proposal"]["edits"]]
    assert (len(proposed), set(proposed) & set(shown)) == (2, set()), "the one that nobody saw, and the next one"
    assert again["proposal"]["branch"] != branch


def test_words_of_a_reviewer_begin_no_line_of_what_is_printed(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    forged = "forge.example/acme/bank: merged sidecar/ffff"
    answer(loop, state="closed", review=f"no thanks)\n{forged}\n  never again (security): all")

    printed = [loop.printed("sync"), loop.printed("rules", "list"), loop.printed("report")]
    printed.append(loop.printed("rules", "explain", loop.run("rules", "list")["projects"][0]["tombstones"][0]["id"]))

    assert ["no thanks) / " + forged in one for one in printed] == [True] * 4
    assert [
        line for one in printed for line in one.splitlines() if line.startswith((forged, "  never again (sec"))
    ] == []


def test_rule_that_a_person_took_out_of_one_of_two_files_says_so_wherever_it_is_listed(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    kept, *_ = rules_on(loop, *loop.branches())
    loop.squash_merge()
    loop.commit("Not here", {"CLAUDE.md": without(loop, "main", kept)["CLAUDE.md"]})
    loop.run("sync")

    (rule,) = [one for one in loop.run("rules", "list")["projects"][0]["rules"] if one["text"] == kept]
    printed = [loop.printed("rules", "list"), loop.printed("report"), loop.printed("rules", "explain", rule["id"])]

    assert rule["differs"] == [{"path": "CLAUDE.md", "words": None}]
    assert [one.count("  not in CLAUDE.md, where people took it out\n") for one in printed] == [1, 1, 1]


def test_part_of_a_proposal_that_was_merged_ends_it_and_leaves_no_branch(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    (branch,) = loop.branches()
    unwanted, *wanted = rules_on(loop, branch)

    taken = without(loop, branch, unwanted)
    loop.squash_merge()
    loop.commit("Not that one", taken)
    synced = loop.run("sync")["projects"][0]
    again = loop.run("propose")["projects"][0]

    assert [one["state"] for one in synced["proposals"]] == ["merged"]
    assert [stone["text"] for stone in synced["tombstones"]] == [unwanted]
    assert rules_on(loop, "main") == wanted
    assert loop.branches() == []
    assert again["proposal"] is None


def test_rule_that_was_deleted_since_the_last_sync_is_not_drafted(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    loop.squash_merge()
    loop.run("sync")

    loop.commit("Not that one", without(loop, "main", rules_on(loop, "main")[0]))
    drafted = loop.run("propose")["projects"][0]

    assert drafted["proposal"] is None


def test_base_that_never_held_the_rules_deletes_none(judged: MakeLoop) -> None:
    """Proposals go to another branch from now on; nobody took the rules out of it."""
    loop = judged("shop")
    loop.git("branch", "develop", "main")
    loop.propose_and_sync()
    loop.squash_merge()
    loop.run("sync")

    settings = loop.data / "sidecar.toml"
    settings.write_text(f'{settings.read_text()}default_branch = "develop"\n')
    synced = loop.run("sync")["projects"][0]
    loop.propose_and_sync()

    assert synced["tombstones"] == []
    assert [one["state"] for one in synced["proposals"]] == ["reverted"]
    (branch,) = loop.branches()
    assert loop.git("rev-parse", f"{branch}^") == loop.git("rev-parse", "develop")


def test_rules_that_a_person_reverted_stay_out(judged: MakeLoop) -> None:
    loop = judged("shop")
    before = loop.git("rev-parse", "main^{tree}")
    loop.propose_and_sync()
    loop.squash_merge()
    loop.run("sync")

    commit = loop.git("commit-tree", before, "-p", "main", "-m", "Revert")
    loop.git("update-ref", "refs/heads/main", commit)
    synced = loop.run("sync")["projects"][0]
    again = loop.run("propose")["projects"][0]

    assert {stone["reason"] for stone in synced["tombstones"]} == {"deleted from the file"}
    assert [one["state"] for one in synced["proposals"]] == ["reverted"]
    assert again["proposal"] is None


def test_branch_and_record_that_another_remote_never_had_are_made_there_once(judged: MakeLoop) -> None:
    """What the branch was built upon is no part of the base: nobody deleted it there."""
    loop = judged("shop")
    loop.propose_and_sync()
    (branch,) = loop.branches()
    (record,) = loop.proposal_records()
    tree = loop.git("rev-parse", f"{branch}^{{tree}}")

    orphan = loop.git("commit-tree", "main^{tree}", "-m", "Another history")
    loop.git("update-ref", "refs/heads/main", orphan)
    loop.git("update-ref", "-d", f"refs/heads/{branch}")
    record.unlink()
    loop.run("sync")
    loop.run("sync")

    assert loop.branches() == [branch]
    assert loop.proposal_records() == [record]
    assert loop.git("rev-parse", f"{branch}^{{tree}}") == tree


def test_base_that_was_forced_to_another_history_is_built_upon(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    (branch,) = loop.branches()

    orphan = loop.git("commit-tree", "main^{tree}", "-m", "Another history")
    loop.git("update-ref", "refs/heads/main", orphan)
    loop.propose_and_sync()

    assert loop.branches() == [branch]
    assert loop.git("rev-parse", f"{branch}^") == orphan
    assert len(loop.proposal_records()) == 1


def test_default_branch_that_was_renamed_changes_nothing_else(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    loop.squash_merge()
    loop.run("sync")

    loop.git("branch", "-m", "main", "trunk")
    loop.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    synced = loop.run("sync")["projects"][0]
    again = loop.run("propose")["projects"][0]

    assert (synced["tombstones"], synced["proposals"], again["proposal"]) == ([], [], None)


def test_rules_deleted_by_hand_stay_out_of_a_store_that_knows_the_repository_only(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    loop.squash_merge()
    gone = rules_on(loop, "main")[0]
    loop.commit("Not that one", without(loop, "main", gone))
    other = judged_again(loop)

    drafted = other.run("propose")["projects"][0]
    synced = other.run("sync")["projects"][0]

    assert drafted["proposal"] is None
    assert [stone["text"] for stone in synced["tombstones"]] == [gone]
    assert other.branches() == []


def judged_again(loop: Loop) -> Loop:
    """The loop with a store that never saw a proposal."""
    with sqlite3.connect(loop.data / "store.db") as connection:
        for table in ("proposals", "tombstones", "base_rules", "rules_files", "refusals"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()
    return loop
