"""Data folders in which the recorded sessions of a fixture repository have arrived and are judged."""

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from judges.registry import judge
from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, Intake
from sidecar.installation import Installation
from sidecar.jobs.judging import judge_sessions
from sidecar.receive import Arrival, Receiver
from sidecar.recordings import RecordedRequest
from tests.loop.loop import Loop, requests_of

MakeLoop = Callable[[str], Loop]


def arrival(request: RecordedRequest) -> Arrival:
    """A recorded request as the receivers hand it on."""
    place = urlsplit(request.target)
    kind, _, rest = place.path.strip("/").partition("/")
    intake = {"hooks": Intake.HOOK, "transcripts": Intake.TRANSCRIPT, "outcomes": Intake.OUTCOME}.get(kind)
    observed = request.headers.get("x-sidecar-observed-ns")
    return Arrival(
        team=LOCAL_TEAM,
        intake=intake or Intake(rest),
        body=request.body,
        received_ns=request.at_ns,
        content_type=request.headers.get("content-type", ""),
        content_encoding=request.headers.get("content-encoding", ""),
        agent=rest or None,
        parameters=dict(parse_qsl(place.query)),
        observed_ns=int(observed) if observed else None,
    )


async def receive_all(receiver: Receiver, repository: str) -> None:
    for request in requests_of(repository):
        await receiver.receive(arrival(request))


@pytest.fixture(scope="session")
def judged_loops(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Loop]:
    """One judged loop per repository, to be copied, never used itself."""
    loops: dict[str, Loop] = {}
    for repository in ("shop", "parcel"):
        loop = Loop(root=tmp_path_factory.mktemp(repository), repository=repository).build()
        config = load_config(loop.data / "sidecar.toml", {})
        with Installation.open(DataDir.open(loop.data), config, owner="test") as installation:
            asyncio.run(receive_all(installation.receiver(), repository))
            installation.projector().run(now_ns=time.time_ns())
            asyncio.run(judge_sessions(installation.store, judge("evidence"), now_ns=time.time_ns))
        loops[repository] = loop
    return loops


@pytest.fixture
def judged(judged_loops: dict[str, Loop], tmp_path: Path) -> MakeLoop:
    """A judged loop of its own for a test."""

    def copied(repository: str) -> Loop:
        template = judged_loops[repository]
        root = tmp_path / repository
        shutil.copytree(template.root, root)
        loop = Loop(root=root, repository=repository)
        loop.write_settings()
        return loop

    return copied
