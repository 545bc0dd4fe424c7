"""kill -9 of a running sidecar in each of its flows: after the last restart everything is as if undisturbed."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from judges.failure.prompt import prompt_version
from judges.registry import judge
from sidecar.domain import ProposalState
from sidecar.phoenix.install import install
from sidecar.phoenix.server import phoenix_running
from tests.kills.flows import FEW, PROJECT, settled_loop, wording
from tests.kills.mirroring import opened
from tests.kills.rounds import MODEL, Slots
from tests.kills.serving import LEARNING, SHOWING, Serving, configured
from tests.kills.shown import Expected, check_shown, settled_sessions
from tests.loop.loop import Loop
from tests.scripted_model.answers import Meter

ENVIRONMENT = Path(__file__).parents[2] / ".venv-phoenix"

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]


def is_at_rest(loop: Loop) -> bool:
    """Whether everything is judged, proposed, open and shown."""
    with opened(loop) as store:
        waiting = [
            *store.unjudged_sessions("evidence", judge("evidence").version),
            *store.unjudged_sessions("failure", prompt_version(MODEL)),
            *store.unmirrored_sessions(max_tries=3),
        ]
        return not waiting and [one.state for one in store.proposals()] == [ProposalState.OPEN]


def came_to(loop: Loop) -> object:
    """Verdicts, proposals, refusals, branch, tree and words, without times and places."""
    (branch,) = loop.branches()
    with opened(loop) as store:
        verdicts = {
            one.key: [replace(said, cost_usd=0.0) for said in store.verdicts(one.key)]
            for one in settled_sessions(store)
        }
        proposals = [replace(one, created_ns=0, pull_request=None) for one in store.proposals()]
        refusals = sorted((one.text, one.reasons) for one in store.refusals(PROJECT))
    return verdicts, proposals, refusals, branch, loop.git("rev-parse", f"{branch}^{{tree}}"), loop.proposal_text()


def test_running_sidecar_killed_in_each_flow_ends_as_if_undisturbed(tmp_path: Path) -> None:
    folder = tmp_path / "phoenix"
    loop = settled_loop(tmp_path, FEW)
    by_hand = (("judge",), ("propose",), ("sync",)) * 2
    minimum = {"SIDECAR_LEARN__MIN_TASKS": "1", "SIDECAR_LEARN__JUDGE": "failure"}
    with Slots() as slots:
        calm = slots.continued(loop, tmp_path / "calm", *by_hand, environment=minimum, script=wording)

        asked = asyncio.run(_beside_phoenix(slots, loop, folder))

    assert came_to(loop) == came_to(calm)
    assert len(loop.proposal_records()) == 1
    with opened(loop) as store, opened(calm) as undisturbed:
        unsettled = sum(one.unsettled for one in store.spent(0))
        paid = sum(one.calls for one in undisturbed.spent(0))
    assert asked - paid <= unsettled <= len(LEARNING)


async def _beside_phoenix(slots: Slots, loop: Loop, folder: Path) -> int:
    """Serve, be killed and end while Phoenix runs, and look at what it shows."""
    async with phoenix_running(install(ENVIRONMENT), folder) as running:
        asked = await asyncio.to_thread(_serve_and_kill, slots, loop, folder)
        expected = Expected()
        with opened(loop) as store:
            expected.add(store, settled_sessions(store))
        await check_shown(running.url, expected)
        return asked


def _serve_and_kill(slots: Slots, loop: Loop, phoenix: Path) -> int:
    """How often the model was asked, while serve was killed at each point and then left alone."""
    with slots.taken() as (forks, model):
        model.meter, model.script = Meter(), wording
        serving = Serving(forks, loop, configured(model.url))
        for point in (*LEARNING, *SHOWING):
            if point == SHOWING[0]:
                # seen only now, or it would have been shown everything while the other flows were killed
                (loop.data / "phoenix").symlink_to(phoenix)
            killed = serving.run(point=point)
            assert killed.is_killed, killed.output
        stopped = serving.run(is_done=lambda: is_at_rest(loop))
        assert (stopped.is_killed, stopped.code) == (False, 0), stopped.output
        return len(model.meter.asked)
