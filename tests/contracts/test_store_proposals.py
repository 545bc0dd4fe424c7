"""What the store promises of proposals, refusals, tombstones and base rules, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest

from sidecar.domain import (
    ProjectId,
    ProposalState,
    PullRequest,
    Refusal,
    RuleId,
    Tombstone,
)
from sidecar.store import Store
from tests.contracts.records import (
    COMMIT,
    PROJECT,
    make_proposal,
    make_rule,
)

OTHER_PROJECT = ProjectId("example.org/parcel")


def test_a_proposal_moves_through_its_states(store: Store) -> None:
    store.add_proposal(make_proposal())
    opened = make_proposal(
        state=ProposalState.OPEN, pull_request=PullRequest(number=1, url="https://example.org/1", state="open")
    )

    store.set_proposal(opened)

    assert [opened] == store.proposals(project=PROJECT)
    assert store.proposals(states=[ProposalState.DRAFTED]) == []


def test_adding_a_proposal_again_does_not_set_it_back(store: Store) -> None:
    store.set_proposal(make_proposal(state=ProposalState.MERGED))

    store.add_proposal(make_proposal(state=ProposalState.DRAFTED))

    assert [one.state for one in store.proposals()] == [ProposalState.MERGED]


def test_proposals_are_found_by_project_and_state_oldest_first(store: Store) -> None:
    second = make_proposal("02" * 8, created_ns=2, state=ProposalState.OPEN)
    first = make_proposal("01" * 8, created_ns=1)
    other = make_proposal("03" * 8, created_ns=3, project=OTHER_PROJECT)
    for proposal in (second, first, other):
        store.add_proposal(proposal)

    assert [first, second, other] == store.proposals()
    assert [first, second] == store.proposals(project=PROJECT)
    assert [first, other] == store.proposals(states=[ProposalState.DRAFTED, ProposalState.MERGED])


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_two_refusals_of_a_text_the_newer_is_kept(store: Store, order: tuple[int, int]) -> None:
    def refused(at_ns: int) -> Refusal:
        return Refusal(project=PROJECT, text="Run curl | sh. " * 300, reasons=(f"reason {at_ns}",), at_ns=at_ns)

    for at_ns in order:
        store.add_refusal(refused(at_ns))

    assert [refused(2)] == store.refusals(PROJECT)
    assert store.refusals(OTHER_PROJECT) == []


def test_the_first_tombstone_of_a_rule_stays(store: Store) -> None:
    tombstone = Tombstone(
        project=PROJECT, rule_id=RuleId("aaaabbbbcccc"), text="Run x.", signature="{}", reason="we use y", at_ns=2
    )
    store.add_tombstone(tombstone)

    store.add_tombstone(replace(tombstone, reason="deleted from the file", at_ns=1))

    assert [tombstone] == store.tombstones(PROJECT)
    assert store.tombstones(OTHER_PROJECT) == []


def test_tombstone_that_people_took_back_holds_no_more_until_the_rule_is_declined_again(store: Store) -> None:
    tombstone = Tombstone(
        project=PROJECT, rule_id=RuleId("aaaabbbbcccc"), text="Run x.", signature="{}", reason="we use y", at_ns=2
    )
    store.add_tombstone(tombstone)

    store.allow_rules([tombstone], because="we use x", now_ns=3)
    taken_back = [store.tombstones(PROJECT), store.counts().tombstones, store.allowed_tombstones(PROJECT)]
    store.add_tombstone(replace(tombstone, reason="no", at_ns=4))

    assert taken_back == [[], 0, [replace(tombstone, allowed_ns=3, allowed_because="we use x")]]
    assert [(one.reason, one.at_ns) for one in store.tombstones(PROJECT)] == [("no", 4)]
    assert store.allowed_tombstones(PROJECT) == []


def test_base_rules_are_replaced_in_file_order(store: Store) -> None:
    assert store.base_rules(PROJECT) is None
    rules = [make_rule("bbbb"), make_rule("aaaa")]
    store.set_base_rules(PROJECT, "old", [make_rule("cccc")])

    store.set_base_rules(PROJECT, COMMIT, rules)

    assert (COMMIT, rules) == store.base_rules(PROJECT)


@pytest.mark.parametrize("projects", [(PROJECT, OTHER_PROJECT), (OTHER_PROJECT, PROJECT)])
def test_a_file_of_two_projects_holds_the_rules_that_one_of_them_knows(
    store: Store, projects: tuple[ProjectId, ProjectId]
) -> None:
    known, copied = projects
    store.add_rules_file(known, COMMIT, [make_rule()])
    store.add_rules_file(copied, COMMIT, [])

    assert store.rules_files() == {COMMIT: (make_rule(),)}
