"""Run one flow: the clone and the forge of a project, and the lease that keeps two runs apart."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from judges.failure import FailureJudge
from judges.judge import Judge
from sidecar.config import LearnConfig
from sidecar.documents import projects_there
from sidecar.domain import LOCAL_TEAM, AgentName, Cluster, ProjectId, TeamId
from sidecar.errors import ConfigError
from sidecar.forges.registry import forge
from sidecar.git import Clone
from sidecar.installation import MODELLESS_JUDGE, Installation
from sidecar.jobs.asking import Asked, ask_for_drafts
from sidecar.jobs.base_branch import Base, load_base
from sidecar.jobs.drafting import Drafted, Terms, draft, save_draft, with_floor
from sidecar.jobs.file_differences import file_differences
from sidecar.jobs.forgetting import forgotten_in, stripped
from sidecar.jobs.judging import PREPARED_AT_ONCE, Judged, joined, judge_sessions
from sidecar.jobs.judging_in_batches import BatchJudging
from sidecar.jobs.measuring import measured_harms
from sidecar.jobs.retirement import retirements, with_retirements
from sidecar.jobs.rules_seen import add_rules_files_of_history, outdated_sessions
from sidecar.jobs.sync_planning import SyncPlan, plan_sync
from sidecar.jobs.syncing import Synced, sync
from sidecar.jobs.teaching import taught_by
from sidecar.leasing import PATIENCE_S, Lease, LeasedForge, held, holding
from sidecar.proposals import RuleDifference
from sidecar.standings import MODEL_JUDGE, judge_standing
from sidecar.store import Store
from sidecar.targets import AGENTS, PromptFile


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


def projects_elsewhere(installation: Installation) -> str:
    """Of which Projects there are sessions, as the end of a sentence; for where none of them has settings."""
    teams = [LOCAL_TEAM, *(TeamId(settings.team) for settings in installation.config.projects.values())]
    return projects_there(installation.store, teams)


def judges_of(config: LearnConfig) -> list[str]:
    """Who judges where nobody says who: the judge that costs nothing always, and the configured one last.

    A command that failed and its replacement that worked teach whatever the tests said, and no model is needed to see
    it; a model explains failures beside that.
    """
    return list(dict.fromkeys((MODELLESS_JUDGE, config.judge)))


async def judge_all(installation: Installation, name: str, *, by_clock: bool = False, batches: bool = True) -> Judged:
    """Judge every settled session that a judge has not seen; see Installation.judging and held for the errors.

    Args:
        by_clock: Nobody waits for it: a model is asked in batches where there are any.
        batches: False: only take what earlier batches bring, and ask about the rest directly.
    """
    concurrency = installation.config.model.concurrency
    # answers come in bursts: for each call that is under way another one is ready to take its place
    workers = 1 if name == MODELLESS_JUDGE else 2 * concurrency
    # each call may wait for the same commit; with fewer threads the others could not even come to it
    threads = ThreadPoolExecutor(concurrency + PREPARED_AT_ONCE + 2, thread_name_prefix="judge")
    asyncio.get_running_loop().set_default_executor(threads)
    async with (
        installation.judging(name) as judge,
        holding(installation.store, lease_on(installation, f"judge:{name}")) as store,
    ):
        batched = None
        if by_clock and isinstance(judge, FailureJudge):
            is_asking = batches and installation.has_batches
            batched = await _judge_in_batches(installation, store, judge, is_asking=is_asking)
            if batched is not None and (batched.stopped_by or (is_asking and not batched.no_batches)):
                return batched
        direct = await judge_sessions(store, judge, now_ns=time.time_ns, workers=workers, is_by_clock=by_clock)
    return direct if batched is None else joined(batched, direct)


async def _judge_in_batches(
    installation: Installation, store: Store, judge: FailureJudge, *, is_asking: bool
) -> Judged | None:
    """What a run by batches did; None where there is nothing to do by batches."""
    bulk = installation.bulk(judge.name)
    if bulk is None or not (is_asking or store.batches.open(judge.name)):
        return None
    judging = BatchJudging(store, judge, bulk, now_ns=time.time_ns, draw_key=lambda: secrets.token_hex(16))
    try:
        return await judging.run(is_asking=is_asking)
    finally:
        await bulk.close()


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
        base = load_base(
            clone, store, installation.team_of(project), project, prompt=prompt_file(installation, project)
        )
        settings = installation.config.learn
        stands = judge_standing(store, installation.config, judge.name)
        taught = taught_by(store, base, settings, also, judge, stands)
        # a dry run never spends
        is_asking = not is_dry_run and taught.floor is None
        asked = asyncio.run(_asked(installation, store, base, taught.found, judge)) if is_asking else None
        asked = replace(asked or Asked(), caveats=taught.caveats)
        retired = retirements(store, base, now_ns=now_ns, harms=measured_harms(store, base, now_ns=now_ns))
        terms = Terms(min_tasks=settings.min_tasks, max_edits=settings.max_edits, retired=tuple(retired))
        drafted = draft(store, base, taught.found, terms, now_ns=now_ns, asked=asked)
        most = terms.max_edits - (0 if drafted.proposal is None else terms.room)
        drafted = with_retirements(store, base, drafted, retired[:most], now_ns=now_ns)
        if taught.floor is not None:
            drafted = with_floor(drafted, taught.floor, now_ns=now_ns)
        drafted = _without_forgotten(installation, base, drafted)
        if not is_dry_run:
            save_draft(store, base, drafted, now_ns=now_ns)
        return replace(drafted, standing=stands)


def _without_forgotten(installation: Installation, base: Base, drafted: Drafted) -> Drafted:
    """What was drafted without the words of sessions that were forgotten while a model was asked."""
    proposal = drafted.proposal
    if proposal is None:
        return drafted
    gone = forgotten_in(installation.store, [proposal], base.team, installation.forgotten_digest)
    return replace(drafted, proposal=stripped(proposal, gone)) if gone else drafted


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
        base = load_base(
            clone, store, installation.team_of(project), project, prompt=prompt_file(installation, project)
        )
        connected = LeasedForge(forge(installation.project(project).forge, clone), store)
        stands = judge_standing(store, installation.config, MODEL_JUDGE)
        redact = installation.redactor.redact
        synced = asyncio.run(sync(store, base, connected, now_ns=now_ns, redact=redact, stands=stands))
        store.decisions.set_in_force(project, base.reading.standing, now_ns=now_ns)
        known = installation.known_rules(base.team)
        add_rules_files_of_history(store, clone, team=base.team, project=project, known=known)
        version = installation.merge_context(base.team).rules_version
        outdated = outdated_sessions(store, team=base.team, project=project, version=version)
        replace(installation, store=store).projector().rebuild(outdated, now_ns=now_ns)
    return synced


def plan_sync_of(
    installation: Installation, project: ProjectId, *, now_ns: int, patience_s: float = PATIENCE_S
) -> SyncPlan:
    """What `sync_project` would do; the remote is read and nothing is written. See there for the errors."""
    with held(installation.store, _lease_on_project(installation, project, patience_s)) as store:
        clone = open_clone(installation, project)
        base = load_base(
            clone, store, installation.team_of(project), project, prompt=prompt_file(installation, project)
        )
        connected = forge(installation.project(project).forge, clone)
        return asyncio.run(plan_sync(store, base, connected, now_ns=now_ns, is_theirs=clone.is_theirs))


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


def prompt_file(installation: Installation, project: ProjectId) -> PromptFile | None:
    """The file that a project's agents are given by flag; None where the settings name none.

    Raises:
        ConfigError: the settings name an agent that nobody knows.
    """
    settings = installation.project(project)
    if settings.prompt_file is None:
        return None
    agents = tuple(AgentName(name.replace("-", "_")) for name in settings.prompt_file_agents)
    unknown = sorted(set(agents) - AGENTS)
    if unknown:
        known = ", ".join(sorted(AGENTS))
        raise ConfigError(f"prompt_file_agents of project {project!r} names {unknown[0]!r}; known agents are: {known}")
    return PromptFile(path=settings.prompt_file, agents=agents)


def differences_of(installation: Installation, project: ProjectId) -> list[RuleDifference]:
    """What people did to rules of ours in one of several files, as the last sync saw the base; nothing is fetched."""
    commit, rules = installation.store.base_rules(project) or (None, [])
    if commit is None:
        return []
    folder = installation.data_dir.clone_folder(project)
    return file_differences(Clone.open(folder, installation.project(project).url, is_only_read=True), commit, rules)


def open_clone(installation: Installation, project: ProjectId) -> Clone:
    """Our own clone of a project's repository; see Installation.project and Clone.open for the errors."""
    settings = installation.project(project)
    return Clone.open(installation.data_dir.clone_folder(project), settings.url, base=settings.default_branch)
