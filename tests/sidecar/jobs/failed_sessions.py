"""Settled sessions that failed by their code, and what was said of them."""

from collections.abc import Sequence
from dataclasses import replace

from sidecar.domain import Label, LabelDecision, SessionKey, TaskId
from sidecar.prices import cost_usd
from sidecar.store import Store
from tests.judges.acts import asked, checked, edited, session_of
from tests.judges.failure.packets import BAD, OUTPUT
from tests.scripted_model import ScriptedModel
from tests.scripted_model.opening import NOW_NS


def settled(store: Store, count: int, *, first: int = 0, words: str = "") -> list[SessionKey]:
    """So many of them, each with another packet.

    Args:
        words: Of the prompt; other words make another revision.
    """
    decision = LabelDecision(label=Label.CODE_FAIL, reason="1 of 3 tests failed", tests=(BAD,))
    keys: list[SessionKey] = []
    for number in range(first, first + count):
        session = session_of(
            asked(f"Task {number}. {words}"),
            edited("src/shop/money.py", "return cents", f"return cents / {number}"),
            checked("make check", f"{OUTPUT}\nrun {number}", ok=False),
            name=f"session-{number:04d}",
        )
        store.set_session(replace(session, task=TaskId(f"key:T-{number}")), decision, now_ns=1)
        keys.append(session.key)
    return keys


def judged(store: Store, keys: Sequence[SessionKey]) -> list[SessionKey]:
    """Those with a verdict."""
    return [key for key in keys if store.verdicts(key)]


def billed_usd(server: ScriptedModel, *, is_batch: bool = False) -> float:
    """What the provider bills for every answer it made."""
    return sum(
        cost_usd(model, usage, at_ns=NOW_NS, prices={}, is_batch=is_batch) for model, usage in server.meter.billed
    )
