"""One proposal per project, whatever happens around it; and what people decide is law."""

import json
import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from sidecar.config import Config
from sidecar.data_dir import DataDir
from sidecar.domain import RuleQuote
from sidecar.installation import Installation
from sidecar.rules import BEGIN, END
from tests.loop.conftest import MakeLoop
from tests.loop.loop import Loop
from tests.loop.written import contents, rows_of
from tests.recordings.planted import PLANTED_SECRETS

SHOP_RULES = {
    "Run the checks with `make check`; `python -m pytest` does not work here (No module named pytest).",
    "When you change `src/shop/discounts.py`, change `src/shop/registry.py` with it; the check fails otherwise.",
    "Do not edit `src/shop/rates.py` by hand: it is generated; "
    "edit `data/rates.json` and run `python tools/build_rates.py`.",
}
PARCEL_RULES = {
    'Run the checks with `node scripts/verify.mjs`; `npm test` does not work here (Missing script: "test").',
    "When you change `src/carriers.mjs`, change `src/labels.mjs` with it; the check fails otherwise.",
    "Do not edit `src/zones.mjs` by hand: it is generated; edit `zones.csv` and run `node scripts/make-zones.mjs`.",
}


def rules_on(loop: Loop, commit: str) -> set[str]:
    """Our rules in CLAUDE.md at a commit."""
    text = loop.git("show", f"{commit}:CLAUDE.md")
    block = text[text.index(BEGIN) : text.index(END)] if BEGIN in text else ""
    return set(re.findall(r"^- (.*)$", block, re.MULTILINE))


def proposal(loop: Loop) -> dict[str, object]:
    (record,) = loop.proposal_records()
    return json.loads(record.read_text())


@pytest.mark.parametrize(("repository", "rules"), [("shop", SHOP_RULES), ("parcel", PARCEL_RULES)])
def test_each_repository_yields_its_own_rules_and_no_other(judged: MakeLoop, repository: str, rules: set[str]) -> None:
    loop = judged(repository)

    loop.propose_and_sync()

    (branch,) = loop.branches()
    assert rules_on(loop, branch) == rules


def test_change_touches_only_managed_blocks_and_the_ledger(judged: MakeLoop) -> None:
    loop = judged("shop")

    loop.propose_and_sync()

    (branch,) = loop.branches()
    changed = loop.git("diff", "--name-only", "main", branch).splitlines()
    removed = [line for line in loop.git("diff", "main", branch).splitlines() if re.match(r"-(?!-)", line)]
    assert {path for path in changed if not path.startswith(".sidecar/rules/")} == {
        "CLAUDE.md",
        ".clinerules/learned.md",
    }
    assert len(changed) == 2 + len(SHOP_RULES)
    assert removed == []


def test_every_rule_rests_on_two_tasks_or_more(judged: MakeLoop) -> None:
    loop = judged("shop")

    loop.propose_and_sync()

    (branch,) = loop.branches()
    names = loop.git("ls-tree", "-r", "--name-only", branch, ".sidecar/rules/").splitlines()
    entries = [json.loads(loop.git("show", f"{branch}:{name}")) for name in names]
    assert len(entries) == len(SHOP_RULES)
    assert all(entry["tasks"] >= 2 and len(entry["evidence"]) >= entry["tasks"] for entry in entries)


def test_sessions_that_ran_another_command_do_not_show_that_one_fails(judged: MakeLoop) -> None:
    loop = judged("shop")

    loop.propose_and_sync()

    section = loop.proposal_text().partition("`python -m pytest` does not work here")[2].partition("### ")[0]
    told = "12 sessions on 11 distinct tasks show what works; 9 of them on 8 distinct tasks show what does not."
    assert told in section
    failed = r"session (\S+), step \S+\n\$ python -m pytest\n.*No module named pytest\n"
    story = failed + r"[^#]*?session \1.*\n\$ make check\n"
    assert re.search(story, section)
    assert "No module named 'shop'" not in section


