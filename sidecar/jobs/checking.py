"""Check the judges on a sample: guesses without the result, verdicts asked for again, and which rules were followed.

The sample is drawn by a keyed hash of judge version and session, so that a run that is repeated asks the same sessions
and nobody can write a session that is sure to be in it. Every call goes through the one cap on money.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from judges.adherence import rules_in_scope
from sidecar.domain import Packet, RulesSource, Session, SessionKey, SessionState
from sidecar.errors import DamagedError, ModelError, SidecarError
from sidecar.jobs.batch_questions import JUDGE_FAILED
from sidecar.jobs.check_records import Checked, CheckRecords, Judges
from sidecar.rules import rules_version
from sidecar.store import Store
from sidecar.store.checks import RERUN

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Most sessions that one run asks about."""

    blind: int
    reruns: int
    adherence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whom a run asks about."""

    blind: tuple[SessionKey, ...]
    reruns: tuple[SessionKey, ...]
    adherence: tuple[SessionKey, ...]


def plan(store: Store, judges: Judges, samples: Samples, keyed_hash: Callable[[str], str]) -> Plan:
    """Whom the next run asks about; nothing is asked and nothing is saved.

    Whoever is drawn and is being asked about in a batch is left out and not replaced: until the answers have come, a
    sample has its size.
    """
    version, adherence, checks = judges.version, judges.adherence, store.checks
    no_rules = rules_version((), RulesSource.EXACT).value

    def drawn(name: str, of: str, keys: Sequence[SessionKey], most: int) -> tuple[SessionKey, ...]:
        def place(key: SessionKey) -> str:
            return keyed_hash("\0".join((name, of, key.team, key.agent, key.session_id)))

        in_batch = store.batches.waiting(name, of)
        return tuple(key for key in sorted(keys, key=place)[:most] if key not in in_batch)

    unguessed = checks.unguessed(version, judges.blind.name)
    unrepeated = checks.unrepeated(judges.failure.name, version.judge_version)
    unadhered = checks.unadhered(adherence.name, adherence.version, no_rules=no_rules)
    return Plan(
        blind=drawn(judges.blind.name, version.blind_version, unguessed, samples.blind),
        reruns=drawn(RERUN, version.judge_version, unrepeated, samples.reruns),
        adherence=drawn(adherence.name, adherence.version, unadhered, samples.adherence),
    )


async def check_judges(store: Store, records: CheckRecords, planned: Plan) -> Checked:
    """Ask directly about everybody who is planned; safe to run twice and to stop anywhere."""
    run, judges = _Run(store, records), records.judges
    asked = [(run.guess, judges.blind.name, judges.version.blind_version, key) for key in planned.blind]
    asked += [(run.repeat, RERUN, judges.version.judge_version, key) for key in planned.reruns]
    asked += [(run.adhere, judges.adherence.name, judges.adherence.version, key) for key in planned.adherence]
    waiting = iter([_Asking(ask=ask, name=name, version=version, key=key) for ask, name, version, key in asked])
    await asyncio.gather(*(run.work(waiting) for _ in range(records.around.workers)))
    return records.checked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """One question that waits."""

    ask: Callable[[Session, Packet], Awaitable[None]]
    """Asks and saves."""
    name: str
    """Under which tries in vain are counted."""
    version: str
    key: SessionKey


class _Run:
    """One run while its workers are at it."""

    def __init__(self, store: Store, records: CheckRecords) -> None:
        self.records = records
        self._store = store
        self._judges = records.judges

    async def work(self, waiting: Iterator[_Asking]) -> None:
        """Take one question after another until none is left or something stops the run."""
        checked = self.records.checked
        for asking in waiting:
            try:
                await self._one(asking)
            except ModelError as exc:
                checked.stopped_by = exc
            except DamagedError as exc:
                _log.error("session %s is passed over: %s", asking.key.session_id, exc)
            if checked.stopped_by is not None:
                return

    async def _one(self, asking: _Asking) -> None:
        stored = self._store.session(asking.key)
        if stored is None or stored.session.state is not SessionState.SETTLED:
            return
        packet = self.records.packet(stored)
        try:
            await asking.ask(stored.session, packet)
        except SidecarError:
            raise
        except Exception:  # noqa: BLE001 # the boundary between one session and the rest of the run
            _log.exception("%s failed on session %s", asking.name, asking.key.session_id)
            key, revision = packet.session, packet.session_revision
            self.records.keep_problem(asking.name, asking.version, key, revision, JUDGE_FAILED)

    async def guess(self, _: Session, packet: Packet) -> None:
        """Ask the blind judge."""
        self.records.keep_guess(packet, await self._judges.blind.guess(packet))

    async def repeat(self, session: Session, packet: Packet) -> None:
        """Ask for a verdict once more."""
        first = self.records.first_verdict(session.key)
        if first is not None:
            self.records.keep_rerun(packet, first, await self._judges.failure.judge_again(packet))

    async def adhere(self, session: Session, packet: Packet) -> None:
        """Ask whether the session followed its rules; where none speaks of what it touched, nobody is asked."""
        rules = rules_in_scope(packet, self.records.around.rules_of(session))
        said = await self._judges.adherence.judge(packet, rules) if rules else ()
        self.records.keep_adherence(packet, said)
