"""rules apply: byte for byte, by links that stay inside, and over a folder of real files where one is named."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.errors import RulesFileError
from sidecar.rules import BEGIN, END, apply_edits, parse_edits, parse_rules_file

DATA = "SIDECAR_TEST_DATA"
"""Names a folder of rules files that others wrote; without it the test over them is skipped."""
ADDED = (("Run `make check`; `pytest` fails here.", None), ("Do not edit `gen/api.py` by hand.", "src/**"))


def document(operation: str) -> bytes:
    edits = [{"op": operation, "text": text} | ({"scope": scope} if scope else {}) for text, scope in ADDED]
    return json.dumps({"edits": edits}).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for operation in ("add", "retire"):
        (tmp_path / f"{operation}.json").write_bytes(document(operation))
    return tmp_path


def applied(target: Path, folder: Path, operation: str = "add") -> bytes:
    arguments = ["rules", "apply", "--target", str(target), "--edits", str(folder / f"{operation}.json")]
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


SHAPES = {
    "empty": b"",
    "one word": b"x",
    "no final line end": b"# T\n\nBe kind.",
    "final blank lines": b"# T\n\n\n",
    "windows": b"# T\r\n\r\n- a\r\n",
    "windows, no final line end": b"# T\r\n\r\n- a",
    "old mac": b"# T\r\r- a\r",
    "mixed line ends": b"# T\n\r\n- a\r\rtext\n",
    "byte order mark": b"\xef\xbb\xbf# T\n",
    "byte order mark alone": b"\xef\xbb\xbf",
    "utf-16 little": b"\xff\xfe" + "# T\r\n\u00fc".encode("utf-16-le"),
    "utf-16 big": b"\xfe\xff" + "# T\n".encode("utf-16-be"),
    "latin-1": b"# caf\xe9\n",
    "nul": b"a\x00b\n",
    "other line separators": "a\u2028b\u0085c\x0c\n".encode(),
    "front matter": b"---\npaths:\n  - src/**\n---\n# T\n",
    "markers in a fence": f"# T\n\n```\n{BEGIN}\n- x\n{END}\n```\n".encode(),
    "markers in a fence with carriage returns": f"# T\r\n~~~\r\n{BEGIN}\r\n~~~\r\n".encode(),
    "markers in a sentence": f"Between `{BEGIN}` and the end.\n".encode(),
    "open fence": b"# T\n\n```shell\ngit log\n",
    "open fence below front matter": b"---\nname: x\n---\n\n```\nx\n",
    "open comment": b"# T\n\n<!-- not yet\n",
    "html": b"<workflow>\n  <step/>\n</workflow>\n",
    "list": b"- a\n  - b\n    continued",
    "quote": b"> a\n> b",
    "table": b"| a | b |\n|---|---|\n| 1 | 2 |",
    "indented code": b"# T\n\n    code",
    "trailing blanks": b"# T  \n   ",
    "long": b"word " * 29_000 + b"\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_added_and_removed_leaves_the_same_bytes(folder: Path, shape: str) -> None:
    (folder / "rules.md").write_bytes(SHAPES[shape])

    added = applied(folder / "rules.md", folder)
    (folder / "added.md").write_bytes(added)

    assert len(parse_rules_file(added).rules) == 2
    assert applied(folder / "added.md", folder, "retire") == SHAPES[shape]
    assert (folder / "rules.md").read_bytes() == SHAPES[shape]


def test_link_is_followed_inside_the_repository(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".clinerules").mkdir()
    (folder / "AGENTS.md").write_bytes(b"# T\n")
    link = folder / ".clinerules" / "learned.md"
    link.symlink_to("../AGENTS.md")

    assert applied(link, folder).startswith(b"# T\n")


@pytest.mark.parametrize("name", ["link.md", "docs/team.md"])
def test_link_out_of_the_repository_is_refused(folder: Path, name: str) -> None:
    (folder / "outside").mkdir()
    (folder / "outside" / "team.md").write_bytes(b"# T\n")
    repository = folder / "repository"
    (repository / ".git").mkdir(parents=True)
    (repository / "link.md").symlink_to("../outside/team.md")
    (repository / "docs").symlink_to("../outside")

    with pytest.raises(RulesFileError, match=r"leaves the repository .*; name the file it should change"):
        applied(repository / name, folder)


def test_file_of_a_scope_has_the_budget_of_one(folder: Path) -> None:
    rules = folder / ".claude" / "rules"
    rules.mkdir(parents=True)
    (rules / "learned-src.md").write_bytes("\n".join([BEGIN, *(f"- {n}" for n in range(10)), END, ""]).encode())

    with pytest.raises(RulesFileError, match="it may hold 10, 20 and 400"):
        applied(rules / "learned-src.md", folder)


@pytest.mark.skipif(not os.environ.get(DATA), reason=f"{DATA} names no folder of rules files")
def test_files_that_others_wrote_are_restored() -> None:
    files = [path for path in sorted(Path(os.environ[DATA]).rglob("*")) if path.is_file()]
    adding, retiring = parse_edits(document("add")), parse_edits(document("retire"))

    changed = [
        path for path in files if apply_edits(apply_edits(path.read_bytes(), adding), retiring) != path.read_bytes()
    ]

    assert files
    assert changed == []
