"""What the store promises of verdicts and the lessons in them, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest

from sidecar.domain import (
    ProjectId,
    SessionState,
)
from sidecar.errors import StoreError
from sidecar.store import Store
from tests.contracts.records import (
    PROJECT,
    TEAM,
    make_decision,
    make_key,
    make_session,
    make_verdict,
)

OTHER_PROJECT = ProjectId("example.org/parcel")


def settle(
    store: Store,
    session_id: str = "s1",
    *,
    command: str = "make test",
    task: str | None = "key:A-1",
    is_headless: bool | None = None,
    is_subagent: bool | None = None,
) -> None:
    session = make_session(make_key(session_id), state=SessionState.SETTLED, task=task, commands=(command,))
    session = replace(session, is_headless=is_headless, is_subagent=is_subagent)
    store.set_session(session, make_decision(), now_ns=1)


def judge(store: Store, session_id: str = "s1", *, revision: int = 1, version: str = "1", finds: bool = True) -> None:
    key = make_key(session_id)
    verdict = make_verdict(key, revision=revision, version=version) if finds else None
    store.set_verdict(key, revision=revision, judge="evidence", judge_version=version, verdict=verdict)


def test_only_settled_sessions_wait_for_a_judge(store: Store) -> None:
    settle(store, "settled")
    store.set_session(make_session(make_key("closed")), make_decision(), now_ns=1)

    assert [make_key("settled")] == store.unjudged_sessions("evidence", "1")


@pytest.mark.parametrize("finds", [True, False])
def test_a_judged_session_does_not_wait_even_if_nothing_was_found(store: Store, finds: bool) -> None:
    settle(store)

    judge(store, finds=finds)

    assert store.unjudged_sessions("evidence", "1") == []
    assert [make_key()] == store.unjudged_sessions("evidence", "2")
    assert [make_key()] == store.unjudged_sessions("failure", "1")
    assert ([make_verdict()] if finds else []) == store.verdicts(make_key())


def test_a_new_revision_supersedes_the_verdict(store: Store) -> None:
    settle(store)
    judge(store)

    settle(store, command="another command")

    assert [make_key()] == store.unjudged_sessions("evidence", "1")
    assert store.verdicts(make_key()) == []
    assert store.lesson_supports(TEAM, PROJECT, "evidence", "1") == []


def test_a_late_verdict_on_an_older_revision_does_not_replace_a_newer_one(store: Store) -> None:
    settle(store)
    settle(store, command="another command")
    judge(store, revision=2)

    judge(store, revision=1)

    assert [make_verdict(revision=2)] == store.verdicts(make_key())
    assert store.unjudged_sessions("evidence", "1") == []


def test_of_two_versions_of_a_judge_the_later_word_counts(store: Store) -> None:
    settle(store)

    judge(store, version="9")
    judge(store, version="1")

    assert [make_verdict(version="1")] == store.verdicts(make_key())
    assert store.unjudged_sessions("evidence", "9") == []


def test_a_verdict_on_a_session_nobody_stored_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="refused"):
        judge(store)


def test_a_lesson_of_a_session_that_nobody_attended_says_so(store: Store) -> None:
    settle(store, "a", is_headless=False)
    settle(store, "b", is_headless=True)
    settle(store, "c", is_subagent=True)
    settle(store, "d")
    for session_id in "abcd":
        judge(store, session_id)

    supports = store.lesson_supports(TEAM, PROJECT, "evidence", "1")

    attended = {one.session.session_id: one.is_attended for one in supports}
    assert attended == {"a": True, "b": False, "c": False, "d": True}


def test_lessons_support_only_from_settled_sessions_with_a_task(store: Store) -> None:
    settle(store, "b", task="key:A-2")
    settle(store, "a", task="key:A-1")
    settle(store, "no task", task=None)
    settle(store, "nothing found")
    for session_id in ("a", "b", "no task"):
        judge(store, session_id)
    judge(store, "nothing found", finds=False)

    supports = store.lesson_supports(TEAM, PROJECT, "evidence", "1")

    assert [(one.session.session_id, one.task) for one in supports] == [("a", "key:A-1"), ("b", "key:A-2")]
    assert list(make_verdict().lessons) * 2 == [one.lesson for one in supports]
    assert store.lesson_supports(TEAM, OTHER_PROJECT, "evidence", "1") == []
    assert store.lesson_supports(TEAM, PROJECT, "evidence", "2") == []


def test_feedback_on_a_judged_session_has_it_judged_again(store: Store) -> None:
    key = make_key()
    store.set_session(make_session(state=SessionState.SETTLED), make_decision(), now_ns=1)
    store.set_verdict(key, revision=1, judge="evidence", judge_version="1", verdict=make_verdict())

    store.add_feedback(key, "It should have read the README.", at_ns=5)

    assert store.unjudged_sessions("evidence", "1") == [key]


def test_feedback_that_is_told_again_is_no_news(store: Store) -> None:
    key = make_key()
    store.set_session(make_session(state=SessionState.SETTLED), make_decision(), now_ns=1)
    store.add_feedback(key, "Good.", at_ns=5, identifier="a1")
    store.set_verdict(key, revision=2, judge="evidence", judge_version="1", verdict=None)

    store.add_feedback(key, "Good.", at_ns=6, identifier="a1")

    assert store.unjudged_sessions("evidence", "1") == []


def test_feedback_before_a_session_has_settled_is_part_of_its_first_revision(store: Store) -> None:
    store.set_session(make_session(state=SessionState.CLOSED), make_decision(), now_ns=1)

    store.add_feedback(make_key(), "Good.", at_ns=5)

    stored = store.session(make_key())
    assert stored is not None
    assert stored.session.revision == 1


def test_told_lessons_are_of_the_version_that_spoke_last_and_tell_apart_nothing_found_from_not_seen(
    store: Store,
) -> None:
    lessons = make_verdict().lessons
    for name in ("told", "found nothing", "withdrawn", "changed", "not seen"):
        settle(store, name)
    judge(store, "told")
    judge(store, "found nothing", finds=False)
    judge(store, "withdrawn")
    judge(store, "withdrawn", version="2", finds=False)
    judge(store, "changed")
    settle(store, "changed", command="another command")

    assert store.told_lessons(TEAM, PROJECT) == {
        make_key("told"): {"evidence": lessons},
        make_key("found nothing"): {"evidence": ()},
        make_key("withdrawn"): {"evidence": ()},
    }
    assert store.told_lessons(TEAM, OTHER_PROJECT) == {}
