"""What the store promises of what judges were asked beside their verdicts."""

import pytest

from sidecar.domain import (
    Adherence,
    BlindCall,
    CheckedVersion,
    FailureClass,
    Following,
    Guess,
    Label,
    ProjectId,
    ReplyProblem,
    Rerun,
    RuleId,
    SessionState,
    Verdict,
)
from sidecar.errors import StoreError
from sidecar.store import Store
from sidecar.store.checks import RERUN
from sidecar.store.problems import MAX_TRIES
from tests.contracts.records import PROJECT, make_decision, make_key, make_session, make_verdict

VERSION = CheckedVersion(judge_version="f1", blind_version="b1", model="claude-haiku-5-5")
RULE = RuleId("aaaabbbbcccc")
SAME = Rerun(first=FailureClass.FAULTY_LOGIC, again=FailureClass.FAULTY_LOGIC)


def settle(
    store: Store,
    session_id: str = "s1",
    *,
    label: Label = Label.CODE_FAIL,
    command: str = "make test",
    project: ProjectId | None = PROJECT,
    state: SessionState = SessionState.SETTLED,
) -> None:
    session = make_session(make_key(session_id), state=state, commands=(command,), project=project)
    store.set_session(session, make_decision(label), now_ns=1)


def guess(
    store: Store,
    session_id: str = "s1",
    said: Guess | None = Guess.FAIL,
    *,
    version: CheckedVersion = VERSION,
    revision: int = 1,
    at_ns: int = 5,
) -> None:
    key = make_key(session_id)
    call = None
    if said is not None:
        call = BlindCall(session=key, session_revision=revision, guess=said, confidence=0.75, reason="it is so")
    store.checks.set_blind_call(version, key, revision=revision, call=call, at_ns=at_ns)


def verdict(store: Store, session_id: str = "s1", *, offered: int = 3, proven: int = 2) -> None:
    key, said = make_key(session_id), make_verdict(make_key(session_id), version="f1")
    told = Verdict(
        session=key,
        session_revision=1,
        judge="failure",
        judge_version="f1",
        explanation=said.explanation,
        evidence=said.evidence,
        lessons=said.lessons,
        quotes_offered=offered,
        quotes_proven=proven,
    )
    store.set_verdict(key, revision=1, judge="failure", judge_version="f1", verdict=told)


def test_sessions_with_a_result_of_their_code_wait_to_be_guessed(store: Store) -> None:
    for name, label in (("a", Label.PASS), ("b", Label.CODE_FAIL), ("c", Label.INFRA), ("d", Label.UNKNOWN)):
        settle(store, name, label=label)
    settle(store, "open", state=SessionState.CLOSED)

    assert store.checks.unguessed(VERSION, "blind") == [make_key("a"), make_key("b")]


@pytest.mark.parametrize("said", [Guess.PASS, Guess.FAIL, None])
def test_a_session_is_guessed_once_for_each_version(store: Store, said: Guess | None) -> None:
    settle(store)

    guess(store, said=said)

    other = CheckedVersion(judge_version="f1", blind_version="b2", model="m")
    assert store.checks.unguessed(VERSION, "blind") == []
    assert store.checks.unguessed(other, "blind") == [make_key()]


def test_guesses_are_held_against_the_label_as_it_is_now(store: Store) -> None:
    settle(store, "a", label=Label.PASS)
    settle(store, "b", label=Label.CODE_FAIL)
    settle(store, "c")
    guess(store, "a", Guess.FAIL)
    guess(store, "b", Guess.FAIL)
    guess(store, "c", None)

    found = store.checks.agreement(VERSION, "failure")

    assert found.guesses == ((Label.PASS, Guess.FAIL), (Label.CODE_FAIL, Guess.FAIL))


def test_a_new_revision_is_asked_about_afresh(store: Store) -> None:
    settle(store)
    guess(store)
    store.checks.set_rerun("f1", make_key(), revision=1, rerun=SAME, at_ns=5)
    store.checks.set_adherence("a1", make_key(), revision=1, found=(), at_ns=5)

    settle(store, command="another command")

    assert store.checks.unguessed(VERSION, "blind") == [make_key()]
    assert store.checks.unadhered("adherence", "a1", no_rules="none") == [make_key()]
    found = store.checks.agreement(VERSION, "failure")
    assert (found.guesses, found.reruns) == ((), ())
    assert store.checks.blind_calls(make_key()) == []


def test_a_late_guess_about_an_older_revision_is_dropped(store: Store) -> None:
    settle(store)
    settle(store, command="another command")
    guess(store, said=Guess.PASS, revision=2)

    guess(store, said=Guess.FAIL, revision=1)

    assert [call.guess for call in store.checks.blind_calls(make_key())] == [Guess.PASS]


def test_a_guess_reads_back(store: Store) -> None:
    settle(store)
    guess(store)

    (call,) = store.checks.blind_calls(make_key())
    assert (call.guess, call.confidence, call.reason, call.session) == (Guess.FAIL, 0.75, "it is so", make_key())


