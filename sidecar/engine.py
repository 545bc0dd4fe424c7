"""Run one flow for one project: its clone, its forge, and the lease that keeps two runs apart."""

import asyncio
import secrets
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from judges.judge import Judge
from sidecar.domain import LOCAL_TEAM, Cluster, ProjectId
from sidecar.errors import StoreBusyError
from sidecar.forges.registry import forge
from sidecar.git import Clone
from sidecar.installation import MODELLESS_JUDGE, Installation
from sidecar.jobs.asking import Asked, ask_for_drafts
from sidecar.jobs.base_branch import Base, load_base
from sidecar.jobs.drafting import Drafted, draft, taught_lessons
from sidecar.jobs.judging import Judged, judge_sessions
from sidecar.jobs.rules_seen import add_rules_files_of_history, outdated_sessions
from sidecar.jobs.syncing import Synced, sync
from sidecar.owner import is_dead, this_process
from sidecar.store import Store

LEASE_NS = 300 * 1_000_000_000
"""Longer than a flow over one project takes; only a machine that died holds it that long in vain."""
PATIENCE_S = 30.0
"""How long a command waits for another one on the same project."""


def watched_projects(installation: Installation, only: ProjectId | None = None) -> list[ProjectId]:
    """Projects with sessions and settings, or the one that was asked for.

    Raises:
        ConfigError: that one has no settings.
    """
    if only is not None:
        installation.project(only)
        return [only]
    return [name for name in installation.store.projects(LOCAL_TEAM) if name in installation.config.projects]


async def judge_all(installation: Installation, name: str) -> Judged:
    """Judge every settled session that a judge has not seen; see Installation.judge for the errors."""
    workers = 1 if name == MODELLESS_JUDGE else installation.config.model.concurrency
    async with installation.judging(name) as judge:
        return await judge_sessions(installation.store, judge, now_ns=time.time_ns, workers=workers)


def draft_project(
    installation: Installation, project: ProjectId, judge: Judge, *, now_ns: int, is_dry_run: bool = False
) -> Drafted:
    """Draft rules for one project; see draft and load_base for the errors."""
    with held(installation.store, f"project:{project}", now_ns=time.time_ns) as store:
        clone = open_clone(installation, project)
        # a proposal that no forge can publish would wait for ever
        forge(installation.project(project).forge, clone)
        base = load_base(clone, store, LOCAL_TEAM, project)
        settings = installation.config.learn
        found = taught_lessons(store, base, judge, settings)
        # a dry run never spends
        asked = None if is_dry_run else asyncio.run(_asked(installation, store, base, found, judge))
        return draft(store, base, found, settings, now_ns=now_ns, asked=asked, is_dry_run=is_dry_run)


async def _asked(
    installation: Installation, store: Store, base: Base, found: Sequence[Cluster], judge: Judge
) -> Asked | None:
    """A model's words for what no template can word; None for the judge that needs no model."""
    model = installation.drafting_model(judge.name)
    if model is None:
        return None
    try:
        most = installation.config.learn.max_edits
        return await ask_for_drafts(store, base, found, model, most=most, draw_mark=lambda: secrets.token_hex(8))
    finally:
        await model.close()


def sync_project(installation: Installation, project: ProjectId, *, now_ns: int) -> Synced:
    """Bring one project's proposals and base into step; see sync and load_base for the errors."""
    with held(installation.store, f"project:{project}", now_ns=time.time_ns) as store:
        clone = open_clone(installation, project)
        base = load_base(clone, store, LOCAL_TEAM, project)
        connected = forge(installation.project(project).forge, clone)
        synced = asyncio.run(sync(store, base, connected, now_ns=now_ns, redact=installation.redactor.redact))
        known = installation.known_rules(LOCAL_TEAM)
        add_rules_files_of_history(store, clone, team=LOCAL_TEAM, project=project, known=known)
    version = installation.merge_context(LOCAL_TEAM).rules_version
    outdated = outdated_sessions(installation.store, team=LOCAL_TEAM, project=project, version=version)
    installation.projector().rebuild(outdated, now_ns=now_ns)
    return synced


@contextmanager
def held(store: Store, name: str, *, now_ns: Callable[[], int]) -> Generator[Store]:
    """Hold a lease while the block runs, waiting for another process on it.

    Gives the store to write to meanwhile: it refuses when the lease has passed and somebody else has it.

    Raises:
        StoreBusyError: somebody else holds it for longer than PATIENCE_S.
    """
    owner = this_process()
    patience_ends = time.monotonic() + PATIENCE_S
    while (token := store.take_lease(name, owner=owner, now_ns=now_ns(), ttl_ns=LEASE_NS)) is None:
        holder = store.lease_owner(name)
        if holder is not None and is_dead(holder):
            # killed on this machine: nobody will ever give it back
            store.drop_lease(name, owner=holder)
        elif time.monotonic() > patience_ends:
            raise StoreBusyError(f"{name} is being worked on by {holder}; run this again when that has ended")
        else:
            time.sleep(0.1)
    try:
        yield store.fenced(name, owner=owner, token=token)
    finally:
        store.drop_lease(name, owner=owner)


def open_clone(installation: Installation, project: ProjectId) -> Clone:
    """Our own clone of a project's repository; see Installation.project and Clone.open for the errors."""
    settings = installation.project(project)
    return Clone.open(installation.data_dir.clone_folder(project), settings.url, base=settings.default_branch)
