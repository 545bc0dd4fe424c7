"""What one run makes of the edits that several lessons suggest for the same rules."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from judges.evidence import EvidenceJudge
from sidecar.config import LearnConfig
from sidecar.domain import (
    Cluster,
    EditOperation,
    NoRuleReason,
    PersonId,
    Rule,
    RuleEdit,
    SessionKey,
    SessionState,
)
from sidecar.jobs.asking import Asked
from sidecar.jobs.drafting import Drafted, Terms, draft, taught_lessons
from sidecar.jobs.retirement import with_retirements
from sidecar.reply import Draft
from tests.contracts.records import make_decision, make_key, make_session, make_verdict
from tests.sidecar.drafting import failure_cluster
from tests.sidecar.jobs.standing import NOW_NS, Standing, edit, rule, standing
from tests.sidecar.lessons import cluster

FLOATS = rule("Do not keep amounts as floats.")
REWORDED = replace(FLOATS, text="Do not store prices as floats.")
AGAIN = replace(FLOATS, text="Do not keep an amount as a float number.")


@pytest.fixture
def shop(tmp_path: Path) -> Generator[Standing]:
    with standing(tmp_path, {"CLAUDE.md": "# Shop\n", "src/shop/money.py": "def cents(): ...\n"}) as made:
        made.merge(FLOATS, rule("Do not divide amounts."))
        yield made


def lessons(count: int) -> list[Cluster]:
    taught = failure_cluster().lesson
    return [cluster(replace(taught, signature=f"{taught.signature}{number}")) for number in range(count)]


def drafted(shop: Standing, *edits: RuleEdit) -> Drafted:
    """A run in which a model suggests one edit for each lesson."""
    found = lessons(len(edits))
    said = {one.cluster_id: Draft(edits=(suggested,)) for one, suggested in zip(found, edits, strict=True)}
    return draft(
        shop.store, shop.base(), found, Terms(min_tasks=2, max_edits=4), now_ns=NOW_NS, asked=Asked(drafts=said)
    )


def operations(made: Drafted) -> list[tuple[EditOperation, str]]:
    return [(one.operation, one.rule.text) for one in made.proposal.edits] if made.proposal else []


def amended(words: Rule) -> RuleEdit:
    return edit(words, EditOperation.AMEND)


def test_a_rule_is_changed_once_by_a_run_and_the_other_change_is_left_for_the_next(shop: Standing) -> None:
    made = drafted(shop, amended(REWORDED), amended(AGAIN))

    assert operations(made) == [(EditOperation.AMEND, REWORDED.text)]
    assert [one.reason for one in made.decisions] == [None, NoRuleReason.LEFT_FOR_NEXT_RUN]
    assert made.refusals == ()


def test_a_rule_that_a_run_retires_is_not_amended_by_it(shop: Standing) -> None:
    made = drafted(shop, edit(FLOATS, EditOperation.RETIRE), amended(REWORDED))

    assert operations(made) == [(EditOperation.RETIRE, FLOATS.text)]


def test_a_rule_that_a_draft_amends_is_not_retired_with_it(shop: Standing) -> None:
    made = drafted(shop, amended(REWORDED))

    both = with_retirements(shop.store, shop.base(), made, [edit(FLOATS, EditOperation.RETIRE)], now_ns=NOW_NS)

    assert operations(both) == [(EditOperation.AMEND, REWORDED.text)]


def test_a_thousand_new_sessions_of_one_person_do_not_make_them_the_only_one(shop: Standing) -> None:
    def settle(name: str, person: str, *, started_ns: int) -> SessionKey:
        key = make_key(name)
        session = make_session(key, state=SessionState.SETTLED, task=f"key:{name}", started_ns=started_ns)
        shop.store.set_session(replace(session, person=PersonId(person)), make_decision(), now_ns=1)
        return key

    settle("first", "bob", started_ns=1)
    for number in range(1000):
        settle(f"s{number}", "ada", started_ns=2)
    judge = EvidenceJudge()
    for number in range(2):
        key = make_key(f"s{number}")
        verdict = make_verdict(key, version=judge.version)
        shop.store.set_verdict(key, revision=1, judge=judge.name, judge_version=judge.version, verdict=verdict)

    found = taught_lessons(shop.store, shop.base(), judge, LearnConfig())

    assert [one.is_of_one_person for one in found] == [True]
