"""The last station: the sessions in Phoenix. What keeps it from being shown is a problem of the demo, not its end."""

import asyncio
import sys
import termios
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sidecar.demo.stage import Stage
from sidecar.domain import LOCAL_TEAM, Label, SessionState
from sidecar.errors import PhoenixError
from sidecar.flows import mirror_now
from sidecar.phoenix.annotating import LABEL_NAME
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.install import PhoenixEnvironment, found, install
from sidecar.phoenix.mapping import phoenix_project
from sidecar.phoenix.server import RunningPhoenix, phoenix_running, stopped
from sidecar.printing import print_progress

TOLD_EVERY_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """How Phoenix is to be shown."""

    environment: Path
    """Where it is installed."""
    is_installed_first: bool
    """Install it there when it is missing."""
    is_waited_for: bool
    """Leave it up until Enter or Ctrl-C, for somebody sits at the terminal."""


def view(stage: Stage, viewer: Viewer, before_looking: Callable[[], None]) -> dict[str, object]:
    """Show the settled sessions in a Phoenix over the demo's data folder; what to tell of it.

    Args:
        before_looking: Called once everything is there to be looked at, never when it cannot be shown.
    """
    try:
        environment = _environment(stage, viewer)
        return asyncio.run(_shown(stage, viewer, environment, before_looking))
    except PhoenixError as exc:
        stage.say(f"\n7  phoenix     not shown: {exc}")
        without = stage.program.demo("--no-phoenix")
        stage.problems.append(f"Phoenix could not be shown: {exc}\nAll else is done; to leave Phoenix out: {without}")
        return {}


def _environment(stage: Stage, viewer: Viewer) -> PhoenixEnvironment:
    if not viewer.is_installed_first:
        return found(viewer.environment, program=stage.program.name)
    started_s = time.monotonic()
    try:
        return install(viewer.environment, print_progress)
    finally:
        stage.aside_s += time.monotonic() - started_s


async def _shown(
    stage: Stage, viewer: Viewer, environment: PhoenixEnvironment, before_looking: Callable[[], None]
) -> dict[str, object]:
    print_progress("starting Phoenix")
    folder = stage.place.data / "phoenix"
    async with phoenix_running(environment, folder, progress=_told()) as phoenix:
        mirrored, _ = await mirror_now(stage.installation, phoenix.url, now_ns=time.time_ns())
        stage.say(f"\n7  phoenix     {len(mirrored.sessions)} sessions with {mirrored.spans} spans, scored by tests")
        for key, reason in mirrored.parked.items():
            stage.say(f"               not taken: {key.session_id}: {reason}")
            stage.problems.append(f"Phoenix did not take session {key.session_id}: {reason}")
        before_looking()
        await _say_what_to_open(stage, phoenix)
        if viewer.is_waited_for:
            stage.say(f"\nPhoenix stays at {phoenix.url} until you press Enter or Ctrl-C.")
            await _looked_at(phoenix)
            print_progress("ending Phoenix")
        else:
            _say_ended(stage, viewer)
    return {"phoenix_sessions": len(mirrored.sessions), "phoenix_spans": mirrored.spans}


async def _looked_at(phoenix: RunningPhoenix) -> None:
    """Return when Enter or Ctrl-C is pressed, or by SIGTERM.

    Raises:
        PhoenixError: Phoenix ended by itself.
    """
    terminal, loop, entered = sys.stdin.fileno(), asyncio.get_running_loop(), asyncio.Event()
    # what was typed while the demo ran is no answer, and what ends it is nothing for the shell
    termios.tcflush(terminal, termios.TCIFLUSH)
    loop.add_reader(terminal, entered.set)
    waiting = [asyncio.ensure_future(stopped(phoenix)), asyncio.ensure_future(entered.wait())]
    try:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()
    finally:
        loop.remove_reader(terminal)
        termios.tcflush(terminal, termios.TCIFLUSH)
        for one in waiting:
            one.cancel()
        await asyncio.wait(waiting)


async def _say_what_to_open(stage: Stage, phoenix: RunningPhoenix) -> None:
    sessions = stage.installation.store.sessions(LOCAL_TEAM, project=stage.place.project)
    project = phoenix_project(LOCAL_TEAM, stage.place.project)
    async with PhoenixClient.connect(phoenix.url) as client:
        page = await client.sessions_page(project, min(one.session.started_ns for one in sessions))
    labels = Counter(one.decision.label for one in sessions if one.session.state is SessionState.SETTLED)
    passed, failed = labels[Label.PASS], labels[Label.CODE_FAIL]
    for line in (
        f"\nOpen   {page}\n",
        f"       The tab Sessions of the project {project}: a row for each session.",
        f"       Column annotations, {LABEL_NAME}: the session's score. 1.00: its tests passed. 0.00: its code",
        f"       failed them. infra, unknown: they said nothing, so it has no score. {_mean(passed, passed + failed)}",
        f"       Column annotations, +1, verdict:{stage.choice.judge}: what the judge found, with its proof.",
        "       Click a session to see its steps; what you note there is read back as evidence.",
    ):
        stage.say(line)


def _mean(passed: int, decided: int) -> str:
    return f"{passed} of {decided} passed: μ {passed / decided:.2f}." if decided else "None has one."


def _say_ended(stage: Stage, viewer: Viewer) -> None:
    stage.say("\nPhoenix ends with the demo, as this is no terminal at which somebody could look. To see the same:")
    if stage.place.is_kept:
        again = f"phoenix --data {stage.place.data} --environment {viewer.environment}"
        stage.say(f"       {stage.program.run(again)}")
    else:
        stage.say("       run it at a terminal, where it waits, or keep what it made with --keep DIR")


def _told() -> Callable[[float], None]:
    """Says now and then that Phoenix is not ready yet."""
    told: set[int] = set()

    def tell(seconds: float) -> None:
        times = int(seconds) // TOLD_EVERY_S
        if times and times not in told:
            told.add(times)
            print_progress(f"waiting for Phoenix: {times * TOLD_EVERY_S} s")

    return tell
