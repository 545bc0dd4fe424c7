"""Retirements are drafted from what sessions and the base show, into the one rolling proposal."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.domain import EditOperation, NoRuleReason, Proposal, ProposalState, RuleEdit
from sidecar.jobs.drafting import Drafted, rolling_proposal, save_draft
from sidecar.jobs.drafting_known import known_rules
from sidecar.jobs.retirement import retirements, with_retirements
from sidecar.proposals import build_files
from sidecar.rules import HarmFinding
from tests.contracts.records import PROJECT
from tests.sidecar.jobs.standing import NOW_NS, Standing, edit, rule, standing
from tests.sidecar.lessons import cluster, lesson

FILES = {"CLAUDE.md": "# Shop\n", "src/api.py": "", "lib/a.py": ""}
API = rule("Do not edit `src/api.py` by hand.", "src/**")
EVERYWHERE = rule("Amounts are whole cents.")


@pytest.fixture
def shop(tmp_path: Path) -> Generator[Standing]:
    with standing(tmp_path, FILES) as made:
        made.merge(API, EVERYWHERE)
        yield made


def retired(shop: Standing, harms: tuple[HarmFinding, ...] = ()) -> list[RuleEdit]:
    return retirements(shop.store, shop.base(), now_ns=NOW_NS, harms=harms)


def busy(shop: Standing, *, sessions: int = 20, paths: tuple[str, ...] = ("lib/a.py",)) -> None:
    for number in range(sessions):
        shop.add_session(f"s{number}", days_ago=1 + number % 50, paths=paths)


def saved(shop: Standing, edits: list[RuleEdit], state: ProposalState = ProposalState.OPEN) -> Proposal:
    made = rolling_proposal(shop.base(), known_rules(shop.store, shop.base()), edits, NOW_NS)
    shop.store.set_proposal(replace(made, state=state))
    return made


def test_rule_whose_paths_no_session_touches_is_retired_and_the_others_stay(shop: Standing) -> None:
    busy(shop)

    (one,) = retired(shop)

    assert (one.operation, one.rule.rule_id) == (EditOperation.RETIRE, API.rule_id)
    assert one.reason == "No session met it in 60 days, while 20 sessions worked here with our rules."


def test_one_touched_path_keeps_the_rule(shop: Standing) -> None:
    busy(shop)
    shop.add_session("met", days_ago=50, paths=("README.md", "src/deep/er.py"))

    assert retired(shop) == []


def test_the_one_session_that_met_a_rule_counts_behind_a_thousand_newer_ones(shop: Standing) -> None:
    busy(shop, sessions=1001)
    shop.add_session("met", days_ago=59, paths=("src/api.py",))

    assert retired(shop) == []


def test_quiet_project_loses_no_rule(shop: Standing) -> None:
    busy(shop, sessions=19)

    assert retired(shop) == []


def test_rule_on_a_path_that_left_the_base_is_retired(shop: Standing) -> None:
    shop.push({"lib/api.py": ""}, removed=["src/api.py"])

    assert [one.reason for one in retired(shop)] == [
        "It speaks of src, src/api.py, which are gone from the repository."
    ]


def test_name_that_was_never_a_path_says_nothing(shop: Standing) -> None:
    shop.merge(rule("Import `shop.cents`, not `dist/shop.js`."))

    assert retired(shop) == []


def test_harm_that_was_measured_retires(shop: Standing) -> None:
    finding = HarmFinding(rule_id=EVERYWHERE.rule_id, exposures=40, finding="fewer passed")

    assert [one.rule.rule_id for one in retired(shop, (finding,))] == [EVERYWHERE.rule_id]


def test_rule_that_nobody_has_seen_for_long_is_not_known_to_be_old(tmp_path: Path) -> None:
    with standing(tmp_path, FILES) as young:
        young.merge(API, days_ago=30)
        busy(young, sessions=25)

        assert retired(young) == []


def test_rule_reworded_by_a_person_is_theirs(shop: Standing) -> None:
    busy(shop)
    shop.push({"CLAUDE.md": (shop.work / "CLAUDE.md").read_text().replace("Do not edit", "Never ever edit")})

    assert retired(shop) == []


@pytest.mark.parametrize("state", [ProposalState.OPEN, ProposalState.CLOSED, ProposalState.MERGED])
def test_retirement_that_waits_or_was_declined_is_not_proposed_again(shop: Standing, state: ProposalState) -> None:
    busy(shop)
    saved(shop, retired(shop), state)

    assert retired(shop) == []


def test_retirement_carries_the_signature_of_the_lesson(shop: Standing) -> None:
    busy(shop)
    saved(shop, [replace(edit(API), signature="lesson")], ProposalState.MERGED)

    assert [one.signature for one in retired(shop)] == ["lesson"]


def test_retirements_join_the_proposal_of_the_run(shop: Standing) -> None:
    busy(shop)
    base = shop.base()
    waiting = saved(shop, [edit(rule("New."))])
    drafted = Drafted(project=PROJECT, proposal=waiting, found=(), refusals=(), passed_over=())

    save_draft(
        shop.store, base, with_retirements(shop.store, base, drafted, retired(shop), now_ns=NOW_NS), now_ns=NOW_NS
    )

    (kept,) = shop.store.proposals(project=PROJECT)
    assert (kept.proposal_id, [one.operation.value for one in kept.edits]) == (waiting.proposal_id, ["add", "retire"])


def test_retirements_alone_make_a_proposal_that_nobody_saves_unasked(shop: Standing) -> None:
    busy(shop)
    drafted = Drafted(project=PROJECT, proposal=None, found=(), refusals=(), passed_over=())

    made = with_retirements(shop.store, shop.base(), drafted, retired(shop), now_ns=NOW_NS).proposal

    assert made is not None
    assert [one.rule.rule_id for one in made.edits] == [API.rule_id]
    assert shop.store.proposals(project=PROJECT) == []


def test_lesson_of_a_retired_rule_stays_out_in_other_words_though_only_the_ledger_knows(shop: Standing) -> None:
    gone = replace(edit(API, EditOperation.RETIRE), signature="lesson")
    files = {path: content for path, content in shop.base().contents.items()}
    built = build_files(files, [gone], targets=shop.base().targets)
    shop.push({path: content.decode() for path, content in built.items() if content is not None})

    known = known_rules(shop.store, shop.base())

    assert known.against_lesson(cluster(lesson(signature="lesson"))) == (
        NoRuleReason.DECLINED,
        "declined: because",
    )
    assert known.against_lesson(cluster(lesson(signature="another"))) is None
