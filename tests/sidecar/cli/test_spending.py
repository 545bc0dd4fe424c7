"""What `sidecar spend` says: by purpose, of the day and the month, what is put aside, and what a rule came to."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.cli.spending import accepted_rules
from sidecar.data_dir import DataDir
from sidecar.domain import EditOperation, ModelUsage, ProjectId, ProposalState, Purpose, RuleId, Tombstone
from sidecar.store import Cap, Store, Wanted
from tests.contracts.records import make_proposal


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The store of a data folder."""
    DataDir.open(tmp_path)
    assert CliRunner().invoke(app, ["spend", "--data", str(tmp_path)]).exit_code == 0
    opened = Store.open(f"sqlite:///{tmp_path}/store.db")
    yield opened
    opened.close()


def told(folder: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["spend", "--data", str(folder), *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def pay(
    store: Store, purpose: Purpose, usd: float, *, settled_usd: float | None = None, project: ProjectId | None = None
) -> None:
    """One call that was reserved, and settled where an amount is given."""
    key = f"{purpose.value} {project}"
    wanted = Wanted(request_key=key, purpose=purpose, model="m", amount_usd=usd, project=project)
    attempt = store.reserve_spend(wanted, now_ns=time.time_ns(), cap=Cap(day_usd=100))
    assert attempt is not None
    if settled_usd is not None:
        store.settle_spend(key, attempt, amount_usd=settled_usd, usage=ModelUsage(input_tokens=7))


def test_each_purpose_has_its_sum_and_what_is_put_aside_is_said(tmp_path: Path, store: Store) -> None:
    pay(store, Purpose.JUDGE, 0.5, settled_usd=0.25)
    pay(store, Purpose.DRAFT, 0.1)

    document = json.loads(told(tmp_path, "--json"))
    words = told(tmp_path)

    assert document["day"] == document["month"] | {"cap_usd": 5.0}
    assert document["day"]["purposes"] == {"draft": pytest.approx(0.1), "judge": pytest.approx(0.25)}
    assert (document["day"]["reserved_usd"], document["rules"]["usd_each"]) == (pytest.approx(0.1), None)
    assert "this day (UTC): 0.3500 USD (draft 0.1000, judge 0.2500, 0.1000 of it put aside) of 5.00, 4.6500" in words


def test_projects_share_what_a_period_cost_dearest_first(tmp_path: Path, store: Store) -> None:
    pay(store, Purpose.JUDGE, 0.5, settled_usd=0.25, project=ProjectId("f/acme/shop"))
    pay(store, Purpose.DRAFT, 1.5, settled_usd=1.0, project=ProjectId("f/acme/till"))
    pay(store, Purpose.BLIND, 0.1)

    projects = json.loads(told(tmp_path, "--json"))["month"]["projects"]

    assert [(one["project"], one["spent_usd"]) for one in projects] == [
        ("f/acme/till", pytest.approx(1.0)),
        ("f/acme/shop", pytest.approx(0.25)),
        (None, pytest.approx(0.1)),
    ]
    assert "  not of one project: 0.1000 USD (blind 0.1000, 0.1000 of it put aside)" in told(tmp_path)


def test_a_rule_that_was_left_out_when_the_rest_was_merged_counts_not(tmp_path: Path, store: Store) -> None:
    proposal = make_proposal()
    (taken, *_) = proposal.edits
    left_out = replace(taken, rule=replace(taken.rule, rule_id=RuleId("ffffffffffff")))
    store.add_proposal(replace(proposal, state=ProposalState.MERGED, edits=(taken, left_out)))
    store.add_tombstone(
        Tombstone(
            project=proposal.project, rule_id=left_out.rule.rule_id, text="x", signature=None, reason="no", at_ns=1
        )
    )

    assert json.loads(told(tmp_path, "--json"))["rules"]["accepted"] == 1


def test_what_a_merged_rule_came_to_is_everything_spent_over_the_rules(tmp_path: Path, store: Store) -> None:
    pay(store, Purpose.JUDGE, 0.5, settled_usd=0.3)
    store.add_proposal(replace(make_proposal(), state=ProposalState.MERGED))

    document = json.loads(told(tmp_path, "--json"))

    assert document["rules"] == {"accepted": 1, "spent_usd": pytest.approx(0.3), "usd_each": pytest.approx(0.3)}
    assert "0.3000 for each of 1 rules" in told(tmp_path)


def test_a_rule_counts_once_and_a_retirement_not_at_all() -> None:
    proposal = make_proposal()
    (edit, *_) = proposal.edits
    again = replace(proposal, edits=(replace(edit, operation=EditOperation.AMEND),))
    retired = replace(proposal, edits=(replace(edit, operation=EditOperation.RETIRE),))

    assert accepted_rules([proposal, again, retired]) == len({one.rule.rule_id for one in proposal.edits})
    assert accepted_rules([retired]) == 0
