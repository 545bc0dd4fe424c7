"""What a rule did is measured from the sessions in the store: who had it, who could have had it, and nothing else."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from sidecar.domain import EditOperation, Effect, EffectVerdict, ProposalState, Rule, RuleEdit, SessionState
from sidecar.jobs.drafting import rolling_proposal
from sidecar.jobs.drafting_known import known_rules
from sidecar.jobs.measuring import Measuring, measured_harms
from sidecar.jobs.retirement import retirements
from sidecar.proposals import build_files
from tests.contracts.records import PROJECT, TEAM
from tests.sidecar.jobs.standing import CLAUDE_FILE, NOW_NS, Standing, edit, rule, standing
from tests.sidecar.jobs.worked import LESSON, Work, add_work

SCOPED = rule("Do not edit `src/api.py` by hand.", "src/**")
RULE = rule("Amounts are whole cents.")
STOOD_DAYS = 30
BEFORE = Work(passed=34, failed=6, days_ago=40, lesson=LESSON)


@pytest.fixture
def shop(tmp_path: Path) -> Generator[Standing]:
    """Two rules that have stood for a while, each from a lesson of its own proposal."""
    with standing(tmp_path, {"CLAUDE.md": "# Shop\n", "src/api.py": "", "lib/a.py": ""}) as made:
        saved(made, [replace(edit(one), signature=LESSON.signature) for one in (RULE, SCOPED)])
        made.merge(RULE, SCOPED, days_ago=STOOD_DAYS)
        yield made


def saved(shop: Standing, edits: Sequence[RuleEdit]) -> None:
    """People merged these edits as the rules came to stand."""
    proposal = rolling_proposal(shop.base(), known_rules(shop.store, shop.base()), edits, NOW_NS)
    created_ns = NOW_NS - (STOOD_DAYS + 1) * 24 * 3600 * 1_000_000_000
    shop.store.set_proposal(replace(proposal, state=ProposalState.MERGED, created_ns=created_ns))


def after(shop: Standing) -> Work:
    """Sessions with the rules on, of which many more fail, as often by what the rules were written against."""
    shown = (shop.work / "CLAUDE.md").read_text()
    return Work(passed=10, failed=30, days_ago=2, shown=shown, lesson=LESSON)


def effect(shop: Standing, of: Rule = RULE) -> Effect:
    return Measuring(shop.store, TEAM, PROJECT, standing=[RULE, SCOPED]).effect(of)


def reasons(shop: Standing) -> dict[str, str]:
    """What the next draft would retire, and why."""
    base = shop.base()
    harms = measured_harms(shop.store, base, now_ns=NOW_NS)
    return {one.rule.rule_id: one.reason for one in retirements(shop.store, base, now_ns=NOW_NS, harms=harms)}


@contextmanager
def statements() -> Generator[list[str]]:
    """Every statement that any database is sent while the block runs."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_rule_that_sessions_fail_with_is_retired_with_its_figures(shop: Standing) -> None:
    add_work(shop.store, [BEFORE, after(shop)], now_ns=NOW_NS)

    assert reasons(shop) == {
        RULE.rule_id: "It did harm: 10 of 40 passed with it, 34 of 40 without (-60 points, 95 % interval -100 to -27); "
        "its lesson came back in 75 % with it, 15 % without; before/after, so confounded; another rule was there in "
        "just these sessions, and nothing tells which of them did it (40 sessions had it)."
    }


def test_scoped_rule_is_measured_by_the_sessions_that_touched_its_paths(shop: Standing) -> None:
    add_work(shop.store, [BEFORE, after(shop)], now_ns=NOW_NS)
    assert effect(shop, SCOPED).pairs == 0

    there = [replace(one, path="src/api.py") for one in (BEFORE, after(shop))]
    add_work(shop.store, there, now_ns=NOW_NS)

    assert (effect(shop, SCOPED).pairs, effect(shop, SCOPED).verdict) == (40, EffectVerdict.WORSE)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({}, {"passed": 34, "failed": 6}),
        ({}, {"passed": 4, "failed": 15}),
        ({"passed": 15, "failed": 4}, {}),
        ({}, {"model": "claude-sonnet-5-5"}),
        ({"failed": 6, "passed": 34}, {"lesson": None}),
        ({"is_judged": False}, {"is_judged": False}),
        ({}, {"shown": None}),
        ({}, {"shown": "# Shop\n"}),
        ({}, {"reason": "no change: the session edited no file"}),
        ({}, {"state": SessionState.CLOSED}),
    ],
    ids=[
        "no worse",
        "few with it",
        "few without it",
        "another model at the same time",
        "its lesson has not come back",
        "nobody judged",
        "nobody knows what they were shown",
        "none had it",
        "none changed anything",
        "none is settled",
    ],
)
def test_rule_stays_where_one_thing_is_otherwise(
    shop: Standing, earlier: dict[str, object], later: dict[str, object]
) -> None:
    kinds = [replace(BEFORE, **earlier), replace(after(shop), **later)]
    add_work(shop.store, kinds, now_ns=NOW_NS)

    assert reasons(shop) == {}


