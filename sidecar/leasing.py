"""Hold a lease while a flow runs: one process at a time, told apart by a token, and barred once it has lost it.

A process that is paused, or cut off from the store, stops prolonging. Whoever takes the lease then need not know
whether it is dead: when it wakes, its writes to the store are refused, and so is what it is about to do outside.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

from sidecar.domain import PullRequest
from sidecar.errors import StoreBusyError, StoreError
from sidecar.forges.forge import Forge, Publication, Published
from sidecar.owner import describe_owner, is_dead
from sidecar.proposals import ProposalText
from sidecar.store import Store

_log = logging.getLogger(__name__)

SECOND_NS = 1_000_000_000
PATIENCE_S = 45.0
"""How long a command waits for another process: longer than it takes until a dead one's lease has passed."""
TELL_AFTER_S = 2.0
"""A wait of that length is said, and who is waited for."""
LOOK_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What is to be held, for whom and how."""

    name: str
    process: str
    """Who holds it; what holds for one holding is added."""
    length_s: int
    """How long it outlives a process that was killed or paused; prolonged three times in that time."""
    patience_s: float = PATIENCE_S


@contextmanager
def held(store: Store, lease: Lease) -> Generator[Store]:
    """Hold a lease while the block runs, waiting for another process on it.

    Gives the store to write to meanwhile: it refuses when the lease has passed to somebody else.

    Raises:
        StoreBusyError: somebody else holds it for longer than the lease's patience.
    """
    owner = f"{lease.process}/{secrets.token_hex(4)}"
    token = _taken(store, lease, owner)
    ended = threading.Event()
    prolonging = threading.Thread(
        target=_prolong, args=(store, lease, owner, token, ended), name=f"lease {lease.name}", daemon=True
    )
    prolonging.start()
    try:
        yield store.fenced(lease.name, owner=owner, token=token)
    finally:
        ended.set()
        prolonging.join()
        # what the block raised is worth more than that the store is away; the lease passes by itself
        with suppress(StoreError):
            store.drop_lease(lease.name, owner=owner)


@asynccontextmanager
async def holding(store: Store, lease: Lease) -> AsyncGenerator[Store]:
    """As `held`, where the wait must not stop an event loop."""
    stack = ExitStack()
    fenced = await asyncio.to_thread(stack.enter_context, held(store, lease))
    try:
        yield fenced
    finally:
        await asyncio.to_thread(stack.close)


def _taken(store: Store, lease: Lease, owner: str) -> int:
    """The token, once the lease is ours."""
    began = time.monotonic()
    is_told = False
    length_ns = lease.length_s * SECOND_NS
    while (token := store.take_lease(lease.name, owner=owner, now_ns=time.time_ns(), ttl_ns=length_ns)) is None:
        holder = store.lease_owner(lease.name)
        waited_s = time.monotonic() - began
        if holder is not None and is_dead(holder):
            # killed on this machine: nobody will ever give it back
            store.drop_lease(lease.name, owner=holder)
            continue
        who = f"{lease.name} is being worked on by {describe_owner(holder) if holder else 'another process'}"
        if waited_s > lease.patience_s:
            raise StoreBusyError(f"{who}; run this again when that has ended")
        if waited_s > TELL_AFTER_S and not is_told:
            _log.warning("%s; waiting for its end", who)
            is_told = True
        time.sleep(LOOK_S)
    return token


def _prolong(store: Store, lease: Lease, owner: str, token: int, ended: threading.Event) -> None:
    while not ended.wait(lease.length_s / 3):
        until_ns = time.time_ns() + lease.length_s * SECOND_NS
        try:
            if not store.prolong_lease(lease.name, owner=owner, token=token, until_ns=until_ns):
                return  # lost; the next write says so where the work is done
        except StoreError as exc:
            _log.warning("the lease on %s could not be prolonged and is tried again: %s", lease.name, exc)


class LeasedForge:
    """A forge that is spoken to only while a lease is held; what is under way when it is lost is find-or-create."""

    def __init__(self, forge: Forge, store: Store) -> None:
        """Bind the forge, and the store that `held` gave."""
        self._forge = forge
        self._store = store

    @property
    def name(self) -> str:
        """Its name in the registry."""
        return self._forge.name

    async def publish(self, publication: Publication) -> Published:
        """See Forge.publish; every verb raises StoreBusyError once the lease is lost."""
        self._store.check_lease()
        return await self._forge.publish(publication)

    async def open(self, branch: str, text: ProposalText) -> PullRequest:
        """See Forge.open."""
        self._store.check_lease()
        return await self._forge.open(branch, text)

    async def update(self, number: int, text: ProposalText) -> PullRequest:
        """See Forge.update."""
        self._store.check_lease()
        return await self._forge.update(number, text)

    async def close(self, number: int, *, reason: str) -> PullRequest:
        """See Forge.close."""
        self._store.check_lease()
        return await self._forge.close(number, reason=reason)

    async def find(self, branch: str) -> PullRequest | None:
        """See Forge.find."""
        return await self._forge.find(branch)

    async def read(self, number: int) -> PullRequest:
        """See Forge.read."""
        return await self._forge.read(number)

    async def comment(self, number: int, text: str) -> None:
        """See Forge.comment."""
        self._store.check_lease()
        await self._forge.comment(number, text)
