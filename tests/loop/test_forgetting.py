"""The command forget over a judged loop: what it says, what it leaves, killed anywhere, and beside a running serve."""

import asyncio
import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.store import Store
from tests.kills.flows import in_store
from tests.kills.forks import Forks
from tests.kills.points import Point, after, before
from tests.loop.conftest import MakeLoop
from tests.loop.loop import Loop, Serving, play, requests_of
from tests.loop.written import found_in, rows_of

FORGETTING = "sidecar.store.forgetting:Forgetting"
INBOX = "sidecar.store.inbox:Inbox"
STEPS = (
    f"{FORGETTING}.add",
    f"{INBOX}.empty",
    f"{FORGETTING}.remove",
    f"{FORGETTING}.purge_replies",
    "sidecar.jobs.forgetting:sweep",
    f"{FORGETTING}.erase",
    f"{INBOX}.erase",
    f"{FORGETTING}.set_erased",
    in_store("set_proposal"),
)
POINTS = tuple(point for step in STEPS for point in (before(step), after(step)))


def blobs(data: Path, session: str) -> list[bytes]:
    """Every blob of the store that speaks of a session."""
    found: list[bytes] = []
    with closing(sqlite3.connect(data / "store.db")) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            if "session_id" in names:
                rows = connection.execute(f"SELECT * FROM {table} WHERE session_id = ?", (session,))
                found += [value for row in rows for value in row if isinstance(value, bytes)]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A session of the loop, and pieces of its rows that no other session has."""

    session: str
    pieces: frozenset[bytes]

    def left_in(self, data: Path) -> set[str]:
        """Files that hold any of it, but for evidence ids in our clone's published commits, which are opaque."""
        files = {path.name: path.read_bytes() for path in data.rglob("*") if path.is_file() and path.suffix != ".toml"}
        raw = {name for name, content in files.items() if any(piece in content for piece in self.pieces)}
        return raw | {name for _, name in found_in(data, [self.session]) if name.startswith(("store", "inbox"))}


def told(loop: Loop) -> Told:
    """A session that a proposal rests on."""
    with closing(Store.open(f"sqlite:///{loop.data}/store.db")) as store:
        (proposal,) = store.proposals()
        session = proposal.edits[0].rule.evidence[0]
        keys = store.forgetting.present()
    others = b"\n".join(blob for key in keys if key.session_id != session for blob in blobs(loop.data, key.session_id))
    own = {blob[at : at + 24] for blob in blobs(loop.data, session) for at in range(20, len(blob) - 24, 24)}
    return Told(session=session, pieces=frozenset(piece for piece in own if piece not in others))


def state(loop: Loop) -> tuple[list[str], dict[str, int], list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """What is left: sessions, inbox rows, and what proposals rest on."""
    with closing(Store.open(f"sqlite:///{loop.data}/store.db")) as store:
        sessions = [str(key.session_id) for key in store.forgetting.present()]
        edits = [(edit.rule.evidence, edit.quotes) for one in store.proposals() for edit in one.edits]
    with closing(sqlite3.connect(loop.data / "inbox.db")) as connection:
        rows = dict(connection.execute("SELECT state, count(*) FROM inbox GROUP BY state"))
    return sessions, rows, edits


def texts(loop: Loop) -> list[str]:
    with closing(Store.open(f"sqlite:///{loop.data}/store.db")) as store:
        return [edit.rule.text for one in store.proposals() for edit in one.edits]


@pytest.fixture
def proposed(judged: MakeLoop) -> Loop:
    loop = judged("shop")
    loop.propose_and_sync()
    return loop


def test_a_dry_run_says_exactly_what_goes_and_changes_nothing(proposed: Loop) -> None:
    gone = told(proposed)
    before_it = state(proposed)

    planned = proposed.run("forget", gone.session, "--dry-run")
    untouched = state(proposed)
    done = proposed.run("forget", gone.session)

    assert untouched == before_it
    assert {**planned, "dry_run": False} == done
    assert done["sessions"] == 1
    assert done["rows"]["steps"] == 1
    assert done["proposals"] == 1
    assert len(done["published"]) == 1
    assert gone.left_in(proposed.data) == set()
    sessions, _, edits = state(proposed)
    assert set(before_it[0]) - set(sessions) == {gone.session}
    evidence, quotes = edits[0]
    assert set(before_it[2][0][0]) - set(evidence) == {gone.session}
    assert quotes == ()


def test_the_list_says_when_how_many_and_never_which(proposed: Loop) -> None:
    gone = told(proposed)
    proposed.run("forget", gone.session)

    listed = proposed.run("forget", "--list")

    (run,) = listed["runs"]
    assert (run["fate"], run["sessions"], run["erased"]) == ("forgotten", 1, True)
    assert gone.session not in str(listed)


def test_rules_go_on_after_their_evidence_is_forgotten(proposed: Loop) -> None:
    before_it = texts(proposed)
    proposed.run("forget", told(proposed).session)

    proposed.propose_and_sync()

    said = proposed.proposal_text()
    sections = said.split("## Rules")[1].split("### ")[1:]
    counts = [set(re.findall(r"(\d+) sessions?\b", section)) for section in sections]
    assert texts(proposed) == before_it
    assert proposed.branches()
    assert [len(found) for found in counts] == [1] * len(sections)


def test_a_report_about_it_is_refused_by_name(proposed: Loop, tmp_path: Path) -> None:
    gone = told(proposed).session
    proposed.run("forget", gone)
    (tmp_path / "junit.xml").write_text('<testsuite><testcase classname="a" name="about_the_forgotten"/></testsuite>')

    line = ["outcomes", "add", str(tmp_path / "junit.xml"), "--session", gone]
    done = CliRunner().invoke(app, [*line, "--data", str(proposed.data)], catch_exceptions=False)

    assert done.stdout == "the session was forgotten, so nothing of the report is kept\n"
    kept = [value for name in ("inbox.db", "store.db") for value in rows_of(proposed.data / name)]
    assert not any(b"about_the_forgotten" in value for value in kept)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-session"], "no session 'no-such-session' is stored"),
        ([], "name what is to be forgotten"),
        (["s", "--project", "p"], "SESSION alone"),
        (["s", "--expired"], "--expired is about the whole store and takes no SESSION"),
        (["--list", "--person", "x"], "--list is about the whole store and takes no --person"),
        (["--expired", "--dry-run"], "--expired has no --dry-run"),
    ],
)
def test_wrong_wishes_are_explained(judged: MakeLoop, arguments: list[str], words: str) -> None:
    loop = judged("shop")

    done = CliRunner().invoke(app, ["forget", *arguments, "--data", str(loop.data)])

    assert words in str(done.exception)


