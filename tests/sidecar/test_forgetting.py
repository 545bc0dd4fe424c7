"""What is forgotten leaves every byte of the data folder, and does not come back; what is old loses its content."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from sidecar.config import CaptureConfig, Config, LearnConfig, RetentionConfig
from sidecar.data_dir import DataDir
from sidecar.domain import (
    LOCAL_TEAM,
    AgentName,
    CaptureLevel,
    Intake,
    PersonId,
    ProjectId,
    RuleQuote,
    SessionId,
    SessionKey,
)
from sidecar.engine import judge_all
from sidecar.errors import AmbiguousError, InputError, NotFoundError
from sidecar.flows import flows, schedules
from sidecar.forgetting import Wish, delete_in_phoenix, expire_now, forget, plan
from sidecar.installation import Installation
from sidecar.jobs.retiring import DAY_NS
from sidecar.receive import Arrival
from sidecar.schedule import Schedule
from sidecar.store import Fate
from tests.contracts.records import make_proposal, make_rule
from tests.e2e.phoenix_beside import phoenix_beside
from tests.loop.written import found_in
from tests.sidecar.test_projector import END_NS, SECOND_NS, START_NS, edited_session, hook, receive, shell

CANARY = "canary-7c1d"
GONE, KEPT = "0f3a1b52-gone", "9b2e7c11-kept"
NOW_NS = END_NS + 3600 * SECOND_NS


def key_of(session: str) -> SessionKey:
    return SessionKey(team=LOCAL_TEAM, agent=AgentName("claude_code"), session_id=SessionId(session))


def wish(session: str) -> Wish:
    return Wish(team=LOCAL_TEAM, session_id=SessionId(session))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    config = Config(capture=CaptureConfig(level=CaptureLevel.FULL), retention=RetentionConfig(sessions_days=30))
    with Installation.open(DataDir.open(tmp_path / "data"), config, owner="test") as opened:
        yield opened


def said(session: str, canary: str) -> list[Arrival]:
    """A session that says a text in a prompt, a command, an output and its file."""
    lines = [
        {"type": "user", "sessionId": session, "uuid": f"u-{n}", "timestamp": "2026-11-23T03:24:16Z", "cwd": "/w"}
        | {"message": {"role": "user", "content": f"{canary} {n} " + "wörter " * 40}}
        for n in range(20)
    ]
    file = Arrival(
        team=LOCAL_TEAM,
        intake=Intake.TRANSCRIPT,
        body="".join(json.dumps(line) + "\n" for line in lines).encode(),
        received_ns=START_NS,
        agent="claude_code",
        parameters={"session": session, "part": "main", "offset": "0"},
    )
    return [
        *edited_session(session=session)[:-1],
        hook("UserPromptSubmit", at_ns=START_NS + SECOND_NS, session=session, prompt=f"{canary} please"),
        shell(f"pytest {canary}", f"FAILED {canary}\n1 failed in 0.1s", session=session),
        file,
        edited_session(session=session)[-1],
    ]


def told(installation: Installation) -> None:
    receive(installation, *said(GONE, CANARY), *said(KEPT, "harmless"))
    installation.projector().run(now_ns=NOW_NS)


def blobs(folder: Path, session: str) -> list[bytes]:
    """Every blob of the store that speaks of a session."""
    found: list[bytes] = []
    with closing(sqlite3.connect(folder / "store.db")) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            if "session_id" in names:
                rows = connection.execute(f"SELECT * FROM {table} WHERE session_id = ?", (session,))
                found += [value for row in rows for value in row if isinstance(value, bytes)]
    return found


def own_pieces(folder: Path, session: str, other: str) -> set[bytes]:
    """Pieces of a session's blobs as they lie in the files, that are in none of another session's."""
    others = b"\n".join(blobs(folder, other))
    pieces = {blob[at : at + 24] for blob in blobs(folder, session) for at in range(20, len(blob) - 24, 24)}
    return {piece for piece in pieces if piece not in others}


def found_pieces(folder: Path, pieces: set[bytes]) -> set[tuple[bytes, str]]:
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {(piece, name) for name, content in files.items() for piece in pieces if piece in content}


def test_no_byte_of_a_forgotten_session_is_left_in_the_folder(installation: Installation) -> None:
    told(installation)
    asyncio.run(judge_all(installation, "evidence"))
    folder = installation.data_dir.path
    pieces = own_pieces(folder, GONE, KEPT)
    assert len(pieces) > 20
    assert {name for _, name in found_pieces(folder, pieces)} >= {"store.db-wal"}
    assert found_in(folder, [CANARY])

    done = forget(installation, wish(GONE), now_ns=NOW_NS)

    assert found_in(folder, [CANARY, GONE]) == set()
    assert found_pieces(folder, pieces) == set()
    assert found_in(folder, [KEPT])
    assert done.rows["sessions"] == 1
    assert done.inbox_rows == len(said(GONE, CANARY))
    assert installation.store.session(key_of(KEPT)) is not None


def test_what_a_plan_says_is_what_goes(installation: Installation) -> None:
    told(installation)
    proposal = make_proposal()
    (edit,) = proposal.edits
    resting = replace(
        edit,
        rule=replace(make_rule(), evidence=(GONE, KEPT, "s3")),
        reason="3 sessions on 2 distinct tasks show what works; 2 of them on 2 distinct tasks show what does not.",
        failing_sessions=(GONE, KEPT),
        failing_task_count=2,
        quotes=(CANARY,),
        placed_quotes=(RuleQuote(text=CANARY),),
    )
    installation.store.add_proposal(replace(proposal, edits=(resting,)))

    planned = plan(installation, wish(GONE), now_ns=NOW_NS)
    assert installation.store.session(key_of(GONE)) is not None
    done = forget(installation, wish(GONE), now_ns=NOW_NS)

    assert planned == done
    (left,) = installation.store.proposals()
    assert (left.edits[0].rule.evidence, left.edits[0].failing_sessions) == ((KEPT, "s3"), (KEPT,))
    assert left.edits[0].all_quotes == ()
    assert left.edits[0].reason.startswith("2 sessions on 2 distinct tasks show what works; 1 of them on ")
    assert left.edits[0].rule.text == resting.rule.text


@pytest.mark.parametrize("message", range(6))
def test_whatever_comes_of_it_later_is_refused_and_emptied(installation: Installation, message: int) -> None:
    told(installation)
    forget(installation, wish(GONE), now_ns=NOW_NS)
    again = replace(said(GONE, CANARY)[message], observed_ns=NOW_NS, received_ns=NOW_NS)
    # other bytes than before, so that it is a new request
    later = replace(again, body=again.body.replace(CANARY.encode(), b"canary-7c1d-later").replace(b"/w", b"/v"))

    receive(installation, later)
    installation.projector().run(now_ns=NOW_NS)

    assert installation.store.session(key_of(GONE)) is None
    assert installation.store.forgetting.present() == [key_of(KEPT)]
    assert installation.inbox.counts()["failed"] == 0
    assert sum(len(ids) for ids in installation.inbox.rows_about([GONE, CANARY])) == 0


def test_the_same_bytes_again_are_known_and_change_nothing(installation: Installation) -> None:
    told(installation)
    forget(installation, wish(GONE), now_ns=NOW_NS)
    rows = installation.inbox.counts()

    receive(installation, *said(GONE, CANARY))
    installation.projector().run(now_ns=NOW_NS)

    assert installation.inbox.counts() == rows
    assert installation.store.forgetting.present() == [key_of(KEPT)]


def test_a_late_outcome_that_names_it_is_refused(installation: Installation) -> None:
    told(installation)
    forget(installation, wish(GONE), now_ns=NOW_NS)
    report = f'<testsuite><testcase classname="a" name="{CANARY}"/></testsuite>'.encode()
    outcome = Arrival(
        team=LOCAL_TEAM,
        intake=Intake.OUTCOME,
        body=report,
        received_ns=NOW_NS,
        content_type="application/xml",
        parameters={"session": GONE},
    )

    receive(installation, outcome)
    installation.projector().run(now_ns=NOW_NS)

    assert installation.store.outcomes(LOCAL_TEAM, session_id=SessionId(GONE), commits=[]) == []
    assert list(installation.inbox.rows_about([CANARY])) == []


def test_what_a_projector_stored_meanwhile_is_taken_by_the_next_run(installation: Installation) -> None:
    told(installation)
    observations = installation.store.observations(key_of(GONE))
    stored = installation.store.session(key_of(GONE))
    assert stored is not None
    forget(installation, wish(GONE), now_ns=NOW_NS)
    installation.store.add_observations(LOCAL_TEAM, key_of(GONE).agent, observations)
    installation.store.set_session(stored.session, stored.decision, now_ns=NOW_NS)

    expire_now(installation, now_ns=NOW_NS + 1)

    assert installation.store.forgetting.present() == [key_of(KEPT)]
    assert found_in(installation.data_dir.path, [CANARY]) == set()


def test_a_session_that_went_while_it_was_merged_is_taken_again(installation: Installation) -> None:
    told(installation)
    stored = installation.store.session(key_of(GONE))
    assert stored is not None
    forget(installation, wish(GONE), now_ns=NOW_NS)
    installation.store.set_session(stored.session, stored.decision, now_ns=NOW_NS)

    installation.projector().rebuild([key_of(GONE)], now_ns=NOW_NS)

    assert installation.store.session(key_of(GONE)) is None


def test_all_sessions_of_a_project_or_a_person_are_forgotten(installation: Installation) -> None:
    told(installation)

    nobody = forget(installation, Wish(team=LOCAL_TEAM, person=PersonId("nobody")), now_ns=NOW_NS)
    done = forget(installation, Wish(team=LOCAL_TEAM, project=ProjectId("github.com/acme/shop")), now_ns=NOW_NS)

    assert nobody.sessions == ()
    assert {key.session_id for key in done.sessions} == {GONE, KEPT}
    assert installation.store.forgetting.present() == []
    assert [(run.fate, run.sessions, run.is_erased) for run in installation.store.forgetting.runs()] == [
        (Fate.FORGOTTEN, 2, True)
    ]


def test_a_session_is_forgotten_again_and_an_unknown_one_is_named(installation: Installation) -> None:
    told(installation)
    forget(installation, wish(GONE), now_ns=NOW_NS)

    again = forget(installation, wish(GONE), now_ns=NOW_NS + 1)

    assert (again.sessions, again.rows) == ((), {})
    with pytest.raises(NotFoundError, match="no session 'never'"):
        forget(installation, wish("never"), now_ns=NOW_NS)


@pytest.mark.parametrize("is_one", [True, False])
def test_a_wish_names_one_thing(is_one: bool) -> None:
    session, person = (SessionId("s"), PersonId("p")) if is_one else (None, None)

    with pytest.raises(InputError, match="SESSION alone"):
        Wish(team=LOCAL_TEAM, session_id=session, person=person, agent="claude-code")


def test_of_two_agents_with_one_id_one_must_be_named(installation: Installation) -> None:
    told(installation)
    observations = installation.store.observations(key_of(GONE))
    installation.store.add_observations(LOCAL_TEAM, AgentName("codex"), observations)

    with pytest.raises(AmbiguousError, match="claude_code, codex"):
        forget(installation, wish(GONE), now_ns=NOW_NS)
    forget(installation, replace(wish(GONE), agent="claude-code"), now_ns=NOW_NS)


def test_a_deletion_in_phoenix_stays_due_until_it_runs_and_is_looked_for_again(installation: Installation) -> None:
    told(installation)
    installation.store.set_mirrored(key_of(GONE), place="shop", revision=1, sequence=0, now_ns=1)

    done = forget(installation, wish(GONE), now_ns=NOW_NS)
    without = delete_in_phoenix(installation, now_ns=NOW_NS)
    with phoenix_beside(installation.data_dir.path) as phoenix:
        phoenix.spans |= {"01": ("shop", GONE), "02": ("shop", KEPT)}
        at_once = delete_in_phoenix(installation, now_ns=NOW_NS + SECOND_NS)
        later = delete_in_phoenix(installation, now_ns=NOW_NS + 100 * SECOND_NS)
        shown = {session for _, session in phoenix.spans.values()}

    assert done.viewer_due == 1
    assert without is not None
    assert without.startswith("Phoenix does not run")
    assert at_once == "they are deleted there, and looked for once more"
    assert later is None
    assert shown == {KEPT}
    assert installation.store.viewer_deletions.due() == []


def test_requests_are_dropped_when_they_are_old_and_sessions_when_they_are_judged(installation: Installation) -> None:
    told(installation)
    month_ns = 31 * DAY_NS

    early = expire_now(installation, now_ns=NOW_NS + 6 * DAY_NS)
    unjudged = expire_now(installation, now_ns=NOW_NS + month_ns)
    asyncio.run(judge_all(installation, "evidence"))
    judged = expire_now(installation, now_ns=NOW_NS + month_ns)

    assert (early.requests, early.sessions) == (0, 0)
    assert (unjudged.requests, unjudged.sessions) == (12, 0)
    assert (judged.requests, judged.sessions) == (0, 2)
    assert found_in(installation.data_dir.path, [CANARY]) == set()
    stored = installation.store.session(key_of(GONE))
    assert stored is not None
    assert stored.session.steps


def test_content_of_a_retired_session_does_not_come_back(installation: Installation) -> None:
    told(installation)
    asyncio.run(judge_all(installation, "evidence"))
    expire_now(installation, now_ns=NOW_NS + 31 * DAY_NS)
    before = installation.store.session(key_of(GONE))

    receive(installation, *said(GONE, CANARY))
    installation.projector().run(now_ns=NOW_NS + 31 * DAY_NS)

    assert installation.store.session(key_of(GONE)) == before
    assert installation.store.observations(key_of(GONE)) == []


def test_without_a_number_of_days_sessions_are_kept(tmp_path: Path) -> None:
    config = Config(capture=CaptureConfig(level=CaptureLevel.FULL), learn=LearnConfig())
    with Installation.open(DataDir.open(tmp_path / "data"), config, owner="test") as installation:
        told(installation)
        asyncio.run(judge_all(installation, "evidence"))

        expired = expire_now(installation, now_ns=NOW_NS + 5000 * DAY_NS)

        assert expired.sessions == 0
        assert len(installation.store.observations(key_of(GONE))) > 1


def test_the_clock_starts_it_once_a_day(tmp_path: Path) -> None:
    config = Config(retention=RetentionConfig(inbox_days=1))
    with Installation.open(DataDir.open(tmp_path / "data"), config, owner="test") as installation:
        told(installation)

        flows(installation).shared["expire"](0)

        assert Schedule(flow="expire", every_s=86_400) in schedules(config.schedule)
        assert installation.inbox.counts()["done"] == 0


def exported(*sessions: str, canary: str, number: int) -> Arrival:
    """One request with a span of each session, all of one trace."""
    spans = [
        Span(
            trace_id=bytes([7]) * 16,
            span_id=bytes([at, number]) * 4,
            name="claude_code.interaction",
            start_time_unix_nano=START_NS + number,
            end_time_unix_nano=START_NS + number + 1,
            attributes=[
                KeyValue(key=key, value=AnyValue(string_value=value))
                for key, value in (("session.id", session), ("user_prompt", canary))
            ],
        )
        for at, session in enumerate(sessions, start=1)
    ]
    resource = Resource(attributes=[KeyValue(key="service.name", value=AnyValue(string_value="claude-code"))])
    scope = ScopeSpans(scope=InstrumentationScope(name="com.anthropic.claude_code.tracing"), spans=spans)
    request = ExportTraceServiceRequest(resource_spans=[ResourceSpans(resource=resource, scope_spans=[scope])])
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.TRACES,
        body=request.SerializeToString(),
        received_ns=START_NS,
        content_type="application/x-protobuf",
    )


def test_telemetry_of_it_is_refused_and_others_in_the_same_request_lose_nothing(installation: Installation) -> None:
    told(installation)
    receive(installation, exported(GONE, KEPT, canary=CANARY, number=1))
    installation.projector().run(now_ns=NOW_NS)
    before = installation.store.observations(key_of(KEPT))
    assert any(one.key.startswith("span/") for one in before)

    forget(installation, wish(GONE), now_ns=NOW_NS)
    assert installation.store.observations(key_of(KEPT)) == before
    receive(installation, exported(GONE, KEPT, canary=CANARY, number=2))
    installation.projector().run(now_ns=NOW_NS)

    assert installation.store.observations(key_of(GONE)) == []
    assert len(installation.store.observations(key_of(KEPT))) == len(before) + 1
    assert list(installation.inbox.rows_about([GONE, CANARY])) == []
    assert installation.inbox.counts()["failed"] == 0
