"""Run one flow: the clone and the forge of a project, and the lease that keeps two runs apart."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace

from judges.judge import Judge
from sidecar.config import LearnConfig
from sidecar.domain import Cluster, ProjectId, TeamId
from sidecar.forges.registry import forge
from sidecar.git import Clone
from sidecar.installation import MODELLESS_JUDGE, Installation
from sidecar.jobs.asking import Asked, ask_for_drafts
from sidecar.jobs.base_branch import Base, load_base
from sidecar.jobs.drafting import Drafted, draft, taught_lessons
from sidecar.jobs.judging import Judged, judge_sessions
from sidecar.jobs.rules_seen import add_rules_files_of_history, outdated_sessions
from sidecar.jobs.syncing import Synced, sync
from sidecar.leasing import PATIENCE_S, Lease, LeasedForge, held, holding
from sidecar.store import Store


def watched_projects(installation: Installation, only: ProjectId | None = None) -> list[ProjectId]:
    """Projects with sessions and settings, or the one that was asked for.

    Raises:
        ConfigError: that one has no settings.
    """
    if only is not None:
        installation.project(only)
        return [only]
    teams = dict.fromkeys(settings.team for settings in installation.config.projects.values())
    return sorted(name for team in teams for name in installation.projects_of(TeamId(team)))


def judges_of(config: LearnConfig) -> list[str]:
    """Who judges where nobody says who: the judge that costs nothing always, and the configured one last.

    A command that failed and its replacement that worked teach whatever the tests said, and no model is needed to see
    it; a model explains failures beside that.
    """
    return list(dict.fromkeys((MODELLESS_JUDGE, config.judge)))


async def judge_all(installation: Installation, name: str) -> Judged:
    """Judge every settled session that a judge has not seen; see Installation.judge and held for the errors."""
    workers = 1 if name == MODELLESS_JUDGE else installation.config.model.concurrency
    async with (
        installation.judging(name) as judge,
        holding(installation.store, lease_on(installation, f"judge:{name}")) as store,
    ):
        return await judge_sessions(store, judge, now_ns=time.time_ns, workers=workers)


def draft_project(
    installation: Installation,
    project: ProjectId,
    judge: Judge,
    *,
    now_ns: int,
    also: Sequence[Judge] = (),
    is_dry_run: bool = False,
    patience_s: float = PATIENCE_S,
) -> Drafted:
    """Draft rules for one project; see draft, load_base and held for the errors.

    Args:
        also: Judges whose lessons are drafted too, before this one's.
    """
    with held(installation.store, _lease_on_project(installation, project, patience_s)) as store:
        clone = open_clone(installation, project)
        # a proposal that no forge can publish would wait for ever
        forge(installation.project(project).forge, clone)
        base = load_base(clone, store, installation.team_of(project), project)
        settings = installation.config.learn
        taught = [one for teacher in (*also, judge) for one in taught_lessons(store, base, teacher, settings)]
        found = list({one.signature: one for one in reversed(taught)}.values())[::-1]
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


def sync_project(
    installation: Installation, project: ProjectId, *, now_ns: int, patience_s: float = PATIENCE_S
) -> Synced:
    """Bring one project's proposals and base into step; see sync, load_base and held for the errors."""
    with held(installation.store, _lease_on_project(installation, project, patience_s)) as store:
        clone = open_clone(installation, project)
        base = load_base(clone, store, installation.team_of(project), project)
        connected = LeasedForge(forge(installation.project(project).forge, clone), store)
        synced = asyncio.run(sync(store, base, connected, now_ns=now_ns, redact=installation.redactor.redact))
        known = installation.known_rules(base.team)
        add_rules_files_of_history(store, clone, team=base.team, project=project, known=known)
        version = installation.merge_context(base.team).rules_version
        outdated = outdated_sessions(store, team=base.team, project=project, version=version)
        replace(installation, store=store).projector().rebuild(outdated, now_ns=now_ns)
    return synced


def _lease_on_project(installation: Installation, project: ProjectId, patience_s: float) -> Lease:
    return lease_on(installation, f"project:{project}", patience_s=patience_s)


def lease_on(installation: Installation, name: str, *, patience_s: float = PATIENCE_S) -> Lease:
    """A lease of this process; it is lost as soon as the process is taken for dead."""
    return Lease(
        name=name,
        process=installation.owner,
        length_s=installation.config.schedule.dead_after_s,
        # a dead process's lease must have passed before anybody gives up
        patience_s=max(patience_s, 1.5 * installation.config.schedule.dead_after_s),
    )


def open_clone(installation: Installation, project: ProjectId) -> Clone:
    """Our own clone of a project's repository; see Installation.project and Clone.open for the errors."""
    settings = installation.project(project)
    return Clone.open(installation.data_dir.clone_folder(project), settings.url, base=settings.default_branch)
