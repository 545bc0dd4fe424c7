"""Rules that stand are changed by one edit at a time, and as people decided: over a small planted world."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from sidecar.domain import EditOperation, ProposalState, RuleId
from sidecar.jobs.drafting import Drafted
from tests.planted.passes import Learning, learning
from tests.planted.persona import Persona
from tests.planted.world import PROJECT, Played, planted_sessions, save
from tests.scripted_model import Asked, ScriptedModel

GONE = "Do not edit `src/gone.py` by hand."
HONEST = Persona(seed=3, noise=0.0)


def few_sessions(*names: str) -> list[Played]:
    tests = {f"tests/test_{name}.py" for name in names}
    return [one for one in planted_sessions(3) if one.decision.tests[0].path in tests]


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel(script=HONEST.answer) as server:
        yield server


@pytest.fixture
def one(tmp_path: Path, model: ScriptedModel) -> Iterator[Learning]:
    """Two rules stand on the base."""
    with learning(tmp_path, model.url) as made:
        save(made.installation.store, few_sessions("cents", "enums"))
        made.judge()
        made.whole_pass()
        yield made


def taught(one: Learning, *names: str) -> None:
    """More lessons, judged."""
    save(one.installation.store, few_sessions(*names))
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


def states(one: Learning) -> list[ProposalState]:
    return [proposal.state for proposal in one.installation.store.proposals(project=PROJECT)]


def test_merge_of_every_rule_of_a_proposal_does_not_call_it_reverted(one: Learning, model: ScriptedModel) -> None:
    ids = [rule.rule_id for rule in one.rules()]
    taught(one, "rounding")
    model.script = Turning((EditOperation.MERGE, ids))

    drafted = one.whole_pass()

    assert operations(drafted) == [EditOperation.MERGE]
    assert states(one) == [ProposalState.MERGED] * 2
