"""What becomes of inbox rows: sessions, labels, revisions; the same whatever is killed, repeated or late."""

import asyncio
import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidecar.config import CaptureConfig, Config, ProjectConfig
from sidecar.data_dir import DataDir
from sidecar.domain import (
    LOCAL_TEAM,
    AgentName,
    CaptureLevel,
    Intake,
    JoinReason,
    Label,
    Session,
    SessionId,
    SessionKey,
    SessionState,
)
from sidecar.installation import Installation
from sidecar.projector import LEASE_NS, Projection, Projector
from sidecar.receive import Arrival
from sidecar.recordings import load_recording
from sidecar.sessions.added_lines import added_lines_of_diff
from sidecar.store import Inbox, StoredSession
from tests.contracts.records import make_entry
from tests.loop.conftest import arrival

AS_SENT = Config(capture=CaptureConfig(level=CaptureLevel.FULL))
"""What each capture level keeps has tests of its own."""
SECOND_NS = 1_000_000_000
START_NS = 1_795_404_254 * SECOND_NS
END_NS = START_NS + 10 * SECOND_NS
WINDOW_S = 3600
BASE, HEAD = "b" * 40, "abcdef1"
PASSED = b'<testsuite><testcase classname="a" name="ok"/></testsuite>'
FAILED = b'<testsuite><testcase classname="a" name="bad"><failure>no</failure></testcase></testsuite>'
BROKEN = b'<testsuite><testcase classname="a" name="bad"><error>no module</error></testcase></testsuite>'
fresh_ids = count()


class PowerCutError(BaseException):
    """The machine stops here."""


class DyingInbox(Inbox):
    """An inbox whose process dies when a batch is to be marked done."""

    def finish(self, row_ids: Sequence[int], *, owner: str, emptied: Collection[int] = ()) -> None:
        raise PowerCutError


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    waiting = ProjectConfig(url="/nowhere", outcome_window_s=WINDOW_S)
    config = Config(projects={"github.com/acme/waiting": waiting}, capture=CaptureConfig(level=CaptureLevel.FULL))
    with Installation.open(DataDir.open(tmp_path / "data"), config, owner="test") as opened:
        yield opened


def receive(installation: Installation, *arrivals: Arrival) -> None:
    receiver = installation.receiver()

    async def one_by_one() -> None:
        for one in arrivals:
            await receiver.receive(one)

    asyncio.run(one_by_one())


def project(installation: Installation, *arrivals: Arrival, now_ns: int = END_NS + SECOND_NS) -> Projection:
    receive(installation, *arrivals)
    return installation.projector().run(now_ns=now_ns)


def hook(event: str, *, at_ns: int, session: str = "s-1", wrapped: object = None, **fields: object) -> Arrival:
    """A timed hook of Claude Code, from our start hook where `wrapped` says what that measured."""
    body: dict[str, object] = {"session_id": session, "hook_event_name": event, "cwd": "/w", **fields}
    sent: object = {"hook": body, "repository": wrapped} if wrapped else body
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.HOOK,
        body=json.dumps(sent).encode(),
        received_ns=at_ns,
        agent="claude_code",
        observed_ns=at_ns,
    )


def call(tool: str, given: object, response: object, *, at_ns: int, session: str = "s-1") -> Arrival:
    fields = {"tool_name": tool, "tool_use_id": f"toolu-{at_ns}", "tool_input": given, "tool_response": response}
    return hook("PostToolUse", at_ns=at_ns, session=session, **fields)


def edited_session(repository: str = "shop", *, session: str = "s-1", base: str = BASE) -> list[Arrival]:
    """A session that begins on `base`, changes a file and ends."""
    remote = {"remote": f"https://github.com/acme/{repository}.git", "head": base, "branch": "main"}
    edit = {"file_path": "/w/a.py", "old_string": "a", "new_string": "b"}
    return [
        hook("SessionStart", at_ns=START_NS, session=session, wrapped=remote, source="startup"),
        call("Edit", edit, {}, at_ns=START_NS + SECOND_NS, session=session),
        hook("SessionEnd", at_ns=END_NS, session=session, reason="exit"),
    ]


