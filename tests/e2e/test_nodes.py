"""Nodes on one store: paused, killed, started beside each other and beside commands; nothing is skipped or doubled."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from tests.contracts.postgres import PostgresMissingError, PostgresServer
from tests.e2e.nodes import Cluster, Node, waited_for
from tests.loop.test_proposals import SHOP_RULES, rules_on

pytestmark = pytest.mark.e2e
FLOWS = ("judge", "draft", "sync")


@pytest.fixture(scope="module")
def postgres() -> Generator[PostgresServer]:
    try:
        server = PostgresServer.start()
    except PostgresMissingError as exc:
        if os.environ.get("CI") == "true":
            pytest.fail(str(exc))
        pytest.skip(str(exc))
    yield server
    server.stop()


@pytest.fixture
def cluster(postgres: PostgresServer, tmp_path: Path) -> Generator[Cluster]:
    made = Cluster(root=tmp_path, url=postgres.fresh_url(), repository="shop")
    yield made
    made.end()


def rules_proposed(cluster: Cluster) -> set[str]:
    (branch,) = cluster.loop.branches()
    return rules_on(cluster.loop, branch)


def is_published(cluster: Cluster) -> bool:
    is_open = cluster.asked("SELECT state FROM proposals") == [("open",)]
    return is_open and rules_proposed(cluster) == SHOP_RULES


def snapshot(cluster: Cluster) -> dict[str, object]:
    """Everything that a flow writes, in the store and at the remote."""
    tables = {
        "verdicts": "team, agent, session_id, judge, judge_version",
        "proposals": "proposal_id",
        "base_rules": "project",
        "refusals": "project, text_hash",
        "tombstones": "project, rule_id",
        "rules_files": "project, sha",
    }
    stored = {name: cluster.asked(f"SELECT * FROM {name} ORDER BY {order}") for name, order in tables.items()}
    places = {str(path): path.read_bytes() for path in cluster.loop.proposal_records()}
    return {**stored, "refs": cluster.loop.git("show-ref"), "records": places}


def is_awake(node: Node) -> bool:
    """What it was paused in has ended, and the engine has told it that the run is another's by now."""
    return "is no longer owned by this execution" in node.said


def took_up(node: Node) -> bool:
    return re.search("is taken for dead; [1-9] of its runs are taken up", node.said) is not None


@pytest.mark.parametrize(
    ("flow", "table"), [("judge", "verdicts"), ("draft", "proposals"), ("sync", "rules_files")], ids=FLOWS
)
def test_node_paused_past_its_lease_writes_nothing_when_it_wakes(cluster: Cluster, flow: str, table: str) -> None:
    cluster.build(draft=2, sync=2).fill(is_judged=flow != "judge")
    with cluster.locked(table):
        paused = cluster.start(cluster.loop.data)
        cluster.wait_until_blocked(table)
        (run,) = cluster.under_way()
        paused.pause()
    other = cluster.start(cluster.folder("other"))

    waited_for(lambda: is_published(cluster) and cluster.runs()[run] == "SUCCESS", "the other one does the work")
    before = snapshot(cluster)
    paused.resume()
    waited_for(lambda: is_awake(paused), "the woken one ends its run")
    time.sleep(1)

    assert run.startswith(f"{flow}:")
    assert snapshot(cluster) == before
    assert set(cluster.verdicts_per_session()) == {1}
    assert cluster.proposals() == 1
    waited_for(lambda: took_up(other), "the other one says what it took up")
    assert "Traceback" not in paused.said + other.said
    assert (paused.stop(), other.stop()) == (0, 0)
    assert cluster.steps_per_run() == {1}


def test_node_paused_while_it_pushes_leaves_the_same_one_branch(cluster: Cluster) -> None:
    cluster.build().fill(is_judged=True)
    hook, gate = cluster.loop.remote / "hooks" / "pre-receive", cluster.root / "first"
    # the first push waits in the remote until it is let through, the others do not
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nmkdir "{gate}" 2>/dev/null && while [ -d "{gate}" ]; do sleep 0.1; done\nexit 0\n')
    hook.chmod(0o755)
    paused = cluster.start(cluster.loop.data)
    waited_for(gate.exists, "a push is under way")
    paused.pause()
    other = cluster.start(cluster.folder("other"))

    waited_for(lambda: is_published(cluster) and not cluster.under_way(), "the other one does the work")
    before = snapshot(cluster)
    hook.unlink()
    gate.rmdir()
    paused.resume()
    waited_for(lambda: is_awake(paused), "the woken one ends its run")

    assert snapshot(cluster) == before
    assert rules_proposed(cluster) == SHOP_RULES
    assert "Traceback" not in paused.said + other.said


