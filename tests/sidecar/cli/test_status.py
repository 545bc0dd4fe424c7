"""What `sidecar status` says of the folder beside the funnel."""

import json
from pathlib import Path

from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.data_dir import DataDir


def status(data: Path, *options: str) -> str:
    done = CliRunner().invoke(app, ["status", "--data", str(data), *options], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_strings_that_could_not_be_scanned_are_told(tmp_path: Path) -> None:
    quiet, quiet_json = status(tmp_path), status(tmp_path, "--json")

    DataDir.open(tmp_path).note_unscannable()

    assert "[UNSCANNABLE]" not in quiet
    assert json.loads(quiet_json)["unscannable"] == 0
    assert "kept as [UNSCANNABLE]: 1" in status(tmp_path)
    assert json.loads(status(tmp_path, "--json"))["unscannable"] == 1
