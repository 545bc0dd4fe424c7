"""Twenty hidden lessons over 150 sessions, one explanation in five mistaken: what becomes of them in twenty passes."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sidecar.domain import NoRuleReason
from sidecar.rules import rule_words, token_estimate
from tests.planted.lessons import LESSONS
from tests.planted.passes import Learning, learning
from tests.planted.persona import Persona
from tests.planted.world import planted_sessions, save
from tests.scripted_model import ScriptedModel

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("planted")]

SESSIONS = 150
PASSES = 20
LEAST_LEARNED = 18
MOST_FALSE = 1
MOST_LINES, MOST_TOKENS = 40, 800
SEEDS = (1, 2, 3, 4)
TRUE = {lesson.rule for lesson in LESSONS}


@contextmanager
def world(folder: Path, seed: int) -> Generator[tuple[Learning, ScriptedModel]]:
    with ScriptedModel(script=Persona(seed=seed).answer) as model, learning(folder, model.url) as one:
        assert save(one.installation.store, planted_sessions(seed, count=SESSIONS)) == SESSIONS
        one.judge()
        yield one, model


@pytest.mark.parametrize("seed", SEEDS)
def test_hidden_lessons_become_rules_and_stay(tmp_path: Path, seed: int) -> None:
    with world(tmp_path, seed) as (one, model):
        accepted: set[str] = set()
        for _ in range(PASSES):
            one.whole_pass()
            standing = {rule.text for rule in one.rules()}
            assert accepted <= standing, f"lost: {accepted - standing}"
            accepted = standing
        asked = len(model.meter.asked)
        drafted = one.draft()
        rules, file = one.rules(), one.rules_file()

    assert len(accepted & TRUE) >= LEAST_LEARNED, f"missing: {TRUE - accepted}"
    assert len(accepted - TRUE) <= MOST_FALSE, f"false: {accepted - TRUE}"
    assert len(file.splitlines()) <= MOST_LINES + len("# Shop\n\nRun the checks.\n\n".splitlines())
    assert token_estimate([rule_words(rule.text, rule.scope) for rule in rules]) <= MOST_TOKENS
    assert drafted.proposal is None
    assert asked == len(model.meter.asked), "a question was paid for that was settled"
    assert {one.reason for one in drafted.decisions} <= set(NoRuleReason)
