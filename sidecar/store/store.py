"""The store: what every flow reads from and writes to; each method is one transaction.

Methods block on the database; inside an event loop call them in a thread. Any thread may call any of them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Self

from sqlalchemy import Connection

from sidecar.domain import (
    AccessToken,
    AgentName,
    FollowUp,
    LabelDecision,
    LessonSupport,
    ModelUsage,
    Observation,
    OutcomeJoin,
    OutcomeRow,
    ProjectId,
    Proposal,
    ProposalState,
    Refusal,
    ReplyProblem,
    Rule,
    Session,
    SessionId,
    SessionKey,
    SpanRow,
    TeamId,
    TokenId,
    Tombstone,
    Verdict,
)
from sidecar.store import (
    counts,
    follow_ups,
    learning,
    leases,
    mirrored,
    outcomes,
    problems,
    proposals,
    session_search,
    sessions,
    spend,
    spending,
    tokens,
)
from sidecar.store.batches import Batches
from sidecar.store.checks import Checks
from sidecar.store.counts import Counts
from sidecar.store.database import Database
from sidecar.store.decisions import Decisions
from sidecar.store.forgetting import Forgetting
from sidecar.store.migrating import Branch
from sidecar.store.mirrored import Mirroring
from sidecar.store.nodes import Nodes
from sidecar.store.problems import JudgeProblem
from sidecar.store.retiring import Retiring
from sidecar.store.sessions import FileChunk, StoredSession
from sidecar.store.shared_commits import SharedCommits
from sidecar.store.spend import Cap, KeptReply, Wanted
from sidecar.store.spending import Spending, Spent
from sidecar.store.viewer_deletions import ViewerDeletions


class Store:
    """Sessions, outcomes, verdicts and proposals in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shared = SharedCommits(database)
        self.nodes = Nodes(database)
        self.batches = Batches(database)
        self.checks = Checks(database)
        self.forgetting = Forgetting(database)
        self.retiring = Retiring(database)
        self.viewer_deletions = ViewerDeletions(database)
        self.decisions = Decisions(database)
        self.spending = Spending(database)

    @classmethod
    def open(cls, url: str) -> Self:
        """The store at `sqlite:///PATH` or `postgresql+psycopg://…`, created or migrated when needed.

        Raises:
            StoreBusyError: locked, full, or not answering.
            StoreError: no access, not a database, or written by a newer version.
        """
        return cls(Database.open(url, Branch.STORE))

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def add_observations(self, team: TeamId, agent: AgentName, observations: Sequence[Observation]) -> None:
        """Add those whose (session, key) is new; order and repetition do not matter."""
        with self._database.write() as connection:
            sessions.add_observations(connection, team, agent, observations)

    def observations(self, key: SessionKey) -> list[Observation]:
        """All of one session, ordered by key."""
        with self._database.read() as connection:
            return sessions.observations(connection, key)

    def count_observations(self, key: SessionKey) -> int:
        """How many one session has."""
        with self._database.read() as connection:
            return sessions.count_observations(connection, key)

    def add_file_chunk(self, key: SessionKey, chunk: FileChunk) -> None:
        """Add a piece of a session file unless the very same one is there."""
        with self._database.write() as connection:
            sessions.add_file_chunk(connection, key, chunk)

    def file_chunks(self, key: SessionKey) -> list[FileChunk]:
        """All pieces of one session, by part and offset."""
        with self._database.read() as connection:
            return sessions.file_chunks(connection, key)

    def set_session(self, session: Session, decision: LabelDecision, *, now_ns: int) -> None:
        """Replace a session with its steps, rules and label.

        The store decides the revision: it grows by one when a settled session changes in anything but its state, and
        `session.revision` is not looked at. A settled session stays settled when it is set closed, as merging knows
        nothing of settling; set open, it is open again.
        """
        with self._database.write() as connection:
            sessions.set_session(connection, session, decision, now_ns=now_ns)

    def session(self, key: SessionKey) -> StoredSession | None:
        """One session with its steps; None when there is none."""
        with self._database.read() as connection:
            return sessions.session(connection, key)

    def session_keys(self, team: TeamId, session_id: SessionId) -> list[SessionKey]:
        """Sessions of this id, at most one per agent."""
        with self._database.read() as connection:
            return session_search.sessions_of_id(connection, team, session_id)

    def sessions(self, team: TeamId, *, project: ProjectId | None = None, limit: int = 1000) -> list[StoredSession]:
        """Envelopes without steps, the newest start first."""
        with self._database.read() as connection:
            return sessions.session_list(connection, team, project, limit)

    def idle_sessions(self, before_ns: int) -> list[SessionKey]:
        """Open sessions of which nothing was stored since a time by our own clock, the oldest activity first."""
        with self._database.read() as connection:
            return session_search.idle_sessions(connection, before_ns)

    def closed_sessions(self) -> list[StoredSession]:
        """Envelopes of the sessions that wait to settle, the oldest activity first."""
        with self._database.read() as connection:
            return sessions.closed_sessions(connection)

    def sessions_at_commit(self, team: TeamId, commit: str) -> list[SessionKey]:
        """Sessions whose head is this commit; of two names, one may be a prefix of seven digits or more."""
        with self._database.read() as connection:
            return sessions.sessions_at_commit(connection, team, commit)

    def sessions_based_on(self, team: TeamId, commit: str) -> list[SessionKey]:
        """Sessions that began on this commit; of two names, one may be a prefix of seven digits or more."""
        with self._database.read() as connection:
            return session_search.sessions_based_on(connection, team, commit)

    def session_lines(
        self, team: TeamId, *, project: ProjectId | None, times_ns: tuple[int, int]
    ) -> Mapping[SessionKey, tuple[str, ...]]:
        """Sketches of what sessions wrote that began between two times; of a project, or of none that is known."""
        with self._database.read() as connection:
            return session_search.session_lines(connection, team, project, times_ns)

    def sessions_on_branch(
        self, team: TeamId, *, project: ProjectId, branch: str, times_ns: tuple[int, int]
    ) -> list[SessionKey]:
        """Sessions on a project's branch whose last activity lies between two times."""
        with self._database.read() as connection:
            return session_search.sessions_on_branch(connection, team, project, branch, times_ns)

    def add_spans(self, team: TeamId, rows: Sequence[SpanRow]) -> None:
        """Add those whose (trace, span) is new."""
        with self._database.write() as connection:
            sessions.add_spans(connection, team, rows)

    def spans(self, team: TeamId, trace_id: str) -> list[SpanRow]:
        """Spans of one trace, ordered by span id."""
        with self._database.read() as connection:
            return sessions.spans(connection, team, trace_id)

    def add_outcome(self, row: OutcomeRow) -> bool:
        """Add it; False when it was there."""
        with self._database.write() as connection:
            return outcomes.add_outcome(connection, row)

    def outcomes(self, team: TeamId, *, session_id: SessionId, commits: Sequence[str]) -> list[OutcomeRow]:
        """Those that name the session, or one of the commits by the prefix rule; oldest first."""
        with self._database.read() as connection:
            return outcomes.outcomes_of(connection, team, session_id, commits)

    def outcomes_with_lines(self, team: TeamId, lines: Sequence[str]) -> list[OutcomeRow]:
        """Those whose commit added one of the lines (hashes of a sketch); oldest first."""
        with self._database.read() as connection:
            return outcomes.outcomes_with_lines(connection, team, lines)

    def outcomes_on_branch(
        self, team: TeamId, *, project: ProjectId, branch: str, times_ns: tuple[int, int]
    ) -> list[OutcomeRow]:
        """Those of a project's branch between two times; oldest first."""
        with self._database.read() as connection:
            return outcomes.outcomes_on_branch(connection, team, project, branch, times_ns)

    def sessions_joined(self, team: TeamId, *, at_ns: int) -> list[SessionKey]:
        """Sessions that outcomes of this very moment speak of."""
        with self._database.read() as connection:
            return outcomes.sessions_joined(connection, team, at_ns)

    def add_follow_up(self, follow_up: FollowUp) -> None:
        """Add it; one of this id that is there stays as it is."""
        with self._database.write() as connection:
            follow_ups.add_follow_up(connection, follow_up)

    def follow_ups(
        self,
        team: TeamId,
        *,
        commits: Sequence[str],
        project: ProjectId | None = None,
        branch: str | None = None,
        number: int | None = None,
    ) -> list[FollowUp]:
        """Candidates by commit, branch and pull request, the last two of the project; oldest first.

        Those of the pull requests that any of them names are among them.
        """
        with self._database.read() as connection:
            return follow_ups.follow_ups_about(connection, team, commits, project, branch, number)

    def set_joins(self, key: SessionKey, joins: Sequence[OutcomeJoin]) -> None:
        """Replace the session's joins; their outcomes must be in the store."""
        with self._database.write() as connection:
            outcomes.set_joins(connection, key, joins)

    def joins(self, key: SessionKey) -> list[OutcomeJoin]:
        """Joins of one session, the most certain first."""
        with self._database.read() as connection:
            return outcomes.joins(connection, key)

    def add_feedback(self, key: SessionKey, text: str, *, at_ns: int, identifier: str | None = None) -> None:
        """Add a person's words about a session; the same words of the same moment are one.

        Args:
            identifier: What tells these words apart where they were written; new words under it replace the old ones.
        """
        with self._database.write() as connection:
            outcomes.add_feedback(connection, key, text, at_ns=at_ns, identifier=identifier)

    def feedback(self, key: SessionKey) -> list[str]:
        """What people said of the session, oldest first."""
        with self._database.read() as connection:
            return outcomes.feedback(connection, key)

    def unjudged_sessions(self, judge: str, judge_version: str) -> list[SessionKey]:
        """Settled sessions whose present revision this judge version has no record of and has not given up."""
        with self._database.read() as connection:
            return learning.unjudged_sessions(connection, judge, judge_version)

    def set_verdict(
        self, key: SessionKey, *, revision: int, judge: str, judge_version: str, verdict: Verdict | None
    ) -> None:
        """Record what a judge said of a stored session's revision; None: it found nothing."""
        self._shared.run(
            lambda connection: learning.set_verdict(
                connection, key, revision=revision, judge=judge, judge_version=judge_version, verdict=verdict
            )
        )

    def add_judge_problem(
        self, key: SessionKey, *, revision: int, judge: str, judge_version: str, problem: ReplyProblem, at_ns: int
    ) -> None:
        """Count one try of a judge that ended without a verdict on a stored session's revision."""
        self._shared.run(
            lambda connection: problems.add_judge_problem(
                connection,
                key,
                revision=revision,
                judge=judge,
                judge_version=judge_version,
                problem=problem,
                at_ns=at_ns,
            )
        )

    def judge_problems(self, key: SessionKey) -> list[JudgeProblem]:
        """Tries in vain on the session's present revision, by judge and reason."""
        with self._database.read() as connection:
            return problems.judge_problems(connection, key)

    def problem_counts(self, judge: str, judge_version: str) -> Mapping[ReplyProblem, int]:
        """Tries in vain of a judge version on present revisions, by reason; reasons without any are 0."""
        with self._database.read() as connection:
            return problems.problem_counts(connection, judge, judge_version)

    def reserve_spend(self, wanted: Wanted, *, now_ns: int, cap: Cap) -> int | None:
        """Put money aside for one attempt of a request: its number, or None when it would go over the cap."""
        reserved = self._shared.run(
            lambda connection: spend.reserve_spend(connection, [wanted], now_ns=now_ns, cap=cap)
        )
        return reserved[0] if reserved else None

    def settle_spend(
        self, request_key: str, attempt: int, *, amount_usd: float, usage: ModelUsage, kept: KeptReply | None = None
    ) -> None:
        """Replace the money put aside for an attempt by what it cost, and keep the answer that was paid."""

        def settle(connection: Connection) -> None:
            spend.settle_spend(connection, request_key, attempt, amount_usd=amount_usd, usage=usage)
            if kept is not None:
                spend.keep_reply(connection, request_key, kept)

        self._shared.run(settle)

    def kept_reply(self, request_key: str, model: str) -> str | None:
        """The answer of a model that was kept for a question; None when there is none."""
        with self._database.read() as connection:
            return spend.kept_reply(connection, request_key, model)

    def forget_reply(self, request_key: str, model: str) -> None:
        """Keep a model's answer to a question no longer."""
        with self._database.write() as connection:
            spend.forget_reply(connection, request_key, model)

    def spent_usd(self, since_ns: int) -> float:
        """Money that counts against a cap since a time, what is put aside included."""
        with self._database.read() as connection:
            return spend.spent_usd(connection, since_ns)

    def spent(self, since_ns: int) -> list[Spent]:
        """What each purpose cost with each model since a time."""
        with self._database.read() as connection:
            return spending.spent(connection, since_ns)

    def verdicts(self, key: SessionKey) -> list[Verdict]:
        """What judges said of the present revision: one per judge at most, by name."""
        with self._database.read() as connection:
            return learning.session_verdicts(connection, key)

    def unmirrored_sessions(self, *, max_tries: int) -> list[SessionKey]:
        """Settled sessions that the viewer does not show as they are, without those it refused `max_tries` times."""
        with self._database.read() as connection:
            return mirrored.unmirrored_sessions(connection, max_tries=max_tries)

    def parked_sessions(self, *, max_tries: int) -> Mapping[SessionKey, str]:
        """Sessions that the viewer refused `max_tries` times in their present revision, each with its reason."""
        with self._database.read() as connection:
            return mirrored.parked_sessions(connection, max_tries=max_tries)

    def mirroring(self, key: SessionKey) -> Mirroring | None:
        """How far the viewer has a session; None before the first try."""
        with self._database.read() as connection:
            return mirrored.mirroring(connection, key)

    def add_mirror_places(self, keys: Sequence[SessionKey], *, place: str) -> None:
        """Decide where stored sessions go that have no place yet, before anything of them is sent."""
        with self._database.write() as connection:
            mirrored.add_mirror_places(connection, keys, place)

    def mirrored_since(self, last_activity_ns: int) -> list[SessionKey]:
        """Sessions that the viewer shows, with activity at or after a time."""
        with self._database.read() as connection:
            return mirrored.mirrored_since(connection, last_activity_ns)

    def verdict_sequence(self, key: SessionKey) -> int:
        """A number that grows each time a judge speaks of the session; read it before the verdicts."""
        with self._database.read() as connection:
            return mirrored.verdict_sequence(connection, key)

    def set_mirrored(self, key: SessionKey, *, place: str, revision: int, sequence: int, now_ns: int) -> None:
        """Record that the viewer shows this revision with the verdicts up to this sequence."""
        with self._database.write() as connection:
            mirrored.set_mirrored(connection, key, place=place, revision=revision, sequence=sequence, now_ns=now_ns)

    def add_mirror_refusal(self, key: SessionKey, *, place: str, revision: int, reason: str) -> int:
        """Count one more try that the viewer refused; gives how many there were for this revision."""
        with self._database.write() as connection:
            return mirrored.add_mirror_refusal(connection, key, place=place, revision=revision, reason=reason)

    def forget_mirrored(self, known_places: Collection[str]) -> int:
        """Make sessions due again whose place the viewer does not know any more; gives how many."""
        with self._database.write() as connection:
            return mirrored.forget_mirrored(connection, known_places)

    def lesson_supports(self, team: TeamId, project: ProjectId, judge: str, judge_version: str) -> list[LessonSupport]:
        """Lessons of settled sessions with a task, from verdicts on their present revision."""
        with self._database.read() as connection:
            return learning.lesson_supports(connection, team, project, judge=judge, judge_version=judge_version)

    def projects(self, team: TeamId) -> list[ProjectId]:
        """Projects with at least one session, by name."""
        with self._database.read() as connection:
            return learning.projects(connection, team)

    def add_proposal(self, proposal: Proposal) -> None:
        """Add it; one of this id that is there stays as it is."""
        with self._database.write() as connection:
            proposals.add_proposal(connection, proposal)

    def set_proposal(self, proposal: Proposal) -> None:
        """Add it, or replace the one of this id."""
        with self._database.write() as connection:
            proposals.set_proposal(connection, proposal)

    def proposals(self, *, project: ProjectId | None = None, states: Sequence[ProposalState] = ()) -> list[Proposal]:
        """Those in one of the states, oldest first; no states means all."""
        with self._database.read() as connection:
            return proposals.proposals(connection, project, states)

    def add_refusal(self, refusal: Refusal) -> None:
        """Keep it; of several refusals of one text in a project, the newest."""
        with self._database.write() as connection:
            proposals.add_refusal(connection, refusal)

    def refusals(self, project: ProjectId) -> list[Refusal]:
        """Refused texts, oldest first."""
        with self._database.read() as connection:
            return proposals.refusals(connection, project)

    def add_tombstone(self, tombstone: Tombstone) -> None:
        """Keep it; the first one of a rule stays, with its reason."""
        with self._database.write() as connection:
            proposals.add_tombstone(connection, tombstone)

    def tombstones(self, project: ProjectId) -> list[Tombstone]:
        """Rules that must never come again, oldest first."""
        with self._database.read() as connection:
            return proposals.tombstones(connection, project)

    def set_base_rules(self, project: ProjectId, commit: str, rules: Sequence[Rule]) -> None:
        """Replace what the last sync saw on the base."""
        with self._database.write() as connection:
            proposals.set_base_rules(connection, project, commit, rules)

    def base_rules(self, project: ProjectId) -> tuple[str, list[Rule]] | None:
        """The base commit last seen and our rules in it, in file order; None before the first sync."""
        with self._database.read() as connection:
            return proposals.base_rules(connection, project)

    def add_rules_file(self, project: ProjectId, sha: str, rules: Sequence[Rule]) -> None:
        """Remember which rules of ours the rules file with this git blob hash held."""
        with self._database.write() as connection:
            proposals.add_rules_file(connection, project, sha, rules)

    def rules_files(self) -> dict[str, tuple[Rule, ...]]:
        """Our rules in every rules file ever seen, by git blob hash."""
        with self._database.read() as connection:
            return proposals.rules_files(connection)

    def take_lease(self, name: str, *, owner: str, now_ns: int, ttl_ns: int) -> int | None:
        """A token that grows with each new holding; None while somebody else holds the lease."""
        with self._database.write() as connection:
            return leases.take_lease(connection, name, owner=owner, now_ns=now_ns, ttl_ns=ttl_ns)

    def lease_owner(self, name: str) -> str | None:
        """Who took a lease last and has not given it back, in time or not."""
        with self._database.read() as connection:
            return leases.lease_owner(connection, name)

    def fenced(self, name: str, *, owner: str, token: int) -> "Store":
        """The same store, where every write fails once somebody else has taken the lease over.

        Args:
            token: As take_lease gave it.
        """
        return Store(self._database.guarded(lambda connection: leases.require(connection, name, owner, token)))

    def check_lease(self) -> None:
        """Nothing, but of a fenced store.

        Raises:
            StoreBusyError: this store was fenced, and somebody else has taken the lease over.
        """
        with self._database.write():
            pass

    def drop_lease(self, name: str, *, owner: str) -> None:
        """Give a lease back; nothing happens when somebody else holds it."""
        with self._database.write() as connection:
            leases.drop_lease(connection, name, owner=owner)

    def prolong_lease(self, name: str, *, owner: str, token: int, until_ns: int) -> bool:
        """Hold on to a lease; False when somebody else has it, or had it meanwhile."""
        with self._database.write() as connection:
            return leases.prolong_lease(connection, name, owner=owner, token=token, until_ns=until_ns)

    def drop_leases_of(self, process: str) -> None:
        """Take every lease from a process that is taken for dead."""
        with self._database.write() as connection:
            leases.drop_leases_of(connection, process)

    def add_token(self, token: AccessToken) -> bool:
        """Keep a token; False when its id is taken."""
        with self._database.write() as connection:
            return tokens.add_token(connection, token)

    def token(self, token_id: TokenId) -> AccessToken | None:
        """The token of that id, in force or not; None when there is none."""
        with self._database.read() as connection:
            return tokens.token(connection, token_id)

    def tokens(self) -> list[AccessToken]:
        """Every token there was, by Team and then the oldest first."""
        with self._database.read() as connection:
            return tokens.all_tokens(connection)

    def revoke_token(self, token_id: TokenId, *, now_ns: int) -> bool:
        """Take a token back for ever; False when there is none of that id in force."""
        with self._database.write() as connection:
            return tokens.revoke_token(connection, token_id, now_ns=now_ns)

    def add_dropped(self, dropped: Mapping[tuple[str, str], int]) -> None:
        """Count records of telemetry that told of nothing a session has, by agent and kind of record."""
        if dropped:
            with self._database.write() as connection:
                counts.add_dropped(connection, dropped)

    def counts(self) -> Counts:
        """How much there is, by state."""
        with self._database.read() as connection:
            return counts.counts(connection)