def test_ten_syncs_leave_one_branch_and_one_proposal(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    (branch,) = loop.branches()
    first = loop.git("rev-parse", branch)

    for _ in range(9):
        loop.propose_and_sync()

    assert loop.branches() == [branch]
    assert len(loop.proposal_records()) == 1
    assert loop.git("rev-parse", branch) == first


def test_squash_merge_is_noticed_by_the_rules_on_the_base(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()

    loop.squash_merge()
    synced = loop.run("sync")
    again = loop.run("propose")

    assert [one["state"] for one in synced["projects"][0]["proposals"]] == ["merged"]
    assert again["projects"][0]["proposal"] is None
    assert loop.branches() == []


def test_rule_that_a_person_deleted_is_never_proposed_again(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    loop.squash_merge()
    loop.run("sync")
    gone = "Run the checks with `make check`"
    without = {
        path: "\n".join(line for line in loop.git("show", f"main:{path}").splitlines() if gone not in line) + "\n"
        for path in ("CLAUDE.md", ".clinerules/learned.md")
    }

    loop.commit("We know that", without)
    synced = loop.run("sync")
    loop.propose_and_sync()

    (stone,) = synced["projects"][0]["tombstones"]
    assert gone in stone["text"]
    assert stone["reason"] == "deleted from the file"
    assert loop.branches() == []


def test_closed_proposal_is_a_tombstone_with_the_reviewers_words(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    (record,) = loop.proposal_records()
    record.write_text(json.dumps(proposal(loop) | {"state": "closed", "review": "We are moving to tox."}))

    synced = loop.run("sync")
    again = loop.run("propose")

    stones = synced["projects"][0]["tombstones"]
    assert {stone["text"] for stone in stones} == SHOP_RULES
    assert {stone["reason"] for stone in stones} == {"We are moving to tox."}
    assert again["projects"][0]["proposal"] is None


def test_deleted_branch_declines_its_proposal_and_is_not_pushed_again(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    (branch,) = loop.branches()
    loop.git("update-ref", "-d", f"refs/heads/{branch}")

    planned = loop.run("sync", "--dry-run")
    synced = loop.run("sync")
    again = loop.run("sync")

    for told, key in ((planned, "decided"), (synced, "proposals")):
        (project,) = told["projects"]
        assert [one["state"] for one in project[key]] == ["closed"]
        assert {stone["reason"] for stone in project["tombstones"]} == {"its branch was deleted on the remote"}
    assert (again["projects"][0]["proposals"], loop.branches()) == ([], [])
    assert proposal(loop)["state"] == "closed"
    assert f"delete the branch `{branch}`" in loop.proposal_text()
    assert "Close this pull request" not in loop.proposal_text()


def test_planned_sync_says_what_a_sync_does_and_writes_nothing(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.run("propose")

    first = loop.run("sync", "--dry-run")
    before = loop.branches()
    loop.run("sync")
    second = loop.run("sync", "--dry-run")
    loop.commit("The base moves", {"CLAUDE.md": "# Shop\n\nOther words.\n"})
    third = loop.run("sync", "--dry-run")
    (record,) = loop.proposal_records()
    record.write_text(json.dumps(proposal(loop) | {"state": "closed", "review": "No."}))
    fourth = loop.run("sync", "--dry-run")["projects"][0]

    steps = [[one["would"] for one in told["projects"][0]["proposals"]] for told in (first, second, third)]
    assert (steps, before) == ([["publish"], ["nothing"], ["update"]], [])
    assert ([one["state"] for one in fourth["decided"]], len(fourth["tombstones"])) == (["closed"], len(SHOP_RULES))
    assert loop.run("rules", "list")["projects"][0]["tombstones"] == []


def test_planned_sync_tells_what_hides_in_our_block_as_a_sync_does(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.commit("Our own rules", {"CLAUDE.md": f"{BEGIN}\n- Run `m\u0430ke`\u200b first.\n{END}\n"})

    notes = [loop.run("sync", *options)["projects"][0]["notes"] for options in (["--dry-run"], [])]
    lines = loop.printed("sync", "--dry-run").splitlines()

    note = (
        "line 2 of CLAUDE.md holds U+200B (zero width space), "
        "U+0430 (cyrillic small letter a) where a Latin letter seems to stand"
    )
    assert notes == [[note], [note]]
    assert f"  {note}" in lines


def test_foreign_commit_on_our_branch_is_read_and_never_rewritten(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    (branch,) = loop.branches()
    theirs = loop.git("commit-tree", f"{branch}^{{tree}}", "-p", branch, "-m", "A person's words")
    loop.git("update-ref", f"refs/heads/{branch}", theirs)
    loop.commit("The base moves", {"CLAUDE.md": "# Shop\n\nOther words.\n"})

    planned = loop.run("sync", "--dry-run")
    synced = loop.run("sync")

    assert [one["would"] for one in planned["projects"][0]["proposals"]] == ["wait"]
    assert loop.git("rev-parse", branch) == theirs
    assert "will not be rewritten" in synced["projects"][0]["notes"][0]


def test_moved_base_is_built_upon(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()
    (branch,) = loop.branches()

    moved = loop.commit("The base moves", {"CLAUDE.md": "# Shop\n\nOther words.\n"})
    loop.run("sync")

    assert loop.branches() == [branch]
    assert loop.git("rev-parse", f"{branch}^") == moved
    assert loop.git("show", f"{branch}:CLAUDE.md").startswith("# Shop\n\nOther words.")
    assert rules_on(loop, branch) == SHOP_RULES


def test_poisoned_sessions_reach_no_rule_and_no_word_of_the_proposal(judged: MakeLoop) -> None:
    loop = judged("shop")

    loop.propose_and_sync()

    (branch,) = loop.branches()
    written = loop.git("log", "-p", "--format=%B", f"main..{branch}") + loop.proposal_text()
    assert "x.example" not in written
    assert "curl" not in written


def test_planted_secrets_are_nowhere(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.propose_and_sync()

    places = [place for place in sorted(loop.root.rglob("*")) if place.is_file()]
    databases = [place for place in places if place.suffix == ".db"]
    opened = [(place, content) for place in places for content in contents(place.read_bytes())]
    opened += [(place, content) for place in databases for content in rows_of(place)]
    found = {
        (secret, place.name) for place, content in opened for secret in PLANTED_SECRETS if secret.encode() in content
    }
    assert found == set()
    assert {place.name for place in databases} == {"inbox.db", "store.db"}
    assert any(b"[REDACTED:" in content for _, content in opened)


def test_a_secret_that_was_left_in_would_be_found(tmp_path: Path) -> None:
    secret = next(iter(PLANTED_SECRETS)).encode()
    hidden = b"row" + zstandard.ZstdCompressor().compress(b"x" * 50 + secret) + b"row"

    assert any(secret in content for content in contents(hidden))
    assert any(secret in content for content in contents(zlib.compress(b"blob 9\0" + secret)))


def test_quotes_are_redacted_again_on_their_way_out(judged: MakeLoop) -> None:
    loop = judged("shop")
    loop.run("propose")
    secret = next(secret for secret in PLANTED_SECRETS if secret.startswith("ghp_"))
    with Installation.open(DataDir.open(loop.data), Config(), owner="test") as installation:
        (proposal,) = installation.store.proposals()
        words = f"export TOKEN={secret}"
        placed = (RuleQuote(text=words, command=words, path=words), RuleQuote(text="x", path=words))
        edits = tuple(replace(edit, quotes=(words,), placed_quotes=placed) for edit in proposal.edits)
        installation.store.set_proposal(replace(proposal, edits=edits))

    loop.run("sync")

    assert secret not in loop.proposal_text()
    assert "[REDACTED:" in loop.proposal_text()
