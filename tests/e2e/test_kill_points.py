"""kill -9 between any two steps of judge, draft and sync, 20 times at each point: the next run ends as if undisturbed.

One verdict per judge version, one proposal on one branch with the same tree and words, and no call to a model is paid
twice but the one whose answer had not been saved.
"""

import json
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.domain import LOCAL_TEAM
from sidecar.recordings import load_recording, recordings
from sidecar.store import Store
from tests.kills.flows import (
    DECIDING,
    DRAFTING,
    FEW,
    JUDGING,
    PAYING,
    PROJECT,
    PUBLISHING,
    REFUSING,
    settled_loop,
    wording,
)
from tests.kills.points import Point
from tests.kills.rounds import KILLS, Round, Scene, Slots, kill_everywhere
from tests.loop.loop import Loop

LEAST_USD = 1e-6

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def slots() -> Generator[Slots]:
    with Slots() as opened:
        yield opened


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return settled_loop(tmp_path_factory.mktemp("few"), FEW)


@pytest.fixture(scope="module")
def judged(slots: Slots, tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Every session of the shop, judged by evidence."""
    names = [name for name in recordings() if load_recording(name).repository == "shop"]
    settled = settled_loop(tmp_path_factory.mktemp("settled"), names)
    return slots.continued(settled, tmp_path_factory.mktemp("judged"), ("judge",))


def verdicts(_: Loop, store: Store) -> object:
    """Every verdict, by session; what it cost is the ledger's."""
    keys = sorted(stored.session.key.session_id for stored in store.sessions(LOCAL_TEAM))
    said = [(key, store.verdicts(one)) for key in keys for one in store.session_keys(LOCAL_TEAM, key)]
    return [(key, [replace(verdict, cost_usd=0.0) for verdict in found]) for key, found in said]


def rows_of_verdicts(loop: Loop, store: Store) -> object:
    """The verdicts, and every row about them: of each judge version one, "nothing found" included, and no problem."""
    with closing(sqlite3.connect(loop.data / "store.db")) as database:
        rows = database.execute(
            "SELECT session_id, judge, judge_version, revision, body IS NULL FROM verdicts ORDER BY 1, 2, 3"
        ).fetchall()
        problems = database.execute("SELECT count(*) FROM judge_problems").fetchone()
    return verdicts(loop, store), rows, problems


def drafted(_: Loop, store: Store) -> object:
    """What is proposed and what was refused."""
    proposals = [replace(one, created_ns=0) for one in store.proposals()]
    refusals = [replace(one, at_ns=0) for one in store.refusals(PROJECT)]
    return proposals, sorted(refusals, key=lambda refusal: refusal.text)


def published(loop: Loop, store: Store) -> object:
    """Everything that a sync leaves: in the store, on the remote, and in front of people."""
    heads = [loop.git("rev-parse", branch) for branch in loop.branches()]
    folder = loop.root / "shop.git.proposals"
    shown = {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".md", ".json")
    }
    requests = [replace(one.pull_request, url="") if one.pull_request else None for one in store.proposals()]
    proposals = [replace(one, pull_request=None) for one in store.proposals()]
    tombstones = sorted((one.rule_id, one.text, one.reason, one.signature) for one in store.tombstones(PROJECT))
    versions = sorted(
        (stored.session.key.session_id, stored.session.revision, stored.session.rules_version)
        for stored in store.sessions(LOCAL_TEAM)
    )
    known = (store.base_rules(PROJECT), store.rules_files())
    return loop.branches(), heads, shown, requests, proposals, tombstones, known, versions


def check(calm: Round, killed: Mapping[Point, Sequence[Round]], scene: Scene) -> None:
    """After every kill the flow came to the same, and no money was lost or paid twice beyond what was in the air."""
    assert {point: sum(one.kills for one in rounds) >= KILLS for point, rounds in killed.items()} == dict.fromkeys(
        scene.points, True
    )
    for point, rounds in killed.items():
        for number, one in enumerate(rounds):
            where = f"{point}, round {number}"
            assert one.outcome == calm.outcome, where
            assert one.asked - calm.asked <= one.unsettled <= one.kills * scene.workers, where
            uncounted_usd = (one.billed_usd - calm.billed_usd) - (one.counted_usd - calm.counted_usd)
            assert uncounted_usd <= LEAST_USD, where
            assert one.unsettled or uncounted_usd >= -LEAST_USD, where


