"""Kill a command at each of its points, again and again, and see that the next run ends as if nothing had happened."""

import os
import queue
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sidecar.prices import cost_usd
from sidecar.store import Store
from tests.kills.forks import Ended, Forks
from tests.kills.points import Point
from tests.loop.loop import Loop
from tests.scripted_model import KEY, ScriptedModel
from tests.scripted_model.answers import Meter, Script

KILLS = int(os.environ.get("SIDECAR_TEST_KILLS", "20"))
"""Per point."""
IN_A_ROW = 4
"""Kills before a run may reach its end, where it still passes the point."""
SLOTS = 2
"""Rounds at once; a round waits for git, the disk and the model now and then."""
MODEL = "claude-sonnet-4-5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What stands before a flow, the flow, and where it is killed."""

    template: Loop
    """Copied for each round, never used itself."""
    arguments: tuple[str, ...]
    points: tuple[Point, ...]
    outcome: Callable[[Loop, Store], object]
    """What the flow came to, without times and places; the same after every kill."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    workers: int = 1
    """Calls to a model that may be under way at once."""
    script: Script | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a scene came to after a kill and a run to its end, or after one undisturbed run."""

    outcome: object
    kills: int
    asked: int
    """Calls that the model saw."""
    unsettled: int
    """Calls whose cost nobody learned."""
    billed_usd: float
    """By the provider, for this flow."""
    counted_usd: float
    """Against the cap, this flow and what came before it."""


class Slots:
    """A context manager around the forks and models that rounds take turns at."""

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self._free: queue.Queue[tuple[Forks, ScriptedModel]] = queue.Queue()
        for _ in range(SLOTS):
            pair = (self._stack.enter_context(Forks()), self._stack.enter_context(ScriptedModel()))
            self._free.put(pair)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextmanager
    def taken(self) -> Generator[tuple[Forks, ScriptedModel]]:
        """One of each, for the block alone."""
        pair = self._free.get()
        try:
            yield pair
        finally:
            self._free.put(pair)

    def continued(
        self,
        template: Loop,
        folder: Path,
        *commands: tuple[str, ...],
        environment: Mapping[str, str] | None = None,
        script: Script | None = None,
    ) -> Loop:
        """A copy of a template in which some commands have run, to be a template itself."""
        with self.taken() as (forks, model):
            for number, arguments in enumerate(commands):
                scene = Scene(
                    template=template,
                    arguments=arguments,
                    points=(),
                    outcome=_nothing,
                    environment=environment or {},
                    script=script,
                )
                template = _copied(scene, folder / f"after-{number}", model)
                _finished(forks, scene, template, model)
            return template

    def census(self, scene: Scene, folder: Path) -> tuple[Round, Counter[Point]]:
        """One undisturbed run, and how often it passes each point."""
        with self.taken() as (forks, model):
            loop = _copied(scene, folder, model)
            ended = _finished(forks, scene, loop, model, points=scene.points)
            return _round(scene, loop, model), ended.passed

    def killed(self, scene: Scene, folder: Path, point: Point, kill_at: int) -> Round:
        """One run that is killed at a point, those after it at its first passing, the last one to its end."""
        with self.taken() as (forks, model):
            loop = _copied(scene, folder, model)
            kills = 0
            while kills < IN_A_ROW:
                run = _run(forks, scene, loop, model, points=(point,), kill_at=1 if kills else kill_at)
                if not run.is_killed:
                    assert kills, f"{point} was not passed {kill_at} times: {run.output}"
                    break
                kills += 1
            _finished(forks, scene, loop, model)
            ended = _round(scene, loop, model, kills=kills)
        shutil.rmtree(folder)
        return ended


def kill_everywhere(slots: Slots, scene: Scene, folder: Path) -> tuple[Round, dict[Point, list[Round]]]:
    """The undisturbed round, and for each point rounds with KILLS kills at it, spread over its passings."""
    calm, passed = slots.census(scene, folder / "calm")
    never = [str(point) for point in scene.points if not passed[point]]
    assert never == [], f"this flow does not pass {never}"

    def kill(number: int) -> list[Round]:
        point, rounds, kills = scene.points[number], list[Round](), 0
        while kills < KILLS:
            kill_at = 1 + kills * passed[point] // KILLS
            rounds.append(slots.killed(scene, folder / f"{number}-{kills}", point, kill_at))
            kills += rounds[-1].kills
        return rounds

    with ThreadPoolExecutor(SLOTS) as pool:
        found = list(pool.map(kill, range(len(scene.points))))
    return calm, dict(zip(scene.points, found, strict=True))


def _nothing(_: Loop, __: Store) -> object:
    return None


def _copied(scene: Scene, folder: Path, model: ScriptedModel) -> Loop:
    shutil.copytree(scene.template.root, folder, symlinks=True)
    loop = Loop(root=folder, repository=scene.template.repository)
    loop.write_settings()
    model.meter = Meter()
    if scene.script is not None:
        model.script = scene.script
    return loop


def _run(
    forks: Forks,
    scene: Scene,
    loop: Loop,
    model: ScriptedModel,
    *,
    points: tuple[Point, ...] = (),
    kill_at: int | None = None,
) -> Ended:
    environment = {
        "ANTHROPIC_API_KEY": KEY,
        "SIDECAR_MODEL__JUDGE": MODEL,
        "SIDECAR_MODEL__BASE_URL": model.url,
        "SIDECAR_MODEL__CONCURRENCY": str(scene.workers),
        **scene.environment,
    }
    arguments = [*scene.arguments, "--data", str(loop.data)]
    return forks.run(arguments, points=points, kill_at=kill_at, environment=environment)


def _finished(forks: Forks, scene: Scene, loop: Loop, model: ScriptedModel, *, points: tuple[Point, ...] = ()) -> Ended:
    ended = _run(forks, scene, loop, model, points=points)
    assert (ended.is_killed, ended.code) == (False, 0), ended
    return ended


def _round(scene: Scene, loop: Loop, model: ScriptedModel, *, kills: int = 0) -> Round:
    store = Store.open(f"sqlite:///{loop.data}/store.db")
    try:
        spent = store.spent(0)
        return Round(
            outcome=scene.outcome(loop, store),
            kills=kills,
            asked=len(model.meter.asked),
            unsettled=sum(one.unsettled for one in spent),
            billed_usd=sum(cost_usd(name, usage, at_ns=0, prices={}) for name, usage in model.meter.billed),
            counted_usd=sum(one.cost_usd for one in spent),
        )
    finally:
        store.close()
