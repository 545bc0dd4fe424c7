"""The flows that a running sidecar starts by itself, each over everything that is watched.

A project that fails is reported and left for the next period; it never keeps the others from their turn.
"""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from judges.judge import Judge
from sidecar.config import ScheduleConfig
from sidecar.domain import ProjectId
from sidecar.engine import draft_project, judge_all, sync_project, watched_projects
from sidecar.errors import PhoenixError, SidecarError
from sidecar.installation import Installation
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.feedback import read_feedback
from sidecar.phoenix.mirror import Mirrored, mirror_sessions
from sidecar.phoenix.server import running_at
from sidecar.schedule import Schedule
from sidecar.ticks import Ticker, ticking
from sidecar.workflows import launched

_log = logging.getLogger(__name__)


@contextmanager
def scheduled(installation: Installation) -> Generator[None]:
    """Start the flows by the clock while the block runs, unless the settings say by command only."""
    config = installation.config
    if not config.schedule.is_on:
        yield
        return
    url = installation.data_dir.engine_url(config)
    # one serve holds a data folder, so what its predecessor left pending is this one's to finish
    with (
        launched(url, f"serve:{socket.gethostname()}", flows(installation)) as workflows,
        ticking(Ticker(schedules(config.schedule), workflows.enqueue), time.time_ns),
    ):
        yield


def schedules(config: ScheduleConfig) -> list[Schedule]:
    """What runs how often."""
    return [
        Schedule(flow="judge", every_s=config.judge_every_s),
        Schedule(flow="draft", every_s=config.draft_every_s),
        Schedule(flow="sync", every_s=config.sync_every_s),
        Schedule(flow="mirror", every_s=config.mirror_every_s),
    ]


def flows(installation: Installation) -> Mapping[str, Callable[[int], None]]:
    """The flows by name; each is given the number of the period it runs for."""
    # opened here, so that a judge that cannot be had is an error at start and not in the night
    judge = installation.judge(installation.config.learn.judge)
    return {
        "judge": lambda _: _judge(installation),
        "draft": lambda _: _each_project(installation, "draft", lambda project: _draft(installation, project, judge)),
        "sync": lambda _: _each_project(installation, "sync", lambda project: _sync(installation, project)),
        "mirror": lambda _: _mirror(installation),
    }


async def mirror_now(installation: Installation, url: str, *, now_ns: int) -> tuple[Mirrored, int]:
    """Show settled sessions in a Phoenix and take people's notes from it: what was mirrored, and how many notes.

    Raises:
        PhoenixError: it cannot be reached, or refuses.
    """
    redact = installation.redactor.redact
    async with PhoenixClient.connect(url) as client:
        mirrored = await mirror_sessions(installation.store, client, redact=redact)
        return mirrored, await read_feedback(installation.store, client, redact=redact, now_ns=now_ns)


def _mirror(installation: Installation) -> None:
    url = running_at(installation.data_dir.path / "phoenix")
    if url is None:
        return
    try:
        mirrored, notes = asyncio.run(mirror_now(installation, url, now_ns=time.time_ns()))
    except PhoenixError as exc:
        _log.warning("mirror: waits for the next period: %s", exc)
        return
    if mirrored.sessions or notes:
        _log.info("mirror: %d sessions to Phoenix, %d notes from it", len(mirrored.sessions), notes)


def _judge(installation: Installation) -> None:
    judged = asyncio.run(judge_all(installation, installation.config.learn.judge))
    for key, one in judged.unjudged:
        _log.warning("judge: no verdict on %s: %s", key.session_id, one.detail)
    if judged.stopped_by is not None:
        _log.error("judge: stopped, what is left waits for the next period: %s", judged.stopped_by)
    if judged.verdicts or judged.silent:
        _log.info("judge: %d verdicts, nothing found in %d sessions", len(judged.verdicts), len(judged.silent))


def _draft(installation: Installation, project: ProjectId, judge: Judge) -> None:
    drafted = draft_project(installation, project, judge, now_ns=time.time_ns())
    if drafted.proposal is not None:
        _log.info("draft: %s has %d rules in its proposal", project, len(drafted.proposal.edits))
    elif drafted.refusals:
        _log.info("draft: nothing new for %s; the gate refused %d drafts", project, len(drafted.refusals))
    else:
        _log.info(
            "draft: nothing new for %s, because %d lessons are known and no other is taught by enough tasks",
            project,
            len(drafted.found),
        )


def _sync(installation: Installation, project: ProjectId) -> None:
    synced = sync_project(installation, project, now_ns=time.time_ns())
    for proposal in synced.proposals:
        _log.info("sync: %s is %s", proposal.branch, proposal.state.value)
    for note in synced.notes:
        _log.warning("sync: %s: %s", project, note)


def _each_project(installation: Installation, flow: str, run: Callable[[ProjectId], None]) -> None:
    for project in watched_projects(installation):
        try:
            run(project)
        except SidecarError as exc:
            _log.error("%s: %s waits for the next period: %s", flow, project, exc)
