"""Doctor proves hops against a real sidecar and real scripts, and says of each broken one what to do."""

import json
import shutil
import stat
import threading
import time
from collections.abc import Callable, Generator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sidecar.attach.places import places
from sidecar.attach.programs import SCRIPTS
from sidecar.config import Config, Credentials, LearnConfig, ModelConfig, ProjectConfig
from sidecar.data_dir import DataDir
from sidecar.doctor.attached import MEASURED, check_agent
from sidecar.doctor.finding import Finding, State
from sidecar.doctor.judging import check_judge
from sidecar.doctor.outside import check_forges
from sidecar.doctor.probe import check_hook
from sidecar.doctor.receiving import check_receiving
from sidecar.doctor.rules_files import check_rules_files, check_standing_rules
from sidecar.doctor.sessions import check_sessions, first_day_line, newest_sessions
from sidecar.domain import ProjectId, Rule, RuleId, RuleKind
from sidecar.errors import InputError
from sidecar.installation import Installation
from sidecar.rules import BEGIN, END
from tests.sidecar.attach.backends import down
from tests.sidecar.attach.desk import Desk, made_desk
from tests.sidecar.conftest import Served
from tests.sidecar.requests import inbox_rows


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A developer's home and clone; nothing is attached."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return made_desk(folder)


@pytest.fixture
def installation(tmp_path: Path) -> Generator[Installation]:
    """An opened data folder without a session."""
    with Installation.open(DataDir.open(tmp_path / "data"), Config(), owner="test") as one:
        yield one


def by_hop(findings: list[Finding]) -> dict[str, Finding]:
    """Findings by what they are about, without the agent's name."""
    return {one.hop.partition(": ")[2] or one.hop: one for one in findings}