@pytest.mark.parametrize(("name", "version"), [("blind", "b1"), (RERUN, "f1"), ("adherence", "a1")])
def test_a_session_that_was_asked_about_in_vain_often_enough_waits_no_more(
    store: Store, name: str, version: str
) -> None:
    settle(store)
    verdict(store)

    def waiting() -> dict[str, int]:
        checks = store.checks
        return {
            "blind": len(checks.unguessed(VERSION, "blind")),
            RERUN: len(checks.unrepeated("failure", "f1")),
            "adherence": len(checks.unadhered("adherence", "a1", no_rules="none")),
        }

    before = waiting()
    for _ in range(MAX_TRIES):
        store.add_judge_problem(
            make_key(), revision=1, judge=name, judge_version=version, problem=ReplyProblem.PROSE, at_ns=1
        )

    assert set(before.values()) == {1}
    assert waiting() == {**before, name: 0}


def test_only_sessions_with_a_verdict_of_the_version_are_asked_about_once_more(store: Store) -> None:
    for name in ("with", "silent", "never"):
        settle(store, name)
    verdict(store, "with")
    store.set_verdict(make_key("silent"), revision=1, judge="failure", judge_version="f1", verdict=None)

    waiting = store.checks.unrepeated("failure", "f1")
    store.checks.set_rerun("f1", make_key("with"), revision=1, rerun=SAME, at_ns=5)

    assert waiting == [make_key("with")]
    assert store.checks.unrepeated("failure", "f1") == []
    assert store.checks.unrepeated("failure", "f2") == []
    assert store.checks.agreement(VERSION, "failure").reruns == (SAME,)


def test_quotes_are_counted_over_verdicts_and_answers_that_proved_nothing(store: Store) -> None:
    settle(store, "a")
    settle(store, "b")
    verdict(store, "a", offered=3, proven=2)
    verdict(store, "b", offered=5, proven=5)
    for problem in (ReplyProblem.NO_QUOTE, ReplyProblem.WRONG_IDS, ReplyProblem.REFUSED):
        store.add_judge_problem(
            make_key("a"), revision=1, judge="failure", judge_version="f1", problem=problem, at_ns=1
        )

    found = store.checks.agreement(VERSION, "failure")

    assert (found.quotes_offered, found.quotes_proven) == (10, 7)


def test_sessions_without_rules_of_ours_are_not_asked_about(store: Store) -> None:
    settle(store)

    assert store.checks.unadhered("adherence", "a1", no_rules="0011223344556677") == []


def test_which_rules_were_followed_reads_back(store: Store) -> None:
    settle(store)
    found = (
        Adherence(rule_id=RULE, following=Following.BROKEN, quote="cents / 100"),
        Adherence(rule_id=RuleId("ddddeeeeffff"), following=Following.NOT_APPLICABLE),
    )

    store.checks.set_adherence("a1", make_key(), revision=1, found=found, at_ns=5)

    assert store.checks.adherence(make_key()) == found
    assert store.checks.adherence(make_key("other")) == ()
    assert store.checks.unadhered("adherence", "a1", no_rules="none") == []


def test_the_card_of_a_project_counts_its_own_sessions(store: Store) -> None:
    settle(store, "a")
    settle(store, "b", project=ProjectId("example.org/other"))
    for name in ("a", "b"):
        guess(store, name)
        verdict(store, name)
        store.checks.set_rerun("f1", make_key(name), revision=1, rerun=SAME, at_ns=5)

    own, every = (store.checks.agreement(VERSION, "failure", project=one) for one in (PROJECT, None))

    assert [(len(one.guesses), len(one.reruns), one.quotes_offered) for one in (own, every)] == [(1, 1, 3), (2, 2, 6)]


def test_versions_are_told_the_one_checked_last_first(store: Store) -> None:
    settle(store)
    other = CheckedVersion(judge_version="f2", blind_version="b1", model="claude-sonnet-5-5")
    guess(store, at_ns=5)
    guess(store, version=other, at_ns=9)

    assert store.checks.versions() == [other, VERSION]


def test_forgetting_and_retiring_leave_no_word_of_it(store: Store) -> None:
    for name in ("gone", "old"):
        settle(store, name)
        guess(store, name)
        store.checks.set_rerun("f1", make_key(name), revision=1, rerun=SAME, at_ns=5)
        found = (Adherence(rule_id=RULE, following=Following.FOLLOWED, quote="make test"),)
        store.checks.set_adherence("a1", make_key(name), revision=1, found=found, at_ns=5)
        verdict(store, name)

    removed = store.forgetting.remove(make_key("gone"), now_ns=9)
    is_retired = store.retiring.retire(
        make_key("old"), lambda key: key.session_id, now_ns=9, judged_by=("failure", "f1")
    )

    assert is_retired
    assert {"blind_calls", "reruns", "adherences"} <= set(removed.rows)
    assert store.checks.adherence(make_key("gone")) == ()
    assert [call.reason for call in store.checks.blind_calls(make_key("old"))] == [""]
    assert store.checks.adherence(make_key("old")) == (Adherence(rule_id=RULE, following=Following.FOLLOWED),)
    found = store.checks.agreement(VERSION, "failure")
    assert (len(found.guesses), found.quotes_offered, found.quotes_proven) == (1, 3, 2)
    assert store.checks.unguessed(VERSION, "blind") == []


def test_a_record_of_a_session_nobody_stored_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="refused"):
        guess(store)