def shell(command: str, stdout: str, *, session: str = "s-1") -> Arrival:
    response = {"stdout": stdout, "stderr": "", "interrupted": False}
    return call("Bash", {"command": command}, response, at_ns=START_NS + 2 * SECOND_NS, session=session)


def report(body: bytes, *, at_ns: int = END_NS, **about: str) -> Arrival:
    parameters = about or {"session": "s-1"}
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.OUTCOME,
        body=body,
        received_ns=at_ns,
        parameters=parameters | {"format": "junit"},
    )


def stored(installation: Installation, session: str = "s-1", agent: str = "claude_code") -> StoredSession:
    key = SessionKey(team=LOCAL_TEAM, agent=AgentName(agent), session_id=SessionId(session))
    found = installation.store.session(key)
    assert found is not None
    return found


def standing(installation: Installation, session: str = "s-1") -> tuple[SessionState, Label, int]:
    """State, label and revision."""
    found = stored(installation, session)
    return found.session.state, found.decision.label, found.session.revision


def test_row_that_says_nothing_usable_is_kept_with_its_reason_and_the_rest_goes_on(installation: Installation) -> None:
    nameless = replace(hook("Stop", at_ns=START_NS), body=b'{"hook_event_name":"Stop"}')

    projection = project(installation, nameless, *edited_session())

    assert (projection.rows, projection.rejected) == (4, 1)
    counts = installation.inbox.counts()
    assert (counts["failed"], counts["done"], counts["new"]) == (1, 3, 0)
    with sqlite3.connect(installation.data_dir.path / "inbox.db") as connection:
        reasons = [reason for (reason,) in connection.execute("SELECT reason FROM inbox WHERE state = 'failed'")]
    connection.close()
    assert [str(reason).startswith("hook of claude_code: no session_id in the payload") for reason in reasons] == [True]


@pytest.mark.parametrize("wrong", [{"body": b"\x00"}, {"channel": "video"}])
def test_row_that_no_code_of_ours_could_have_written_holds_up_no_other(
    installation: Installation, wrong: dict[str, Any]
) -> None:
    asyncio.run(installation.inbox.add(replace(make_entry(channel="hook"), **wrong)))

    projection = project(installation, *edited_session())

    assert (projection.rows, projection.rejected) == (4, 1)
    assert standing(installation) == (SessionState.SETTLED, Label.UNKNOWN, 1)


def test_nothing_waiting_is_nothing_done(installation: Installation) -> None:
    assert project(installation) == Projection()


RECORDED: Final = ("claude-code-shop-clearance-resumed", "cline-shop-pair-price", "claude-code-shop-norway-rate")


def recorded() -> list[Arrival]:
    return [arrival(request) for name in RECORDED for request in load_recording(name).requests]


def contents(installation: Installation) -> list[StoredSession]:
    envelopes = installation.store.sessions(LOCAL_TEAM)
    found = [installation.store.session(one.session.key) for one in envelopes]
    return [one for one in found if one is not None]


def hashed_with(installation: Installation, key: bytes) -> Installation:
    """The same with another key, so that two folders hash alike."""
    return replace(installation, data_dir=replace(installation.data_dir, key=key))


@pytest.fixture
def undisturbed(tmp_path: Path) -> Iterator[Installation]:
    with Installation.open(DataDir.open(tmp_path / "undisturbed"), AS_SENT, owner="test") as opened:
        yield opened


