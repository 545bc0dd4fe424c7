"""A forgotten session leaves a real Phoenix: its spans, its annotations, and the bytes of Phoenix's own file."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from judges.registry import judge
from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, SessionKey
from sidecar.flows import mirror_now
from sidecar.forgetting import Wish, delete_in_phoenix, forget
from sidecar.installation import Installation
from sidecar.jobs.judging import judge_sessions
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.install import install
from sidecar.phoenix.mapping import phoenix_session, session_spans
from sidecar.phoenix.server import phoenix_running
from tests.loop.conftest import receive_all
from tests.loop.loop import Loop

ENVIRONMENT = Path(__file__).parents[2] / ".venv-phoenix"
PLACE = "forge.example:acme:shop"
MINUTE_NS = 61 * 1_000_000_000

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Installation]:
    """The recorded sessions of the shop, judged."""
    loop = Loop(root=tmp_path, repository="shop").build()
    config = load_config(loop.data / "sidecar.toml", {})
    with Installation.open(DataDir.open(loop.data), config, owner="test") as opened:
        asyncio.run(receive_all(opened.receiver(), "shop"))
        opened.projector().run(now_ns=time.time_ns())
        asyncio.run(judge_sessions(opened.store, judge("evidence"), now_ns=time.time_ns))
        yield opened


def span_ids(opened: Installation, key: SessionKey) -> set[str]:
    stored = opened.store.session(key)
    assert stored is not None
    return {span.span_id.hex() for span in session_spans(stored.session, None)}


async def test_a_forgotten_session_is_deleted_in_phoenix_and_the_others_stay(judged: Installation) -> None:
    folder = judged.data_dir.path / "phoenix"
    gone, *kept = judged.store.unmirrored_sessions(max_tries=1)
    name, spans = phoenix_session(gone), {key: span_ids(judged, key) for key in (gone, *kept)}
    wish = Wish(team=LOCAL_TEAM, session_id=gone.session_id, agent=gone.agent)
    async with phoenix_running(install(ENVIRONMENT), folder) as running, PhoenixClient.connect(running.url) as client:
        await mirror_now(judged, running.url, now_ns=time.time_ns())
        assert await client.stored_spans(PLACE, sorted(spans[gone])) == spans[gone]
        now_ns = time.time_ns()

        await asyncio.to_thread(forget, judged, wish, now_ns=now_ns)
        due = await asyncio.to_thread(delete_in_phoenix, judged, now_ns=now_ns)

        assert due == "they are deleted there, and looked for once more"
        assert not await client.has_session(name)
        assert await client.stored_spans(PLACE, sorted(spans[gone])) == set()
        for key in kept:
            assert await client.stored_spans(PLACE, sorted(spans[key])) == spans[key]
        # its log of requests names ids, never content
        assert files_holding(folder, gone.session_id) <= {"phoenix.log"}

        again, _ = await mirror_now(judged, running.url, now_ns=now_ns + MINUTE_NS)

        assert again.sessions == ()
        assert judged.store.viewer_deletions.due() == []
        assert not await client.has_session(name)


def files_holding(folder: Path, text: str) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()}
