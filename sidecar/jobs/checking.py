"""Check the judges on a sample: guesses without the result, verdicts asked for again, and which rules were followed.

The sample is drawn by a keyed hash of judge version and session, so that a run that is repeated asks the same sessions
and nobody can write a session that is sure to be in it. Every call goes through the one cap on money.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from judges.adherence import AdherenceJudge, rules_in_scope
from judges.blind import BlindJudge
from judges.failure import FailureJudge
from judges.packet import build_packet
from sidecar.domain import (
    CheckedVersion,
    Packet,
    ReplyProblem,
    Rerun,
    Rule,
    RulesSource,
    Session,
    SessionKey,
    SessionState,
    Unjudged,
    Verdict,
)
from sidecar.errors import DamagedError, ModelError, SidecarError
from sidecar.llm import Model
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


@dataclass(frozen=True, slots=True)
class Judges:
    """The judges of one model."""

    failure: FailureJudge
    blind: BlindJudge
    adherence: AdherenceJudge
    version: CheckedVersion

    @classmethod
    def of(cls, model: Model) -> "Judges":
        """Ready to be asked."""
        failure, blind = FailureJudge(model), BlindJudge(model)
        version = CheckedVersion(judge_version=failure.version, blind_version=blind.version, model=model.name)
        return cls(failure, blind, AdherenceJudge(model), version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a check needs beside the judges and the store."""

    redact: Callable[[str], str]
    rules_of: Callable[[Session], Sequence[Rule]]
    """Our rules that were active in a session."""
    now_ns: Callable[[], int]
    workers: int = 1
    """Sessions asked about at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whom a run asks about."""

    blind: tuple[SessionKey, ...]
    reruns: tuple[SessionKey, ...]
    adherence: tuple[SessionKey, ...]


@dataclass(slots=True, kw_only=True)
class Checked:
    """What one run did."""

    guesses: int = 0
    reruns: int = 0
    adherences: int = 0
    """Sessions of which something was proven of at least one rule."""
    unjudged: list[tuple[str, SessionKey, Unjudged]] = field(default_factory=list[tuple[str, SessionKey, Unjudged]])
    """Which judge could not tell, of which session, and why; asked again a few times."""
    stopped_by: ModelError | None = None
    """Why the run ended before its time; whatever it did not reach goes on waiting."""


def plan(store: Store, judges: Judges, samples: Samples, keyed_hash: Callable[[str], str]) -> Plan:
    """Whom the next run asks about; nothing is asked and nothing is saved."""
    version, adherence, checks = judges.version, judges.adherence, store.checks
    no_rules = rules_version((), RulesSource.EXACT).value

    def drawn(name: str, of: str, keys: Sequence[SessionKey], most: int) -> tuple[SessionKey, ...]:
        def place(key: SessionKey) -> str:
            return keyed_hash("\0".join((name, of, key.team, key.agent, key.session_id)))

        return tuple(sorted(keys, key=place)[:most])

    unguessed = checks.unguessed(version, judges.blind.name)
    unrepeated = checks.unrepeated(judges.failure.name, version.judge_version)
    unadhered = checks.unadhered(adherence.name, adherence.version, no_rules=no_rules)
    return Plan(
        blind=drawn(judges.blind.name, version.blind_version, unguessed, samples.blind),
        reruns=drawn(RERUN, version.judge_version, unrepeated, samples.reruns),
        adherence=drawn(adherence.name, adherence.version, unadhered, samples.adherence),
    )


async def check_judges(store: Store, judges: Judges, planned: Plan, around: Surroundings) -> Checked:
    """Ask about everybody who is planned; safe to run twice and to stop anywhere."""
    run = _Run(store, judges, around)
    asked = [(run.guess, judges.blind.name, judges.version.blind_version, key) for key in planned.blind]
    asked += [(run.repeat, RERUN, judges.version.judge_version, key) for key in planned.reruns]
    asked += [(run.adhere, judges.adherence.name, judges.adherence.version, key) for key in planned.adherence]
    waiting = iter([_Asking(ask=ask, name=name, version=version, key=key) for ask, name, version, key in asked])
    await asyncio.gather(*(run.work(waiting) for _ in range(around.workers)))
    return run.checked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """One question that waits."""

    ask: Callable[[Session, Packet], Awaitable[Unjudged | None]]
    """Asks and saves; what it gives is why there is nothing to save."""
    name: str
    """Under which tries in vain are counted."""
    version: str
    key: SessionKey


