"""Whose name stands beside what a person decides here."""

import os
import subprocess
from pathlib import Path

import pytest

from sidecar.cli.person import person_at


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository of somebody whom only the system knows."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LOGNAME", "zoe")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def set_name(checkout: Path, name: str) -> None:
    subprocess.run(["git", "-C", str(checkout), "config", "user.name", name], check=True)


def test_git_of_the_checkout_names_a_person_before_the_system_does(checkout: Path) -> None:
    before = person_at(checkout)
    set_name(checkout, "Zoë Åberg")

    assert (before, person_at(checkout)) == ("zoe", "Zoë Åberg")


@pytest.mark.parametrize("name", ["", " ", "\u200b"])
def test_a_name_that_nobody_sees_is_none(checkout: Path, name: str) -> None:
    set_name(checkout, name)

    assert person_at(checkout) == "zoe"


def test_a_name_is_one_line_of_what_readers_see(checkout: Path) -> None:
    set_name(checkout, f"Zoë\nsidecar: done\x1b[2J\u202e{'x' * 100}")

    named = person_at(checkout) or ""

    assert named.startswith("Zoë / sidecar: done[2Jx")
    assert (named.isprintable(), len(named) <= 81) == (True, True)