def program(folder: Path, name: str, text: str) -> None:
    """An executable that says its version."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho '{text}'\n")
    (folder / name).chmod(stat.S_IRWXU)


async def test_every_hop_to_a_sidecar_is_proven_and_nothing_is_stored(served: Served) -> None:
    data_dir = DataDir.open(served.data)
    findings = await _in_thread(lambda: check_receiving(served.url, ("claude_code", "cline"), data_dir=data_dir))

    assert {State.OK} == {one.state for one in findings}
    assert list(by_hop(findings)) == [
        "answers",
        "serves this data folder",
        "clock",
        "redacts all it is sent",
        "takes hooks of claude_code",
        "takes hooks of cline",
        "takes OTLP",
    ]
    assert inbox_rows(served.data) == []


async def test_a_sidecar_of_another_folder_is_told_apart_and_its_key_is_not_told(
    served: Served, tmp_path: Path
) -> None:
    other = DataDir.open(tmp_path / "other")

    findings = await _in_thread(lambda: check_receiving(served.url, (), data_dir=other))
    ready = await served.client.get("/readyz")

    finding = by_hop(findings)["serves this data folder"]
    assert State.PROBLEM is finding.state
    assert f"another one than {other.path}" in finding.detail
    assert ready.json()["installation"] == served.installation.data_dir.key_print
    assert served.installation.data_dir.key.hex() not in ready.text


def test_a_sidecar_that_is_down_is_to_be_started() -> None:
    with down() as url:
        (finding,) = check_receiving(url, ("claude_code",))

    assert State.PROBLEM is finding.state
    assert "sidecar serve" in finding.next_step


@pytest.mark.parametrize(
    ("ready", "ahead_s", "hop", "words"),
    [
        ("{}", 0, "answers", "not ours"),
        ('{"inbox": {}}', 90, "clock", " s ahead"),
        ('{"inbox": {}}', -90, "clock", "behind"),
        ('{"inbox": {}, "unscannable": 3}', 0, "redacts all it is sent", "3 strings could not be looked through"),
    ],
    ids=["another program", "ahead", "behind", "not all scanned"],
)
def test_what_listens_there_is_looked_at(ready: str, ahead_s: int, hop: str, words: str) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", formatdate(time.time() + ahead_s, usegmt=True))
            self.end_headers()
            self.wfile.write(ready.encode())

        def do_POST(self) -> None:
            self.send_response(404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    findings = by_hop(check_receiving(f"http://127.0.0.1:{server.server_address[1]}", ("claude_code",)))
    server.shutdown()
    server.server_close()

    assert State.PROBLEM is findings[hop].state
    assert words in findings[hop].detail


@pytest.mark.parametrize("agent", ["claude_code", "cline"])
def test_a_hook_is_run_and_its_message_seen(desk: Desk, agent: str) -> None:
    (desk.repository / "CLAUDE.md").write_text("Use make.\n")
    (desk.repository / "AGENTS.md").write_text("Use make.\n")

    finding = check_hook(agent, SCRIPTS / "hook.sh", desk.repository)

    assert State.OK is finding.state
    assert "https://forge.example/Acme/Shop.git" in finding.detail
    assert "2 rules files" in finding.detail


def test_a_script_that_is_gone_is_a_problem(desk: Desk) -> None:
    finding = check_hook("claude_code", desk.scripts / "hook.sh", desk.repository)

    assert State.PROBLEM is finding.state
    assert "sidecar attach claude-code" in finding.next_step


def test_a_script_that_sends_nothing_is_a_problem(desk: Desk) -> None:
    script = desk.home / "hook.sh"
    script.write_text("exit 0\n")

    finding = check_hook("claude_code", script, desk.repository, within_s=0.5)

    assert "nothing arrived" in finding.detail


def test_an_agent_of_another_version_is_said_to_be_unmeasured(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    program(desk.home / "bin", "claude", "9.9.9 (Claude Code)")
    monkeypatch.setenv("PATH", str(desk.home / "bin"), prepend=":")

    findings = by_hop(check_agent("claude_code", places({"HOME": str(desk.home)}), desk.repository))

    assert State.UNCHECKED is findings["version known"].state
    assert MEASURED["claude_code"] in findings["version known"].detail
    assert "sidecar attach claude-code" in findings["attached"].next_step


def test_entries_that_went_are_a_problem(desk: Desk) -> None:
    desk.run("attach", "claude-code")
    desk.local_settings.write_text("{}")

    findings = by_hop(check_agent("claude_code", places({"HOME": str(desk.home)}), desk.repository))

    assert State.PROBLEM is findings["attached"].state
    assert str(desk.local_settings) in findings["attached"].detail


def test_entries_that_stand_beside_an_edit_are_fine(desk: Desk) -> None:
    desk.run("attach", "claude-code")
    settings = json.loads(desk.local_settings.read_bytes())
    desk.local_settings.write_text(json.dumps(settings | {"model": "opus"}))

    findings = by_hop(check_agent("claude_code", places({"HOME": str(desk.home)}), desk.repository))

    assert State.OK is findings["attached"].state
    assert State.OK is findings["hook fires"].state


def test_hooks_that_are_switched_off_are_a_problem(desk: Desk) -> None:
    desk.user_settings.parent.mkdir()
    desk.user_settings.write_text('{"disableAllHooks": true}')
    desk.run("attach", "claude-code")

    findings = by_hop(check_agent("claude_code", places({"HOME": str(desk.home)}), desk.repository))

    assert "disableAllHooks" in findings["settings"].detail


def test_an_agent_that_is_not_here_is_not_spoken_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    assert check_agent("cline", places({"HOME": str(desk.home)}), desk.repository) == []


def test_a_first_day_says_how_far_the_first_lesson_is(installation: Installation) -> None:
    assert (
        first_day_line(newest_sessions(installation), min_tasks=2)
        == "0 sessions, 0 settled, 2 more tasks until a lesson is possible"
    )


def test_without_a_session_nothing_is_known_of_what_arrives(installation: Installation) -> None:
    (finding,) = check_sessions(installation, "claude_code")

    assert State.UNCHECKED is finding.state
    assert "run one session" in finding.next_step


@pytest.mark.parametrize(
    ("config", "credentials", "state", "words"),
    [
        (Config(), Credentials(), State.OK, "needs no model"),
        (Config(learn=LearnConfig(judge="failure")), Credentials(), State.PROBLEM, "none is named"),
        (
            Config(learn=LearnConfig(judge="failure"), model=ModelConfig(judge="claude-x")),
            Credentials(),
            State.PROBLEM,
            "no key",
        ),
        (Config(learn=LearnConfig(judge="foo")), Credentials(), State.PROBLEM, "no judge 'foo'; there are: evidence"),
        (
            Config(learn=LearnConfig(judge="failure"), model=ModelConfig(judge="claude-x")),
            Credentials(base_url="foo"),
            State.PROBLEM,
            "not reachable: ANTHROPIC_BASE_URL is no address",
        ),
    ],
    ids=["evidence", "no model", "no key", "no such judge", "no address"],
)
def test_a_judge_that_cannot_be_asked_is_a_problem(
    config: Config, credentials: Credentials, state: State, words: str
) -> None:
    finding = check_judge(config, credentials, None)[0]

    assert state is finding.state
    assert words in finding.detail


def test_a_model_that_cannot_be_reached_or_paid_is_a_problem() -> None:
    with down() as url:
        address = url.replace("//", "//ada:secret@")
        config = Config(learn=LearnConfig(judge="failure"), model=ModelConfig(judge="m", base_url=address))
        findings = by_hop(check_judge(config, Credentials(), None))

    assert (findings["reachable"].state, findings["price known"].state) == (State.PROBLEM, State.PROBLEM)
    assert findings["reachable"].detail.startswith(f"not reachable: {url}/v1/models/m does not answer")
    assert "no price is known for the model 'm'" in findings["price known"].detail


def test_a_judge_whose_money_is_spent_is_a_problem(installation: Installation) -> None:
    config = Config(learn=LearnConfig(judge="failure"), model=ModelConfig(judge="claude-x", max_usd_per_day=0.0))

    finding = by_hop(check_judge(config, Credentials(), installation.store))["within its money"]

    assert State.PROBLEM is finding.state
    assert "[model]" in finding.next_step


def test_a_forge_is_read_and_dry_pushed_to(desk: Desk, tmp_path: Path) -> None:
    remote = tmp_path / "remote.git"
    desk.git("init", "--quiet", "--bare", "--initial-branch", "main", str(remote))
    desk.git("-c", "user.name=r", "-c", "user.email=r@example", "commit", "--quiet", "--allow-empty", "-m", "one")
    desk.git("push", "--quiet", str(remote), "main")

    (finding,) = check_forges({"forge.example/acme/shop": ProjectConfig(url=str(remote))})

    assert State.OK is finding.state
    assert "proposals go to main" in finding.detail
    assert desk.git("-C", str(remote), "branch", "--format", "%(refname:short)") == "main\n"


def test_a_remote_whose_own_branch_is_not_there_is_a_problem_until_the_settings_name_one(
    desk: Desk, tmp_path: Path
) -> None:
    remote = tmp_path / "remote.git"
    desk.git("init", "--quiet", "--bare", "--initial-branch", "trunk", str(remote))
    desk.git("-c", "user.name=r", "-c", "user.email=r@example", "commit", "--quiet", "--allow-empty", "-m", "one")
    desk.git("push", "--quiet", str(remote), "main")

    (finding,) = check_forges({"x/y": ProjectConfig(url=str(remote))})
    (named,) = check_forges({"x/y": ProjectConfig(url=str(remote), default_branch="main")})

    assert (finding.state, named.state) == (State.PROBLEM, State.OK)
    assert "has no default branch with a commit on it" in finding.detail
    assert 'default_branch of [projects."x/y"]' in finding.next_step


@pytest.mark.parametrize(
    ("change", "forge", "words"),
    [
        (shutil.rmtree, "local", "ls-remote failed"),
        (Path.exists, "local", "no branch 'trunk'"),
        (Path.exists, "hub", "no forge 'hub'; there are: local"),
    ],
    ids=["gone", "no such branch", "no such forge"],
)
def test_a_forge_that_cannot_be_used_is_a_problem(
    desk: Desk, tmp_path: Path, change: Callable[[Path], object], forge: str, words: str
) -> None:
    remote = tmp_path / "remote.git"
    desk.git("init", "--quiet", "--bare", str(remote))
    change(remote)

    (finding,) = check_forges({"x/y": ProjectConfig(url=str(remote), forge=forge, default_branch="trunk")})

    assert State.PROBLEM is finding.state
    assert words in finding.detail


def test_the_command_ends_with_one_where_something_is_broken(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    DataDir.open(tmp_path / "data")
    with down() as url:
        said = desk.run("doctor", "--data", str(tmp_path / "data"), "--url", url, "--json", accepts=1)

    document = json.loads(said)
    assert document["summary"] == "0 sessions, 0 settled, 2 more tasks until a lesson is possible"
    assert {"hop": "sidecar: answers", "state": "problem"}.items() <= document["findings"][0].items()
    assert {"hop": "agents: attached", "state": "not checked"}.items() <= document["findings"][1].items()


def test_before_the_first_start_the_usual_folder_may_be_missing_and_stays_so(desk: Desk) -> None:
    with down() as url:
        said = desk.run("doctor", "--url", url, accepts=1)

    folder = desk.home / ".local" / "share" / "agent-sidecar"
    assert f"not checked  store: there is no installation at {folder}\n" in said
    assert not (folder / "key").exists()


@pytest.mark.parametrize("url", ["nonsense", "http://[::1", "http://127.0.0.1:port", "ftp://127.0.0.1"])
def test_an_address_that_is_none_is_refused_with_who_said_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    arguments = ("doctor", "--data", str(tmp_path / "data"))
    DataDir.open(tmp_path / "data")

    with pytest.raises(InputError, match=r"--url .*an address such as http://127.0.0.1:4318 was expected"):
        desk.run(*arguments, "--url", url)
    monkeypatch.setenv("SIDECAR_URL", url)
    with pytest.raises(InputError, match="SIDECAR_URL "):
        desk.run(*arguments)


async def _in_thread(check: Callable[[], list[Finding]]) -> list[Finding]:
    import asyncio

    return await asyncio.to_thread(check)


def test_the_file_that_codex_reads_instead_of_our_rules_is_named_from_any_folder_of_the_repository(desk: Desk) -> None:
    inside = desk.repository / "src"
    inside.mkdir(exist_ok=True)
    before = check_rules_files(inside)
    (desk.repository / "AGENTS.override.md").touch()

    (finding,) = check_rules_files(inside)

    assert before == []
    assert finding.state is State.PROBLEM
    assert str(desk.repository / "AGENTS.override.md") in finding.detail
    assert "AGENTS.md" in finding.next_step
    assert check_rules_files(desk.repository.parent) == []


def test_a_character_that_nobody_sees_in_our_rules_is_a_problem(desk: Desk, installation: Installation) -> None:
    project = ProjectId("forge.example/acme/shop")
    rule = Rule(rule_id=RuleId("a" * 12), text="Run\u200b it.", kind=RuleKind.FACT)
    (desk.repository / "CLAUDE.md").write_text(f"# T\u200b\n{BEGIN}\n- {rule.text}\n{END}\n")
    installation.store.set_base_rules(project, "0" * 40, [rule])

    (here,) = check_rules_files(desk.repository)
    (stored,) = check_standing_rules(installation.store, [project])

    assert State.PROBLEM is here.state
    assert here.detail == "line 3 of CLAUDE.md holds U+200B (zero width space)"
    assert stored.detail == f"rule {rule.rule_id} holds U+200B (zero width space)"