@pytest.mark.parametrize("workers", [1, 4])
def test_judge_killed_anywhere_gives_each_session_one_verdict(
    slots: Slots, few: Loop, tmp_path: Path, workers: int
) -> None:
    scene = Scene(
        template=few,
        arguments=("judge", "--judge", "failure"),
        points=JUDGING if workers == 1 else PAYING[1:4],
        outcome=rows_of_verdicts,
        workers=workers,
        script=wording,
    )

    calm, killed = kill_everywhere(slots, scene, tmp_path)

    assert calm.asked == 2
    check(calm, killed, scene)


@pytest.mark.timeout(2400)  # two questions, each of which passes most points
def test_draft_by_a_model_killed_anywhere_saves_one_proposal(slots: Slots, few: Loop, tmp_path: Path) -> None:
    scene = Scene(
        template=slots.continued(few, tmp_path, ("judge", "--judge", "failure"), script=wording),
        arguments=("propose", "--judge", "failure"),
        points=(*DRAFTING, *PAYING, *REFUSING),
        outcome=drafted,
        environment={"SIDECAR_LEARN__MIN_TASKS": "1"},
        script=wording,
    )

    calm, killed = kill_everywhere(slots, scene, tmp_path)

    assert calm.asked == 2, "each session teaches a lesson of its own, though one line of a runner ends both"
    check(calm, killed, scene)


def test_draft_by_template_killed_anywhere_saves_one_proposal(slots: Slots, judged: Loop, tmp_path: Path) -> None:
    scene = Scene(template=judged, arguments=("propose",), points=DRAFTING, outcome=drafted)

    calm, killed = kill_everywhere(slots, scene, tmp_path)

    check(calm, killed, scene)


def test_publishing_killed_anywhere_opens_one_pull_request(slots: Slots, judged: Loop, tmp_path: Path) -> None:
    template = slots.continued(judged, tmp_path, ("propose",))
    scene = Scene(template=template, arguments=("sync",), points=PUBLISHING, outcome=published)

    calm, killed = kill_everywhere(slots, scene, tmp_path)

    check(calm, killed, scene)


def test_noticing_what_people_did_killed_anywhere_buries_each_rule_once(
    slots: Slots, judged: Loop, tmp_path: Path
) -> None:
    """Both rules of a merged proposal are deleted by a person while the next one waits to be published."""
    two = {"SIDECAR_LEARN__MAX_EDITS": "2"}
    merged = slots.continued(judged, tmp_path / "a", ("propose",), ("sync",), environment=two)
    merged.squash_merge()
    template = slots.continued(merged, tmp_path / "b", ("sync",), ("propose",))
    template.commit("Without the learned rules", {"CLAUDE.md": "# Shop\n", ".clinerules/learned.md": "# Rules\n"})
    scene = Scene(template=template, arguments=("sync",), points=DECIDING, outcome=published)

    calm, killed = kill_everywhere(slots, scene, tmp_path)

    check(calm, killed, scene)


def test_noticing_a_declined_proposal_killed_anywhere_keeps_the_reviewers_words(
    slots: Slots, judged: Loop, tmp_path: Path
) -> None:
    template = slots.continued(judged, tmp_path, ("propose",), ("sync",))
    (record,) = template.proposal_records()
    record.write_text(json.dumps({**json.loads(record.read_text()), "state": "closed", "review": "We do not do that."}))
    scene = Scene(template=template, arguments=("sync",), points=DECIDING[:5], outcome=published)

    calm, killed = kill_everywhere(slots, scene, tmp_path)

    check(calm, killed, scene)
