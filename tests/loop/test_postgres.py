"""The whole circle on PostgreSQL: inbox and store in one database, two workers, the same proposal as on SQLite."""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM
from sidecar.installation import Installation
from tests.contracts.postgres import PostgresMissingError, PostgresServer
from tests.loop.conftest import MakeLoop, receive_all
from tests.loop.loop import Loop, Serving, play, requests_of
from tests.reading import caught_up


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    try:
        server = PostgresServer.start()
    except PostgresMissingError as exc:
        if os.environ.get("CI") == "true":
            pytest.fail(str(exc))
        pytest.skip(str(exc))
    yield server
    server.stop()


def on_postgres(loop: Loop, server: PostgresServer) -> Loop:
    settings = loop.data / "sidecar.toml"
    settings.write_text(f'{settings.read_text()}[store]\nurl = "{server.fresh_url()}"\n')
    return loop


def rules_of_proposal(loop: Loop) -> tuple[str, str]:
    (branch,) = loop.branches()
    return loop.git("rev-parse", f"{branch}^{{tree}}"), loop.proposal_text().replace(str(loop.root), "")


def test_sessions_served_into_postgres_make_the_same_rules(
    judged: MakeLoop, postgres: PostgresServer, tmp_path: Path
) -> None:
    expected = judged("parcel")
    expected.propose_and_sync()
    loop = on_postgres(Loop(root=tmp_path / "pg", repository="parcel").build(), postgres)
    serving = Serving(loop)
    asyncio.run(play(serving.url, requests_of("parcel"), set()))
    sessions = caught_up(f"{serving.url}/api/sessions").json()["sessions"]
    serving.stop()

    loop.run("judge")
    loop.propose_and_sync()
    loop.run("sync")

    assert {one["state"] for one in sessions} == {"settled"}
    assert rules_of_proposal(loop)[0] == rules_of_proposal(expected)[0]
    assert not list(loop.data.glob("*.db"))


def test_two_workers_on_one_database_project_every_session_whole(
    judged: MakeLoop, postgres: PostgresServer, tmp_path: Path
) -> None:
    calm = judged("parcel")
    loop = on_postgres(Loop(root=tmp_path / "pg", repository="parcel").build(), postgres)
    config = load_config(loop.data / "sidecar.toml", {})
    (loop.data / "key").write_bytes((calm.data / "key").read_bytes())
    now_ns = time.time_ns()
    with Installation.open(DataDir.open(loop.data), config, owner="test") as opened:
        asyncio.run(receive_all(opened.receiver(), "parcel"))

        def work(owner: str) -> None:
            with Installation.open(DataDir.open(loop.data), config, owner=owner) as installation:
                installation.projector().run(now_ns=now_ns)

        workers = [threading.Thread(target=work, args=(f"elsewhere:{number}:x",)) for number in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        found = sessions_of(opened)

    with Installation.open(DataDir.open(calm.data), load_config(None, {}), owner="test") as other:
        assert found == sessions_of(other)


def sessions_of(installation: Installation) -> dict[str, object]:
    store = installation.store
    keys = [one.session.key for one in store.sessions(LOCAL_TEAM)]
    return {key.session_id: (stored.session.steps, stored.decision) for key in keys if (stored := store.session(key))}
