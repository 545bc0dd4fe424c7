"""Commands take the first characters of a session's id, but for the one that deletes."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sidecar.cli.app import app
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, AgentName
from sidecar.errors import AmbiguousError, NotFoundError
from sidecar.store import Store
from tests.contracts.records import make_decision, make_key, make_session

SESSIONS = (("5f3a-11", "cline"), ("5f3b-22", "codex"), ("5f3b-22-more", "codex"), ("7c-33", "cline"))
COMMANDS = {"packet": [], "feedback": ["Use pnpm."]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    DataDir.open(tmp_path)
    with closing(Store.open(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        for session, agent in SESSIONS:
            key = make_key(session, team=LOCAL_TEAM, agent=AgentName(agent))
            store.set_session(make_session(key), make_decision(), now_ns=1)
    return tmp_path


def ran(data: Path, line: str, session: str, *options: str) -> Result:
    return CliRunner().invoke(app, [line, session, *COMMANDS.get(line, []), *options, "--data", str(data)])


@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize(
    ("typed", "options", "session"),
    [
        ("7", (), "7c-33"),
        (" 5f3a ", (), "5f3a-11"),
        ("5f3b-22", (), "5f3b-22"),
        ("5f3", ("--agent", "cline"), "5f3a-11"),
    ],
)
def test_the_one_session_that_begins_so_is_meant(
    data: Path, line: str, typed: str, options: tuple[str, ...], session: str
) -> None:
    done = ran(data, line, typed, *options, "--json")

    assert (done.exception, json.loads(done.stdout)["session"]) == (None, session)


@pytest.mark.parametrize("line", COMMANDS)
def test_of_several_that_begin_so_none_is_meant(data: Path, line: str) -> None:
    done = ran(data, line, "5f3")

    assert isinstance(done.exception, AmbiguousError)
    assert str(done.exception) == (
        "3 sessions have an id that begins with '5f3': 5f3a-11 of cline, 5f3b-22 of codex, 5f3b-22-more of codex; "
        "give more of it"
    )


@pytest.mark.parametrize("line", [*COMMANDS, "forget"])
@pytest.mark.parametrize("typed", ["", "5F3A", "5f3_", "%", "\udcff"])
def test_nothing_that_does_not_begin_so_is_meant(data: Path, line: str, typed: str) -> None:
    done = ran(data, line, typed)

    assert isinstance(done.exception, NotFoundError)
    assert str(done.exception) == f"no session {typed!r} is stored; `sidecar status --sessions` lists those that are"


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_what_deletes_takes_a_whole_id_alone(data: Path, options: tuple[str, ...]) -> None:
    done = ran(data, "forget", "5f3a", *options)
    whole = ran(data, "forget", "5f3b-22", *options)

    assert isinstance(done.exception, NotFoundError)
    assert str(done.exception) == (
        "no session '5f3a' is stored; forget deletes, so it takes no first characters of an id. These begin so: "
        "5f3a-11 of cline; give the whole id of the one you mean"
    )
    assert whole.stdout.startswith("1 session ")
