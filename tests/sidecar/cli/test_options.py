"""A data folder is made by commands that bring something in; the others refuse one that is mistyped."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.errors import ConfigError, DataDirError

LOOKING = (
    "status",
    "report",
    "spend",
    "effects",
    "rules list",
    "rules explain abc",
    "packet s",
    "feedback s words",
    "forget s",
    "judges card",
    "judges check",
    "judge",
    "propose",
    "sync",
    "tokens list",
    "doctor",
)


@pytest.mark.parametrize("line", LOOKING)
def test_a_folder_that_is_no_data_folder_is_refused_and_not_made(tmp_path: Path, line: str) -> None:
    (tmp_path / "empty").mkdir()

    for name, what in (("typo", "there is no such folder"), ("empty", "it has no key")):
        folder = tmp_path / name
        done = CliRunner().invoke(app, [*line.split(), "--data", str(folder)])
        assert isinstance(done.exception, DataDirError)
        assert f"no installation at {folder}: {what}; `sidecar init` or `sidecar serve` makes one" in str(
            done.exception
        )

    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


def test_a_key_of_elsewhere_needs_the_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"k" * 32)
    (tmp_path / "node").mkdir()
    environment = {"SIDECAR_KEY_FILE": str(tmp_path / "key")}

    there, typo = (
        CliRunner().invoke(app, ["status", "--data", str(tmp_path / name)], env=environment)
        for name in ("node", "typo")
    )

    assert there.exit_code == 0
    assert isinstance(typo.exception, DataDirError)
    assert not (tmp_path / "typo").exists()


def test_a_dry_init_makes_nothing_and_init_makes_what_the_others_want(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "data")]

    CliRunner().invoke(app, ["init", "--dry-run", *data], catch_exceptions=False)
    was_made = (tmp_path / "data").exists()
    CliRunner().invoke(app, ["init", *data], catch_exceptions=False)
    done = CliRunner().invoke(app, ["status", "--json", *data], catch_exceptions=False)

    assert not was_made
    assert json.loads(done.stdout)["data"] == str(tmp_path / "data")


def test_settings_that_are_a_folder_stop_every_command(tmp_path: Path) -> None:
    (tmp_path / "sidecar.toml").mkdir()

    done = CliRunner().invoke(app, ["serve", "--data", str(tmp_path)])

    assert isinstance(done.exception, ConfigError)
    assert "sidecar.toml: is a folder, and a settings file was expected" in str(done.exception)


@pytest.mark.parametrize("command", [["serve", "--http", "127.0.0.1:0", "--grpc", ""], ["work"]])
def test_a_forge_that_nobody_knows_is_an_error_at_the_start(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "sidecar.toml").write_text('[projects."forge.example/acme/shop"]\nurl = "/r"\nforge = "hub"\n')

    done = CliRunner().invoke(app, [*command, "--data", str(tmp_path)])

    assert isinstance(done.exception, ConfigError)
    assert "forge.example/acme/shop: no forge 'hub'; there are: local" in str(done.exception)
