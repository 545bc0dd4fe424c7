"""init tells what is here, writes settings once, and never over others."""

import json
import shlex
from pathlib import Path

import pytest

from sidecar.attach.starting import test_command as command_for
from sidecar.config import load_config
from tests.sidecar.attach.desk import Desk


def initiated(desk: Desk, monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    """Run init in the clone."""
    monkeypatch.chdir(desk.repository)
    return desk.run("init", "--data", str(desk.home / "data"), *options)


def test_settings_name_the_repository_one_stands_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    said = initiated(desk, monkeypatch)

    config = load_config(desk.home / "data" / "sidecar.toml", {})
    assert config.projects["forge.example/acme/shop"].url == "https://forge.example/Acme/Shop.git"
    assert "secret" not in said


def test_settings_that_are_there_stay(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = desk.home / "data" / "sidecar.toml"
    file.parent.mkdir()
    file.write_text("# mine\n")

    said = initiated(desk, monkeypatch)

    assert file.read_text() == "# mine\n"
    assert '[projects."forge.example/acme/shop"]' in said
    assert f"next: sidecar serve --data {shlex.quote(str(file.parent))}\n" in said


@pytest.mark.parametrize(
    ("known", "is_missing"), [("forge.example/acme/shop-api", True), ("forge.example/acme/shop", False)]
)
def test_lines_are_named_for_a_repository_that_the_settings_lack(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, known: str, is_missing: bool
) -> None:
    file = desk.home / "data" / "sidecar.toml"
    file.parent.mkdir()
    file.write_text(f'[projects."{known}"]\nurl = "/srv/git/shop.git"\n')

    told = json.loads(initiated(desk, monkeypatch, "--json"))

    assert is_missing == (told["to_add"] is not None and '[projects."forge.example/acme/shop"]' in told["to_add"])


def test_settings_of_the_user_are_not_hidden_by_new_ones(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = desk.home / "config" / "agent-sidecar" / "sidecar.toml"
    file.parent.mkdir(parents=True)
    file.write_text("# mine\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk.home / "config"))

    said = initiated(desk, monkeypatch)

    assert f"{file} is there already" in said
    assert not (desk.home / "data" / "sidecar.toml").exists()


def test_a_dry_run_writes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    said = initiated(desk, monkeypatch, "--dry-run")

    assert "would write" in said
    assert not (desk.home / "data").exists()


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"Makefile": "all:\n\ttrue\ntest: all\n\tpytest\n", "package.json": "{}"}, "make test"),
        ({"Makefile": "test := 1\n", "go.mod": "module x\n"}, "go test ./..."),
        ({"package.json": '{"scripts": {"test": "jest"}}'}, "npm test"),
        ({"package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}'}, None),
        ({"package.json": "[1]", "Cargo.toml": "[package]\n"}, "cargo test"),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n"}, "python -m pytest"),
        ({"pyproject.toml": "[[["}, None),
        ({}, None),
    ],
)
def test_the_test_command_is_read_from_build_files(tmp_path: Path, files: dict[str, str], command: str | None) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    assert command == command_for(tmp_path)


@pytest.mark.parametrize(
    ("remote", "project", "url"),
    [
        ("git@github.com:acme/shop.git", "github.com/acme/shop", "git@github.com:acme/shop.git"),
        ("ssh://git@h.example:22/acme/shop", "h.example/acme/shop", "ssh://git@h.example:22/acme/shop"),
        ("ssh://git:pw@h.example/acme/shop", "h.example/acme/shop", "ssh://git@h.example/acme/shop"),
        ('/srv/git/a "b"/shop.git', 'localhost/srv/git/a "b"/shop', '/srv/git/a "b"/shop.git'),
    ],
)
def test_any_remote_makes_settings_that_load(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, remote: str, project: str, url: str
) -> None:
    desk.git("remote", "set-url", "origin", remote)

    initiated(desk, monkeypatch)

    assert url == load_config(desk.home / "data" / "sidecar.toml", {}).projects[project].url
