"""Whatever a person gets wrong is told in one sentence on standard error, with the exit code that the README states."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from sidecar.cli.app import app
from sidecar.config import Config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, Intake
from sidecar.errors import SidecarError
from sidecar.installation import Installation
from sidecar.receive import Arrival
from sidecar.recordings import load_recording
from sidecar.recordings.repositories import REMOTES
from tests.loop.loop import GIT, Loop

JUNIT = '<testsuite><testcase classname="a" name="good"/></testsuite>'
PATIENCE_S = 60
ADD = '{"edits":[{"op":"add","text":"Run `make check`."}]}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A command line that cannot work, and words of the sentence it gets."""

    line: str
    """Arguments with blanks between; `{at}` is the folder of files."""
    words: str
    stdin: bytes = b""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the command lines name."""
    folder = tmp_path_factory.mktemp("wrong")
    texts = {
        "good.xml": JUNIT,
        "page.xml": "<!doctype html><html><body>Log in</body></html>",
        "empty.xml": "",
        "cut.xml": JUNIT[:30],
        "rules.md": "# Rules\n",
        "broken.md": "# Rules\n<!-- agent-sidecar rules: begin -->\n- a\n",
        "add.json": ADD,
        "retire.json": '{"edits":[{"op":"retire","text":"Never said."}]}',
        "lines.json": '{"edits":[{"op":"add","text":"two\\nlines"}]}',
        "no.json": "edits: none\n",
        "unknown.toml": "[learn]\nmin_task = 3\n",
        "few.toml": "[learn]\nmin_tasks = 0\n",
        "silent.toml": '[store]\nurl = "postgresql://me:s3cret@127.0.0.1:1/x"\n',
        "port.toml": '[store]\nurl = "postgresql://me:s3cret@127.0.0.1:one/x"\n',
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    (folder / "binary.xml").write_bytes(bytes(range(256)))
    (folder / "empty").mkdir()
    (folder / "inside").mkdir()
    (folder / "inside" / "link.md").symlink_to("../rules.md")
    (folder / "inside" / "ring.md").symlink_to("ring.md")
    return folder


def sidecar(
    *arguments: str, stdin: bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "sidecar", *arguments],
        input=stdin,
        env=os.environ | (environment or {}),
        capture_output=True,
        check=False,
        timeout=PATIENCE_S,
    )


ALONE = [
    Wrong(line="outcomes read {at}/page.xml --json", words="page.xml: JUnit report is a web page"),
    Wrong(line="outcomes add {at}/good.xml", words="say whom the report is about with --session ID or --commit"),
    Wrong(line="rules apply --target {at}/inside/link.md --edits {at}/add.json", words="leaves its folder"),
    Wrong(line="rules check --json", words="line 2: text: expected a string", stdin=b'\n{"id":"r"}\n'),
    Wrong(line="redact --jsonl", words="line 1: not JSON", stdin=b"plain\n"),
    Wrong(line="import {at}/none", words="there is no such file or folder"),
    Wrong(line="feedback s hello", words="no session 's' is stored; `sidecar status --sessions` lists those that are"),
    Wrong(line="feedback s  ", words="Missing argument 'text'"),
    Wrong(line="sync --project a/b", words="no settings for project 'a/b'; add to sidecar.toml"),
    Wrong(line="status --config {at}/silent.toml", words="does not answer; is it running and reachable?"),
    Wrong(line="status --data {at}/rules.md", words="is a file; give a folder with --data DIR"),
    Wrong(line="demo --repository shoe", words="there are parcel and shop"),
    Wrong(line="demo --keep {at}", words="is in use; name a new or an empty folder"),
]
WITH_OTHERS = [
    Wrong(line="outcomes read {at}/empty.xml", words="empty.xml: no reader recognises this report of 0 bytes"),
    Wrong(line="outcomes read {at}/cut.xml", words="cut.xml: JUnit report is not well-formed XML"),
    Wrong(line="outcomes read {at}/binary.xml", words="binary.xml: no reader recognises this report of 256 bytes"),
    Wrong(line="outcomes read {at}", words="is a folder; name a file in it"),
    Wrong(line="outcomes read {at}/none.xml", words="none.xml: cannot be read (No such file or directory)"),
    Wrong(line="outcomes read {at}/good.xml --format trx", words="expected one of 'junit', 'ctrf', 'go_json'"),
    Wrong(line="outcomes add {at}/page.xml --session s", words="page.xml: JUnit report is a web page"),
    Wrong(line="outcomes add {at}/good.xml --commit main", words="7 to 64 hex digits of the commit's hash"),
    Wrong(line="rules apply --target {at}/inside/ring.md --edits {at}/add.json", words="leads nowhere"),
    Wrong(line="rules apply --target {at} --edits {at}/add.json", words="is a folder"),
    Wrong(line="rules apply --target {at}/broken.md --edits {at}/add.json", words="broken.md: line 2: the block"),
    Wrong(line="rules apply --target {at}/rules.md --edits {at}/no.json", words="no.json: the edits are not JSON"),
    Wrong(line="rules apply --target {at}/rules.md --edits {at}/retire.json", words="cannot retire 'Never said.'"),
    Wrong(line="rules apply --target {at}/rules.md --edits {at}/lines.json", words="U+000A"),
    Wrong(line="rules check", words="line 1: not a JSON object", stdin=b"text\n"),
    Wrong(line="rules check", words="line 1: txt: unknown key, did you mean text?", stdin=b'{"id":"r","txt":"a"}\n'),
    Wrong(line="rules check", words="line 1: not UTF-8", stdin=b'{"id":"\xff","text":"a"}\n'),
    Wrong(line="redact --jsonl", words="line 1: expected a JSON string, got int", stdin=b"1\n"),
    Wrong(line="import {at} --agent emacs", words="known agents: claude_code, cline"),
    Wrong(line="judge --judge jury", words="no judge 'jury'; there are: evidence"),
    Wrong(line="status --config {at}/none.toml", words="none.toml: there is no such file"),
    Wrong(line="status --config {at}", words="is a folder, and a settings file was expected"),
    Wrong(line="status --config {at}/binary.xml", words="not TOML"),
    Wrong(line="status --config {at}/unknown.toml", words="did you mean 'min_tasks'?"),
    Wrong(line="status --config {at}/few.toml", words="min_tasks: input should be greater than or equal to 1"),
    Wrong(line="status --config {at}/port.toml", words="store.url is not a database url"),
]


@pytest.mark.parametrize("wrong", ALONE, ids=lambda wrong: wrong.line)
def test_wrong_input_is_one_sentence_and_exit_code_2(at: Path, tmp_path: Path, wrong: Wrong) -> None:
    arguments = wrong.line.format(at=at).split()
    DataDir.open(tmp_path / "agent-sidecar")

    done = sidecar(*arguments, stdin=wrong.stdin, environment={"XDG_DATA_HOME": str(tmp_path)})

    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert wrong.words in said
    assert said.startswith(("sidecar: ", "Usage: sidecar "))
    assert "Traceback" not in said
    assert "s3cret" not in said


@pytest.mark.parametrize("wrong", WITH_OTHERS, ids=lambda wrong: wrong.line)
def test_wrong_input_is_an_error_that_the_command_line_knows_how_to_tell(
    at: Path, tmp_path: Path, wrong: Wrong
) -> None:
    arguments = wrong.line.format(at=at).split()
    DataDir.open(tmp_path / "agent-sidecar")

    # in this process, because a process for each takes most of a second
    done = CliRunner(env={"XDG_DATA_HOME": str(tmp_path)}).invoke(app, arguments, input=wrong.stdin)

    assert isinstance(done.exception, SidecarError)
    assert wrong.words in str(done.exception)
    assert "s3cret" not in str(done.exception)
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("closed", "words"),
    [
        ("outcomes read {at}/good.xml >&-", "standard output is closed"),
        ("outcomes read {at}/good.xml >/dev/full", "No space left on device"),
        ("outcomes read {at}/good.xml | true; exit ${{PIPESTATUS[0]}}", ""),
        ("redact <&-", "standard input is closed"),
        ("outcomes read {at}/none.xml 2>&-", ""),
    ],
)
def test_closed_or_full_streams_are_told_without_a_traceback(at: Path, closed: str, words: str) -> None:
    line = f"{sys.executable} -m sidecar {closed.format(at=at)}"

    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == bool(words)


@pytest.mark.parametrize(
    "command",
    ["judge", "propose", "sync", "status", "rules list", "propose --dry-run", "sync --dry-run", "import {at}"],
)
def test_json_is_one_document_on_an_empty_data_folder(at: Path, tmp_path: Path, command: str) -> None:
    arguments = command.format(at=at / "empty").split()
    DataDir.open(tmp_path)

    done = CliRunner().invoke(app, [*arguments, "--data", str(tmp_path), "--json"], catch_exceptions=False)

    assert isinstance(json.loads(done.stdout), dict)
    assert done.exit_code == ("import" in command)


@pytest.mark.parametrize("command", ["judge", "propose", "sync", "status", "rules list", "import {at}"])
def test_flows_say_that_there_is_nothing_to_do(at: Path, tmp_path: Path, command: str) -> None:
    arguments = command.format(at=at / "empty").split()
    DataDir.open(tmp_path)

    done = CliRunner().invoke(app, [*arguments, "--data", str(tmp_path)], catch_exceptions=False)

    assert done.stdout.strip()


def test_import_counts_what_is_new_and_names_what_it_could_not_read(tmp_path: Path) -> None:
    recorded = load_recording("cline-shop-average-price")
    folder = tmp_path / "sessions" / recorded.session_id
    folder.mkdir(parents=True)
    whole = next(one.body for one in recorded.requests if "part=messages" in one.target)
    (folder / f"{folder.name}.messages.json").write_bytes(whole)
    (tmp_path / "sessions" / "cut").mkdir()
    (tmp_path / "sessions" / "cut" / "cut.messages.json").write_bytes(whole[:100])
    (tmp_path / "sessions" / "notes.txt").write_text("of somebody else")
    line = ["import", str(tmp_path / "sessions"), "--data", str(tmp_path / "data"), "--json"]

    first, second = (json.loads(CliRunner().invoke(app, line, catch_exceptions=False).stdout) for _ in range(2))

    assert (first["files"], first["new"], second["new"]) == ({"cline": 1}, 1, 0)
    assert sorted(Path(one["file"]).name for one in second["skipped"]) == ["cut.messages.json", "notes.txt"]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A remote, and a data folder that knows one session of its project; to be copied."""
    loop = Loop(root=tmp_path_factory.mktemp("known"), repository="shop").build()
    started = {"session_id": "s", "hook_event_name": "SessionStart", "source": "startup", "cwd": "/w"}
    repository = {"remote": REMOTES["shop"], "head": loop.git("rev-parse", "main"), "branch": "main"}
    hook = Arrival(
        team=LOCAL_TEAM,
        intake=Intake.HOOK,
        agent="claude-code",
        body=json.dumps({"hook": started, "observed_ns": 1, "repository": repository}).encode(),
        received_ns=1,
    )
    with Installation.open(DataDir.open(loop.data), Config(), owner="test") as installation:
        asyncio.run(installation.receiver().receive(hook))
        installation.projector().run(now_ns=2)
    return loop.root


