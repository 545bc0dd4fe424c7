"""Cline's hooks as Observations."""

from dataclasses import replace

import pytest

from collectors.cline import build
from collectors.collector import HookRepository
from sidecar.errors import DecodeError
from tests.collectors.messages import AT_NS, cline_hook

CLINE = build()
SHA = "2a9a198a4bdb7eefe3dfc93d43be0f0214cb2f04"


def test_time_of_a_hook_is_the_payloads() -> None:
    message = replace(cline_hook({"hookName": "agent_start"}), observed_ns=AT_NS + 9, last_observed_ns=AT_NS + 9)

    (seen,) = CLINE.hook_observations(message)

    assert (seen.at_ns, seen.is_timed) == (AT_NS, True)


def test_hook_without_any_time_takes_its_receipt() -> None:
    (seen,) = CLINE.hook_observations(cline_hook({"hookName": "agent_start", "timestamp": "yesterday"}))

    assert (seen.at_ns, seen.is_timed) == (AT_NS, False)


def test_workspace_of_a_hook_is_the_measured_repository() -> None:
    workspace = {
        "rootPath": "/workspace/calc",
        "associatedRemoteUrls": ["fork: https://host/me/calc.git", "origin: https://host/us/calc.git"],
        "latestGitCommitHash": SHA,
        "latestGitBranchName": "fix/x",
    }

    (seen,) = CLINE.hook_observations(cline_hook({"hookName": "agent_start", "workspaceInfo": workspace}))

    told = (seen.cwd, seen.remote, seen.base_commit, seen.branch)
    assert told == ("/workspace/calc", "https://host/us/calc.git", SHA, "fix/x")


def test_end_measures_the_commit_it_ended_on_and_not_the_one_it_began_on() -> None:
    body = {"hookName": "agent_end", "workspaceInfo": {"latestGitCommitHash": SHA}}
    message = replace(cline_hook(body), repository=HookRepository(head="1" * 40))

    (end,) = CLINE.hook_observations(message)

    assert (end.base_commit, end.head_commit) == (SHA, "1" * 40)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"hookName": "agent_end", "turn": {"status": "completed"}}, "completed"),
        ({"hookName": "agent_end"}, "completed"),
        ({"hookName": "agent_error"}, "error"),
        ({"hookName": "agent_abort"}, "cancelled"),
        ({"hookName": "agent_end", "parent_agent_id": "agent_1"}, None),
        ({"hookName": "tool_call"}, None),
    ],
)
def test_end_is_the_main_agents_with_its_status(body: dict[str, object], reason: str | None) -> None:
    (seen,) = CLINE.hook_observations(cline_hook(body))

    assert reason == seen.end_reason


@pytest.mark.parametrize(("event", "is_told"), [("agent_abort", True), ("agent_error", False), ("agent_end", False)])
def test_an_abort_is_an_interruption(event: str, is_told: bool) -> None:
    (seen,) = CLINE.hook_observations(cline_hook({"hookName": event}))

    assert (seen.intervention is not None) is is_told


@pytest.mark.parametrize(("user", "expected"), [("unknown", None), ("", None), ("u-1", "u-1")])
def test_unknown_user_is_nobody(user: str, expected: str | None) -> None:
    (seen,) = CLINE.hook_observations(cline_hook({"hookName": "agent_start", "userId": user}))

    assert expected == seen.user


def test_hook_without_session_is_refused_with_what_to_do() -> None:
    message = replace(cline_hook({}), body={"hookName": "agent_start"})

    with pytest.raises(DecodeError, match="rootSessionId"):
        CLINE.hook_observations(message)
