"""Checking the judges: who is asked, what is kept of it, and what nothing is made of."""

from collections.abc import AsyncIterator

import pytest

from sidecar.agreement import Standing, agreement_card, standing
from sidecar.domain import FailureClass, Following, Guess, Label, Purpose, ReplyProblem, Rerun
from sidecar.errors import SpendCapError
from sidecar.jobs.check_records import Judges
from sidecar.jobs.checking import Samples, plan
from sidecar.llm import Model
from sidecar.redact import Redactor
from sidecar.store import Cap, Store
from sidecar.store.checks import RERUN
from sidecar.store.problems import MAX_TRIES
from tests.judges.failure.answering import explained
from tests.scripted_model import TWELVE, Asked, Clock, Fault, ScriptedModel, always, never, open_model, randomly
from tests.sidecar.jobs.checks import (
    ALL,
    RULE,
    TESTS_RULE,
    answering,
    around,
    check,
    judge,
    keyed_hash,
    settle,
    without_marks,
)

CAP_USD = 0.0012
"""One call fits; twenty in a row go over it, and so do two that are under way at once."""


@pytest.fixture
async def model(server: ScriptedModel, store: Store) -> AsyncIterator[Model]:
    """The server as our model, answering every kind of question."""
    server.script = answering
    opened = open_model(server.url, store)
    yield opened
    await opened.close()


async def test_guesses_reruns_and_rules_are_asked_about_and_kept(store: Store, model: Model) -> None:
    failed, passed = settle(store, "failed", rules=(RULE,)), settle(store, "passed", is_wrong=False, label=Label.PASS)
    await judge(store, model)

    checked = await check(store, model, around(RULE))

    judges = Judges.of(model)
    known = store.checks.agreement(judges.version, "failure")
    same = FailureClass.BROKEN_CONVENTION
    assert (checked.guesses, checked.reruns, checked.adherences, checked.unjudged) == (2, 1, 1, [])
    assert sorted(known.guesses) == [(Label.CODE_FAIL, Guess.FAIL), (Label.PASS, Guess.PASS)]
    assert known.reruns == (Rerun(first=same, again=same),)
    assert (known.quotes_offered, known.quotes_proven) == (1, 1)
    assert [one.following for one in store.checks.adherence(failed)] == [Following.BROKEN]
    assert store.checks.adherence(passed) == ()
    assert {spent.purpose for spent in store.spent(0)} == set(Purpose) - {Purpose.DRAFT}


async def test_a_second_run_asks_nobody_again(store: Store, model: Model, server: ScriptedModel) -> None:
    for name in ("a", "b"):
        settle(store, name, rules=(RULE,))
    await judge(store, model)
    await check(store, model, around(RULE))
    asked = len(server.meter.asked)

    again = await check(store, model, around(RULE))

    assert (again.guesses, again.reruns, again.adherences) == (0, 0, 0)
    assert len(server.meter.asked) == asked


async def test_a_rerun_asks_the_very_same_question_beside_the_answer_that_is_kept(
    store: Store, model: Model, server: ScriptedModel
) -> None:
    settle(store, "a")
    await judge(store, model)

    def otherwise(asked: Asked) -> object:
        return explained(asked, failure_class="faulty_logic")

    server.script = otherwise

    await check(store, model, around(), Samples(blind=0, reruns=5, adherence=0))

    first, again = server.meter.asked
    version = Judges.of(model).version
    assert without_marks(first.user) == without_marks(again.user)
    assert (first.system, first.model) == (again.system, again.model)
    assert first.user != again.user
    known = store.checks.agreement(version, "failure")
    assert known.reruns == (Rerun(first=FailureClass.BROKEN_CONVENTION, again=FailureClass.FAULTY_LOGIC),)
    (verdict,) = store.verdicts(settle(store, "a"))
    assert verdict.lessons[0].failure_class is FailureClass.BROKEN_CONVENTION


async def test_a_run_killed_between_answer_and_save_pays_nothing_twice(
    store: Store, model: Model, server: ScriptedModel
) -> None:
    key = settle(store, "a", rules=(RULE,))
    await judge(store, model)
    await check(store, model, around(RULE))
    paid = len(server.meter.billed)
    spent = store.spent_usd(0)
    # what was kept of the session's checks is lost with its row, the paid answers are not
    store.forgetting.remove(key, now_ns=9)
    settle(store, "a", rules=(RULE,))

    await judge(store, model)
    checked = await check(store, model, around(RULE))

    assert (checked.guesses, checked.reruns, checked.adherences) == (1, 1, 1)
    assert len(server.meter.billed) == paid
    assert store.spent_usd(0) == spent


async def test_the_sample_is_drawn_by_hash_and_grows_over_the_nights(store: Store, model: Model) -> None:
    keys = {settle(store, f"s{number}") for number in range(9)}
    judges, samples = Judges.of(model), Samples(blind=4, reruns=0, adherence=0)

    first = plan(store, judges, samples, keyed_hash)
    other = plan(store, judges, samples, lambda text: keyed_hash(text[::-1]))
    again = plan(store, judges, samples, keyed_hash)
    nights = [(await check(store, model, around(), samples)).guesses for _ in range(4)]

    assert first == again
    assert set(first.blind) != set(other.blind)
    assert set(first.blind) < keys
    assert nights == [4, 4, 1, 0]


