"""The flows that a running sidecar starts by itself, each over everything that is watched.

A project that fails is reported and left for the next period; it never keeps the others from their turn.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from judges.judge import Judge
from sidecar.checks import check_all, collect_checks
from sidecar.config import ScheduleConfig
from sidecar.domain import ProjectId
from sidecar.engine import draft_project, judge_all, judges_of, lease_on, sync_project, watched_projects
from sidecar.errors import SidecarError
from sidecar.forgetting import PHOENIX, delete_due, expire_now
from sidecar.heartbeat import Heart, beating, known_as, own_name
from sidecar.installation import MODELLESS_JUDGE, Installation
from sidecar.jobs.check_records import Checked
from sidecar.jobs.judging import Judged
from sidecar.leasing import holding
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.feedback import read_feedback
from sidecar.phoenix.mirror import Mirrored, mirror_sessions
from sidecar.phoenix.server import running_at
from sidecar.schedule import Schedule
from sidecar.standings import MODEL_JUDGE
from sidecar.ticks import Ticker, ticking
from sidecar.workflows import Flows, Workflows, launched

_log = logging.getLogger(__name__)

PATIENCE_S = 600.0
"""How long a run waits for a command on its project; given up, a day may pass before the next one."""


@contextmanager
def scheduled(installation: Installation, ended: threading.Event) -> Generator[None]:
    """Start the flows by the clock while the block runs.

    Args:
        ended: Set when nobody waits for the start any more.
    Raises:
        StoreError: the engine's database cannot be used.
    """
    config = installation.config.schedule
    store, silence_s = installation.store, float(config.dead_after_s)
    given = installation.data_dir.node()
    node = own_name(store, given, installation.data_dir.rename_node, silence_s=silence_s, ended=ended)
    url = installation.data_dir.engine_url(installation.config)
    with (
        known_as(store, node, owner=installation.owner, now_ns=time.time_ns),
        launched(url, node, flows(installation)) as workflows,
        ticking(Ticker(schedules(config), workflows.enqueue), time.time_ns, lambda: _forget(workflows)) as clockwork,
        beating(
            Heart(store, node, owner=installation.owner, silence_s=silence_s, adopt=workflows.adopt),
            silence_s=silence_s,
            also=lambda: clockwork.keep_up(datetime.now(UTC)),
        ),
    ):
        yield


def _forget(workflows: Workflows) -> None:
    count = workflows.forget_finished(datetime.now(UTC))
    if count:
        _log.info("%d runs ended long ago and are forgotten", count)


def schedules(config: ScheduleConfig) -> list[Schedule]:
    """What runs how often."""
    return [
        Schedule(flow="judge", every_s=config.judge_every_s),
        # before the drafts, which rest on what it finds
        Schedule(flow="check", every_s=config.check_every_s),
        Schedule(flow="draft", every_s=config.draft_every_s),
        Schedule(flow="sync", every_s=config.sync_every_s),
        Schedule(flow="mirror", every_s=config.mirror_every_s),
        Schedule(flow="expire", every_s=config.expire_every_s),
    ]


def flows(installation: Installation) -> Flows:
    """The flows by name; each is given the number of the period it runs for."""
    without_batches: set[str] = set()  # judges whose provider has refused batches since this start
    *also, judge = [installation.judge(name) for name in judges_of(installation.config.learn)]
    return Flows(
        shared={
            "judge": lambda _: _judge(installation, without_batches),
            "draft": lambda _: _each_project(
                installation, "draft", lambda project: _draft(installation, project, judge, also)
            ),
            "sync": lambda _: _each_project(installation, "sync", lambda project: _sync(installation, project)),
            "check": lambda _: _check(installation, without_batches),
            "expire": lambda _: _expire(installation),
        },
        # a Phoenix runs over one data folder, and listens to its own machine alone
        local={"mirror": lambda _: _mirror(installation)},
    )


async def mirror_now(installation: Installation, url: str, *, now_ns: int) -> tuple[Mirrored, int]:
    """Show settled sessions in a Phoenix and take people's notes from it: what was mirrored, and how many notes.

    First it is rid of sessions that were forgotten.

    Raises:
        PhoenixError: it cannot be reached, or refuses.
        StoreBusyError: another process mirrors, and does not come to an end.
    """
    redact = installation.redactor.redact
    async with (
        holding(installation.store, lease_on(installation, "mirror")) as store,
        PhoenixClient.connect(url) as client,
    ):
        await delete_due(store, client, installation.data_dir.path / PHOENIX, now_ns=now_ns)
        mirrored = await mirror_sessions(store, client, redact=redact)
        return mirrored, await read_feedback(store, client, redact=redact, now_ns=now_ns)


def _mirror(installation: Installation) -> None:
    url = running_at(installation.data_dir.path / "phoenix")
    if url is None:
        return
    try:
        mirrored, notes = asyncio.run(mirror_now(installation, url, now_ns=time.time_ns()))
    except SidecarError as exc:
        _log.warning("mirror: waits for the next period: %s", exc)
        return
    if mirrored.sessions or notes:
        _log.info("mirror: %d sessions to Phoenix, %d notes from it", len(mirrored.sessions), notes)


def _expire(installation: Installation) -> None:
    try:
        expired = expire_now(installation, now_ns=time.time_ns())
    except SidecarError as exc:
        _log.warning("expire: waits for the next period: %s", exc)
        return
    if expired.requests or expired.failed or expired.sessions:
        gone = expired.requests + expired.failed
        _log.info("expire: %d old requests dropped, %d sessions lost their content", gone, expired.sessions)


def _judge(installation: Installation, without_batches: set[str]) -> None:
    for name in judges_of(installation.config.learn):
        is_batching = installation.has_batches and name not in without_batches
        try:
            judged = asyncio.run(judge_all(installation, name, by_clock=True, batches=is_batching))
        except SidecarError as exc:
            _log.warning("judge: %s waits for the next period: %s", name, exc)
            continue
        if judged.no_batches is not None:
            without_batches.add(name)
            _log.warning("judge: the provider takes no batches (%s); %s asks it directly", judged.no_batches, name)
        _log_judged(name, judged)
    _collect_checks(installation)


def _log_judged(name: str, judged: Judged) -> None:
    for key, one in judged.unjudged:
        _log.warning("judge: no verdict of %s on %s: %s", name, key.session_id, one.detail)
    if judged.stopped_by is not None:
        _log.error("judge: %s stopped, what is left waits for the next period: %s", name, judged.stopped_by)
    if judged.in_batch:
        _log.info("judge: %s waits for a batch about %d sessions", name, judged.in_batch)
    if judged.verdicts or judged.silent:
        counts = len(judged.verdicts), len(judged.silent)
        _log.info("judge: %s gave %d verdicts, found nothing in %d sessions", name, *counts)


def _check(installation: Installation, without_batches: set[str]) -> None:
    if installation.config.learn.judge == MODELLESS_JUDGE:
        return
    is_batching = MODEL_JUDGE not in without_batches
    try:
        checked = asyncio.run(check_all(installation, by_clock=True, batches=is_batching))
    except SidecarError as exc:
        _log.warning("check: waits for the next period: %s", exc)
        return
    if checked.no_batches is not None:
        without_batches.add(MODEL_JUDGE)
        _log.warning("check: the provider takes no batches (%s); it is asked directly", checked.no_batches)
    _log_checked(checked)


def _collect_checks(installation: Installation) -> None:
    """Take what the batches of a check bring: it comes once a day, and their answers some minutes after it."""
    if installation.config.learn.judge == MODELLESS_JUDGE:
        return
    try:
        checked = asyncio.run(collect_checks(installation))
    except SidecarError as exc:
        _log.warning("check: what its batches brought waits for the next period: %s", exc)
        return
    if checked is not None:
        _log_checked(checked)


def _log_checked(checked: Checked) -> None:
    for name, key, one in checked.unjudged:
        _log.warning("check: no answer of %s on %s: %s", name, key.session_id, one.detail)
    if checked.stopped_by is not None:
        _log.error("check: stopped, what is left waits for the next period: %s", checked.stopped_by)
    if checked.in_batch:
        _log.info("check: waits for batches of %d questions", checked.in_batch)
    counts = checked.guesses, checked.reruns, checked.adherences
    _log.info("check: %d blind calls, %d reruns, %d sessions held against their rules", *counts)


def _draft(installation: Installation, project: ProjectId, judge: Judge, also: Sequence[Judge]) -> None:
    drafted = draft_project(installation, project, judge, now_ns=time.time_ns(), also=also, patience_s=PATIENCE_S)
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
    synced = sync_project(installation, project, now_ns=time.time_ns(), patience_s=PATIENCE_S)
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
