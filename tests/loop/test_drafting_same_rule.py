"""Rules that stand are changed by one edit at a time, and as people decided: over a small planted world."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.domain import EditOperation, NoRuleReason, ProposalState, Rule, RuleId, RuleKind
from sidecar.engine import draft_project
from sidecar.jobs.drafting import Drafted
from sidecar.rules import END, GateResult, LedgerEntry, encode_ledger_entry, ledger_path, rule_id
from tests.planted.passes import DAY_NS, Learning, learning
from tests.planted.persona import Persona
from tests.planted.world import PROJECT, save, sessions_on
from tests.scripted_model import Asked, ScriptedModel
from tests.sidecar.remotes import commit, git

GONE = "Do not edit `src/gone.py` by hand."
HONEST = Persona(seed=3, noise=0.0)


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel(script=HONEST.answer) as server:
        yield server


@pytest.fixture
def one(tmp_path: Path, model: ScriptedModel) -> Iterator[Learning]:
    """Two rules stand on the base."""
    with learning(tmp_path, model.url) as made:
        save(made.installation.store, sessions_on("cents", "enums"))
        made.judge()
        made.whole_pass()
        yield made


def taught(one: Learning, *names: str) -> None:
    """More lessons, judged."""
    save(one.installation.store, sessions_on(*names))
    one.judge()


class Turning:
    """A drafter that answers each lesson with the next operation on rules that stand, in words of that lesson."""

    def __init__(self, *turns: tuple[EditOperation, Sequence[RuleId]]) -> None:
        self._turns = list(turns)

    def __call__(self, asked: Asked) -> object:
        honest = cast("dict[str, object]", HONEST.answer(asked))
        if "edits" not in honest:
            return honest
        operation, ids = self._turns.pop(0) if len(self._turns) > 1 else self._turns[0]
        (edit,) = cast("list[dict[str, object]]", honest["edits"])
        text = "" if operation is EditOperation.RETIRE else edit["text"]
        changed = edit | {"operation": operation.value, "rule_ids": list(ids), "text": text, "scope": None}
        return honest | {"edits": [changed]}


def operations(drafted: Drafted) -> list[EditOperation]:
    return [edit.operation for edit in drafted.proposal.edits] if drafted.proposal else []


def decline(one: Learning, words: str) -> None:
    """A person closes every open proposal."""
    for branch in git(one.remote, "for-each-ref", "--format=%(refname:short)", "refs/heads/sidecar").splitlines():
        record = Path(f"{one.remote}.proposals") / f"{branch}.json"
        record.write_text(json.dumps(json.loads(record.read_text()) | {"state": "closed", "review": words}))


def states(one: Learning) -> list[ProposalState]:
    return [proposal.state for proposal in one.installation.store.proposals(project=PROJECT)]


def test_merge_of_every_rule_of_a_proposal_does_not_call_it_reverted(one: Learning, model: ScriptedModel) -> None:
    ids = [rule.rule_id for rule in one.rules()]
    taught(one, "rounding")
    model.script = Turning((EditOperation.MERGE, ids))

    drafted = one.whole_pass()

    assert operations(drafted) == [EditOperation.MERGE]
    assert states(one) == [ProposalState.MERGED] * 2


def test_report_names_the_rule_that_took_others_up(one: Learning, model: ScriptedModel) -> None:
    ids = [rule.rule_id for rule in one.rules()]
    taught(one, "rounding")
    model.script = Turning((EditOperation.MERGE, ids))
    one.whole_pass()

    told = CliRunner().invoke(app, ["report", "--since", "2026-01-01", "--data", str(one.installation.data_dir.path)])

    (merged,) = one.rules()
    assert told.stdout.count(f"(merged into {merged.rule_id})") == len(ids)


def rule_on_a_path_that_left(one: Learning) -> Rule:
    """A rule of ours that speaks of a file which the base held and does not hold any more."""
    rule = Rule(rule_id=rule_id(GONE, None), text=GONE, kind=RuleKind.CONSTRAINT)
    entry = LedgerEntry(rule=rule, task_count=2, person_count=2, gate=GateResult.PASSED)
    work = one.remote.parent / "work"
    git(work, "pull", "--quiet", "origin", "main")
    files = {"src/gone.py": "", ledger_path(rule.rule_id): encode_ledger_entry(entry).decode()}
    block = (work / "CLAUDE.md").read_text().replace(END, f"- {GONE}\n{END}")
    commit(work, files | {"CLAUDE.md": block}, "A rule on a file")
    (work / "src/gone.py").unlink()
    commit(work, {}, "Without the file")
    git(work, "push", "--quiet", "origin", "HEAD:main")
    one.sync()
    return rule


def drafted_later(one: Learning, *, days: int) -> Drafted:
    """The draft of a later day."""
    judge = one.installation.judge("failure")
    return draft_project(one.installation, PROJECT, judge, now_ns=one.now_ns + days * DAY_NS)


@pytest.mark.parametrize("second", [EditOperation.AMEND, EditOperation.RETIRE])
@pytest.mark.parametrize("first", [EditOperation.AMEND, EditOperation.MERGE])
def test_of_two_lessons_that_change_one_rule_the_second_waits(
    one: Learning, model: ScriptedModel, first: EditOperation, second: EditOperation
) -> None:
    ids = [rule.rule_id for rule in one.rules()]
    taught(one, "rounding", "naive")
    model.script = Turning((first, ids if first is EditOperation.MERGE else ids[:1]), (second, ids[:1]))

    drafted = one.whole_pass()

    assert operations(drafted) == [first]
    assert [one.reason for one in drafted.decisions].count(NoRuleReason.LEFT_FOR_NEXT_RUN) == 1
    assert one.installation.store.tombstones(PROJECT) == []
    assert states(one) == [ProposalState.MERGED] * 2


def test_rule_that_evidence_retires_is_changed_by_no_lesson_of_the_same_run(
    one: Learning, model: ScriptedModel
) -> None:
    gone = rule_on_a_path_that_left(one)
    taught(one, "rounding")
    model.script = Turning((EditOperation.AMEND, [gone.rule_id]))

    drafted = drafted_later(one, days=30)

    assert operations(drafted) == [EditOperation.RETIRE]
    assert "left for the next run, as this one retires the same rule" in [one.detail for one in drafted.decisions]


def test_retirement_that_a_person_declined_is_not_drafted_again(one: Learning, model: ScriptedModel) -> None:
    (rule, _) = one.rules()
    taught(one, "rounding")
    model.script = Turning((EditOperation.RETIRE, [rule.rule_id]))
    first = one.draft()
    one.sync()
    decline(one, "We need it.")
    one.sync()

    again = one.draft()

    assert (operations(first), again.proposal) == ([EditOperation.RETIRE], None)
    assert "declined: We need it." in [decision.detail for decision in again.decisions]
