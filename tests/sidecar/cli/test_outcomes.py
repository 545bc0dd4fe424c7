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

    assert added == {"new": True, "sessions": [], "forgotten": False}


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


QUIET = """F..                                                                      [100%]
=========================== short test summary info ============================
FAILED t.py::test_bad[a b] - assert 1 == 2
1 failed, 2 passed in 0.01s
"""


def lists(folder: Path, fail_to_pass: str, pass_to_pass: str | None = None) -> list[str]:
    (folder / "output.txt").write_text(QUIET)
    (folder / "wanted.json").write_text(fail_to_pass)
    options = ["--fail-to-pass", str(folder / "wanted.json")]
    if pass_to_pass is not None:
        (folder / "kept.txt").write_text(pass_to_pass)
        options += ["--pass-to-pass", str(folder / "kept.txt")]
    return ["read", str(folder / "output.txt"), *options]


def test_lists_of_tests_decide_the_label_and_say_why(tmp_path: Path) -> None:
    read = run(*lists(tmp_path, '["t.py::test_a"]', "t.py::test_bad[a\n"))

    assert read["label"] == "code_fail"
    assert "not passed: t.py::test_bad[a failed" in str(read["reason"])
    assert read["demanded"] == [
        {"name": "t.py::test_a", "status": "passed", "told": "by count"},
        {"name": "t.py::test_bad[a", "status": "failed", "told": "by name"},
    ]


def test_what_else_failed_does_not_matter(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["outcomes", *lists(tmp_path, "t.py::test_a\nt.py::test_b\n")])

    assert done.stdout.splitlines() == [
        "console: pass: 2 of 2 fail-to-pass tests passed "
        "(2 of them by the summary's count: the output names only others)",
        "  passed   t.py::test_a (by count)",
        "  passed   t.py::test_b (by count)",
    ]


@pytest.mark.parametrize(
    ("listed", "words"),
    [("", "wanted.json: names no test"), ("[]", "the lists name no test"), ('["a"', "wanted.json: begins like JSON")],
)
def test_lists_that_cannot_decide_are_refused_by_name(listed: str, words: str, tmp_path: Path) -> None:
    assert words in refused(*lists(tmp_path, listed))


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "output.txt").write_text(QUIET)

    refusal = refused("read", str(tmp_path / "output.txt"), "--pass-to-pass", str(tmp_path / "none.txt"))

    assert "none.txt: cannot be read (No such file or directory)" in refusal
