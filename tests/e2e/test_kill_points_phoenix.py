"""kill -9 of the mirror and of Phoenix itself: in Phoenix nothing is missing and nothing is twice."""

import asyncio
import signal
from collections.abc import Generator
from pathlib import Path

import pytest

from sidecar.domain import Label
from sidecar.phoenix.install import PhoenixEnvironment, install
from sidecar.phoenix.server import phoenix_running
from tests.kills.forks import Ended
from tests.kills.mirroring import PHOENIX_DIES, SHOP, Mirroring, judge, mirror, mirrored, opened, settle
from tests.kills.points import Point
from tests.kills.rounds import Slots
from tests.kills.shown import Expected, check_shown, settled_sessions
from tests.loop.loop import Loop

ENVIRONMENT = Path(__file__).parents[2] / ".venv-phoenix"
PHOENIX_KILLS = 5

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def environment() -> PhoenixEnvironment:
    return install(ENVIRONMENT)


@pytest.fixture(scope="module")
def slots() -> Generator[Slots]:
    with Slots() as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where Phoenix keeps everything, whichever data folder it is seen from."""
    return tmp_path / "phoenix"


@pytest.fixture
def template(tmp_path: Path, folder: Path) -> Loop:
    loop = Loop(root=tmp_path / "template", repository="shop").build()
    folder.mkdir()
    (loop.data / "phoenix").symlink_to(folder)
    return loop


async def test_mirror_killed_anywhere_leaves_nothing_missing_and_nothing_twice(
    environment: PhoenixEnvironment, folder: Path, template: Loop, slots: Slots
) -> None:
    async with phoenix_running(environment, folder) as running:
        expected = await asyncio.to_thread(lambda: Mirroring(slots, template, running.url).run())

        await check_shown(running.url, expected)


async def test_phoenix_killed_in_the_middle_of_a_mirror_shows_everything_once_after_its_restart(
    environment: PhoenixEnvironment, folder: Path, template: Loop, slots: Slots
) -> None:
    """Each time there are new sessions, whose spans it is about to write, is writing or has written."""
    deaths = 0
    for turn in range(PHOENIX_KILLS):
        point = PHOENIX_DIES[turn % len(PHOENIX_DIES)]
        with opened(template) as store:
            for number in range(20):
                settle(store, f"{turn}-{number}", SHOP, 4, at_ns=turn * 20 + number, label=Label.PASS)
                judge(store, f"{turn}-{number}", "evidence")
        async with phoenix_running(environment, folder) as running:
            ended = await asyncio.to_thread(_mirror_until_death, slots, template, point, running.pid)
            code = await asyncio.wait_for(running.ended, 30)
        assert (ended.is_killed, ended.code, code) == (False, 2, -signal.SIGKILL), ended.output
        assert "Traceback" not in ended.output
        deaths += 1
    assert deaths == PHOENIX_KILLS

    async with phoenix_running(environment, folder) as running:
        await asyncio.to_thread(_mirror_to_the_end, slots, template)
        expected = Expected()
        with opened(template) as store:
            expected.add(store, settled_sessions(store))
        await check_shown(running.url, expected)


def _mirror_until_death(slots: Slots, loop: Loop, point: Point, victim: int) -> Ended:
    with slots.taken() as (forks, _):
        return mirror(forks, loop, points=(point,), kill_at=1, victim=victim)


def _mirror_to_the_end(slots: Slots, loop: Loop) -> None:
    with slots.taken() as (forks, _):
        mirrored(forks, loop)