@pytest.mark.parametrize("dies_at", [1, 2, 3, 4])
def test_projector_killed_before_it_finished_changes_nothing_the_second_time(
    installation: Installation, undisturbed: Installation, dies_at: int
) -> None:
    now_ns = START_NS + 30 * 24 * 3600 * SECOND_NS
    project(hashed_with(undisturbed, installation.data_dir.key), *recorded(), now_ns=now_ns)
    receive(installation, *recorded())
    looks = count(1)

    def window_ns(_: Session) -> int:
        if next(looks) == dies_at:  # the fourth look is never taken: it dies after all three were stored
            raise PowerCutError
        return 0

    dying = DyingInbox.open(installation.data_dir.inbox_url(installation.config))
    projector = Projector(
        store=installation.store,
        inbox=dying,
        owner="killed",
        context=installation.merge_context,
        outcome_window_ns=window_ns,
        redact=installation.redactor.redact_bytes,
    )
    with pytest.raises(PowerCutError):
        projector.run(now_ns=now_ns)
    dying.close()

    too_early = installation.projector().run(now_ns=now_ns + LEASE_NS - 1)
    after = installation.projector().run(now_ns=now_ns + LEASE_NS)

    assert (too_early.rows, after.rows, after.rejected) == (0, len(recorded()), 0)
    assert contents(installation) == contents(undisturbed)
    assert {one.session.revision for one in contents(installation)} == {1}
    again = installation.projector().run(now_ns=now_ns + LEASE_NS)
    assert again.rows == 0


def test_session_without_a_window_settles_when_it_is_closed(installation: Installation) -> None:
    project(installation, *edited_session())

    assert standing(installation) == (SessionState.SETTLED, Label.UNKNOWN, 1)


def test_late_outcome_relabels_a_settled_session_in_a_new_revision(installation: Installation) -> None:
    project(installation, *edited_session())

    project(installation, report(FAILED))
    failed = standing(installation)
    project(installation, report(FAILED))
    project(installation, report(PASSED, at_ns=END_NS + 1))

    assert failed == (SessionState.SETTLED, Label.CODE_FAIL, 2)
    assert standing(installation) == (SessionState.SETTLED, Label.PASS, 3)


def test_closed_session_waits_for_its_window(installation: Installation) -> None:
    window_end_ns = END_NS + WINDOW_S * SECOND_NS
    project(installation, *edited_session("waiting"), now_ns=window_end_ns - 1)
    waiting = standing(installation)

    projection = project(installation, now_ns=window_end_ns)

    assert waiting == (SessionState.CLOSED, Label.UNKNOWN, 1)
    assert standing(installation) == (SessionState.SETTLED, Label.UNKNOWN, 1)
    assert projection.rows == 0
    assert [key.session_id for key in projection.sessions] == ["s-1"]


@pytest.mark.parametrize(("body", "label"), [(PASSED, Label.PASS), (FAILED, Label.CODE_FAIL)])
def test_decisive_outcome_ends_the_wait(installation: Installation, body: bytes, label: Label) -> None:
    project(installation, *edited_session("waiting"))

    project(installation, report(body))

    assert standing(installation) == (SessionState.SETTLED, label, 1)


@pytest.mark.parametrize("inside", [False, True])
def test_outcome_that_decides_nothing_does_not_end_the_wait(installation: Installation, inside: bool) -> None:
    ran = shell("python -m pytest -q", "3 passed in 0.10s") if inside else shell("ls", "a.py")
    project(installation, *edited_session("waiting"), ran)

    project(installation, report(BROKEN))

    assert stored(installation).session.state is SessionState.CLOSED


def test_run_inside_the_session_does_not_end_the_wait_for_ci(installation: Installation) -> None:
    project(installation, *edited_session("waiting"), shell("python -m pytest -q", "3 passed in 0.10s"))

    assert standing(installation) == (SessionState.CLOSED, Label.PASS, 1)


def test_resumed_session_is_open_again_and_settles_in_a_new_revision(installation: Installation) -> None:
    project(installation, *edited_session())
    later_ns = END_NS + 100 * SECOND_NS

    project(installation, hook("SessionStart", at_ns=later_ns, source="resume"), now_ns=later_ns + 1)
    resumed = standing(installation)
    edit = call("Write", {"file_path": "/w/b.py", "content": "b"}, {}, at_ns=later_ns + 2)
    project(installation, edit, hook("SessionEnd", at_ns=later_ns + 3, reason="exit"), now_ns=later_ns + 4)

    assert resumed[0] is SessionState.OPEN
    state, _, revision = standing(installation)
    assert (state, revision > 1) == (SessionState.SETTLED, True)
    assert len(stored(installation).session.steps) == 2


