"""Real Phoenix beside the recorded sessions: installed, started, mirrored into, killed, looked at, read back."""

import asyncio
import html
import os
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from judges.registry import judge
from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, Label, Session, SessionState
from sidecar.errors import PhoenixError, PhoenixUnavailableError
from sidecar.installation import Installation
from sidecar.jobs.judging import judge_sessions
from sidecar.phoenix.annotating import LABEL_NAME
from sidecar.phoenix.certificates import AUTHORITY
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.feedback import read_feedback
from sidecar.phoenix.install import PhoenixEnvironment, install
from sidecar.phoenix.mapping import phoenix_session, session_spans
from sidecar.phoenix.mirror import Mirrored, mirror_sessions
from sidecar.phoenix.server import RunningPhoenix, phoenix_running, running_at
from tests.loop.conftest import receive_all
from tests.loop.loop import Loop
from tests.recordings.planted import PLANTED_SECRETS

ENVIRONMENT = Path(__file__).parents[2] / ".venv-phoenix"
PROJECT = "forge.example:acme:shop"
CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--window-size=1920,1080", "--virtual-time-budget=20000"),
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The recorded sessions of the shop, judged, and a folder for Phoenix."""

    installation: Installation
    environment: PhoenixEnvironment
    folder: Path

    @asynccontextmanager
    async def phoenix(self) -> AsyncGenerator[tuple[RunningPhoenix, PhoenixClient]]:
        async with (
            phoenix_running(self.environment, self.folder) as running,
            PhoenixClient.connect(running.url) as client,
        ):
            yield running, client

    async def mirror(self, client: PhoenixClient) -> Mirrored:
        return await mirror_sessions(self.installation.store, client, redact=self.installation.redactor.redact)

    def settled(self) -> list[Session]:
        store = self.installation.store
        known = [store.session(one.session.key) for one in store.sessions(LOCAL_TEAM)]
        return [one.session for one in known if one and one.session.state is SessionState.SETTLED]

    def span_ids(self) -> list[str]:
        return sorted(span.span_id.hex() for session in self.settled() for span in session_spans(session, ()))


@pytest.fixture(scope="module")
def environment() -> PhoenixEnvironment:
    return install(ENVIRONMENT)


@pytest.fixture
def shop(tmp_path: Path, environment: PhoenixEnvironment) -> Generator[Shop]:
    loop = Loop(root=tmp_path, repository="shop").build()
    config = load_config(loop.data / "sidecar.toml", {})
    with Installation.open(DataDir.open(loop.data), config, owner="test") as installation:
        asyncio.run(receive_all(installation.receiver(), "shop"))
        installation.projector().run(now_ns=time.time_ns())
        asyncio.run(judge_sessions(installation.store, judge("evidence"), now_ns=time.time_ns))
        yield Shop(installation=installation, environment=environment, folder=loop.data / "phoenix")


async def shown_spans(url: str) -> list[str]:
    """Every span id of the project, as often as REST lists it."""
    return sorted(row["context"]["span_id"] for row in await rows(url, "spans"))


async def rows(url: str, what: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of one of the project's listings."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        while cursor is not None:
            page = {**query, "limit": 100, **({"cursor": cursor} if cursor else {})}
            answer = (await client.get(f"/v1/projects/{PROJECT}/{what}", params=page)).raise_for_status().json()
            found += answer["data"]
            cursor = answer["next_cursor"]
    return found


async def is_killed_in_the_middle(shop: Shop) -> bool:
    """Phoenix dies by kill -9 while it writes what it has acknowledged; True when the mirror noticed."""
    async with shop.phoenix() as (running, client):
        mirroring = asyncio.create_task(shop.mirror(client))
        async with PhoenixClient.connect(running.url) as watching:
            while await watching.span_count() == 0:  # noqa: ASYNC110 - another process is waited for
                await asyncio.sleep(0.02)
        os.kill(running.pid, signal.SIGKILL)
        try:
            await mirroring
        except PhoenixUnavailableError:
            return True
    return False


async def test_sessions_are_in_phoenix_once_with_their_scores_whatever_is_killed(shop: Shop, tmp_path: Path) -> None:
    assert await is_killed_in_the_middle(shop)
    assert running_at(shop.folder) is None
    async with shop.phoenix() as (running, client):
        before = await shown_spans(running.url)
        assert 0 < len(before) < len(shop.span_ids())

        await shop.mirror(client)
        await shop.mirror(client)

        assert await shown_spans(running.url) == shop.span_ids()
        await check_annotations(shop, running.url)
        check_grpc_is_closed(shop, running)
        await check_page(client, shop, tmp_path)
        await check_feedback(client, shop, running.url)
        assert running_at(shop.folder) == running.url
        with pytest.raises(PhoenixError, match=re.escape(running.url)):
            async with shop.phoenix():
                pass
    assert running.ended.done()
    check_no_secret(shop.folder)


async def check_annotations(shop: Shop, url: str) -> None:
    """One label for each session and each root span, and the very verdicts of the store."""
    sessions = shop.settled()
    names = [phoenix_session(session.key) for session in sessions]
    noted = await rows(url, "session_annotations", session_ids=names)
    labels = {row["session_id"]: row["result"]["label"] for row in noted if row["name"] == LABEL_NAME}
    stored = [shop.installation.store.session(session.key) for session in sessions]
    assert labels == {one.session.key.session_id: one.decision.label.value for one in stored if one}
    expected = Counter({LABEL_NAME: len(sessions)})
    expected["verdict:evidence"] = sum(len(shop.installation.store.verdicts(one.key)) for one in sessions)
    assert Counter(row["name"] for row in noted) == expected
    roots = [row["context"]["span_id"] for row in await rows(url, "spans", parent_id="null")]
    on_spans = await rows(url, "span_annotations", span_ids=roots)
    assert sum(row["name"] == LABEL_NAME for row in on_spans) == len(roots)


def check_grpc_is_closed(shop: Shop, running: RunningPhoenix) -> None:
    """Neither plaintext nor TLS without a certificate gets in, on any address of the machine."""
    authority = (shop.environment.certificates / AUTHORITY).read_bytes()
    for address in (f"127.0.0.1:{running.grpc_port}", f"localhost:{running.grpc_port}", f"[::1]:{running.grpc_port}"):
        for channel in (
            grpc.insecure_channel(address),
            grpc.secure_channel(address, grpc.ssl_channel_credentials(authority)),
        ):
            with channel, pytest.raises(grpc.RpcError) as refused:
                TraceServiceStub(channel).Export(ExportTraceServiceRequest(), timeout=5)  # pyright: ignore[reportUnknownMemberType] # generated, without types
            assert refused.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue] # what grpc raises is a Call too


async def check_page(client: PhoenixClient, shop: Shop, folder: Path) -> None:
    """A person who opens the address sees the sessions, each with its score."""
    if shutil.which("chromium") is None:
        assert os.environ.get("CI") != "true", "chromium is not installed"
        pytest.skip("chromium is not installed")
    page = await client.sessions_page(PROJECT, min(session.started_ns for session in shop.settled()))
    profile = f"--user-data-dir={folder / 'chromium'}"
    looked = await asyncio.to_thread(
        subprocess.run,
        [*CHROMIUM, profile, "--dump-dom", page],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    shown = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", looked.stdout)))
    stored = [shop.installation.store.session(session.key) for session in shop.settled()]
    labels = Counter(one.decision.label for one in stored if one)
    assert f"Total Sessions {len(shop.settled())}" in shown
    assert shown.count(f"{LABEL_NAME} μ 1.00") == labels[Label.PASS] > 0
    assert shown.count(f"{LABEL_NAME} μ 0.00") == labels[Label.CODE_FAIL] > 0
    assert shown.count(f"{LABEL_NAME} infra") == labels[Label.INFRA] > 0


async def check_feedback(client: PhoenixClient, shop: Shop, url: str) -> None:
    """What a person notes on a session and on a span comes back, once however often it is read."""
    session = shop.settled()[0]
    root = session_spans(session, ())[0].span_id.hex()
    note = {"name": "opinion", "annotator_kind": "HUMAN"}
    async with httpx.AsyncClient(base_url=url, timeout=60) as person:
        for target, named in (("session", phoenix_session(session.key)), ("span", root)):
            result = {"label": "bad", "explanation": f"wrong {target}"}
            body = {"data": [{**note, f"{target}_id": named, "result": result}]}
            (await person.post(f"/v1/{target}_annotations?sync=true", json=body)).raise_for_status()
    redact = shop.installation.redactor.redact
    # read on the day of the sessions: those of a month ago are not asked about
    now_ns = session.last_activity_ns

    counts = [await read_feedback(shop.installation.store, client, redact=redact, now_ns=now_ns) for _ in range(2)]

    assert counts == [2, 2]
    words = shop.installation.store.feedback(session.key)
    assert sorted(words) == ["opinion: bad\nwrong session", "opinion: bad\nwrong span"]


def check_no_secret(folder: Path) -> None:
    """Of the secrets that one recorded session read, not a byte is in what Phoenix wrote."""
    written = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = [
        (path.name, secret) for path, body in written.items() for secret in PLANTED_SECRETS if secret.encode() in body
    ]
    assert found == []
    assert any(b"[REDACTED:" in body for body in written.values())
    assert folder.stat().st_mode & 0o077 == 0


async def test_a_phoenix_that_cannot_start_says_why_in_its_own_words(
    environment: PhoenixEnvironment, tmp_path: Path
) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "phoenix.db").write_bytes(b"this is no database" * 100)

    with pytest.raises(PhoenixError, match="failed to migrate the database"):
        async with phoenix_running(environment, tmp_path):
            pass
