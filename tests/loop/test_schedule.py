"""A running sidecar judges, drafts and syncs by itself, over kills, and each period once."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.loop.loop import Loop, Serving, play, requests_of
from tests.loop.test_proposals import SHOP_RULES, rules_on

PATIENCE_S = 300


def scheduled(loop: Loop) -> Loop:
    every = "judge_every_s = 1\ndraft_every_s = 2\nsync_every_s = 2\n"
    project = f'[projects."{loop.project}"]\nurl = "{loop.remote}"\n'
    (loop.data / "sidecar.toml").write_text(f"[schedule]\n{every}\n{project}")
    return loop


def waited_for_rules(loop: Loop) -> set[str]:
    deadline = time.monotonic() + PATIENCE_S
    found: set[str] = set()
    while found != SHOP_RULES and time.monotonic() < deadline:
        time.sleep(0.5)
        branches = loop.branches()
        found = rules_on(loop, branches[0]) if branches else set()
    return found


@pytest.mark.e2e
def test_rules_reach_the_remote_with_nothing_typed(tmp_path: Path) -> None:
    loop = scheduled(Loop(root=tmp_path, repository="shop").build())
    serving = Serving(loop)

    asyncio.run(play(serving.url, requests_of("shop"), set()))
    found = waited_for_rules(loop)
    code = serving.stop()

    assert found == SHOP_RULES
    assert len(loop.branches()) == len(loop.proposal_records()) == 1
    assert code == 0


@pytest.mark.e2e
def test_sidecar_killed_while_flows_run_ends_with_the_same_one_proposal(tmp_path: Path) -> None:
    loop = scheduled(Loop(root=tmp_path, repository="shop").build())
    serving = Serving(loop)
    asyncio.run(play(serving.url, requests_of("shop"), set()))

    for after_s in (0.3, 0.7, 1.1, 1.9, 2.9):
        time.sleep(after_s)
        serving.kill()
        serving.restart()
    found = waited_for_rules(loop)
    serving.stop()

    assert found == SHOP_RULES
    assert len(loop.branches()) == len(loop.proposal_records()) == 1