@pytest.fixture
def copied(known: Path, tmp_path: Path) -> Loop:
    shutil.copytree(known, tmp_path / "loop")
    loop = Loop(root=tmp_path / "loop", repository="shop")
    loop.write_settings()
    return loop


def synced(loop: Loop) -> Result:
    return CliRunner().invoke(app, ["sync", "--data", str(loop.data), "--json"], catch_exceptions=False)


def settings(loop: Loop, line: str) -> None:
    (loop.data / "sidecar.toml").write_text(f'[projects."{loop.project}"]\n{line}\n')


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('url = "{root}/none.git"', "does not appear to be a git repository"),
        ('url = "{root}/none.git"', "check url and default_branch of [projects."),
        (
            'url = "{root}/empty.git"',
            "name the branch of its proposals as default_branch\n  check url and default_branch of [",
        ),
        ('url = "shop.git"', "expected an https or ssh address, a file:// address or an absolute path"),
        ('url = "{root}/shop.git"\nforge = "hub"', "no forge 'hub'; there are: local"),
        ('url = "{root}/shop.git"\ndefault_branch = "trunk"', "couldn't find remote ref refs/heads/trunk"),
    ],
)
def test_remote_that_cannot_be_used_is_named_with_its_project(copied: Loop, line: str, words: str) -> None:
    subprocess.run(["git", "init", "--quiet", "--bare", copied.root / "empty.git"], check=True, env=GIT)
    settings(copied, line.format(root=copied.root))

    done = synced(copied)

    assert done.exit_code == 2
    assert done.stderr.startswith(f"sidecar: {copied.project}: ")
    assert words in done.stderr
    assert json.loads(done.stdout) == {"projects": []}


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("CLAUDE.md", "# a\n<!-- agent-sidecar rules: begin -->\n- b\n", "CLAUDE.md: line 2: the block begins here"),
        (".sidecar/rules/0123456789ab.json", "garbage", ".sidecar/rules/0123456789ab.json: not JSON"),
    ],
)
def test_base_that_cannot_be_read_is_left_alone(copied: Loop, path: str, text: str, words: str) -> None:
    copied.commit("Break it", {path: text})

    done = synced(copied)

    assert done.exit_code == 2
    assert words in done.stderr
    assert copied.branches() == []


