"""The stored recordings are whole, fit the fixture repositories, and tell nothing of the machine they came from."""

import gzip
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest

from sidecar.errors import DecodeError, InputError
from sidecar.recordings import (
    RecordedRequest,
    Recording,
    decode_recording,
    load_recording,
    read_recording,
    recordings,
)
from sidecar.recordings.repositories import branches, build_remote, build_repository, repository_names
from tests.recordings.hygiene import foreign_text, plain_body
from tests.recordings.planted import PLANTED_SECRETS
from tests.recordings.recorder import SCENARIOS
from tests.recordings.script import Agent, Create, Delegate, Ending, Run, Scenario, Turn
from tests.recordings.storing import write_recording

NAMES = recordings()
RULE_WORDS = re.compile(
    r"\b(always|never|instead|must|pytest|unittest|make|check\w*|verify|npm|node|script\w*|regist\w+|generat\w+|build\w*"
    r"|rates\.\w+|json|csv|zones\.\w+|labels\.\w+|carriers\.\w+|codes|stale|curl|command\w*|runner)\b",
    re.IGNORECASE,
)
"""Words of the rules that a sidecar should find; the scripted text may not give them away."""
HEADS = {"parcel": "6efbb810da5ac7e47ea7ea3f4e2a3657eba2e0af", "shop": "16b72dc9ccf1b22a368f11a9b8948945aedde52c"}
START_EVENTS = {"claude_code": "SessionStart", "cline": "agent_start"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both fixture repositories on their main branch."""
    folders = {name: tmp_path_factory.mktemp("built") / name for name in repository_names()}
    for name, folder in folders.items():
        build_repository(name, folder)
    return folders


def hooks_of(recording: Recording) -> list[dict[str, object]]:
    bodies = [json.loads(plain_body(r)) for r in recording.requests if r.target == f"/hooks/{recording.agent}"]
    return cast(list[dict[str, object]], bodies)


def agent_payload(hook: dict[str, object]) -> dict[str, object]:
    return cast(dict[str, object], hook.get("hook", hook))


def event_of(payload: dict[str, object]) -> object:
    return payload.get("hook_event_name", payload.get("hookName"))


def session_of(payload: dict[str, object]) -> object:
    context = cast(dict[str, object], payload.get("sessionContext", {}))
    return payload.get("session_id", context.get("rootSessionId"))


def uploads_of(recording: Recording) -> dict[str, list[tuple[int, RecordedRequest]]]:
    parts: dict[str, list[tuple[int, RecordedRequest]]] = {}
    for request in recording.requests:
        url = urlsplit(request.target)
        if url.path == f"/transcripts/{recording.agent}":
            query = parse_qs(url.query)
            parts.setdefault(query["part"][0], []).append((int(query["offset"][0]), request))
    return parts


def all_turns(turns: Sequence[Turn]) -> Iterator[Turn]:
    for turn in turns:
        yield turn
        yield from all_turns(turn.act.turns if isinstance(turn.act, Delegate) else ())


def turns_of(scenario: Scenario) -> list[Turn]:
    return [turn for visit in scenario.visits for turn in all_turns(visit.turns)]


def test_every_scenario_is_recorded_and_nothing_else() -> None:
    assert sorted(scenario.recording for scenario in SCENARIOS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_header_is_complete(name: str) -> None:
    recording = load_recording(name)

    assert name == f"{recording.agent.replace('_', '-')}-{recording.repository}-{recording.scenario}"
    assert re.fullmatch(r"\d+\.\d+\.\d+", recording.agent_version)
    assert re.fullmatch(r"[0-9a-f]{64}", recording.binary_sha256)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", recording.recorded_on)
    assert re.fullmatch(r"[0-9a-f]{40}", recording.head_commit)
    assert recording.session_id
    assert recording.description.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_every_hook_names_the_session_and_the_start_the_repository(name: str) -> None:
    recording = load_recording(name)

    hooks = hooks_of(recording)

    assert {recording.session_id} == {session_of(agent_payload(hook)) for hook in hooks}
    starts = [hook for hook in hooks if event_of(agent_payload(hook)) == START_EVENTS[recording.agent]]
    assert starts
    assert all({"hook", "observed_ns", "repository", "rules"} == set(start) for start in starts)
    repositories = [cast(dict[str, str], start["repository"]) for start in starts]
    assert {(recording.head_commit, recording.branch)} == {(each["head"], each["branch"]) for each in repositories}


@pytest.mark.parametrize("name", NAMES)
def test_hooks_carry_the_time_they_were_observed(name: str) -> None:
    hooks = [request for request in load_recording(name).requests if request.target.startswith("/hooks/")]

    assert all(int(hook.headers["x-sidecar-observed-ns"]) <= hook.at_ns for hook in hooks)


@pytest.mark.parametrize("name", NAMES)
def test_session_files_arrive_without_gaps(name: str) -> None:
    parts = uploads_of(load_recording(name))

    assert parts
    for uploads in parts.values():
        ends = [offset + len(request.body) for offset, request in uploads]
        assert [0, *ends[:-1]] == [offset for offset, _ in uploads]


@pytest.mark.parametrize("name", NAMES)
def test_session_files_hold_no_prompt_of_the_vendor(name: str) -> None:
    uploads = [request for part in uploads_of(load_recording(name)).values() for _, request in part]

    text = b"".join(request.body for request in uploads).decode()

    assert not re.search(r'"system_prompt":|"type":"(prompt_snapshot|skill_listing|api-request-shape)"', text)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_tells_of_the_recording_machine(name: str) -> None:
    requests = load_recording(name).requests

    assert foreign_text(requests) == []
    home, clone = str(Path.home()), str(Path(__file__).parents[2])
    assert not any(path in plain_body(request) for request in requests for path in (f"{home}/", f"{clone}/"))


@pytest.mark.parametrize("name", NAMES)
def test_recording_began_on_a_commit_that_can_be_built(name: str, built: dict[str, Path]) -> None:
    recording = load_recording(name)

    assert recording.head_commit == branches(built[recording.repository])[recording.branch]


def test_planted_secrets_are_in_the_recording_that_plants_them() -> None:
    requests = load_recording("claude-code-shop-payment-settings-secrets").requests

    text = "".join(plain_body(request) for request in requests)

    assert [secret for secret in PLANTED_SECRETS if secret not in text] == []


def test_scripted_text_gives_no_rule_away() -> None:
    texts = [turn.text for scenario in SCENARIOS for turn in turns_of(scenario)]

    assert [text for text in texts if RULE_WORDS.search(text)] == []


@pytest.mark.parametrize(
    ("repository", "fails", "works"),
    [
        ("shop", r"(python -m )?(pytest|unittest).*", r"make check"),
        ("shop", r"make check", r"python tools/build_rates\.py"),
        ("parcel", r"npm test", r"node scripts/verify\.mjs"),
        ("parcel", r"node scripts/verify\.mjs", r"node scripts/make-zones\.mjs"),
    ],
)
def test_each_command_lesson_shows_in_three_tasks(repository: str, fails: str, works: str) -> None:
    branches_with_it: set[str] = set()
    for scenario in (each for each in SCENARIOS if each.repository == repository):
        commands = [turn.act.command for turn in turns_of(scenario) if isinstance(turn.act, Run)]
        first = next((index for index, command in enumerate(commands) if re.fullmatch(fails, command)), len(commands))
        branches_with_it |= {scenario.branch for command in commands[first + 1 :] if re.fullmatch(works, command)}

    assert len(branches_with_it) >= 3


@pytest.mark.parametrize(
    ("repository", "pair"),
    [("shop", {"src/shop/discounts.py", "src/shop/registry.py"}), ("parcel", {"src/carriers.mjs", "src/labels.mjs"})],
)
def test_files_that_change_together_show_in_three_tasks(repository: str, pair: set[str]) -> None:
    changed = {
        scenario.branch: {getattr(turn.act, "path", "") for turn in turns_of(scenario)}
        for scenario in SCENARIOS
        if scenario.repository == repository and scenario.ending is Ending.PASSES
    }

    assert len([branch for branch, paths in changed.items() if pair <= paths]) >= 3


@pytest.mark.parametrize("name", repository_names())
def test_repository_has_the_same_commits_everywhere(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Somebody Else")
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    head = build_repository(name, tmp_path / name)

    assert HEADS[name] == head


def test_branch_is_checked_out_with_its_files(tmp_path: Path) -> None:
    head = build_repository("shop", tmp_path / "shop", "SHOP-12-bulk-discount")

    assert branches(tmp_path / "shop")["SHOP-12-bulk-discount"] == head
    assert (tmp_path / "shop" / "tests" / "test_bulk.py").is_file()


def test_bare_remote_holds_the_same_commits(built: dict[str, Path], tmp_path: Path) -> None:
    head = build_remote("shop", tmp_path / "shop.git")

    assert HEADS["shop"] == head
    assert branches(built["shop"]) == branches(tmp_path / "shop.git")


def test_rules_files_differ_in_form(built: dict[str, Path]) -> None:
    assert (built["shop"] / ".clinerules" / "team.md").is_file()
    assert (built["parcel"] / ".clinerules").is_file()
    assert not (built["parcel"] / "AGENTS.md").exists()


@pytest.mark.parametrize(
    ("repository", "command"),
    [("shop", ["make", "check", f"PYTHON={sys.executable}"]), ("parcel", ["node", "scripts/verify.mjs"])],
)
def test_checks_pass_on_main(repository: str, command: list[str], built: dict[str, Path]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")

    run = subprocess.run(command, cwd=built[repository], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr


def test_destination_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")

    with pytest.raises(InputError, match="in use"):
        build_repository("shop", tmp_path)


@pytest.mark.parametrize(("name", "branch"), [("nothing", "main"), ("shop", "nothing")])
def test_unknown_repository_or_branch_is_refused_with_what_there_is(name: str, branch: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"shop|main"):
        build_repository(name, tmp_path / "new", branch)


def test_unknown_recording_is_refused() -> None:
    with pytest.raises(InputError, match="no recording 'nothing'"):
        load_recording("nothing")


@pytest.mark.parametrize("raw", [b"", b"no zstandard"])
def test_damaged_file_is_refused(raw: bytes) -> None:
    with pytest.raises(DecodeError, match="damaged"):
        decode_recording("broken", raw)


def test_recording_survives_writing_and_reading(tmp_path: Path) -> None:
    recording = load_recording(NAMES[0])

    path = write_recording(recording, tmp_path)

    assert recording == read_recording(path)


def test_machine_name_and_path_are_found_in_a_compressed_body() -> None:
    body = gzip.compress(b'{"host":"build-7","cwd":"/home/dev/x","tool":"/usr/bin/git"}')
    headers = {"content-encoding": "gzip"}
    request = RecordedRequest(at_ns=0, method="POST", target="/v1/logs", headers=headers, body=body)

    assert foreign_text([request], hostname="build-7") == ["/home/dev/x", "build-7"]


def test_cline_scripts_only_use_what_cline_has() -> None:
    acts = [turn.act for each in SCENARIOS if each.agent is Agent.CLINE for turn in turns_of(each)]

    assert not any(isinstance(act, Delegate | Create) for act in acts)