def test_outcome_of_a_commit_joins_the_session_that_made_it_and_none_that_began_on_it(
    installation: Installation,
) -> None:
    made = edited_session(session="made", base=BASE)
    committed = shell("git commit -am x", f"[main {HEAD}] x\n 1 file changed", session="made")
    began = edited_session(session="began", base=HEAD + "0" * 33)

    project(installation, report(FAILED, commit=HEAD + "0" * 33), *made, committed, *began)
    project(installation, report(PASSED, commit=BASE))

    assert [join.reason for join in installation.store.joins(stored(installation, "made").session.key)] == [
        JoinReason.HEAD_COMMIT
    ]
    assert installation.store.joins(stored(installation, "began").session.key) == []
    assert stored(installation, "made").decision.label is Label.CODE_FAIL
    assert stored(installation, "began").decision.label is Label.UNKNOWN


def test_commit_outcome_that_comes_late_finds_its_session(installation: Installation) -> None:
    committed = shell("git commit -am x", f"[main {HEAD}] x\n 1 file changed")
    project(installation, *edited_session(), committed)

    project(installation, report(FAILED, commit=HEAD))

    assert standing(installation) == (SessionState.SETTLED, Label.CODE_FAIL, 2)


def on_branch(branch: str, *steps: Arrival, new: str = "total = price * (1 + tax)") -> list[Arrival]:
    """A session on a branch of its own that writes a line, commits nothing and ends."""
    remote = {"remote": "https://github.com/acme/shop.git", "head": BASE, "branch": branch}
    edit = {"file_path": "/w/a.py", "old_string": "a", "new_string": new}
    return [
        hook("SessionStart", at_ns=START_NS, wrapped=remote, source="startup"),
        call("Edit", edit, {}, at_ns=START_NS + SECOND_NS),
        *steps,
        hook("SessionEnd", at_ns=END_NS, reason="exit"),
    ]


def sketch(*lines: str) -> str:
    return ".".join(added_lines_of_diff("\n".join(f"+{line}" for line in lines)))


OF_BRANCH = {"commit": HEAD, "repository": "git@github.com:Acme/Shop.git", "branch": "topic"}


@pytest.mark.parametrize("is_late", [True, False], ids=["outcome last", "outcome first"])
@pytest.mark.parametrize(
    ("about", "reason", "confidence"),
    [
        ({"commit": HEAD, "added": sketch("total = price * (1 + tax)")}, JoinReason.ADDED_LINES, 0.5),
        ({"commit": HEAD, "added": sketch("total = price * (1 + tax)", "theirs")}, JoinReason.ADDED_LINES, 0.5),
        (OF_BRANCH, JoinReason.BRANCH, 0.4),
        (OF_BRANCH | {"added": sketch("total = price * (1 + tax)")}, JoinReason.ADDED_LINES, 0.5),
    ],
    ids=["lines", "lines among others", "branch", "lines before branch"],
)
def test_outcome_of_a_commit_nobody_named_finds_its_session(
    installation: Installation, about: dict[str, str], reason: JoinReason, confidence: float, is_late: bool
) -> None:
    told = [*on_branch("topic"), report(FAILED, at_ns=END_NS + SECOND_NS, **about)]

    for one in told if is_late else [told[-1], *told[:-1]]:
        project(installation, one)

    [join] = installation.store.joins(stored(installation).session.key)
    assert (join.reason, join.confidence) == (reason, confidence)
    assert stored(installation).decision.label is Label.CODE_FAIL


