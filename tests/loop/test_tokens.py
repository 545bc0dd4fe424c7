"""Tokens as an operator makes, lists and takes them back."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.errors import SidecarError
from sidecar.tokens import digest_of
from tests.loop.loop import Loop


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    (tmp_path / "data").mkdir()
    return Loop(root=tmp_path, repository="shop")


def test_a_token_is_shown_once_and_never_kept(loop: Loop) -> None:
    made = loop.run("tokens", "add", "--team", "acme", "--scope", "ingest", "--note", "Ada's laptop", "--days", "30")
    (listed,) = loop.run("tokens", "list")["tokens"]

    assert made["token"].startswith(f"sidecar_{made['id']}_")
    assert listed == {name: value for name, value in made.items() if name != "token"}
    assert (listed["team"], listed["scope"], listed["note"], listed["holds"]) == (
        "acme",
        "ingest",
        "Ada's laptop",
        True,
    )
    secret = made["token"].encode()
    kept = b"".join(path.read_bytes() for path in loop.data.rglob("*") if path.is_file())
    assert secret not in kept
    assert digest_of(made["token"]).encode() in kept


@pytest.mark.parametrize("by", ["id", "token"])
def test_a_token_is_taken_back_by_its_id_or_itself(loop: Loop, by: str) -> None:
    made = loop.run("tokens", "add", "--team", "acme", "--scope", "read")

    loop.run("tokens", "revoke", made[by])

    (listed,) = loop.run("tokens", "list")["tokens"]
    assert not listed["holds"]
    assert listed["revoked"] is not None


@pytest.mark.parametrize(
    "words",
    [
        ("revoke", "00000000"),
        ("revoke", ""),
        ("add", "--team", "a b", "--scope", "read"),
        ("add", "--team", "a", "--scope", "read", "--note", "two\nlines"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(loop: Loop, words: tuple[str, ...]) -> None:
    asked = CliRunner().invoke(app, ["tokens", *words, "--data", str(loop.data)])

    assert isinstance(asked.exception, SidecarError)


@pytest.mark.parametrize(
    "words",
    [
        ("--scope", "everything", "--team", "a"),
        ("--team", "a"),
        ("--scope", "read"),
        ("--team", "a", "--scope", "read", "--days", "3651"),
    ],
)
def test_what_is_missing_or_unknown_is_said_before_anything_is_made(loop: Loop, words: tuple[str, ...]) -> None:
    asked = CliRunner().invoke(app, ["tokens", "add", *words, "--data", str(loop.data)])

    assert asked.exit_code == 2
    assert any(word in asked.output for word in ("scope", "team", "3650"))
    assert list(loop.data.iterdir()) == []
