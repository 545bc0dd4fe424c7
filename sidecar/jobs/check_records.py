"""What a check of the judges asks with and what it keeps: guesses, reruns, rules followed, and why there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from judges.adherence import AdherenceJudge
from judges.blind import BlindJudge
from judges.failure import FailureJudge
from judges.packet import build_packet
from sidecar.domain import (
    Adherence,
    BlindCall,
    CheckedVersion,
    Packet,
    Rerun,
    Rule,
    Session,
    SessionKey,
    Unjudged,
    Verdict,
)
from sidecar.errors import ModelError
from sidecar.llm import Model
from sidecar.store import Store, StoredSession
from sidecar.store.checks import RERUN


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
    in_batch: int = 0
    """Questions that a provider is being asked in batches."""
    no_batches: str | None = None
    """Why the provider was not asked in batches though it should have been; None where it was, or need not be."""


class CheckRecords:
    """Keeps what judges said of sessions, unless a session was forgotten while it was asked about."""

    def __init__(self, store: Store, judges: Judges, around: Surroundings) -> None:
        """Bind the store and whose words are kept."""
        self.checked = Checked()
        self.judges = judges
        self.around = around
        self._store = store

    def packet(self, stored: StoredSession) -> Packet:
        """What a judge sees of a session."""
        feedback = self._store.feedback(stored.session.key)
        return build_packet(stored.session, stored.decision, feedback, redact=self.around.redact)

    def first_verdict(self, key: SessionKey) -> Verdict | None:
        """What the judge said the first time, in its present version."""
        version = self.judges.version.judge_version
        return next((one for one in self._store.verdicts(key) if one.judge_version == version), None)

    def keep_guess(self, packet: Packet, said: BlindCall | Unjudged | None) -> None:
        """A guess of the blind judge; None: there was nothing to show it."""
        version, blind = self.judges.version, self.judges.blind
        if isinstance(said, Unjudged):
            self.keep_problem(blind.name, version.blind_version, packet.session, packet.session_revision, said)
        elif self._is_there(packet.session):
            revision, now_ns = packet.session_revision, self.around.now_ns()
            self._store.checks.set_blind_call(version, packet.session, revision=revision, call=said, at_ns=now_ns)
            self.checked.guesses += said is not None

    def keep_rerun(self, packet: Packet, first: Verdict, said: Verdict | Unjudged | None) -> None:
        """What the judge said when it was asked once more; None: there is nothing to ask of the session any more."""
        version = self.judges.version.judge_version
        if isinstance(said, Unjudged):
            self.keep_problem(RERUN, version, packet.session, packet.session_revision, said)
        elif said is not None and self._is_there(packet.session):
            rerun = Rerun(first=first.lessons[0].failure_class, again=said.lessons[0].failure_class)
            revision, now_ns = packet.session_revision, self.around.now_ns()
            self._store.checks.set_rerun(version, packet.session, revision=revision, rerun=rerun, at_ns=now_ns)
            self.checked.reruns += 1

    def keep_adherence(self, packet: Packet, said: Sequence[Adherence] | Unjudged) -> None:
        """Which rules a session followed; none where no rule of ours speaks of what it touched."""
        judge = self.judges.adherence
        if isinstance(said, Unjudged):
            self.keep_problem(judge.name, judge.version, packet.session, packet.session_revision, said)
        elif self._is_there(packet.session):
            revision, now_ns = packet.session_revision, self.around.now_ns()
            self._store.checks.set_adherence(judge.version, packet.session, revision=revision, found=said, at_ns=now_ns)
            self.checked.adherences += bool(said)

    def keep_problem(self, name: str, version: str, key: SessionKey, revision: int, problem: Unjudged) -> None:
        """That a judge could not tell.

        Args:
            name: Under which tries in vain are counted.
        """
        if not self._is_there(key):
            return
        self.checked.unjudged.append((name, key, problem))
        self._store.add_judge_problem(
            key,
            revision=revision,
            judge=name,
            judge_version=version,
            problem=problem.problem,
            at_ns=self.around.now_ns(),
        )

    def _is_there(self, key: SessionKey) -> bool:
        return key in self._store.session_keys(key.team, key.session_id)
