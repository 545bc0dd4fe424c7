"""Test reports by command: every format is known, and whom a report is about can be said in more than one way."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from collectors.outcomes.registry import READERS
from sidecar.cli.app import app
from sidecar.errors import InputError

REPORTS = Path(__file__).parents[2] / "collectors" / "outcomes" / "reports"
DIFF = "+++ b/a.py\n+def total(items):\n+    return sum(items)\n"


def run(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(app, ["outcomes", *arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)


def refused(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["outcomes", *arguments])
    assert isinstance(done.exception, InputError)
    return str(done.exception)


@pytest.mark.parametrize(
    ("name", "format"),
    [("pytest.xml", "junit"), ("go.jsonl", "go_json"), ("vitest.json", "jest_json"), ("node.tap", "tap")],
)
def test_read_knows_a_format_by_content_and_by_name(name: str, format: str) -> None:
    by_content = run("read", str(REPORTS / name))

    assert by_content["format"] == format
    assert run("read", str(REPORTS / name), "--format", format) == by_content


def test_help_names_every_format() -> None:
    shown = CliRunner().invoke(app, ["outcomes", "read", "--help"]).stdout

    assert [name for name in (*READERS, "auto") if name not in shown] == []


def test_a_cut_report_is_refused_with_file_line_and_column(tmp_path: Path) -> None:
    cut = tmp_path / "cut.json"
    cut.write_bytes((REPORTS / "jest.json").read_bytes()[:300])

    assert refused("read", str(cut)).startswith(f"{cut}: jest report is not JSON: line 1, column ")


def test_add_takes_what_helps_to_find_the_session(tmp_path: Path) -> None:
    (tmp_path / "change.diff").write_text(DIFF)
    where = ("--commit", "abcdef1", "--branch", "refs/heads/topic", "--repository", "git@github.com:Acme/Shop.git")

    added = run(
        "add", str(REPORTS / "pytest.xml"), *where, "--diff", str(tmp_path / "change.diff"), "--data", str(tmp_path)
    )

    assert added == {"new": True, "sessions": []}


def test_a_report_that_names_its_session_needs_no_option(tmp_path: Path) -> None:
    assert run("add", str(REPORTS / "playwright-ctrf.json"), "--data", str(tmp_path))["new"] is True


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--commit", "main", "commit= must be 7 to 64 hex digits"),
        ("--session", "a\nb", "session= must be"),
        ("--branch", "refs/heads/", "branch= must be"),
        ("--repository", "shop", "repository= must be the URL of a git remote"),
    ],
)
def test_what_is_no_such_thing_is_refused(tmp_path: Path, option: str, value: str, said: str) -> None:
    whom = () if option in ("--commit", "--session") else ("--session", "s-1")

    assert said in refused("add", str(REPORTS / "pytest.xml"), *whom, option, value, "--data", str(tmp_path))


def test_a_diff_that_adds_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "change.diff").write_text("-gone\n")

    assert "adds no line" in refused(
        "add", str(REPORTS / "pytest.xml"), "--commit", "abcdef1", "--diff", str(tmp_path / "change.diff")
    )
