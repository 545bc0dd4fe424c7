"""Forgetting and expiring over a store and its inbox, on both databases."""

import asyncio
from pathlib import Path

from sidecar.config import Config, RetentionConfig, StoreConfig
from sidecar.data_dir import DataDir
from sidecar.domain import SessionId, SessionKey
from sidecar.engine import judge_all
from sidecar.forgetting import Wish, expire_now, forget, plan
from sidecar.installation import Installation
from sidecar.jobs.forgetting import forget_sessions, planned, sweep
from sidecar.jobs.retiring import DAY_NS, expire
from sidecar.store import Inbox, Store
from tests.contracts.records import TEAM, make_decision, make_entry, make_key, make_observation, make_session
from tests.contracts.test_store_forgetting import fill
from tests.sidecar.test_projector import END_NS, edited_session, receive

IDS = [SessionId("gone")]


def digest(key: SessionKey) -> str:
    return f"keyed {key.session_id}"


def received(inbox: Inbox, *bodies: bytes) -> None:
    for body in bodies:
        asyncio.run(inbox.add(make_entry(body.decode(), body=body)))
    rows = inbox.claim(owner="p", now_ns=1, lease_ns=1, limit=100)
    inbox.finish([row.row_id for row in rows], owner="p")


def test_what_is_planned_goes_from_store_and_inbox_and_the_rest_stays(store: Store, inbox: Inbox) -> None:
    gone, kept = fill(store, "gone"), fill(store, "kept", trace="1" * 32)
    received(inbox, b"says gone", b"says kept")

    plan = planned(store, inbox, [gone], IDS)
    done, neighbours = forget_sessions(store, inbox, [gone], IDS, digest, now_ns=5)

    assert plan == done
    assert neighbours == set()
    assert done.inbox_rows == 1
    assert store.forgetting.present() == [kept]
    assert inbox.counts()["done"] == 2
    assert list(inbox.rows_about(["gone"])) == []


def test_done_twice_it_takes_nothing_more(store: Store, inbox: Inbox) -> None:
    gone = fill(store, "gone")
    forget_sessions(store, inbox, [gone], IDS, digest, now_ns=5)

    again, _ = forget_sessions(store, inbox, [gone], IDS, digest, now_ns=6)

    assert (again.rows, again.inbox_rows, again.replies) == ({}, 0, 0)
    assert [run.at_ns for run in store.forgetting.runs()] == [5]


def test_what_was_written_meanwhile_is_swept(store: Store, inbox: Inbox) -> None:
    gone, retired, kept = fill(store, "gone"), fill(store, "old", trace="1" * 32), fill(store, "kept", trace="2" * 32)
    forget_sessions(store, inbox, [gone], IDS, digest, now_ns=5)
    assert store.retiring.retire(retired, digest, now_ns=5, judged_by=("evidence", "1"))
    store.set_session(make_session(gone), make_decision(), now_ns=6)
    store.add_observations(TEAM, gone.agent, [make_observation(session_id=one) for one in ("gone", "old")])
    store.add_feedback(gone, "late words", at_ns=6)

    swept = sweep(store, digest, now_ns=7)

    assert swept == 1
    assert store.forgetting.present() == [kept, retired]
    assert store.observations(retired) == []


def test_a_session_expires_only_when_it_is_old_settled_and_judged(store: Store, inbox: Inbox) -> None:
    judged = fill(store, "judged")
    unjudged = make_key("unjudged")
    store.set_session(make_session(unjudged), make_decision(), now_ns=1)
    settings = RetentionConfig(sessions_days=1)

    def sessions_expired(now_ns: int, version: str) -> int:
        return expire(store, inbox, settings, digest, judge=("evidence", version), now_ns=now_ns).sessions

    assert sessions_expired(DAY_NS // 2, "1") == 0
    assert sessions_expired(2 * DAY_NS, "2") == 0
    assert sessions_expired(2 * DAY_NS, "1") == 1
    assert sessions_expired(2 * DAY_NS, "1") == 0
    assert store.observations(judged) == []


def test_the_whole_act_over_what_was_received(database_url: str, tmp_path: Path) -> None:
    config = Config(store=StoreConfig(url=database_url), retention=RetentionConfig(sessions_days=1))
    wish = Wish(team=TEAM, session_id=SessionId("s-gone"))
    with Installation.open(DataDir.open(tmp_path / "data"), config, owner="test") as opened:
        receive(opened, *edited_session(session="s-gone"), *edited_session(session="s-kept"))
        planned_rows = plan(opened, wish, now_ns=END_NS).rows

        done = forget(opened, wish, now_ns=END_NS)
        receive(opened, *edited_session(session="s-gone"))
        opened.projector().run(now_ns=END_NS)
        asyncio.run(judge_all(opened, "evidence"))
        expired = expire_now(opened, now_ns=END_NS + 40 * DAY_NS)

        assert (done.rows, done.inbox_rows) == (planned_rows, 3)
        assert opened.store.forgetting.present() == [make_key("s-kept")]
        assert opened.store.observations(make_key("s-kept")) == []
        assert (expired.requests, expired.sessions) == (6, 1)
        assert [run.is_erased for run in opened.store.forgetting.runs()] == [True, True]
