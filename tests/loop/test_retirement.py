"""A rule's last way: its path leaves the base, its retirement is proposed and merged, and its life can be told."""

import json
import time
from collections.abc import Mapping

from judges.registry import judge
from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import ProjectId
from sidecar.engine import draft_project
from sidecar.installation import Installation
from sidecar.jobs.drafting import Drafted
from tests.loop.conftest import MakeLoop
from tests.loop.loop import Loop

DAY_NS = 24 * 3600 * 1_000_000_000
GONE = "src/shop/registry.py"


def merged(loop: Loop) -> None:
    """The rules of the recorded sessions stand on the base, and every flow knows it."""
    loop.propose_and_sync()
    loop.squash_merge()
    loop.run("sync")
    loop.run("propose")


def drafted_later(loop: Loop, days: int) -> Drafted:
    """What `propose` does on a later day."""
    config = load_config(loop.data / "sidecar.toml", {})
    with Installation.open(DataDir.open(loop.data), config, owner="test") as installation:
        now_ns = time.time_ns() + days * DAY_NS
        return draft_project(installation, ProjectId(loop.project), judge("evidence"), now_ns=now_ns)


def ledger(loop: Loop, identity: str) -> Mapping[str, object]:
    return json.loads(loop.git("show", f"main:.sidecar/rules/{identity}.json"))


def test_rule_on_a_path_that_left_is_retired_by_a_merge_and_explained(judged: MakeLoop) -> None:
    loop = judged("shop")
    merged(loop)
    loop.commit("Move the registry", {GONE: None})

    drafted = drafted_later(loop, days=15)

    assert drafted.proposal is not None
    (edit,) = drafted.proposal.edits
    assert (edit.operation.value, edit.reason) == (
        "retire",
        f"It speaks of {GONE}, which is gone from the repository.",
    )
    loop.run("sync")
    loop.squash_merge()
    loop.run("sync")
    assert edit.rule.text not in loop.git("show", "main:CLAUDE.md")
    assert ledger(loop, edit.rule.rule_id)["tombstone"] == {"reason": edit.reason}
    assert isinstance(ledger(loop, edit.rule.rule_id)["signature"], str)
    told = loop.run("rules", "explain", edit.rule.rule_id[:8])
    assert (told["state"], told["ended_because"]) == ("retired", edit.reason)
    assert [one["op"] for one in told["proposals"]] == ["add", "retire"]
    assert drafted_later(loop, days=16).proposal is None


def test_young_rule_stays_whatever_left(judged: MakeLoop) -> None:
    loop = judged("shop")
    merged(loop)
    loop.commit("Move the registry", {GONE: None})

    assert drafted_later(loop, days=13).proposal is None


def test_life_of_a_rule_in_force_names_the_sessions_it_rests_on(judged: MakeLoop) -> None:
    loop = judged("shop")
    merged(loop)
    (rule, *_) = loop.run("rules", "list")["projects"][0]["rules"]

    told = loop.run("rules", "explain", rule["id"])

    assert (told["state"], told["text"], told["stands"]["on_base"]) == ("active", rule["text"], True)
    assert told["evidence"]["tasks"] >= 2
    assert [one["id"] for one in told["evidence"]["sessions"]] == rule["evidence"]
    assert all(one["judges"] for one in told["evidence"]["sessions"])
    assert told["proposals"][0]["state"] == "merged"