@pytest.mark.parametrize(
    ("branch", "about", "at_ns"),
    [
        ("topic", {"commit": HEAD, "added": sketch("somebody else's line")}, END_NS),
        ("topic", {"commit": BASE, "added": sketch("total = price * (1 + tax)")}, END_NS),
        ("topic", OF_BRANCH | {"repository": "https://github.com/acme/other"}, END_NS),
        ("topic", OF_BRANCH, END_NS + 25 * 3600 * SECOND_NS),
        ("topic", OF_BRANCH, START_NS - SECOND_NS),
        ("main", OF_BRANCH | {"branch": "main"}, END_NS),
        ("topic", OF_BRANCH | {"commit": BASE}, END_NS),
    ],
    ids=["other lines", "of the base", "other project", "too late", "too early", "shared branch", "branch at base"],
)
def test_outcome_of_others_joins_nothing(
    installation: Installation, branch: str, about: dict[str, str], at_ns: int
) -> None:
    project(installation, *on_branch(branch), report(FAILED, at_ns=at_ns, **about))

    assert installation.store.joins(stored(installation).session.key) == []


def test_run_on_the_main_branch_is_nobodys_whatever_people_named_it(tmp_path: Path) -> None:
    shop = ProjectConfig(url="/nowhere", default_branch="topic")
    config = Config(projects={"github.com/acme/shop": shop})
    with Installation.open(DataDir.open(tmp_path / "data"), config, owner="test") as installation:
        project(installation, *on_branch("topic"), report(FAILED, at_ns=END_NS + SECOND_NS, **OF_BRANCH))

        assert installation.store.joins(stored(installation).session.key) == []


@pytest.mark.parametrize("is_late", [True, False], ids=["base last", "base first"])
def test_what_fails_on_the_base_too_does_not_count(installation: Installation, is_late: bool) -> None:
    told = [*edited_session(), report(FAILED), report(FAILED, commit=BASE)]

    for one in told if is_late else told[::-1]:
        project(installation, one)

    assert "failing on the base too" in stored(installation).decision.reason
    assert stored(installation).decision.label is not Label.CODE_FAIL


def test_report_that_names_its_session_needs_no_parameter(installation: Installation) -> None:
    tagged = FAILED.replace(b"<testsuite>", b'<testsuite><property name="sidecar.session" value="s-1"/>')

    project(installation, *edited_session(), replace(report(tagged), parameters={}))

    assert [join.reason for join in installation.store.joins(stored(installation).session.key)] == [
        JoinReason.SESSION_ID
    ]


def test_order_of_rows_does_not_matter(installation: Installation, undisturbed: Installation) -> None:
    now_ns = START_NS + 30 * 24 * 3600 * SECOND_NS
    resumed = [arrival(request) for request in load_recording(RECORDED[0]).requests]
    for one in resumed[::-1]:
        project(installation, one, now_ns=now_ns)
    project(hashed_with(undisturbed, installation.data_dir.key), *resumed, now_ns=now_ns)

    def plain(found: StoredSession) -> object:
        return replace(found.session, revision=1), found.decision

    assert [plain(one) for one in contents(installation)] == [plain(one) for one in contents(undisturbed)]


def files() -> dict[str, tuple[str, str, bytes]]:
    """Recorded session files: agent, part and bytes."""
    found: dict[str, tuple[str, str, bytes]] = {}
    for name in ("claude-code-shop-cart-pieces-delegated", "claude-code-shop-norway-rate", "cline-shop-pair-price"):
        sent = [arrival(request) for request in load_recording(name).requests if "/transcripts/" in request.target]
        for one in sent:
            found[f"{name} {one.parameters['part']}"] = (one.agent or "", one.parameters["part"], one.body)
    return found


FILES: Final = files()


def sent_pieces(name: str, session: str, spans: Sequence[tuple[int, int]]) -> list[Arrival]:
    agent, part, body = FILES[name]
    return [
        Arrival(
            team=LOCAL_TEAM,
            intake=Intake.TRANSCRIPT,
            body=body[start:end],
            received_ns=START_NS,
            agent=agent,
            parameters={"session": session, "part": part, "offset": str(start)},
        )
        for start, end in spans
    ]


