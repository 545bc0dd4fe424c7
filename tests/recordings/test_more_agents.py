"""The recordings of agents that only tests use are whole, and tell nothing of a machine or of a vendor."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sidecar.recordings.repositories import branches, build_repository
from tests.recordings.hygiene import foreign_text, plain_body
from tests.recordings.more_agents import MORE_AGENTS
from tests.recordings.observing import DATA, recording
from tests.recordings.script import Agent
from tests.recordings.vendor import VENDOR_ATTRIBUTES, without_vendor_text

NAMES = sorted(scenario.recording for scenario in MORE_AGENTS)
STARTS = {"codex": "SessionStart", "gemini_cli": "SessionStart", "opencode": "session.created"}
VENDOR_WORDS = re.compile(
    r"You are (?:a |an |Codex|opencode|Gemini)|<skills_instructions>|base_instructions|system_prompt"
)


def test_every_scenario_is_recorded_three_for_each_agent() -> None:
    stored = {path.name.removesuffix(".jsonl.zst") for path in DATA.glob("*-shop-*.jsonl.zst")}

    assert stored == set(NAMES)
    assert len(NAMES) == 3 * len({Agent.CODEX, Agent.GEMINI_CLI, Agent.OPENCODE})


@pytest.mark.parametrize("name", NAMES)
def test_start_hook_names_the_commit_that_the_session_began_on(name: str, tmp_path: Path) -> None:
    noted = recording(name)
    build_repository("shop", tmp_path / "shop")

    bodies = [json.loads(plain_body(one)) for one in noted.requests if one.target.startswith("/hooks/")]

    starts = [body for body in bodies if {"hook", "repository", "rules"} <= set(body)]
    kinds = {body["hook"].get("hook_event_name", body["hook"].get("type")) for body in starts}
    assert STARTS[noted.agent] in kinds
    assert {body["repository"]["head"] for body in starts} == {noted.head_commit}
    assert branches(tmp_path / "shop")[noted.branch] == noted.head_commit


@pytest.mark.parametrize("name", NAMES)
def test_session_file_arrives_without_gaps(name: str) -> None:
    uploads = [one for one in recording(name).requests if one.target.startswith("/transcripts/")]

    offsets = [int(parse_qs(urlsplit(one.target).query)["offset"][0]) for one in uploads]

    assert uploads
    assert [0, *(offset + len(one.body) for offset, one in zip(offsets, uploads, strict=True))][:-1] == offsets


@pytest.mark.parametrize("name", NAMES)
def test_nothing_tells_of_the_machine(name: str) -> None:
    requests = recording(name).requests

    assert foreign_text(requests) == []
    assert not any("//registry." in plain_body(request) for request in requests)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_holds_a_prompt_of_the_vendor(name: str) -> None:
    text = "".join(plain_body(request) for request in recording(name).requests)

    assert not VENDOR_WORDS.search(text)
    assert not any(f'"{attribute}"' in text for attribute in VENDOR_ATTRIBUTES)
    assert all(without_vendor_text(request) == request for request in recording(name).requests)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("codex", "opencode"))])
def test_telemetry_is_mostly_noise(name: str) -> None:
    spans = "".join(plain_body(one) for one in recording(name).requests if one.target == "/v1/traces").count('"spanId"')

    assert spans > 500
