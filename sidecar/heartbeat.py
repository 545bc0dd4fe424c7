"""A node's heartbeat, and taking up the work of nodes that have stopped beating.

Nobody's clock is compared with another's. A node counts its beats in the store, and whoever watches it goes by how
long, on the watcher's own steady clock, the count has not grown; clocks may be hours apart, or jump.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress

from sidecar.errors import SidecarError, StoreError
from sidecar.owner import is_dead
from sidecar.store import Node, Store

_log = logging.getLogger(__name__)

BEATS_PER_SILENCE = 5
"""Beats that must be missed in a row before a node is taken for dead."""


class Watch:
    """Tells which nodes have been silent for too long."""

    def __init__(self, silence_s: float) -> None:
        """Begin to watch; nobody is silent before `silence_s` have been watched."""
        self._silence_s = silence_s
        self._grown: dict[str, tuple[int, float]] = {}

    def silent(self, nodes: Sequence[Node], now_s: float) -> list[Node]:
        """Those whose count has not grown for too long.

        Args:
            nodes: All that there are, as read just now.
            now_s: Steady time, seconds since any moment.
        """
        seen = {node.name: self._grown.get(node.name) for node in nodes}
        self._grown = {
            node.name: before
            if (before := seen[node.name]) is not None and before[0] == node.beats
            else (node.beats, now_s)
            for node in nodes
        }
        return [node for node in nodes if now_s - self._grown[node.name][1] >= self._silence_s]


class Heart:
    """Beats for one node, and has others' work taken up."""

    def __init__(self, store: Store, node: str, *, owner: str, silence_s: float, adopt: Callable[[str], int]) -> None:
        """Bind the parts.

        Args:
            node: Our own name.
            owner: Our process, as its leases name it.
            adopt: Has the work of a dead node run by whoever is alive; safe to ask for twice. Gives how much there was.
        """
        self._store = store
        self._node = node
        self._owner = owner
        self._watch = Watch(silence_s)
        self._adopt = adopt

    def beat(self, *, now_ns: int, now_s: float) -> None:
        """Say that we are at work, then look who is not.

        Args:
            now_ns: Wall clock, for people who read it.
            now_s: Steady clock.
        """
        self._store.nodes.beat(self._node, owner=self._owner, now_ns=now_ns)
        others = [node for node in self._store.nodes.all() if node.name != self._node]
        silent = self._watch.silent(others, now_s)
        for node in others:
            if node in silent or is_dead(node.owner):
                self._take_up(node)

    def _take_up(self, node: Node) -> None:
        # Its leases first: what it still writes must fail before somebody else begins. Its row last: whoever is killed
        # before that leaves it to the next one, who does the same again.
        self._store.drop_leases_of(node.owner)
        count = self._adopt(node.name)
        if self._store.nodes.bury(node) and (count or not node.is_stopped):
            _log.warning("node %s is taken for dead; %d of its runs are taken up", node.name, count)


@contextmanager
def beating(heart: Heart, *, silence_s: float, also: Callable[[], None]) -> Generator[None]:
    """Beat while the block runs, the first time at once.

    Args:
        also: Done with every beat.
    """
    ended = threading.Event()

    def run() -> None:
        while True:
            try:
                heart.beat(now_ns=time.time_ns(), now_s=time.monotonic())
                also()
            except SidecarError as exc:
                _log.warning("the heartbeat is tried again: %s", exc)
            except Exception:  # noqa: BLE001 - a boundary: an unforeseen error must not end it silently
                _log.exception("the heartbeat is tried again")
            if ended.wait(silence_s / BEATS_PER_SILENCE):
                return

    thread = threading.Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def own_name(store: Store, name: str, rename: Callable[[], str], *, silence_s: float, ended: threading.Event) -> str:
    """The name of this node: the one it had, unless another process goes by it, as where a data folder was copied.

    Args:
        rename: Draws another name and keeps it.
        silence_s: How long a process of another machine is watched before its name is taken for free.
        ended: Set when nobody wants the answer any more.
    """
    watch = Watch(silence_s)
    first: Node | None = None
    while not ended.is_set():
        found = next((node for node in store.nodes.all() if node.name == name), None)
        if found is None or found.is_stopped or is_dead(found.owner):
            return name
        first = first or found
        if found.beats != first.beats:
            other = rename()
            _log.warning(
                "node %s is at work elsewhere, from a copy of this data folder; this one is now %s", name, other
            )
            return other
        if watch.silent([found], time.monotonic()):
            return name
        ended.wait(silence_s / BEATS_PER_SILENCE)
    return name


@contextmanager
def known_as(store: Store, node: str, *, owner: str, now_ns: Callable[[], int]) -> Generator[None]:
    """Be a node while the block runs; the store is told of its end, so that its next start need not wait."""
    store.nodes.beat(node, owner=owner, now_ns=now_ns())
    try:
        yield
    finally:
        with suppress(StoreError):
            store.nodes.stop(node, owner=owner)
