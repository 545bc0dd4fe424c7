"""Rules that were merged into one: what they said stays said, and goes with it when people take it out."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.domain import Cluster, EditOperation, Proposal, ProposalState, Rule
from sidecar.forges.local import connect
from sidecar.jobs.drafting import Drafted, Terms, draft, rolling_proposal, save_draft
from sidecar.jobs.drafting_known import known_rules
from sidecar.jobs.syncing import Synced, sync
from tests.contracts.records import PROJECT
from tests.sidecar.jobs.standing import NOW_NS, Standing, edit, rule, standing
from tests.sidecar.lessons import cluster, lesson
from tests.sidecar.remotes import git

BOTH = rule("Run the checks with `make check`, never with the runner of one language.")


@pytest.fixture
def shop(tmp_path: Path) -> Generator[Standing]:
    with standing(tmp_path, {"CLAUDE.md": "# Shop\n", "Makefile": "check:\n\ttrue\n"}) as made:
        yield made


def taught() -> list[Cluster]:
    return [cluster(lesson()), cluster(lesson(failing="npm test", signature="t"))]


def drafted(shop: Standing) -> Drafted:
    return draft(shop.store, shop.base(), taught(), Terms(min_tasks=2, max_edits=4), now_ns=NOW_NS)


def synced(shop: Standing) -> Synced:
    return asyncio.run(sync(shop.store, shop.base(), connect(shop.clone), now_ns=NOW_NS, redact=str))


def merge(shop: Standing) -> Synced:
    """Ada squashes what is open onto the base, and the next sync sees it."""
    (opened,) = synced(shop).proposals
    git(shop.work, "fetch", "--quiet", "origin")
    git(shop.work, "merge", "--quiet", "--squash", f"origin/{opened.branch}")
    git(shop.work, "commit", "--quiet", "--message", "Ada's")
    git(shop.work, "push", "--quiet", "origin", "main")
    return synced(shop)


def states(shop: Standing) -> list[ProposalState]:
    return [one.state for one in shop.store.proposals(project=PROJECT)]


@pytest.fixture
def merged(shop: Standing) -> tuple[Rule, ...]:
    """Two rules that templates word, merged by Ada and then, as another proposal has it, made one."""
    save_draft(shop.store, shop.base(), drafted(shop), now_ns=NOW_NS)
    merge(shop)
    two = shop.base().reading.standing
    one = replace(BOTH, supersedes=tuple(each.rule_id for each in two))
    shop.store.set_proposal(proposed(shop, one))
    merge(shop)
    return two


def proposed(shop: Standing, one: Rule) -> Proposal:
    known = known_rules(shop.store, shop.base())
    return rolling_proposal(shop.base(), known, [edit(one, EditOperation.MERGE)], NOW_NS + 1)


def test_lessons_of_merged_rules_are_not_proposed_again(shop: Standing, merged: tuple[Rule, ...]) -> None:
    again = drafted(shop)

    assert [one.rule_id for one in shop.base().reading.standing] == [BOTH.rule_id]
    assert len(merged) == 2
    assert again.proposal is None
    assert set(again.passed_over) == {"wrong_command: a rule of the base says it"}


@pytest.mark.usefixtures("merged")
def test_proposal_whose_rules_live_on_in_another_is_not_reverted(shop: Standing) -> None:
    assert states(shop) == [ProposalState.MERGED, ProposalState.MERGED]


@pytest.mark.usefixtures("merged")
def test_who_takes_a_merged_rule_out_takes_out_what_it_was_made_of(shop: Standing) -> None:
    shop.push({"CLAUDE.md": "# Shop\n"})
    synced(shop)

    again = drafted(shop)

    assert again.proposal is None
    assert set(again.passed_over) == {"wrong_command: declined: deleted from the file"}


def test_rule_that_a_person_takes_out_while_its_retirement_is_open_never_comes_again(shop: Standing) -> None:
    save_draft(shop.store, shop.base(), drafted(shop), now_ns=NOW_NS)
    merge(shop)
    known, (first, _) = known_rules(shop.store, shop.base()), shop.base().reading.standing
    retirement = rolling_proposal(shop.base(), known, [edit(first, EditOperation.RETIRE)], NOW_NS + 1)
    shop.store.set_proposal(retirement)
    synced(shop)
    lines = (shop.work / "CLAUDE.md").read_text().splitlines(keepends=True)
    shop.push({"CLAUDE.md": "".join(line for line in lines if first.text not in line)})

    seen = synced(shop)

    assert [(one.rule_id, one.reason) for one in seen.tombstones] == [(first.rule_id, "deleted from the file")]
    assert states(shop) == [ProposalState.MERGED, ProposalState.MERGED]
    assert drafted(shop).proposal is None
