"""What every collector promises, over the registry and over the recordings of each agent."""

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.collector import Collector, HookMessage, SessionFile
from collectors.registry import ANY_AGENT, COLLECTORS, claimant, collector
from sidecar import otlp
from sidecar.capture import Reduction
from sidecar.capturing import capture_file, capture_hook, export_reducer
from sidecar.domain import CaptureLevel, Session, SessionId
from sidecar.errors import DecodeError, UnknownAgentError
from sidecar.recordings import RecordedRequest
from tests.recordings.observing import (
    body,
    context,
    merged,
    observations,
    observations_of,
    recording,
    recording_names,
    sessions_of,
)

AGENTS = sorted(COLLECTORS)
NAMED = [agent for agent in AGENTS if agent != ANY_AGENT]
"""Agents that one program stands behind."""
READERS = frozenset({"read", "read_file"})
NAMES = recording_names()
OF_MORE_AGENTS = [name for name in NAMES if recording(name).agent in {"codex", "gemini_cli", "opencode"}]


@pytest.mark.parametrize("agent", AGENTS)
def test_registered_name_is_the_collectors_own(agent: str) -> None:
    assert collector(agent).name == agent


@pytest.mark.parametrize("agent", AGENTS)
def test_hyphens_and_underscores_are_one(agent: str) -> None:
    assert collector(agent.replace("_", "-")).name == collector(agent).name


@pytest.mark.parametrize("name", ["", "emacs", "claude", "../claude_code", "x" * 500])
def test_unknown_agent_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(
        UnknownAgentError, match="known agents: claude_code, cline, codex, gemini_cli, genai, opencode"
    ) as refused:
        collector(name)

    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("agent", NAMED)
def test_no_two_agents_claim_one_service(agent: str) -> None:
    names = ["claude-code", "cline", "codex_exec", "codex_cli_rs", "gemini-cli", "opencode", "checkout", ""]

    claimed = [name for name in names if collector(agent).claims(name)]

    others = [collector(other) for other in NAMED if other != agent]
    assert claimed
    assert not any(other.claims(name) for other in others for name in claimed)
    assert {claimant(name).name for name in claimed} == {agent}


@pytest.mark.parametrize("service", ["", "checkout", "my-agent", "codexes"])
def test_what_no_named_agent_claims_goes_to_the_one_for_all_others(service: str) -> None:
    assert claimant(service).name == ANY_AGENT


@pytest.mark.parametrize("agent", NAMED)
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


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "opencode.db", "a.txt"])
@pytest.mark.parametrize("head", ["", "\0", "{}", "null", "[1]", "no JSON", '{"messages":[]}', '{"type":"x"}'])
def test_file_of_another_program_is_nobodys(agent: str, name: str, head: str, tmp_path: Path) -> None:
    path = tmp_path / "somewhere" / name
    path.parent.mkdir()
    path.write_text(head)

    assert list(collector(agent).session_files(path, head)) == []


@pytest.mark.parametrize("name", OF_MORE_AGENTS)
def test_session_is_the_same_in_what_the_default_capture_level_keeps(name: str) -> None:
    agent = collector(recording(name).agent)
    reduction = Reduction(level=CaptureLevel.EVIDENCE, keyed_hash=context().keyed_hash)
    kept = [_captured(agent, request, reduction) for request in recording(name).requests]

    (session,) = merged(agent.name, observations(agent.name, kept)).values()

    (whole,) = sessions_of(name).values()
    assert _told(whole) == _told(session)
    assert whole.first_prompt != session.first_prompt


def _captured(agent: Collector, request: RecordedRequest, reduction: Reduction) -> RecordedRequest:
    """A request as it is stored at a capture level."""
    address = urlsplit(request.target)
    if address.path.startswith("/hooks/"):
        kept = capture_hook(agent.name, json.loads(request.body), reduction)
        return replace(request, body=json.dumps(kept).encode())
    if address.path.startswith("/transcripts/"):
        part = parse_qs(address.query)["part"][0]
        return replace(request, body=capture_file(agent.name, part, request.body, reduction).body)
    if not address.path.startswith("/v1/"):
        return request
    signal = otlp.Signal(address.path.removeprefix("/v1/"))
    message = otlp.decode_request(signal, body(request), request.headers["content-type"])
    kept = export_reducer(reduction).reduced(type(message), message.SerializeToString()).body
    return replace(request, body=kept, headers={"content-type": otlp.PROTOBUF_CONTENT_TYPE})


def _told(session: Session) -> object:
    """All that learning reads but words of people and models, and the files read, of which the beginning is kept."""
    steps = [replace(step, text=None, output=None if step.tool in READERS else step.output) for step in session.steps]
    return replace(session, steps=tuple(steps), first_prompt=None, task=None)


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