async def test_a_plan_asks_and_saves_nothing(store: Store, model: Model, server: ScriptedModel) -> None:
    settle(store, "a", rules=(RULE,))
    await judge(store, model)
    asked = len(server.meter.asked)

    plan(store, Judges.of(model), ALL, keyed_hash)

    assert len(server.meter.asked) == asked
    assert store.checks.versions() == []


async def test_where_no_rule_speaks_of_what_was_touched_nobody_is_asked(
    store: Store, model: Model, server: ScriptedModel
) -> None:
    settle(store, "a", rules=(TESTS_RULE,), label=Label.PASS)

    checked = await check(store, model, around(TESTS_RULE), Samples(blind=0, reruns=0, adherence=9))
    again = plan(store, Judges.of(model), ALL, keyed_hash)

    assert (checked.adherences, server.meter.asked, again.adherence) == (0, [], ())


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault.PROSE, ReplyProblem.PROSE),
        (Fault.NOT_A_NUMBER, ReplyProblem.WRONG_SHAPE),
        (Fault.REFUSAL, ReplyProblem.REFUSED),
        (Fault.HUGE, ReplyProblem.OVERSIZE),
        (Fault.TRUNCATED, ReplyProblem.TRUNCATED),
    ],
)
async def test_an_answer_of_no_use_is_counted_and_is_no_guess(
    store: Store, model: Model, server: ScriptedModel, fault: Fault, problem: ReplyProblem
) -> None:
    key = settle(store, "a", rules=(RULE,))
    await judge(store, model)
    server.plan = always(fault)

    runs = [await check(store, model, around(RULE)) for _ in range(MAX_TRIES + 1)]

    known = store.checks.agreement(Judges.of(model).version, "failure")
    counted = {one.judge: (one.problem, one.tries) for one in store.judge_problems(key)}
    assert [len(run.unjudged) for run in runs] == [3] * MAX_TRIES + [0]
    assert counted == dict.fromkeys(("blind", RERUN, "adherence"), (problem, MAX_TRIES))
    assert (known.guesses, known.reruns, store.checks.adherence(key)) == ((), (), ())


async def test_with_a_third_of_all_answers_faulty_each_session_ends_guessed_or_with_a_reason(
    store: Store, server: ScriptedModel
) -> None:
    keys = [settle(store, f"s{number:03d}", words=str(number)) for number in range(150)]
    server.script, server.plan = answering, randomly(2026)
    model = open_model(server.url, store, clock=Clock(), timeout_s=0.5)

    runs = [await check(store, model, around(), Samples(blind=150, reruns=0, adherence=0)) for _ in range(MAX_TRIES)]

    await model.close()
    guessed = [key for key in keys if store.checks.blind_calls(key)]
    assert [run.stopped_by for run in runs] == [None] * MAX_TRIES
    assert all(store.judge_problems(key) for key in set(keys) - set(guessed))
    assert len(guessed) >= 0.9 * len(keys)
    assert set(server.meter.faults) == set(TWELVE)


async def test_the_cap_on_money_stops_a_run_and_the_rest_waits(store: Store, server: ScriptedModel) -> None:
    for number in range(20):
        settle(store, f"s{number}")
    server.script = answering
    model = open_model(server.url, store, cap=Cap(day_usd=CAP_USD))

    checked = await check(store, model, around())
    waiting = plan(store, Judges.of(model), ALL, keyed_hash)

    await model.close()
    assert isinstance(checked.stopped_by, SpendCapError)
    assert 0 < checked.guesses < 20
    assert len(waiting.blind) == 20 - checked.guesses
    assert store.spent_usd(0) <= CAP_USD


async def test_a_session_that_is_forgotten_while_it_is_asked_about_leaves_nothing(
    store: Store, model: Model, server: ScriptedModel
) -> None:
    key = settle(store, "a", rules=(RULE,))
    await judge(store, model)

    def forgetting(asked: Asked) -> object:
        store.forgetting.remove(key, now_ns=2)
        return answering(asked)

    server.script = forgetting

    checked = await check(store, model, around(RULE))

    assert checked.stopped_by is None
    assert (checked.guesses, checked.reruns, checked.adherences, checked.unjudged) == (0, 0, 0, [])
    assert store.forgetting.present() == []


async def test_no_secret_reaches_the_model(store: Store, model: Model, server: ScriptedModel) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    settle(store, "a", rules=(RULE,), words=secret)

    await check(store, model, around(RULE, redact=Redactor(key=b"k" * 32).redact))

    assert len(server.meter.asked) == 2
    assert all(secret not in asked.user and "[REDACTED:" in asked.user for asked in server.meter.asked)


@pytest.mark.parametrize(
    ("is_wrong", "stands"), [((True, False), Standing.VERIFIED), ((False, True), Standing.BELOW_FLOOR)]
)
async def test_a_judge_that_sees_what_is_wrong_is_believed_and_one_that_does_not_is_not(
    store: Store, model: Model, server: ScriptedModel, is_wrong: tuple[bool, bool], stands: Standing
) -> None:
    for number in range(16):
        settle(store, f"f{number}", is_wrong=is_wrong[0])
        settle(store, f"p{number}", is_wrong=is_wrong[1], label=Label.PASS)
    server.plan = never

    await check(store, model, around(), Samples(blind=100, reruns=0, adherence=0))

    card = agreement_card(store.checks.agreement(Judges.of(model).version, "failure"))
    assert card.kappa.n == 32
    assert standing(card).standing is stands
