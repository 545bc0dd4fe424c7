"""Real agents from npm, attached by the command line to a running sidecar."""

import subprocess
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from sidecar.attach.programs import SCRIPTS
from tests.e2e.attached import AGENT_LIMIT_S, ROOT, Machine, Serving, machine, serving
from tests.recordings.installed import installed
from tests.recordings.recorder import NPM_FOLDER
from tests.recordings.script import Agent

SETTLED_WITHIN_S = 5.0

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


@pytest.fixture
def desk(tmp_path: Path) -> Generator[Machine]:
    """A developer's machine."""
    with machine(tmp_path) as one:
        yield one


@pytest.fixture
def sidecar(tmp_path: Path) -> Generator[Serving]:
    """A sidecar that serves."""
    with serving(tmp_path / "data") as one:
        yield one


def in_work_tree(desk: Machine) -> str:
    """What git would show a person."""
    command = ["git", "status", "--short", "--untracked-files=all"]
    return subprocess.run(command, cwd=desk.workspace, capture_output=True, text=True, check=True).stdout


def test_claude_code_arrives_whole_and_settles(desk: Machine, sidecar: Serving) -> None:
    desk.sidecar("attach", "claude-code", "--url", sidecar.url)

    session_id, _ = desk.run_claude_code()
    took_s = sidecar.settled_within(session_id, SETTLED_WITHIN_S)

    session = sidecar.session(session_id)
    assert session is not None
    print(f"\nClaude Code settled {took_s:.2f} s after its end")
    assert ("2.1.330", "forge.example/acme/shop", desk.head_commit) == (
        session["agent_version"],
        session["project"],
        session["base_commit"],
    )
    assert (session["end_reason"], session["rules_version_from"]) == ("other", "exact")
    assert session["outcome"]["label"] == "pass"  # pyright: ignore[reportIndexIssue] # an object of its JSON
    assert in_work_tree(desk) == " M src/shop/receipt.py\n"


def test_doctor_finds_every_hop_of_an_attached_agent_sound(desk: Machine, sidecar: Serving) -> None:
    desk.sidecar("attach", "claude-code", "--url", sidecar.url)
    session_id, _ = desk.run_claude_code()
    sidecar.settled_within(session_id, SETTLED_WITHIN_S)

    said = desk.sidecar("doctor", "--data", str(sidecar.data))

    print(f"\n{said}")
    assert said.startswith("1 session, 1 settled, 2 more tasks until a lesson is possible; 1 of them is of no project")
    for hop in ("hook fires", "sessions arrive", "repository and commit known", "outcome joined"):
        assert f"ok           claude_code: {hop}" in said
    assert "hooks, session file, OTLP" in said


def test_cline_arrives_whole_and_settles(desk: Machine, sidecar: Serving) -> None:
    desk.prepare_cline()
    desk.sidecar("attach", "cline", "--url", sidecar.url)

    session_id, _ = desk.run_cline()
    took_s = sidecar.settled_within(session_id, SETTLED_WITHIN_S)

    session = sidecar.session(session_id)
    assert session is not None
    print(f"\nCline settled {took_s:.2f} s after its end")
    assert ("3.0.65", "forge.example/acme/shop", desk.head_commit) == (
        session["agent_version"],
        session["project"],
        session["base_commit"],
    )
    assert session["outcome"]["label"] == "pass"  # pyright: ignore[reportIndexIssue] # an object of its JSON
    assert in_work_tree(desk) == " M src/shop/receipt.py\n"


def test_rules_in_a_file_leave_cline_attached_by_the_users_hooks(desk: Machine, sidecar: Serving) -> None:
    desk.prepare_cline()
    subprocess.run(["rm", "-r", ".clinerules"], cwd=desk.workspace, check=True)
    (desk.workspace / ".clinerules").write_text("Be kind.\n")
    desk.sidecar("attach", "cline", "--url", sidecar.url)

    session_id, _ = desk.run_cline()

    sidecar.settled_within(session_id, SETTLED_WITHIN_S)


def test_a_killed_session_arrives_and_ends_with_the_next_start(desk: Machine, sidecar: Serving) -> None:
    desk.sidecar("attach", "claude-code", "--url", sidecar.url)
    killed, process = desk.start_claude_code()
    written = desk.home / ".claude" / "projects"
    deadline = time.monotonic() + AGENT_LIMIT_S
    # killed in the middle of its command
    while not any('"tool_use"' in file.read_text() for file in written.rglob(f"{killed}.jsonl")):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    process.kill()
    process.wait()
    time.sleep(12)  # its file must be old enough that no hook of its end can still be under way

    desk.restore()
    desk.run_claude_code()

    sidecar.settled_within(killed, SETTLED_WITHIN_S)
    session = sidecar.session(killed)
    assert session is not None
    assert session["end_reason"] == "quiet"
    assert int(str(session["steps"])) > 0


def test_the_installed_plugin_sends_sessions(desk: Machine, sidecar: Serving) -> None:
    program = str(installed(Agent.CLAUDE_CODE, NPM_FOLDER()).path)
    plugin = ROOT / "deploy" / "claude-code-plugin"
    for arguments in (("validate", plugin), ("marketplace", "add", plugin), ("install", "agent-sidecar@agent-sidecar")):
        run = subprocess.run(
            [program, "plugin", *map(str, arguments)],
            cwd=desk.workspace,
            env=desk.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
    copies = list((desk.home / ".claude" / "plugins").rglob("hook.sh"))

    session_id, _ = desk.run_claude_code(sidecar_url=sidecar.url)

    assert copies
    assert (SCRIPTS / "hook.sh").read_bytes() == copies[0].read_bytes()
    sidecar.settled_within(session_id, SETTLED_WITHIN_S)
    session = sidecar.session(session_id)
    assert session is not None
    assert (desk.head_commit, "exact") == (session["base_commit"], session["rules_version_from"])