@pytest.mark.parametrize(
    ("words", "is_retired"), [("Never keep amounts as floats.", False), ("Amount is whole cents.", True)]
)
def test_harm_of_earlier_words_retires_no_other_words(shop: Standing, words: str, is_retired: bool) -> None:
    add_work(shop.store, [BEFORE, after(shop)], now_ns=NOW_NS)

    amend(shop, replace(RULE, text=words))

    assert (RULE.rule_id in reasons(shop)) is is_retired


def amend(shop: Standing, better: Rule) -> None:
    """Ada merges other words of ours for a rule."""
    built = build_files(shop.base().contents, [edit(better, EditOperation.AMEND)], targets=[CLAUDE_FILE])
    shop.push({path: content.decode() for path, content in built.items() if content is not None})


def test_rule_in_a_persons_words_stays(shop: Standing) -> None:
    shown = (shop.work / "CLAUDE.md").read_text()
    shop.push({"CLAUDE.md": shown.replace("whole cents", "always whole cents")})
    add_work(shop.store, [BEFORE, after(shop)], now_ns=NOW_NS)

    assert reasons(shop) == {}


def test_session_without_known_rules_counts_only_from_before_the_rule_was_thought_of(shop: Standing) -> None:
    unknown = replace(BEFORE, shown=None)
    add_work(shop.store, [unknown, after(shop)], now_ns=NOW_NS)
    assert effect(shop).pairs == 40

    add_work(shop.store, [replace(unknown, days_ago=20), after(shop)], now_ns=NOW_NS)

    assert effect(shop).pairs == 0


def test_sessions_count_in_the_order_of_time_up_to_the_first_that_has_not_settled(shop: Standing) -> None:
    add_work(shop.store, [BEFORE, after(shop)], now_ns=NOW_NS)
    waiting = Work(passed=1, failed=0, days_ago=3, state=SessionState.CLOSED)

    add_work(shop.store, [BEFORE, after(shop), waiting], now_ns=NOW_NS)
    assert effect(shop).pairs == 15

    add_work(shop.store, [BEFORE, after(shop), replace(waiting, days_ago=20)], now_ns=NOW_NS)
    assert effect(shop).pairs == 40


def test_sessions_at_the_same_time_without_the_rule_are_held_against_it(shop: Standing) -> None:
    add_work(shop.store, [replace(BEFORE, days_ago=1), after(shop)], now_ns=NOW_NS)

    assert (effect(shop).pairs, effect(shop).comparator.passed) == (40, 34)


def test_lesson_in_other_words_of_a_model_counts_as_come_back(shop: Standing) -> None:
    own = replace(LESSON, signature='{"symptom":"12.5 != 1250"}', rule_candidate="Return whole cents.")
    told = replace(RULE, evidence=("w0-0",))
    add_work(shop.store, [replace(BEFORE, lesson=own), replace(after(shop), lesson=own)], now_ns=NOW_NS)

    assert effect(shop, replace(told, evidence=())).is_recurrence_lower is None
    found = effect(shop, told)

    assert (found.comparator.recurred, found.exposed.recurred) == (6, 30)


def test_nothing_is_read_of_sessions_where_every_rule_is_young(shop: Standing) -> None:
    add_work(shop.store, [BEFORE, after(shop)], now_ns=NOW_NS)
    base = shop.base()

    with statements() as sent:
        found = measured_harms(shop.store, base, now_ns=NOW_NS - (STOOD_DAYS - 13) * 24 * 3600 * 1_000_000_000)

    assert found == ()
    assert not [one for one in sent if "sessions" in one or "verdicts" in one or "steps" in one]


def test_lessons_and_steps_are_read_only_of_rules_that_enough_sessions_were_shown(shop: Standing) -> None:
    add_work(shop.store, [BEFORE, replace(after(shop), passed=4, failed=15)], now_ns=NOW_NS)
    base = shop.base()

    with statements() as sent:
        assert measured_harms(shop.store, base, now_ns=NOW_NS) == ()

    assert not [one for one in sent if "verdicts" in one or "steps" in one]


def test_steps_are_read_for_rules_with_a_scope_alone(shop: Standing) -> None:
    add_work(shop.store, [BEFORE, after(shop)], now_ns=NOW_NS)

    with statements() as sent:
        effect(shop)
    assert not [one for one in sent if "steps" in one]
    with statements() as sent:
        measuring = Measuring(shop.store, TEAM, PROJECT, standing=[RULE, SCOPED])
        for of in (SCOPED, SCOPED, RULE):
            measuring.effect(of)

    assert len([one for one in sent if "steps" in one]) == 80