def test_rules_file_that_is_a_link_out_of_the_repository_is_not_followed(copied: Loop) -> None:
    tree = copied.git("ls-tree", "main")
    link = copied.git("hash-object", "-w", str(_file(copied.root / "link", "../../etc/passwd")))
    without = [line for line in tree.splitlines() if not line.endswith("\tCLAUDE.md")]
    listing = "\n".join([*without, f"120000 blob {link}\tCLAUDE.md"]) + "\n"
    made = subprocess.run(
        ["git", "mktree"], cwd=copied.remote, input=listing, env=GIT, capture_output=True, text=True, check=True
    )
    copied.git("update-ref", "refs/heads/main", copied.git("commit-tree", made.stdout.strip(), "-p", "main", "-m", "x"))

    done = synced(copied)

    assert done.exit_code == 2
    assert "CLAUDE.md is a symbolic link to '../../etc/passwd', outside the repository" in done.stderr


def _file(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize("damage", ["file", "stray", "no HEAD", "settings"])
def test_damaged_clone_of_ours_is_made_anew(copied: Loop, damage: str) -> None:
    assert synced(copied).exit_code == 0
    (clone,) = (copied.data / "clones").iterdir()
    damages = {
        "file": ["sh", "-c", 'rm -r "$0" && echo x > "$0"'],
        "stray": ["sh", "-c", 'echo x > "$0/stray" && touch "$0/config.lock" "$0/refs/heads/x.lock"'],
        "no HEAD": ["sh", "-c", 'rm "$0/HEAD"'],
        "settings": ["sh", "-c", 'echo "[[[" > "$0/config"'],
    }

    subprocess.run([*damages[damage], clone], check=True)

    assert synced(copied).exit_code == 0


def test_no_identity_and_no_home_are_no_hindrance(copied: Loop) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "HOME" and "GIT" not in name}

    done = subprocess.run(copied.command("sync"), env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_missing_git_is_said(copied: Loop, tmp_path: Path) -> None:
    done = subprocess.run(
        copied.command("sync"), env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "git is not on PATH; install git" in done.stderr
    assert "Traceback" not in done.stderr


def in_own_mounts(setup: str, folder: Path, command: Sequence[str]) -> list[str]:
    """The command with something mounted on a folder, in a mount namespace that ends with it."""
    prepared = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{setup} && exec "$@"', str(folder)]
    probe = subprocess.run([*prepared, "true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        reason = f"nothing can be mounted here: {probe.stderr.strip()}"
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(reason)
        pytest.skip(reason)
    return [*prepared, *command]


@pytest.mark.parametrize("command", ["status", "serve --http 127.0.0.1:0 --grpc 127.0.0.1:0"])
def test_read_only_data_folder_is_said_before_anything_is_received(tmp_path: Path, command: str) -> None:
    loop = Loop(root=tmp_path, repository="shop")
    DataDir.open(loop.data)
    loop.run("status")
    mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"'

    line = in_own_mounts(mount, loop.data, loop.command(*command.split()))
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=PATIENCE_S)

    assert done.returncode == 2
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr


def test_full_data_folder_takes_nothing_more_and_stays_up(tmp_path: Path) -> None:
    loop = Loop(root=tmp_path, repository="shop")
    loop.data.mkdir()
    command = loop.command("serve", "--http", "127.0.0.1:0", "--grpc", "", "--json")
    line = in_own_mounts('mount -t tmpfs -o size=1m tmpfs "$0"', loop.data, command)
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        announced = json.loads("".join(process.stdout.readline() for _ in range(5)))
        url = f"http://{announced['http']}"

        answers = _posted_until_refused(url)
        health = httpx.get(f"{url}/healthz", timeout=PATIENCE_S)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE_S)[1]

    assert answers[0].status_code == 200
    assert (answers[-1].status_code, "has no room left" in answers[-1].json()["error"]) == (503, True)
    assert "retry-after" in answers[-1].headers
    assert (health.status_code, process.returncode) == (200, 0), said
    assert "Traceback" not in said


def _posted_until_refused(url: str) -> list[httpx.Response]:
    answers: list[httpx.Response] = []
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and not (answers and answers[-1].status_code != 200):
        printed = {"type": "tool_result", "tool_use_id": "t", "content": os.urandom(50_000).hex()}
        line = {"type": "user", "uuid": "u", "message": {"role": "user", "content": [printed]}}
        target = f"{url}/transcripts/claude_code?session=s&offset={len(answers)}"
        answers.append(httpx.post(target, content=json.dumps(line), timeout=PATIENCE_S))
    return answers
