"""What recorded sessions of real agents teach: the lessons a team would want, from enough tasks, and nothing else."""

import random
import re
from collections.abc import Iterator

import pytest

from collectors.outcomes.console import read_console
from judges.blind import render_blind
from judges.cutting import token_estimate
from judges.evidence import judge
from judges.packet import BUDGET_TOKENS, build_packet, render_packet
from sidecar.clusters import clusters
from sidecar.domain import (
    JoinReason,
    LessonSupport,
    Outcome,
    OutcomeId,
    OutcomeJoin,
    OutcomeRow,
    OutcomeSource,
    Packet,
    ProjectId,
    Session,
    Step,
)
from sidecar.labels import label
from sidecar.sessions import with_test_runs
from sidecar.writer import draft_rule
from tests.recordings.observing import merged, observations_of, recording, recording_names, sessions_of

_WANTED = {
    "shop": [
        "Run the checks with `make check`; `python -m pytest` does not work here (No module named pytest).",
        "When you change `src/shop/discounts.py`, change `src/shop/registry.py` with it; the check fails otherwise.",
        "Do not edit `src/shop/rates.py` by hand: it is generated; "
        "edit `data/rates.json` and run `python tools/build_rates.py`.",
    ],
    "parcel": [
        'Run the checks with `node scripts/verify.mjs`; `npm test` does not work here (Missing script: "test").',
        "When you change `src/carriers.mjs`, change `src/labels.mjs` with it; the check fails otherwise.",
        "Do not edit `src/zones.mjs` by hand: it is generated; edit `zones.csv` and run `node scripts/make-zones.mjs`.",
    ],
}


@pytest.mark.parametrize("repository", sorted(_WANTED))
async def test_each_repository_teaches_its_rules_and_no_other(repository: str) -> None:
    found = clusters(ProjectId(f"forge.example/acme/{repository}"), await _supports(repository))

    drafts = [draft_rule(cluster) for cluster in found]
    assert {draft.text for draft in drafts if draft is not None} == set(_WANTED[repository])


@pytest.mark.parametrize("name", [name for name in recording_names() if "poisoned" in name])
async def test_poisoned_sessions_teach_nothing(name: str) -> None:
    verdicts = [await judge().judge(_packet_of(session)) for session in sessions_of(name).values()]

    assert verdicts == [None]


@pytest.mark.parametrize("name", recording_names()[::5])
def test_the_packet_is_the_same_in_whatever_order_a_session_was_told(name: str) -> None:
    agent, seen = recording(name).agent, list(observations_of(name))
    told = {key: render_packet(_packet_of(session)) for key, session in sessions_of(name).items()}

    for seed in range(3):
        random.Random(seed).shuffle(seen)
        again = {key: render_packet(_packet_of(session)) for key, session in merged(agent, seen).items()}
        assert again == told


@pytest.mark.parametrize("name", recording_names())
def test_no_packet_is_over_budget_and_no_blind_one_tells_a_result(name: str) -> None:
    for session in sessions_of(name).values():
        packet = _packet_of(session)
        blind = render_blind(packet)

        assert token_estimate(blind) <= token_estimate(render_packet(packet)) <= BUDGET_TOKENS
        assert not re.search(r"(?i)\b(passed|failed|failures?|succeeded|exit code \d)\b", blind)


async def _supports(repository: str) -> list[LessonSupport]:
    sessions = [
        session
        for name in recording_names()
        for session in sessions_of(name).values()
        if session.project == f"forge.example/acme/{repository}"
    ]
    supports: list[LessonSupport] = []
    for session in sessions:
        verdict = await judge().judge(_packet_of(session))
        assert session.task is not None
        supports += [
            LessonSupport(session=session.key, task=session.task, person=session.person, lesson=lesson)
            for lesson in (verdict.lessons if verdict else ())
        ]
    return supports


def _packet_of(session: Session) -> Packet:
    marked = with_test_runs(session, lambda step: _outcome(step) is not None)
    return build_packet(marked, label(marked, [*_in_session(marked)]))


def _in_session(session: Session) -> Iterator[tuple[OutcomeRow, OutcomeJoin]]:
    """The test runs of a session as the label reads them."""
    for step in session.steps:
        outcome = _outcome(step)
        if outcome is not None:
            name = OutcomeId(step.step_id)
            source = OutcomeSource.IN_SESSION
            yield (
                OutcomeRow(outcome_id=name, team=session.key.team, source=source, at_ns=step.at_ns, outcome=outcome),
                OutcomeJoin(session=session.key, outcome_id=name, confidence=1.0, reason=JoinReason.IN_SESSION),
            )


def _outcome(step: Step) -> Outcome | None:
    return read_console(step.output) if step.command is not None and step.output else None
