"""Capture levels through the whole way: what is written at each, and that the default teaches all the same."""

import asyncio
import time
from pathlib import Path

import pytest

from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, Label
from sidecar.installation import Installation
from tests.loop.conftest import MakeLoop, receive_all
from tests.loop.loop import Loop
from tests.loop.written import found_in
from tests.said import TALK, WORK, WRITTEN, sent

PARCEL_RULES = 3


def received(folder: Path, settings: str) -> Loop:
    """A loop over the parcel's sessions, received with further settings."""
    loop = Loop(root=folder, repository="parcel").build()
    place = loop.data / "sidecar.toml"
    place.write_text(f"{settings}\n{place.read_text()}")
    with Installation.open(DataDir.open(loop.data), load_config(place, {}), owner="test") as installation:
        asyncio.run(receive_all(installation.receiver(), "parcel"))
        installation.projector().run(now_ns=time.time_ns())
    return loop


def test_by_default_nothing_that_was_said_is_written_and_everything_is_learned(judged: MakeLoop) -> None:
    loop = judged("parcel")

    (drafted,) = loop.run("propose", "--dry-run")["projects"]

    assert len(drafted["proposal"]["edits"]) == PARCEL_RULES
    assert len(sent(TALK, "parcel")) > 20
    assert found_in(loop.data, sent(TALK, "parcel")) == set()


def test_at_metadata_nothing_that_was_done_is_written_either(tmp_path: Path) -> None:
    loop = received(tmp_path, '[capture]\nlevel = "metadata"\n')

    assert found_in(loop.data, sent(TALK | WORK, "parcel")) == set()
    with Installation.open(DataDir.open(loop.data), load_config(None, {}), owner="test") as installation:
        stored = installation.store.sessions(LOCAL_TEAM)
    assert {str(one.session.project) for one in stored} == {loop.project}
    assert len({one.session.task for one in stored}) == len(stored)
    # what CI posted names its session; of the others nothing is known that could be judged
    assert {one.decision.label for one in stored} == {Label.PASS, Label.CODE_FAIL, Label.UNKNOWN}


def test_at_full_everything_is_written(tmp_path: Path) -> None:
    loop = received(tmp_path, '[capture]\nlevel = "full"\n')

    written = {text for text, _ in found_in(loop.data, sent(TALK | WRITTEN, "parcel"))}
    assert len(written) > 20


@pytest.mark.parametrize("settings", ['[projects."git.example/acme/else"]\nurl = "/x"\ncapture = "metadata"\n'])
def test_a_stricter_project_keeps_others_from_nothing_once_theirs_is_known(tmp_path: Path, settings: str) -> None:
    loop = received(tmp_path, settings)

    with Installation.open(DataDir.open(loop.data), load_config(None, {}), owner="test") as installation:
        stored = [installation.store.session(one.session.key) for one in installation.store.sessions(LOCAL_TEAM)]
    commands = [step.command for one in stored if one for step in one.session.steps if step.command]
    assert commands
