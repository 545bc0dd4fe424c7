"""Sessions with known results and rules, and a model that answers every kind of question about them."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

from sidecar.domain import (
    Label,
    LabelDecision,
    LoadedRules,
    Rule,
    RuleId,
    RuleKind,
    RulesSource,
    SessionKey,
    TaskId,
)
from sidecar.jobs.check_records import Checked, CheckRecords, Judges, Surroundings
from sidecar.jobs.checking import Samples, check_judges, plan
from sidecar.jobs.judging import judge_sessions
from sidecar.llm import Model
from sidecar.rules import rules_version
from sidecar.store import Store
from tests.judges.acts import asked, checked, edited, session_of
from tests.judges.blind.answering import guessed
from tests.judges.failure.answering import explained
from tests.judges.failure.packets import BAD, OUTPUT
from tests.scripted_model import Asked

ALL = Samples(blind=100, reruns=100, adherence=100)
RULE = Rule(
    rule_id=RuleId("aaaabbbbcccc"), text="Do not keep an amount as a float.", kind=RuleKind.CONSTRAINT, scope="src/**"
)
TESTS_RULE = Rule(rule_id=RuleId("ddddeeeeffff"), text="Do not skip.", kind=RuleKind.CONSTRAINT, scope="tests/**")
_MARK = re.compile(r"[0-9a-f]{16}")


def settle(
    store: Store,
    name: str,
    *,
    is_wrong: bool = True,
    label: Label = Label.CODE_FAIL,
    rules: tuple[Rule, ...] = (),
    words: str = "",
) -> SessionKey:
    """One settled session whose change is wrong or right, whatever the tests said of it."""
    failed = label is Label.CODE_FAIL
    session = session_of(
        asked(f"Add the total. {words}"),
        edited("src/shop/money.py", "return cents", "return cents / 100" if is_wrong else "return cents * 1"),
        checked("make check", OUTPUT if failed else "3 passed", ok=not failed),
        name=name,
    )
    loaded = LoadedRules(path="CLAUDE.md", sha="ab" * 20, source=RulesSource.EXACT)
    placed = replace(
        session,
        task=TaskId(f"key:{name}"),
        rules=(loaded,) if rules else (),
        rules_version=rules_version(rules, RulesSource.EXACT),
    )
    decision = LabelDecision(label=label, reason="as CI said", tests=(BAD,) if failed else ())
    store.set_session(placed, decision, now_ns=1)
    return session.key


def answering(asked: Asked) -> object:
    """The answer to whatever is asked: an explanation, a guess, or which rules were followed."""
    properties = str(asked.schema)
    if "failure_class" in properties:
        return explained(asked)
    if "confidence" in properties:
        return guessed(asked)
    ids = re.findall(r"^([0-9a-f]{12}): ", asked.user, re.MULTILINE)
    answers = [{"rule_id": one, "quote": "return cents / 100", "following": "broken"} for one in ids]
    return {"answers": answers}


def around(*rules: Rule, redact: Callable[[str], str] = lambda text: text) -> Surroundings:
    """Surroundings in which every session with rules had these."""
    return Surroundings(
        redact=redact, rules_of=lambda session: rules if session.rules else (), now_ns=lambda: 7, workers=4
    )


def keyed_hash(text: str) -> str:
    """Any order that is always the same."""
    return hashlib.sha256(text.encode()).hexdigest()


async def judge(store: Store, model: Model) -> None:
    """Give every failed session its verdict."""
    await judge_sessions(store, Judges.of(model).failure, now_ns=lambda: 1)


async def check(store: Store, model: Model, surroundings: Surroundings, samples: Samples = ALL) -> Checked:
    """One whole run."""
    judges = Judges.of(model)
    records = CheckRecords(store, judges, surroundings)
    return await check_judges(store, records, plan(store, judges, samples, keyed_hash))


def without_marks(text: str) -> str:
    """A request without the words that are drawn for each call."""
    return _MARK.sub("", text)