def test_a_file_of_it_is_not_brought_in_again(proposed: Loop, tmp_path: Path) -> None:
    gone = told(proposed)
    proposed.run("forget", gone.session)
    line = {"type": "user", "sessionId": gone.session, "uuid": "u-1", "timestamp": "2026-11-23T10:00:00Z", "cwd": "/w"}
    file = tmp_path / "p" / f"{gone.session}.jsonl"
    file.parent.mkdir()
    file.write_text(json.dumps({**line, "message": {"role": "user", "content": "once more"}}) + "\n")

    imported = proposed.run("import", str(file))

    assert imported["sessions"] == 0
    assert ["was forgotten" in one["reason"] for one in imported["skipped"]] == [True]
    assert gone.left_in(proposed.data) == set()


def test_nobody_of_that_name_is_found(judged: MakeLoop) -> None:
    assert judged("shop").run("forget", "--person", "nobody", code=1)["sessions"] == 0


def test_what_is_said_to_a_person_names_tables_and_what_is_not_touched(proposed: Loop) -> None:
    done = CliRunner().invoke(app, ["forget", told(proposed).session, "--data", str(proposed.data)])

    assert done.exit_code == 0
    assert "1 session forgotten" in done.output
    assert "observations: " in done.output
    assert "not touched: what was published at" in done.output


@pytest.mark.e2e
@pytest.mark.timeout(900)
def test_killed_at_any_step_and_run_again_it_ends_the_same(proposed: Loop, tmp_path: Path) -> None:
    gone = told(proposed)

    def copied(name: str) -> Loop:
        shutil.copytree(proposed.root, tmp_path / name)
        return Loop(root=tmp_path / name, repository=proposed.repository)

    with Forks() as forks:

        def forget(loop: Loop, points: tuple[Point, ...], kill_at: int | None = None) -> bool:
            arguments = ["forget", gone.session, "--data", str(loop.data)]
            ended = forks.run(arguments, points=points, kill_at=kill_at)
            assert ended.is_killed or ended.code == 0, ended.output
            passed.update(ended.passed)
            return ended.is_killed

        passed: set[Point] = set()
        calm = copied("calm")
        forget(calm, POINTS)
        expected = state(calm)
        assert passed == set(POINTS)
        for number, point in enumerate(POINTS):
            loop = copied(f"killed-{number}")
            assert forget(loop, (point,), 1), f"{point} was not reached"
            assert not forget(loop, ())
            assert state(loop) == expected, f"killed at {point}"
            assert gone.left_in(loop.data) == set(), f"killed at {point}"
            shutil.rmtree(loop.root)


@pytest.mark.e2e
@pytest.mark.timeout(300)
def test_a_running_serve_goes_on_and_takes_nothing_of_it_any_more(proposed: Loop) -> None:
    gone = told(proposed)
    serving = Serving(proposed)
    try:
        asyncio.run(play(serving.url, requests_of("shop")[:40], set()))
        done = proposed.run("forget", gone.session)
        asyncio.run(play(serving.url, requests_of("shop"), set()))
        found = httpx.get(f"{serving.url}/api/sessions/{gone.session}", timeout=60)
        listed = httpx.get(f"{serving.url}/api/sessions", timeout=60).json()["sessions"]
        ready = httpx.get(f"{serving.url}/readyz", timeout=60)
    finally:
        serving.stop()

    assert done["sessions"] == 1
    assert found.status_code == 404
    assert gone.session not in {one["id"] for one in listed}
    assert len(listed) > 3
    assert ready.status_code == 200
    assert gone.left_in(proposed.data) == set()
