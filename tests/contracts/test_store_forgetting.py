"""What forgetting and retiring take out of the store, and what they leave."""

from dataclasses import replace

from sqlalchemy import create_engine, inspect, text

from sidecar.domain import (
    Adherence,
    BlindCall,
    Channel,
    CheckedVersion,
    FailureClass,
    Following,
    Guess,
    JoinReason,
    ModelUsage,
    Observation,
    OutcomeJoin,
    OutcomeSource,
    PersonId,
    Purpose,
    ReplyProblem,
    Rerun,
    RuleId,
    SessionId,
    SessionKey,
    SessionState,
    SpanRow,
)
from sidecar.store import Cap, Fate, FileChunk, KeptReply, Store, Wanted
from tests.contracts.records import (
    PROJECT,
    TEAM,
    make_decision,
    make_key,
    make_observation,
    make_outcome,
    make_session,
    make_verdict,
)

JUDGE = ("evidence", "1")
TRACE = "0af7651916cd43dd8448eb211c80319c"
OF_SESSION = {
    "adherences",
    "blind_calls",
    "reruns",
    "feedback",
    "file_chunks",
    "joins",
    "judge_problems",
    "mirrored",
    "observations",
    "outcomes",
    "sessions",
    "spans",
    "steps",
    "verdicts",
}


def digest(key: SessionKey) -> str:
    return f"keyed {key.session_id}"


def span_observation(session_id: str, trace: str) -> Observation:
    return Observation(
        session_id=SessionId(session_id),
        key=f"span/{trace}/00f067aa0ba902b7",
        channel=Channel.OTLP,
        at_ns=1,
        is_timed=True,
    )


def fill(store: Store, session_id: str, *, trace: str = TRACE) -> SessionKey:
    """One session with a row in every table."""
    key = make_key(session_id)
    seen = [make_observation(session_id=session_id), span_observation(session_id, trace)]
    store.add_observations(TEAM, key.agent, seen)
    store.add_feedback(key, "it guessed", at_ns=1)
    store.add_file_chunk(key, FileChunk(part="main", offset=0, length=3, body=b"abc", received_ns=1))
    store.add_spans(TEAM, [SpanRow(trace_id=trace, span_id=one, name="tool") for one in ("01" * 8, "02" * 8)])
    store.set_session(make_session(key, state=SessionState.SETTLED), make_decision(), now_ns=1)
    outcome = make_outcome(f"x-{session_id}", session_id=session_id)
    store.add_outcome(outcome)
    join = OutcomeJoin(session=key, outcome_id=outcome.outcome_id, confidence=1.0, reason=JoinReason.SESSION_ID)
    store.set_joins(key, [join])
    store.set_verdict(key, revision=1, judge="evidence", judge_version="1", verdict=make_verdict(key))
    store.add_judge_problem(
        key, revision=1, judge="failure", judge_version="1", problem=ReplyProblem.UNAVAILABLE, at_ns=1
    )
    store.set_mirrored(key, place="shop", revision=1, sequence=1, now_ns=1)
    fill_checks(store, key)
    return key


def fill_checks(store: Store, key: SessionKey) -> None:
    """What judges were asked of it beside their verdicts."""
    version = CheckedVersion(judge_version="f1", blind_version="b1", model="m")
    call = BlindCall(session=key, session_revision=1, guess=Guess.FAIL, confidence=0.5, reason="it guessed")
    same = Rerun(first=FailureClass.FAULTY_LOGIC, again=FailureClass.FAULTY_LOGIC)
    followed = Adherence(rule_id=RuleId("aaaabbbbcccc"), following=Following.FOLLOWED, quote="make test")
    store.checks.set_blind_call(version, key, revision=1, call=call, at_ns=1)
    store.checks.set_rerun("f1", key, revision=1, rerun=same, at_ns=1)
    store.checks.set_adherence("a1", key, revision=1, found=(followed,), at_ns=1)


