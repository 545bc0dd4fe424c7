"""EXPECTED.md holds: each row of its table against the real merge of that recording."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from collectors.outcomes.console import read_console
from sidecar.domain import JoinReason, OutcomeJoin, Session, SessionId, Step, StepKind
from sidecar.labels import label
from sidecar.projector import in_session_outcomes
from sidecar.sessions import with_test_runs
from tests.recordings.observing import recording, recording_names, sessions_of

TABLE = Path(__file__).with_name("EXPECTED.md")
NULL = re.compile(r"null: (.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one session of a recording must yield."""

    recording: str
    session: str
    """`1` for the session the recording is named by, `2` for the one that followed it."""
    cells: Mapping[str, str]


def rows() -> list[Row]:
    """The rows of the table."""
    lines = [line.strip().strip("|") for line in TABLE.read_text().splitlines() if line.startswith("|")]
    names, _, *data = [[cell.strip() for cell in line.split("|")] for line in lines]
    tables = [dict(zip(names, cells, strict=True)) for cells in data]
    return [Row(recording=cells.pop("recording"), session=cells.pop("session"), cells=cells) for cells in tables]


@cache
def yielded(row_recording: str, session: str) -> Session:
    """The session that a row speaks of."""
    sessions = sessions_of(row_recording)
    named = SessionId(recording(row_recording).session_id)
    others = [found for session_id, found in sessions.items() if session_id != named]
    found = sessions[named] if session == "1" else others[int(session) - 2]
    return with_test_runs(found, _is_test_run)


def _is_test_run(step: Step) -> bool:
    return bool(step.output) and read_console(step.output, command=step.command) is not None


def in_words(session: Session) -> dict[str, str]:
    """A session in the words of the table."""
    fields = {
        "agent version": ("agent_version", session.agent_version),
        "project": ("project", session.project),
        "branch": ("branch", session.branch),
        "base commit": ("base_commit", session.base_commit),
        "head commit": ("head_commit", session.head_commit),
        "end reason": ("end_reason", session.end_reason),
    }
    told = {name: value or f"null: {session.missing[field]}" for name, (field, value) in fields.items()}
    sources = {rules.source.value for rules in session.rules}
    rules_from = " and ".join(sorted(sources)) or f"null: {session.missing['rules_version']}"
    runs = sum(step.kind is StepKind.TEST_RUN for step in session.steps)
    return told | {
        "rules from": rules_from,
        "state": session.state.value,
        "steps": str(len(session.steps)),
        "test runs": str(runs),
        "label": in_session_label(session),
    }


def in_session_label(session: Session) -> str:
    """The label that the session's own test runs give."""
    rows = in_session_outcomes(session)
    joins = [
        OutcomeJoin(session=session.key, outcome_id=row.outcome_id, confidence=0.5, reason=JoinReason.IN_SESSION)
        for row in rows
    ]
    return label(session, list(zip(rows, joins, strict=True))).label.value


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.recording}-{row.session}")
def test_recording_yields_what_its_row_says(row: Row) -> None:
    session = yielded(row.recording, row.session)

    assert row.cells == in_words(session)


def test_every_session_of_every_recording_has_a_row() -> None:
    told = [(row.recording, row.session) for row in rows()]

    found = [(name, str(number + 1)) for name in recording_names() for number in range(len(sessions_of(name)))]

    assert sorted(told) == sorted(found)


def test_every_null_has_a_reason() -> None:
    nulls = [cell for row in rows() for cell in row.cells.values() if cell.startswith("null")]

    assert nulls
    assert all(NULL.fullmatch(cell) for cell in nulls)


@pytest.mark.parametrize("name", recording_names())
def test_session_begins_on_the_commit_and_branch_that_the_recorder_noted(name: str) -> None:
    noted = recording(name)

    session = sessions_of(name)[SessionId(noted.session_id)]

    assert noted.branch == session.branch
    assert session.base_commit is not None
    assert noted.head_commit.startswith(session.base_commit)
    # no message of Gemini CLI names its version
    assert session.agent_version == (None if noted.agent == "gemini_cli" else noted.agent_version)


@pytest.mark.parametrize("name", recording_names())
def test_decoy_of_the_resource_attributes_is_in_no_session(name: str) -> None:
    for session in sessions_of(name).values():
        assert "deadbeef" not in f"{session.base_commit} {session.head_commit} {session.branch} {session.project}"
