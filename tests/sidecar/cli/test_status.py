"""What `sidecar status` says of the folder beside the funnel, and which sessions it names."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.data_dir import DataDir
from sidecar.domain import AgentName, PersonId, TeamId
from sidecar.errors import ConfigError, NotFoundError
from sidecar.store import Store
from tests.contracts.records import PROJECT, make_decision, make_key, make_session


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with three sessions."""
    store = Store.open(f"sqlite:///{DataDir.open(tmp_path).path / 'store.db'}")
    for at, (session, agent) in enumerate((("s1", "cline"), ("s1", "codex"), ("s2", "codex"))):
        key = make_key(session, agent=AgentName(agent))
        store.set_session(make_session(key, started_ns=at + 1), make_decision(), now_ns=10)
    store.close()
    return tmp_path


def status(data: Path, *options: str) -> str:
    done = CliRunner().invoke(app, ["status", "--data", str(data), *options], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_strings_that_could_not_be_scanned_are_told(tmp_path: Path) -> None:
    data_dir = DataDir.open(tmp_path)
    quiet, quiet_json = status(tmp_path), status(tmp_path, "--json")

    data_dir.note_unscannable()

    assert "[UNSCANNABLE]" not in quiet
    assert json.loads(quiet_json)["unscannable"] == 0
    assert "kept as [UNSCANNABLE]: 1" in status(tmp_path)
    assert json.loads(status(tmp_path, "--json"))["unscannable"] == 1


def test_the_folder_that_was_read_is_named_and_sessions_are_listed_newest_first(data: Path) -> None:
    lines = status(data, "--sessions", "--limit", "2").splitlines()
    document = json.loads(status(data, "--sessions", "--json"))

    assert lines[0] == f"data folder: {data}"
    assert lines[-4:] == [
        "newest sessions of team local:",
        f"  s2  codex  {PROJECT}  closed  code_fail",
        f"  s1  codex  {PROJECT}  closed  code_fail",
        "  there are more; --limit 20 lists more of them",
    ]
    assert document["data"] == str(data)
    assert [(one["id"], one["agent"]) for one in document["newest_sessions"]] == [
        ("s2", "codex"),
        ("s1", "codex"),
        ("s1", "cline"),
    ]


@pytest.mark.parametrize("line", [("packet",), ("feedback", "Use make check.")])
def test_session_of_another_team_is_found_by_the_name_of_that_team(data: Path, line: tuple[str, ...]) -> None:
    store = Store.open(f"sqlite:///{data / 'store.db'}")
    store.set_session(make_session(make_key("red-1", team=TeamId("red"))), make_decision(), now_ns=10)
    store.close()
    command, *words = line

    done = CliRunner().invoke(app, [command, "red-1", *words, "--team", "red", "--json", "--data", str(data)])
    elsewhere = CliRunner().invoke(app, [command, "red-1", *words, "--data", str(data)])

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["session"] == "red-1"
    assert isinstance(elsewhere.exception, NotFoundError)


@pytest.mark.parametrize("line", ["packet", "forget", "feedback"])
@pytest.mark.parametrize(
    ("session", "agent", "words"),
    [
        ("s2", "cline", "session 's2' is of codex, and of no other agent; name that with --agent"),
        ("s1", "claude-code", "session 's1' is of cline and of codex, and of no other agent"),
        ("s3", "cline", "no session 's3' is stored; `sidecar status --sessions` lists those that are"),
    ],
)
def test_a_session_that_is_not_meant_is_told_with_what_there_is(
    data: Path, line: str, session: str, agent: str, words: str
) -> None:
    text = ["words"] if line == "feedback" else []

    done = CliRunner().invoke(app, [line, session, *text, "--agent", agent, "--data", str(data)])

    assert isinstance(done.exception, NotFoundError)
    assert words in str(done.exception)


def test_a_person_is_shown_by_the_id_by_which_their_sessions_are_forgotten(data: Path) -> None:
    store = Store.open(f"sqlite:///{data / 'store.db'}")
    session = replace(make_session(make_key("s9"), started_ns=9), person=PersonId("ab12cd34"))
    store.set_session(session, make_decision(), now_ns=10)
    store.close()

    shown = status(data, "--sessions").splitlines()
    document = json.loads(status(data, "--sessions", "--json"))
    gone = CliRunner().invoke(app, ["forget", "--person", "ab12cd34", "--data", str(data)], catch_exceptions=False)

    assert [line.partition("  person ")[2] for line in shown if line.startswith("  s")] == ["ab12cd34", "", "", ""]
    assert [one["person"] for one in document["newest_sessions"]] == ["ab12cd34", None, None, None]
    assert (gone.exit_code, gone.stdout.splitlines()[0]) == (0, "1 session forgotten")


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
@pytest.mark.parametrize(
    ("whom", "words"),
    [
        (("--project", "nope"), f"no session of project 'nope'; known: {PROJECT}"),
        (("--person", "nobody"), "no session of person 'nobody'; known: none yet"),
        (
            ("--person", "nobody", "--project", PROJECT),
            f"no session of person 'nobody' in project '{PROJECT}'; known p",
        ),
        (("--project", PROJECT, "--team", "red"), f"no session of project '{PROJECT}'; known: none yet"),
    ],
)
def test_a_slip_of_the_pen_forgets_nothing_and_says_who_is_known(
    data: Path, whom: tuple[str, ...], words: str, options: tuple[str, ...]
) -> None:
    line = ["forget", *whom, *options, "--data", str(data)]

    done = CliRunner().invoke(app, line, catch_exceptions=False)
    document = CliRunner().invoke(app, [*line, "--json"], catch_exceptions=False)

    assert (done.exit_code, document.exit_code) == (1, 1)
    assert len(done.stdout.splitlines()) == 1
    assert done.stdout.startswith(words)
    assert json.loads(document.stdout)["nothing_because"].startswith(words)


@pytest.mark.parametrize("command", ["report", "propose", "sync", "effects", "rules explain 0a"])
def test_a_project_without_settings_is_told_with_those_that_have_them(data: Path, command: str) -> None:
    (data / "sidecar.toml").write_text(f'[projects."{PROJECT}"]\nurl = "/r.git"\n')

    done = CliRunner().invoke(app, [*command.split(), "--project", "nope/x", "--data", str(data)])

    assert isinstance(done.exception, ConfigError)
    assert str(done.exception).startswith(
        f"no settings for project 'nope/x'; known: {PROJECT}; for another one add to "
    )


@pytest.mark.parametrize("command", ["report", "propose", "sync", "effects"])
def test_projects_that_sessions_have_are_named_where_settings_name_none(data: Path, command: str) -> None:
    done = CliRunner().invoke(app, [command, "--data", str(data)], catch_exceptions=False)

    assert done.stdout.endswith(f"; there are sessions of {PROJECT}\n")
