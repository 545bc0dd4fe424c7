"""Twenty hidden lessons over 150 sessions, one explanation in five mistaken: what becomes of them in twenty passes."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sidecar.domain import NoRuleReason
from sidecar.rules import rule_words, token_estimate
from tests.planted.passes import Learning, learning
from tests.planted.world import save
from tests.planted.worlds import DESK, SHOP, World
from tests.scripted_model import ScriptedModel

pytestmark = pytest.mark.e2e

SESSIONS = 150
PASSES = 20
LEAST_LEARNED = 18
MOST_FALSE = 1
MOST_LINES, MOST_TOKENS = 40, 800
MOST_PROMPT_BYTES = 3 * 8000
CASES = [
    pytest.param(world, seed, id=f"{name}-{seed}")
    for name, world, seed in (("shop", SHOP, 1), ("shop", SHOP, 7), ("desk", DESK, 2), ("desk", DESK, 3))
]


@contextmanager
def installed(folder: Path, world: World, seed: int) -> Generator[tuple[Learning, ScriptedModel]]:
    with ScriptedModel(script=world.model(seed)) as model, learning(folder, model.url, world.files) as one:
        assert save(one.installation.store, world.sessions(seed, SESSIONS)) == SESSIONS
        one.judge()
        yield one, model


@pytest.mark.parametrize(("world", "seed"), CASES)
def test_hidden_lessons_become_rules_and_stay(tmp_path: Path, world: World, seed: int) -> None:
    with installed(tmp_path, world, seed) as (one, model):
        accepted: set[str] = set()
        for _ in range(PASSES):
            one.whole_pass()
            standing = {rule.text for rule in one.rules()}
            assert accepted <= standing, f"lost: {accepted - standing}"
            accepted = standing
        asked = len(model.meter.asked)
        drafted = one.draft()
        rules, file = one.rules(), one.rules_file()

    learned = {world.said[text] for text in accepted if text in world.said}
    assert len(learned) >= LEAST_LEARNED, f"missing: {set(world.said.values()) - learned}"
    assert len(accepted - world.said.keys()) <= MOST_FALSE, f"false: {accepted - world.said.keys()}"
    people = world.files["CLAUDE.md"].splitlines()
    assert len(file.splitlines()) <= MOST_LINES + len(people) + 1
    assert token_estimate([rule_words(rule.text, rule.scope) for rule in rules]) <= MOST_TOKENS
    assert max(len((one.system + one.user).encode()) for one in model.meter.asked) <= MOST_PROMPT_BYTES
    assert drafted.proposal is None
    assert asked == len(model.meter.asked), "a question was paid for that was settled"
    assert {one.reason for one in drafted.decisions} <= set(NoRuleReason)