def test_node_paused_while_it_mirrors_changes_nothing_when_it_wakes(cluster: Cluster) -> None:
    from tests.e2e.phoenix_beside import phoenix_beside

    cluster.build().fill(is_judged=True)
    with phoenix_beside(cluster.loop.data) as phoenix:
        with cluster.locked("mirrored"):
            paused = cluster.start(cluster.loop.data)
            cluster.wait_until_blocked("mirrored")
            paused.pause()
        done = subprocess.run(
            [sys.executable, "-m", "sidecar", "phoenix", "mirror", "--data", str(cluster.loop.data)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        shown, rows = dict(phoenix.spans), cluster.asked("SELECT * FROM mirrored ORDER BY session_id")
        paused.resume()
        waited_for(lambda: "mirror: waits for the next period" in paused.said, "the woken one is refused")
        time.sleep(1)

        assert rows
        assert cluster.asked("SELECT * FROM mirrored ORDER BY session_id") == rows
        assert phoenix.spans == shown


def test_work_of_a_killed_node_is_taken_up_once(cluster: Cluster) -> None:
    cluster.build(draft=2, sync=2).fill(is_judged=False)
    others = [cluster.folder(name) for name in ("second", "third")]
    with cluster.locked("verdicts"):
        killed = cluster.start(cluster.loop.data)
        cluster.wait_until_blocked("verdicts")
        (run,) = cluster.under_way()
        killed.kill()
    nodes = [cluster.start(folder) for folder in others]

    waited_for(lambda: is_published(cluster) and cluster.runs()[run] == "SUCCESS", "the others do the work")
    codes = [node.stop() for node in nodes]

    waited_for(lambda: any(took_up(node) for node in nodes), "somebody says what was taken up")
    assert cluster.steps_per_run() == {1}
    assert set(cluster.verdicts_per_session()) == {1}
    assert cluster.proposals() == 1
    assert codes == [0, 0]


def judged(cluster: Cluster) -> int:
    """How many periods of judging began."""
    return sum(name.startswith("judge:") for name in cluster.runs())


def test_two_serves_run_each_period_once_and_skip_none(cluster: Cluster) -> None:
    # drafting runs each period too: run once, it may come before the judging
    cluster.build(judge=10, draft=10, sync=10).fill(is_judged=False)
    first = cluster.start(cluster.loop.data)
    second = cluster.start(cluster.folder("second"))
    waited_for(lambda: judged(cluster) >= 4, "four periods")
    first.pause()
    waited_for(lambda: "is taken for dead" in second.said, "the paused one is taken for dead")
    first.resume()
    by_then = judged(cluster)
    waited_for(lambda: judged(cluster) >= by_then + 2, "two periods more")
    codes = (first.stop(), second.stop())

    for flow in ("judge", "draft", "sync"):
        periods = sorted(int(name.partition(":")[2]) for name in cluster.runs() if name.startswith(f"{flow}:"))
        assert periods == list(range(periods[0], periods[-1] + 1))
    assert cluster.steps_per_run() == {1}
    assert set(cluster.verdicts_per_session()) == {1}
    assert cluster.proposals() == 1
    assert rules_proposed(cluster) == SHOP_RULES
    assert codes == (0, 0)


def test_three_days_of_downtime_are_made_up_by_one_run_of_each_flow(cluster: Cluster) -> None:
    day_s, every = 86_400, (*FLOWS, "check", "expire")
    cluster.build(judge=day_s, draft=day_s, sync=day_s).fill(is_judged=False)
    cluster.start(cluster.loop.data)
    cluster.wait_until_done(*every)
    cluster.nodes[0].stop()
    today = int(time.time()) // day_s
    renamed = "UPDATE dbos.workflow_status SET workflow_uuid = replace(workflow_uuid, %s, %s) RETURNING 1"
    cluster.asked(renamed, f":{today}", f":{today - 3}")

    nodes = [cluster.start(folder) for folder in (cluster.loop.data, cluster.folder("second"))]
    waited_for(lambda: len(cluster.runs()) >= 2 * len(every), "every flow has been asked for")
    cluster.wait_until_done(*every)
    for node in nodes:
        node.stop()

    assert set(cluster.runs()) == {f"{flow}:{period}" for flow in every for period in (today - 3, today)}
    assert cluster.proposals() == 1


def test_receiver_without_work_leaves_it_to_workers(cluster: Cluster) -> None:
    import asyncio

    from tests.loop.loop import play, requests_of

    cluster.build()
    receiver = cluster.start(cluster.loop.data, "serve", "--no-work", "--http", "127.0.0.1:0", "--grpc", "")
    requests, acknowledged = requests_of("shop"), set[int]()
    # a receiver that is busy asks to be sent the same again
    for _ in range(5):
        asyncio.run(play(receiver.url, requests, acknowledged))
    before = cluster.asked("SELECT count(*) FROM sessions")
    workers = [cluster.start(folder, "work") for folder in (cluster.loop.data, cluster.folder("second"))]

    waited_for(lambda: cluster.asked("SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)], "all is projected")
    shown = httpx.get(f"{receiver.url}/api/sessions", timeout=30).json()["sessions"]

    assert len(acknowledged) == len(requests)
    assert before == [(0,)]
    assert len(shown) > 20
    assert {one["state"] for one in shown if one["ended_ns"]} == {"settled"}
    assert [node.stop() for node in (receiver, *workers)] == [0, 0, 0]


def test_node_with_another_key_is_refused_and_told_what_to_copy(cluster: Cluster) -> None:
    cluster.build().fill(is_judged=False)
    folder = cluster.folder("stranger")
    (folder / "key").write_bytes(b"x" * 32)

    refused = cluster.start(folder)
    code = refused.process.wait(timeout=30)
    allowed = subprocess.run(
        [sys.executable, "-m", "sidecar", "status", "--data", str(folder)],
        env={**os.environ, "SIDECAR_KEY_FILE": str(cluster.loop.data / "key")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert code == 2
    assert "its key is not the one of this store" in refused.said
    assert f"over {folder / 'key'}, or name a copy of it with SIDECAR_KEY_FILE" in refused.said
    assert allowed.returncode == 0, allowed.stderr


def test_copied_data_folder_becomes_a_node_of_its_own(cluster: Cluster) -> None:
    # the second one goes by the first one's next beat, and must not take it for dead where that is late
    cluster.build(dead_after_s=30)
    first = cluster.start(cluster.loop.data)
    waited_for(lambda: "flows run by the clock" in first.said, "the first one works")
    shutil.copytree(cluster.loop.data, cluster.root / "copy")

    second = cluster.start(cluster.root / "copy")
    waited_for(lambda: "flows run by the clock" in second.said, "the second one works")

    names = [(node.folder / "node").read_text() for node in (first, second)]
    assert len(set(names)) == 2
    assert "from a copy of this data folder" in second.said


def test_commands_beside_a_running_serve_make_one_proposal_and_one_verdict_each(cluster: Cluster) -> None:
    # nobody dies here: the last command waits its turn for as long as twenty take, which goes by this too
    cluster.build(dead_after_s=600, judge=2, draft=2, sync=2).fill(is_judged=False)
    serving = cluster.start(cluster.loop.data)
    verbs = [("judge", "propose", "sync")[number % 3] for number in range(20)]
    done: list[tuple[int, str]] = []

    def run(verb: str) -> None:
        ended = subprocess.run(
            [sys.executable, "-m", "sidecar", verb, "--data", str(cluster.loop.data)],
            capture_output=True,
            text=True,
            check=False,
        )
        done.append((ended.returncode, ended.stderr))

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waited_for(lambda: is_published(cluster), "a proposal of all rules is published")

    assert serving.stop() == 0
    assert [ended for ended in done if ended[0] != 0] == []
    assert set(cluster.verdicts_per_session()) == {1}
    assert cluster.proposals() == 1
    assert len(cluster.loop.proposal_records()) == 1
    assert rules_proposed(cluster) == SHOP_RULES


def test_command_that_cannot_wait_longer_says_who_holds_the_lease(cluster: Cluster) -> None:
    cluster.build().fill(is_judged=False)
    with cluster.opened() as installation:
        ttl_ns = 600 * 1_000_000_000
        installation.store.take_lease("judge:evidence", owner="far:7:x/y", now_ns=time.time_ns(), ttl_ns=ttl_ns)

    waiting = subprocess.Popen(
        [sys.executable, "-m", "sidecar", "judge", "--data", str(cluster.loop.data)], stderr=subprocess.PIPE, text=True
    )
    assert waiting.stderr is not None
    said = waiting.stderr.readline()
    waiting.send_signal(signal.SIGINT)
    waiting.communicate()

    assert "judge:evidence is being worked on by process 7 on far; waiting for its end" in said


def test_second_process_on_one_data_folder_is_refused(cluster: Cluster) -> None:
    cluster.build()
    cluster.start(cluster.loop.data)

    second = cluster.start(cluster.loop.data, "work")

    assert second.process.wait(timeout=30) == 2
    assert "already worked on by process" in second.said
