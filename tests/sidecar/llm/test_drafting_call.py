"""A draft over the wire: the question of a cluster, a scripted answer, the edits that the gate then judges."""

from itertools import count

import pytest

from sidecar.domain import ReplyProblem
from sidecar.gate import GateContext, check
from sidecar.llm import Model
from sidecar.metaprompt import draft_request
from sidecar.reply import Draft, read_draft
from tests.scripted_model import Asked, Fault, ScriptedModel, always
from tests.sidecar.drafting import draft_case

CASE = draft_case()
FILES = frozenset({"src/shop/money.py"})


def one_edit(asked: Asked) -> object:
    edit: dict[str, object] = {
        "operation": "add",
        "rule_ids": [],
        "text": "Do not keep amounts as floats.",
        "kind": "constraint",
        "scope": "src/shop/**",
    }
    return {"reasoning": "The failed ones divide.", "edits": [edit], "none_because": None}


async def drafted(model: Model, user: str = "") -> Draft | ReplyProblem:
    marks = count()
    reply = await model.complete(draft_request(CASE, draw_mark=lambda: f"mark-{user}-{next(marks)}"))
    return read_draft(reply.value, CASE) if reply.value is not None else reply.problem or ReplyProblem.UNFINISHED


async def test_an_answer_becomes_an_edit_that_passes_the_gate(server: ScriptedModel, model: Model) -> None:
    server.script = one_edit

    draft = await drafted(model)

    assert isinstance(draft, Draft)
    (edit,) = draft.edits
    rule = edit.rule
    decision = check(rule.text, kind=rule.kind, scope=rule.scope, context=GateContext(repository_files=FILES))
    assert decision.reasons == ()


async def test_whatever_the_schema_allows_is_read(model: Model) -> None:
    drafts = [await drafted(model, f"{number}") for number in range(12)]

    assert all(isinstance(draft, Draft) for draft in drafts)


@pytest.mark.parametrize(
    ("fault", "problem"), [(Fault.REFUSAL, ReplyProblem.REFUSED), (Fault.MISSING_FIELD, ReplyProblem.WRONG_SHAPE)]
)
async def test_a_useless_answer_is_a_problem(
    server: ScriptedModel, model: Model, fault: Fault, problem: ReplyProblem
) -> None:
    server.script, server.plan = one_edit, always(fault)

    assert await drafted(model) is problem


async def test_ids_that_were_not_shown_are_a_problem(server: ScriptedModel, model: Model) -> None:
    server.script, server.plan = one_edit, always(Fault.WRONG_IDS)

    draft = await drafted(model)

    assert isinstance(draft, Draft)
    assert (draft.edits, draft.problem) == ((), ReplyProblem.WRONG_IDS)