class _Run:
    """One run while its workers are at it."""

    def __init__(self, store: Store, judges: Judges, around: Surroundings) -> None:
        self.checked = Checked()
        self._store = store
        self._judges = judges
        self._around = around

    async def work(self, waiting: Iterator[_Asking]) -> None:
        """Take one question after another until none is left or something stops the run."""
        for asking in waiting:
            try:
                await self._one(asking)
            except ModelError as exc:
                self.checked.stopped_by = exc
            except DamagedError as exc:
                _log.error("session %s is passed over: %s", asking.key.session_id, exc)
            if self.checked.stopped_by is not None:
                return

    async def _one(self, asking: _Asking) -> None:
        store, around, key = self._store, self._around, asking.key
        stored = store.session(key)
        if stored is None or stored.session.state is not SessionState.SETTLED:
            return
        packet = build_packet(stored.session, stored.decision, store.feedback(key), redact=around.redact)
        try:
            problem = await asking.ask(stored.session, packet)
        except SidecarError:
            raise
        except Exception:  # noqa: BLE001 # the boundary between one session and the rest of the run
            _log.exception("%s failed on session %s", asking.name, key.session_id)
            problem = Unjudged(problem=ReplyProblem.JUDGE_FAILED, detail="the judge itself failed; see the log")
        if problem is None or not self._is_there(key):
            return
        self.checked.unjudged.append((asking.name, key, problem))
        store.add_judge_problem(
            key,
            revision=packet.session_revision,
            judge=asking.name,
            judge_version=asking.version,
            problem=problem.problem,
            at_ns=around.now_ns(),
        )

    async def guess(self, session: Session, packet: Packet) -> Unjudged | None:
        """Ask the blind judge."""
        said = await self._judges.blind.guess(packet)
        if isinstance(said, Unjudged):
            return said
        if self._is_there(session.key):
            self._store.checks.set_blind_call(
                self._judges.version, session.key, revision=session.revision, call=said, at_ns=self._around.now_ns()
            )
            self.checked.guesses += said is not None
        return None

    async def repeat(self, session: Session, packet: Packet) -> Unjudged | None:
        """Ask for a verdict once more."""
        judge, version = self._judges.failure, self._judges.version.judge_version
        first = next((one for one in self._store.verdicts(session.key) if one.judge_version == version), None)
        said = await judge.judge_again(packet) if first is not None else None
        if first is None or not isinstance(said, Verdict):
            return said if isinstance(said, Unjudged) else None
        if self._is_there(session.key):
            rerun = Rerun(first=first.lessons[0].failure_class, again=said.lessons[0].failure_class)
            self._store.checks.set_rerun(
                version, session.key, revision=session.revision, rerun=rerun, at_ns=self._around.now_ns()
            )
            self.checked.reruns += 1
        return None

    async def adhere(self, session: Session, packet: Packet) -> Unjudged | None:
        """Ask whether the session followed its rules; where none speaks of what it touched, nobody is asked."""
        judge = self._judges.adherence
        rules = rules_in_scope(packet, self._around.rules_of(session))
        said = await judge.judge(packet, rules) if rules else ()
        if isinstance(said, Unjudged):
            return said
        if self._is_there(session.key):
            self._store.checks.set_adherence(
                judge.version, session.key, revision=session.revision, found=said, at_ns=self._around.now_ns()
            )
            self.checked.adherences += bool(said)
        return None

    def _is_there(self, key: SessionKey) -> bool:
        """Whether a session was not forgotten while it was asked about."""
        return key in self._store.session_keys(key.team, key.session_id)
