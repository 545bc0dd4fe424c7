"""What every collector promises, over the registry and over the recordings of each agent."""

import pytest

from collectors.collector import HookMessage, SessionFile
from collectors.registry import COLLECTORS, collector
from sidecar.domain import SessionId
from sidecar.errors import DecodeError, UnknownAgentError
from tests.recordings.observing import observations, observations_of, recording, recording_names

AGENTS = sorted(COLLECTORS)
NAMES = recording_names()


@pytest.mark.parametrize("agent", AGENTS)
def test_registered_name_is_the_collectors_own(agent: str) -> None:
    assert collector(agent).name == agent


@pytest.mark.parametrize("agent", AGENTS)
def test_hyphens_and_underscores_are_one(agent: str) -> None:
    assert collector(agent.replace("_", "-")).name == collector(agent).name


@pytest.mark.parametrize("name", ["", "emacs", "claude", "../claude_code", "x" * 500])
def test_unknown_agent_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(UnknownAgentError, match="known agents: claude_code, cline") as refused:
        collector(name)

    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("agent", AGENTS)
def test_no_two_agents_claim_one_service(agent: str) -> None:
    names = ["claude-code", "cline", "codex_exec", "gemini-cli", ""]

    claimed = [name for name in names if collector(agent).claims(name)]

    others = [collector(other) for other in AGENTS if other != agent]
    assert claimed
    assert not any(other.claims(name) for other in others for name in claimed)


@pytest.mark.parametrize("agent", AGENTS)
def test_every_agent_is_recorded(agent: str) -> None:
    assert any(recording(name).agent == agent for name in NAMES)


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize("body", [{}, {"session_id": ""}, {"taskId": 5}, {"session_id": ["a"]}])
def test_hook_that_names_no_session_is_refused(agent: str, body: dict[str, str]) -> None:
    message = HookMessage(body=body, observed_ns=1, is_timed=False, last_observed_ns=1)

    with pytest.raises(DecodeError, match=f"hook of {agent}: "):
        collector(agent).hook_observations(message)


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize("part", ["main", "session", "messages", "subagents/agent-1", "?"])
@pytest.mark.parametrize("text", ["", "\0", "{}", "null", "[1]", '{"timestamp":"2026-11-23T03:24:14Z"}', "{" * 9])
def test_file_without_meaning_says_nothing(agent: str, part: str, text: str) -> None:
    file = SessionFile(session_id=SessionId("s"), part=part, text=text, received_ns=1)

    assert collector(agent).file_observations(file) == []


@pytest.mark.parametrize("name", NAMES)
def test_same_messages_say_the_same_again(name: str) -> None:
    again = observations(recording(name).agent, recording(name).requests)

    assert observations_of(name) == tuple(again)


@pytest.mark.parametrize("name", NAMES)
def test_one_key_stands_for_one_observation(name: str) -> None:
    seen = {(one.session_id, one.key, one) for one in observations_of(name)}

    assert len(seen) == len({(session_id, key) for session_id, key, _ in seen})


@pytest.mark.parametrize("name", NAMES)
def test_times_are_nanoseconds_of_this_century(name: str) -> None:
    times = [one.at_ns for one in observations_of(name)]

    assert min(times) > 1_700_000_000 * 10**9
    assert max(times) < 4_000_000_000 * 10**9


@pytest.mark.parametrize("name", NAMES)
def test_personal_rules_are_in_no_observation(name: str) -> None:
    paths = [rules.path for one in observations_of(name) for rules in one.rules]

    assert not [path for path in paths if path.endswith("CLAUDE.local.md") or "/.claude/CLAUDE.md" in path]
