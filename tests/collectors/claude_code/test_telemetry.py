"""Claude Code's OTLP as Observations."""

from dataclasses import replace

import pytest

from collectors.claude_code import build
from sidecar.domain import Observation
from tests.collectors.messages import event, only_step, span

FULL_SHA = "99271621c9dbe7f8ab071e96f289d6199f8f19d7"
REMOTE = {"vcs.repository.url.full": "https://github.com/example-org/calc"}
DECOY = {"vcs.ref.head.revision": "deadbeef" * 5}
CLAUDE_CODE = build()


def commit_result(attributes: dict[str, str], resource: dict[str, str] | None = None) -> Observation:
    common = {"tool_name": "Bash", "tool_use_id": "toolu_1", "success": "true"}
    (seen,) = CLAUDE_CODE.log_observations(event("tool_result", common | attributes, resource))
    return seen


def test_commit_of_a_tool_result_is_measured() -> None:
    attributes = REMOTE | {"vcs.ref.head.revision": FULL_SHA, "vcs.ref.head.name": "fix", "vcs.ref.head.type": "branch"}

    seen = commit_result(attributes, DECOY)

    assert (seen.head_commit, seen.branch) == (FULL_SHA, "fix")


@pytest.mark.parametrize(
    ("attributes", "resource"),
    [
        (REMOTE, DECOY),
        ({"vcs.ref.head.revision": FULL_SHA}, {}),
        (REMOTE | {"vcs.ref.head.revision": "deadbeef"}, {}),
        (REMOTE | {"vcs.ref.head.revision": FULL_SHA, "tool_name": "Read"}, {}),
        ({"vcs.ref.head.revision": FULL_SHA}, REMOTE),
    ],
    ids=["resource", "no repository attributes", "no hash", "no command", "remote of the resource"],
)
def test_commit_that_was_not_measured_is_none(attributes: dict[str, str], resource: dict[str, str]) -> None:
    assert commit_result(attributes, resource).head_commit is None


def test_commit_beside_another_event_is_none() -> None:
    record = event("api_request", REMOTE | {"vcs.ref.head.revision": FULL_SHA})

    (seen,) = CLAUDE_CODE.log_observations(record)

    assert seen.head_commit is None


def test_remote_of_the_resource_is_not_measured() -> None:
    (claimed,) = CLAUDE_CODE.log_observations(event("user_prompt", {}, REMOTE))
    (measured,) = CLAUDE_CODE.log_observations(event("user_prompt", REMOTE))

    assert (None, REMOTE["vcs.repository.url.full"]) == (claimed.remote, measured.remote)


def test_output_is_never_taken_from_telemetry() -> None:
    record = event(
        "tool_result", {"tool_name": "Bash", "tool_use_id": "t", "success": "false", "error": "Shell command"}
    )

    part = only_step(CLAUDE_CODE.log_observations(record))

    assert (part.output, part.is_success) == (None, False)


def test_withheld_prompt_is_known_by_its_id_only() -> None:
    part = only_step(CLAUDE_CODE.log_observations(event("user_prompt", {"prompt.id": "p", "prompt": "<REDACTED>"})))

    assert (part.step_id, part.text, part.is_human) == ("p", None, None)


def test_command_to_the_program_is_no_prompt() -> None:
    record = event("user_prompt", {"prompt.id": "p", "prompt": "/clear", "command_source": "builtin"})

    (seen,) = CLAUDE_CODE.log_observations(record)

    assert seen.step is None


def test_model_request_of_a_title_is_no_step() -> None:
    record = event("api_request", {"request_id": "req_1", "query_source": "generate_session_title"})

    (seen,) = CLAUDE_CODE.log_observations(record)

    assert seen.step is None


def test_housekeeping_is_no_activity() -> None:
    (sweep,) = CLAUDE_CODE.log_observations(event("retention_sweep", {}))
    (interaction,) = CLAUDE_CODE.span_observations(span("interaction", {}))
    (tool,) = CLAUDE_CODE.span_observations(span("tool", {"tool_use_id": "toolu_1", "tool_name": "Bash"}))

    assert [sweep.is_activity, interaction.is_activity, tool.is_activity] == [False, False, True]


def test_records_of_others_say_nothing() -> None:
    foreign_event = replace(event("tool_result", {}), scope="my.own.scope")
    foreign_span = replace(span("tool", {"tool_use_id": "t"}), scope="my.own.scope")

    assert CLAUDE_CODE.log_observations(foreign_event) + CLAUDE_CODE.span_observations(foreign_span) == []


def test_record_with_an_impossible_time_says_nothing() -> None:
    late_event = replace(event("tool_result", {}), at_ns=2**64 - 1)
    late_span = replace(span("tool", {"tool_use_id": "t"}), end_ns=2**64 - 1)

    assert CLAUDE_CODE.log_observations(late_event) + CLAUDE_CODE.span_observations(late_span) == []


def test_data_point_read_as_a_record_tells_who_and_where_but_no_activity() -> None:
    point = replace(event("token.usage", REMOTE | {"user.id": "u-1"}, DECOY), scope="com.anthropic.claude_code")

    (seen,) = CLAUDE_CODE.log_observations(point)

    assert (seen.remote, seen.user, seen.head_commit) == (REMOTE["vcs.repository.url.full"], "u-1", None)
    assert not seen.is_activity


@pytest.mark.parametrize(
    ("decision", "source", "is_by_person"),
    [
        ("reject", "user_reject", True),
        ("reject", "user_abort", True),
        ("reject", "config", False),
        ("reject", "hook", False),
        ("accept", "user_temporary", False),
    ],
)
def test_a_call_that_a_person_refused_is_an_interruption(decision: str, source: str, is_by_person: bool) -> None:
    attributes = {"tool_use_id": "toolu_1", "tool_name": "Edit", "decision": decision, "source": source}

    (seen,) = CLAUDE_CODE.log_observations(event("tool_decision", attributes))

    assert (seen.intervention is not None) is is_by_person
