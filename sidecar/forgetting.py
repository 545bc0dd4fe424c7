"""Forget sessions for good, and let go of what is kept too long: in store, inbox, files and Phoenix."""

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sidecar.documents import named, of_agent, why_none
from sidecar.domain import AgentName, PersonId, ProjectId, Proposal, SessionId, SessionKey, TeamId
from sidecar.engine import lease_on
from sidecar.errors import AmbiguousError, InputError, NotFoundError, PhoenixError, StoreBusyError
from sidecar.installation import Installation
from sidecar.jobs.forgetting import (
    Forgotten,
    forget_sessions,
    forgotten_in,
    planned,
    quoting,
    standing,
    stripped,
    sweep,
)
from sidecar.jobs.retiring import DAY_NS, Expired, expire
from sidecar.leasing import held, holding
from sidecar.naming import known_names
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.forgetting import delete_forgotten
from sidecar.phoenix.server import running_at
from sidecar.store import Store
from sidecar.store.erasing import erase

_log = logging.getLogger(__name__)

SWEEP_NS = 2 * DAY_NS
"""How long after a session was forgotten its traces are looked for: longer than any flow that had read it runs."""


PHOENIX = "phoenix"
"""Phoenix's own folder in a data folder."""
PHOENIX_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which sessions are to be forgotten: one, or all of a person, of a project, or of a person in a project."""

    team: TeamId
    session_id: SessionId | None = None
    agent: str | None = None
    person: PersonId | None = None
    project: ProjectId | None = None

    def __post_init__(self) -> None:
        """Refuse a wish for everything.

        Raises:
            InputError: nothing is named, or a session and something else.
        """
        is_many = self.person is not None or self.project is not None
        if (self.session_id is not None) == is_many:
            raise InputError("name what is to be forgotten: SESSION alone, or --person, --project or both")


def plan(installation: Installation, wish: Wish, *, now_ns: int) -> Forgotten:
    """What `forget` would take; what waits in the inbox is read first, and nothing else changes.

    Raises:
        NotFoundError: there is no such session.
        AmbiguousError: several agents have a session of that id.
    """
    installation.projector().run(now_ns=now_ns)
    keys, ids = _wanted(installation, wish)
    found = planned(installation.store, installation.inbox, keys, ids)
    for proposal in quoting(installation.store.proposals(), ids):
        _note(found, proposal)
    found.viewer_due = sum(installation.store.mirroring(key) is not None for key in keys)
    return found


def why_nothing(installation: Installation, wish: Wish) -> str:
    """That no session is of whom a wish names, and who is known: a slip of the pen must not look like a deed."""
    whom = [
        *([f"person {wish.person[:80]!r}"] if wish.person is not None else []),
        *([f"project {wish.project[:80]!r}"] if wish.project is not None else []),
    ]
    store = installation.store
    is_person = wish.person is not None and not store.forgetting.keys(wish.team, person=wish.person, project=None)
    known = store.forgetting.persons(wish.team) if is_person else store.projects(wish.team)
    kind = "known" if len(whom) == 1 else f"known {'persons' if is_person else 'projects'}"
    return f"no session of {' in '.join(whom)}; {kind}: {known_names(known)}"


def forget(installation: Installation, wish: Wish, *, now_ns: int) -> Forgotten:
    """Forget what is wished for; may be killed anywhere and run again, also for a session that is gone already.

    Raises:
        NotFoundError: nothing is here of it and it was never forgotten.
        AmbiguousError: several agents have a session of that id.
        StoreBusyError: another process works on a project's proposals, or keeps a file busy; run it again.
    """
    store, digest = installation.store, installation.forgotten_digest
    with held(store, lease_on(installation, "forget")):
        installation.projector().run(now_ns=now_ns)
        keys, ids = _wanted(installation, wish)
        changed = _strip_proposals(installation, ids)
        done, neighbours = forget_sessions(store, installation.inbox, keys, ids, digest, now_ns=now_ns)
        for proposal in changed:
            _note(done, proposal)
        installation.projector().rebuild(sorted(neighbours, key=lambda key: key.session_id), now_ns=now_ns)
        finish(installation, now_ns=now_ns)
    done.viewer_due = len(store.viewer_deletions.due())
    return done


def finish(installation: Installation, *, now_ns: int) -> None:
    """Take what was written about forgotten sessions meanwhile, and let all their bytes leave the files."""
    store = installation.store
    _strip_what_came_meanwhile(installation)
    sweep(store, installation.forgotten_digest, now_ns=now_ns)
    store.forgetting.erase(is_whole=True)
    installation.inbox.erase(is_whole=True)
    store.forgetting.set_erased(until_ns=now_ns, now_ns=now_ns)


def expire_now(installation: Installation, *, now_ns: int) -> Expired:
    """Let go of what is kept too long by `[retention]`, and finish what a forgetting that was stopped has left.

    Raises:
        StoreBusyError: another process is at it.
    """
    judge = installation.judge(installation.config.learn.judge)
    store, inbox = installation.store, installation.inbox
    with held(store, lease_on(installation, "forget")):
        expired = expire(
            store,
            inbox,
            installation.config.retention,
            installation.forgotten_digest,
            judge=(judge.name, judge.version),
            now_ns=now_ns,
        )
        if store.forgetting.is_unerased(now_ns - SWEEP_NS):
            finish(installation, now_ns=now_ns)
        else:
            store.forgetting.erase(is_whole=False)
            inbox.erase(is_whole=False)
    return expired


def delete_in_phoenix(installation: Installation, *, now_ns: int) -> str | None:
    """Delete in Phoenix what is due there; why it stays due, None where nothing does.

    The next mirroring tries it again.
    """
    if not installation.store.viewer_deletions.due():
        return None
    folder = installation.data_dir.path / PHOENIX
    url = running_at(folder)
    if url is None:
        return "Phoenix does not run over this data folder; start it with: sidecar phoenix"
    try:
        due = asyncio.run(_delete_in_phoenix(installation, url, folder, now_ns))
    except (PhoenixError, StoreBusyError) as exc:
        return str(exc)
    return "they are deleted there, and looked for once more" if due else None


async def _delete_in_phoenix(installation: Installation, url: str, folder: Path, now_ns: int) -> int:
    async with (
        holding(installation.store, lease_on(installation, "mirror")) as store,
        PhoenixClient.connect(url) as client,
    ):
        return await delete_due(store, client, folder, now_ns=now_ns)


async def delete_due(store: Store, phoenix: PhoenixClient, folder: Path, *, now_ns: int) -> int:
    """Delete forgotten sessions in Phoenix and let their bytes leave its file; gives how many are still due.

    Raises:
        PhoenixError: it cannot be reached, or refuses.
    """
    deleted = await delete_forgotten(store, phoenix, now_ns=now_ns)
    file = folder / "work" / "phoenix.db"
    if deleted.sessions and file.exists():
        try:
            await asyncio.to_thread(erase, file, is_whole=True, patience_s=PHOENIX_PATIENCE_S)
        except sqlite3.Error as exc:
            _log.warning("%s may hold bytes of what was deleted until Phoenix writes there anew (%s)", file, exc)
    return deleted.due


def _wanted(installation: Installation, wish: Wish) -> tuple[list[SessionKey], list[SessionId]]:
    """The sessions, and the ids by which requests are looked for."""
    store = installation.store
    if wish.session_id is None:
        keys = store.forgetting.keys(wish.team, person=wish.person, project=wish.project)
        return keys, sorted({key.session_id for key in keys})
    stored = store.forgetting.find(wish.team, wish.session_id)
    keys = of_agent(stored, wish.agent)
    if len(keys) > 1:
        agents = ", ".join(key.agent for key in keys)
        raise AmbiguousError(f"session {wish.session_id!r} exists for {agents}; say which with --agent")
    if not keys and not _was_forgotten(installation, wish.team, wish.session_id):
        begun = [] if stored else store.sessions_that_begin(wish.team, wish.session_id)
        raise NotFoundError(_why_whole(wish.session_id, begun) if begun else why_none(wish.session_id, stored))
    return keys, [wish.session_id]


def _why_whole(session_id: str, begun: Sequence[SessionKey]) -> str:
    """Why the first characters of an id are not enough here, though other commands take them."""
    return (
        f"no session {session_id[:80]!r} is stored; forget deletes, so it takes no first characters of an id. These "
        f"begin so: {named(begun)}; give the whole id of the one you mean"
    )


def _was_forgotten(installation: Installation, team: TeamId, session_id: SessionId) -> bool:
    digest = installation.forgotten_digest(SessionKey(team=team, agent=AgentName(""), session_id=session_id))
    return bool(installation.store.forgetting.fates(team, [digest]))


def _strip_proposals(
    installation: Installation, ids: Sequence[SessionId], only: ProjectId | None = None
) -> list[Proposal]:
    """Take quotes out of stored proposals, each project's while nobody drafts or syncs it; gives the changed ones."""
    changed: list[Proposal] = []
    for project in sorted({one.project for one in quoting(installation.store.proposals(project=only), ids)}):
        with held(installation.store, lease_on(installation, f"project:{project}")) as store:
            for proposal in quoting(store.proposals(project=project), ids):
                store.set_proposal(stripped(proposal, ids))
                changed.append(proposal)
    return changed


def _strip_what_came_meanwhile(installation: Installation) -> None:
    """Take the quotes out of proposals that a draft saved which had read a session before it was forgotten."""
    store, digest = installation.store, installation.forgotten_digest
    for project in sorted({one.project for one in store.proposals()}):
        ids = forgotten_in(store, store.proposals(project=project), installation.owner_of(project), digest)
        if ids:
            _strip_proposals(installation, ids, only=project)


def _note(found: Forgotten, proposal: Proposal) -> None:
    found.proposals += 1
    where = standing(proposal)
    if where is not None:
        found.published.append(where)