def session_of(installation: Installation, name: str, spans: Sequence[tuple[int, int]]) -> tuple[object, object]:
    """The session that a file sent in these pieces gives, without its id."""
    session = f"s-{next(fresh_ids)}"
    project(installation, *sent_pieces(name, session, spans))
    found = stored(installation, session, FILES[name][0])
    key = SessionKey(team=LOCAL_TEAM, agent=AgentName(FILES[name][0]), session_id=SessionId("s"))
    return replace(found.session, key=key, revision=1), found.decision


def line_ends(body: bytes) -> list[int]:
    return [index + 1 for index, byte in enumerate(body) if byte == ord("\n")]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.data())
@pytest.mark.parametrize("name", FILES)
def test_file_in_pieces_repeated_and_out_of_order_is_the_file(
    installation: Installation, name: str, drawn: st.DataObject
) -> None:
    body = FILES[name][2]
    cuts = sorted({0, len(body), *drawn.draw(st.lists(st.integers(1, len(body) - 1), max_size=4), label="cuts")})
    pieces = list(pairwise(cuts))
    repeated = drawn.draw(st.lists(st.sampled_from(pieces), max_size=2), label="repeated")
    order = drawn.draw(st.permutations([*pieces, *repeated]), label="order")

    assert session_of(installation, name, order) == session_of(installation, name, [(0, len(body))])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.data())
@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("claude")])
def test_overlapping_pieces_of_whole_lines_are_the_file(
    installation: Installation, name: str, drawn: st.DataObject
) -> None:
    body = FILES[name][2]
    ends = [0, *line_ends(body)]
    cut = st.tuples(st.integers(0, len(ends) - 2), st.integers(1, len(ends) - 1)).filter(lambda two: two[0] < two[1])
    extra = [
        (ends[start], ends[end]) for start, end in drawn.draw(st.lists(cut, min_size=1, max_size=4), label="extra")
    ]
    middle = ends[drawn.draw(st.integers(1, len(ends) - 2), label="middle")]
    order = drawn.draw(st.permutations([(0, middle), (middle, len(body)), *extra]), label="order")

    assert session_of(installation, name, order) == session_of(installation, name, [(0, len(body))])


SIX_HOURS_NS = 6 * 3600 * SECOND_NS


def test_a_session_of_which_nothing_is_heard_any_more_ends_and_settles(installation: Installation) -> None:
    killed = edited_session()[:-1]
    project(installation, *killed, now_ns=END_NS)

    early = project(installation, now_ns=END_NS + SIX_HOURS_NS - SECOND_NS)
    assert (early.sessions, stored(installation).session.state) == (frozenset(), SessionState.OPEN)

    late = project(installation, now_ns=END_NS + SIX_HOURS_NS + 60 * SECOND_NS)

    session = stored(installation).session
    assert {session.key} == late.sessions
    assert (session.state, session.end_reason) == (SessionState.SETTLED, "idle")
    assert session.ended_ns == START_NS + SECOND_NS


def test_silence_is_measured_by_when_a_message_came_not_by_when_it_says_it_happened(
    installation: Installation,
) -> None:
    project(installation, *edited_session()[:-1], now_ns=END_NS + 10 * SIX_HOURS_NS)

    assert stored(installation).session.state is SessionState.OPEN


def test_a_session_that_was_taken_for_ended_goes_on_and_ends(installation: Installation) -> None:
    project(installation, *edited_session()[:-1], now_ns=END_NS)
    project(installation, now_ns=END_NS + 2 * SIX_HOURS_NS)
    again_ns = END_NS + 3 * SIX_HOURS_NS

    project(installation, call("Read", {"file_path": "/w/a.py"}, {}, at_ns=again_ns), now_ns=again_ns)
    assert stored(installation).session.state is SessionState.OPEN

    project(installation, hook("SessionEnd", at_ns=again_ns + 1, reason="exit"), now_ns=again_ns + SECOND_NS)
    session = stored(installation).session
    assert (session.state, session.end_reason) == (SessionState.SETTLED, "exit")
    assert session.revision == 2