def rows_naming(url: str, session_id: str) -> dict[str, int]:
    """Rows of the whole database with this session id, by table."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    found: dict[str, int] = {}
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            if "session_id" in {column["name"] for column in inspect(connection).get_columns(table)}:
                query = text(f"SELECT count(*) FROM {table} WHERE session_id = :id")
                found |= {table: count} if (count := connection.execute(query, {"id": session_id}).scalar_one()) else {}
    engine.dispose()
    return found


def test_what_would_go_is_what_goes_and_nothing_else(store: Store, database_url: str) -> None:
    key = fill(store, "gone")
    kept = fill(store, "kept", trace="1" * 32)
    before = rows_naming(database_url, "kept"), store.session(kept)

    said = store.forgetting.counted(key)
    removed = store.forgetting.remove(key, now_ns=5)

    assert said == dict(removed.rows)
    assert set(said) == OF_SESSION
    assert said["spans"] == 2
    assert rows_naming(database_url, "gone") == {"viewer_deletions": 1}
    assert (rows_naming(database_url, "kept"), store.session(kept)) == before
    assert store.spans(TEAM, TRACE) == []
    assert len(store.spans(TEAM, "1" * 32)) == 2


def test_forgetting_twice_takes_nothing_more(store: Store) -> None:
    key = fill(store, "gone")
    store.forgetting.remove(key, now_ns=5)

    removed = store.forgetting.remove(key, now_ns=6)

    assert dict(removed.rows) == {}
    assert [(one.key, one.at_ns) for one in store.viewer_deletions.due()] == [(key, 5)]


def test_a_session_that_no_viewer_shows_is_due_nowhere(store: Store) -> None:
    key = make_key("plain")
    store.set_session(make_session(key), make_decision(), now_ns=1)

    store.forgetting.remove(key, now_ns=5)

    assert store.viewer_deletions.due() == []


def test_another_session_that_the_outcome_spoke_of_is_named(store: Store) -> None:
    key, other = fill(store, "gone"), fill(store, "other", trace="1" * 32)
    shared = store.outcomes(TEAM, session_id=key.session_id, commits=[])[0].outcome_id
    join = OutcomeJoin(session=other, outcome_id=shared, confidence=0.9, reason=JoinReason.HEAD_COMMIT)
    store.set_joins(other, [join])

    removed = store.forgetting.remove(key, now_ns=5)

    assert removed.neighbours == (other,)
    assert store.joins(other) == []


def test_tombstones_are_found_by_hash_of_any_agent_and_hold_no_id(store: Store, database_url: str) -> None:
    store.forgetting.add([make_key("secret-id")], digest, Fate.FORGOTTEN, now_ns=7)

    assert store.forgetting.fates(TEAM, ["keyed secret-id", "keyed other"]) == {"keyed secret-id": Fate.FORGOTTEN}
    assert rows_naming(database_url, "secret-id") == {}
    assert store.forgetting.has_any()


def test_a_retired_session_can_be_forgotten_and_never_the_other_way(store: Store) -> None:
    key = make_key("s1")
    for fate, at_ns in ((Fate.RETIRED, 1), (Fate.FORGOTTEN, 2), (Fate.RETIRED, 3)):
        store.forgetting.add([key], digest, fate, now_ns=at_ns)

    assert store.forgetting.fates(TEAM, [digest(key)]) == {digest(key): Fate.FORGOTTEN}
    assert [(run.at_ns, run.fate, run.sessions) for run in store.forgetting.runs()] == [(2, Fate.FORGOTTEN, 1)]


def test_runs_are_counted_and_known_as_erased_once_their_bytes_are_gone(store: Store) -> None:
    store.forgetting.add([make_key("a"), make_key("b")], digest, Fate.FORGOTTEN, now_ns=1)
    store.forgetting.set_erased(until_ns=1, now_ns=2)
    store.forgetting.add([make_key("c")], digest, Fate.FORGOTTEN, now_ns=3)

    assert [(run.sessions, run.is_erased) for run in store.forgetting.runs()] == [(2, True), (1, False)]
    assert store.forgetting.is_unerased(100)
    store.forgetting.set_erased(until_ns=3, now_ns=4)
    assert not store.forgetting.is_unerased(4)
    assert store.forgetting.is_unerased(3)


def test_sessions_are_found_by_person_and_project_and_id(store: Store) -> None:
    mine, theirs = make_session(make_key("mine")), make_session(make_key("theirs"), project=None)
    store.set_session(replace(mine, person=PersonId("p1")), make_decision(), now_ns=1)
    store.set_session(theirs, make_decision(), now_ns=1)
    store.add_observations(TEAM, make_key().agent, [make_observation(session_id="unmerged")])

    forgetting = store.forgetting
    assert forgetting.keys(TEAM, person=PersonId("p1"), project=None) == [make_key("mine")]
    assert forgetting.keys(TEAM, person=None, project=PROJECT) == [make_key("mine")]
    assert forgetting.keys(TEAM, person=PersonId("p2"), project=PROJECT) == []
    assert forgetting.find(TEAM, SessionId("unmerged")) == [make_key("unmerged")]
    assert forgetting.present() == [make_key("mine"), make_key("theirs"), make_key("unmerged")]


def test_kept_replies_go_all(store: Store) -> None:
    attempt = store.reserve_spend(
        Wanted(request_key="r1", purpose=Purpose.JUDGE, model="m", amount_usd=0.1), now_ns=1, cap=Cap()
    )
    assert attempt is not None
    kept = KeptReply(model="m", text='{"said": "canary"}')
    store.settle_spend("r1", attempt, amount_usd=0.1, usage=ModelUsage(), kept=kept)

    assert store.forgetting.count_replies() == 1
    assert store.forgetting.purge_replies() == 1
    assert store.kept_reply("r1", "m") is None


def test_a_mirror_that_comes_too_late_writes_nothing(store: Store) -> None:
    key = fill(store, "gone")
    store.forgetting.remove(key, now_ns=5)

    store.set_mirrored(key, place="shop", revision=1, sequence=1, now_ns=6)

    assert store.mirroring(key) is None


def test_retiring_takes_words_and_leaves_what_is_counted_and_learned(store: Store, database_url: str) -> None:
    key = fill(store, "old")
    before = store.session(key)
    assert before is not None

    assert store.retiring.retire(key, digest, now_ns=9, judged_by=JUDGE)

    after = store.session(key)
    assert after is not None
    assert (after.session.state, after.session.revision) == (SessionState.SETTLED, before.session.revision)
    assert (after.session.task, after.decision.label) == (before.session.task, before.decision.label)
    assert [step.kind for step in after.session.steps] == [step.kind for step in before.session.steps]
    assert [step.exit_code for step in after.session.steps] == [0]
    assert {step.command for step in after.session.steps} == {None}
    assert {test.message for test in after.decision.tests} == {None}
    (verdict,) = store.verdicts(key)
    assert verdict.evidence == ()
    (support,) = store.lesson_supports(TEAM, PROJECT, "evidence", "1")
    assert support.lesson.failure_class is FailureClass.WRONG_COMMAND
    assert store.observations(key) == []
    assert store.file_chunks(key) == []
    assert store.spans(TEAM, TRACE) == []
    assert store.forgetting.fates(TEAM, [digest(key)]) == {digest(key): Fate.RETIRED}
    assert "observations" not in rows_naming(database_url, "old")


def test_a_retired_session_is_not_judged_anew_by_another_version(store: Store) -> None:
    key = fill(store, "old")
    store.retiring.retire(key, digest, now_ns=9, judged_by=JUDGE)

    assert store.unjudged_sessions("evidence", "2") == []
    assert store.retiring.old_sessions(10**9, judge="evidence", judge_version="1") == []


def test_only_settled_sessions_are_retired(store: Store) -> None:
    key = make_key("open")
    store.set_session(make_session(key, state=SessionState.OPEN), make_decision(), now_ns=1)

    assert store.retiring.old_sessions(10**9, judge="evidence", judge_version="1") == []
    assert not store.retiring.retire(key, digest, now_ns=9, judged_by=JUDGE)
    stored = store.session(key)
    assert stored is not None
    assert stored.session.steps[0].command == "make test"


def test_what_its_own_commands_printed_of_tests_is_retired_too(store: Store) -> None:
    key = fill(store, "old")
    outcome = make_outcome("inside", session_id="old")
    tests = (replace(outcome.outcome.tests[0], message="printed words"),)
    inside = replace(outcome, source=OutcomeSource.IN_SESSION, outcome=replace(outcome.outcome, tests=tests))
    store.add_outcome(inside)

    store.retiring.retire(key, digest, now_ns=9, judged_by=JUDGE)

    found = {row.outcome_id: row for row in store.outcomes(TEAM, session_id=key.session_id, commits=[])}
    assert {test.message for test in found[inside.outcome_id].outcome.tests} == {None}


def test_a_session_that_changed_since_it_was_judged_keeps_its_content(store: Store) -> None:
    key = fill(store, "old")
    store.add_feedback(key, "no, the other file", at_ns=7)

    assert store.retiring.old_sessions(10**9, judge="evidence", judge_version="1") == []
    assert not store.retiring.retire(key, digest, now_ns=9, judged_by=JUDGE)
    assert store.observations(key)
    assert not store.forgetting.has_any()


def test_what_came_while_a_session_was_retired_is_taken_as_well(store: Store) -> None:
    key = fill(store, "old")
    assert store.retiring.retire(key, digest, now_ns=9, judged_by=JUDGE)
    store.add_observations(TEAM, key.agent, [make_observation("late", session_id="old")])
    store.set_session(make_session(key, commands=("make late",)), make_decision(), now_ns=10)

    store.retiring.retire_again(key, now_ns=11)

    stored = store.session(key)
    assert stored is not None
    assert {step.command for step in stored.session.steps} == {None}
    assert store.observations(key) == []
