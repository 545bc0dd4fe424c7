"""The hook scripts with real shells against a server on loopback: up, down, hanging, failing."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sidecar.attach.programs import SCRIPTS
from sidecar.recordings import RecordedRequest
from tests.recordings.capture import Capture
from tests.sidecar.attach.backends import down, failing, hanging
from tests.sidecar.attach.desk import Desk
from tests.sidecar.attach.hooking import SHELL_RUNS, SHELLS, Fired, Hooks, until

SESSION = "0a1b2c3d-0000-4000-8000-00000000000a"
AGENT_WAITS_S = 3.0
"""Below the 5 s that the sender waits; a hook takes 0.02 s alone on a machine, 0.08 s among ten busy processes."""
LINGERS_S = 3
"""How long the sender looks for more after an end."""
MOST_FIRED = 4


class SlowCapture(Capture):
    """Takes long for what ends as told; meanwhile the agent writes its last lines."""

    def __init__(self, end: bytes, file: Path, last: bytes) -> None:
        super().__init__(0)
        self._end, self._file, self._last = end, file, last

    def keep(self, request: RecordedRequest) -> None:
        """Add a request to those kept."""
        if request.target.startswith("/transcripts/") and request.body.endswith(self._end):
            with self._file.open("ab") as file:
                file.write(self._last)
            time.sleep(LINGERS_S)
        super().keep(request)


@contextmanager
def listening(server: Capture) -> Generator[Capture]:
    """The server, at work."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def capture() -> Generator[Capture]:
    """A server that acknowledges everything and keeps it."""
    with listening(Capture(0)) as server:
        yield server


@pytest.fixture
def hooks_to(desk: Desk) -> Generator[Callable[..., Hooks]]:
    """Makes the scripts of the desk's user send to an address."""
    made: list[Hooks] = []

    def make(url: str, shell: str = "sh") -> Hooks:
        made.append(Hooks(home=desk.home, repository=desk.repository, url=url, shell=shell))
        return made[-1]

    yield make
    for one in made:
        one.end()


def fired_until_it_arrives(
    hooks: Hooks, capture: Capture, event: str, given: dict[str, object]
) -> tuple[list[Fired], tuple[RecordedRequest, ...]]:
    """Fire until something arrives: on a busy machine a start's second may be too short; then it waits for the next."""
    fired: list[Fired] = []
    requests: tuple[RecordedRequest, ...] = ()
    while not requests and len(fired) < MOST_FIRED:
        fired.append(hooks.fire("claude_code", event, given))
        hooks.at_rest()
        requests = tuple(capture.take())
    return fired, requests


def url_of(capture: Capture) -> str:
    """Where a capture listens."""
    return f"http://127.0.0.1:{capture.server_address[1]}"


def transcript(desk: Desk, session: str = SESSION) -> Path:
    """Where Claude Code would keep a session."""
    folder = desk.home / ".claude" / "projects" / "-the--shop-"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{session}.jsonl"


def payload(desk: Desk, event: str, session: str = SESSION) -> dict[str, object]:
    """What Claude Code gives to a hook."""
    return {
        "session_id": session,
        "transcript_path": str(transcript(desk, session)),
        "cwd": str(desk.repository),
        "hook_event_name": event,
    }


def pieces(requests: list[RecordedRequest]) -> dict[str, bytes]:
    """The session files that arrived, put together by part; each piece must go on where the one before ended."""
    found: dict[str, bytes] = {}
    for request in requests:
        target = urlsplit(request.target)
        if not target.path.startswith("/transcripts/"):
            continue
        query = parse_qs(target.query)
        part, offset = query["part"][0], int(query["offset"][0])
        body = found.get(part, b"")
        found[part] = body[:offset] + request.body
        assert len(body) >= offset
    return found


@pytest.mark.parametrize("shell", SHELL_RUNS)
def test_a_start_tells_repository_commit_and_rules(
    desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks], shell: str
) -> None:
    names = ["CLAUDE.md", '.claude/rules/a "b" \\ ü\n c.md']
    (desk.repository / ".claude" / "rules").mkdir(parents=True)
    for name in names:
        (desk.repository / name).write_text("Use make.\r\n")
    desk.git("-c", "user.name=r", "-c", "user.email=r@example", "commit", "--quiet", "--allow-empty", "-m", "one")
    given = payload(desk, "SessionStart") | {"prompt": '"; touch /tmp/x; $(id) `id`\n\u2028'}

    hooks = hooks_to(url_of(capture), shell)
    fired, requests = fired_until_it_arrives(hooks, capture, "SessionStart", given)

    assert len(requests) == len(fired)
    request, last = requests[-1], fired[-1]
    told = json.loads(request.body)
    assert last == Fired(exit_code=0, output=b"", took_s=last.took_s)
    assert request.target == "/hooks/claude_code"
    assert given == told["hook"]
    assert request.headers["x-sidecar-observed-ns"] == str(told["observed_ns"])
    assert abs(time.time_ns() - told["observed_ns"]) < 60e9
    head = desk.git("rev-parse", "HEAD").strip()
    assert {"remote": "https://forge.example/Acme/Shop.git", "head": head, "branch": "main"} == told["repository"]
    sha = desk.git("hash-object", "--no-filters", "CLAUDE.md").strip()
    assert [{"path": name, "sha": sha} for name in names] == told["rules"]


@pytest.mark.parametrize("shell", SHELL_RUNS)
def test_session_files_arrive_whole_after_an_end(desk: Desk, hooks_to: Callable[..., Hooks], shell: str) -> None:
    lines = b"".join(json.dumps({"n": n, "text": "é" * 997}).encode() + b"\n" for n in range(2500))
    transcript(desk).write_bytes(lines)
    sub_agent = transcript(desk).with_suffix("") / "subagents" / "agent-a1.jsonl"
    sub_agent.parent.mkdir(parents=True)
    sub_agent.write_bytes(b'{"sub": 1}\n')

    with listening(SlowCapture(lines[-9000:], transcript(desk), b'{"cost": 1}\n{"cut')) as capture:
        hooks = hooks_to(url_of(capture), shell)
        hooks.fire("claude_code", "SessionEnd", payload(desk, "SessionEnd"))
        hooks.at_rest()

    requests = list(capture.take())
    assert {"main": lines + b'{"cost": 1}\n', "subagents/agent-a1": b'{"sub": 1}\n'} == pieces(requests)
    assert all(request.body.endswith(b"\n") for request in requests if request.target.startswith("/transcripts/"))
    assert max(len(request.body) for request in requests) <= 2_097_152


def test_one_line_longer_than_a_piece_is_sent_whole(
    desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]
) -> None:
    line = json.dumps({"text": "x" * 2_200_000}).encode() + b"\n"
    transcript(desk).write_bytes(b'{"a":1}\n' + line)

    hooks = hooks_to(url_of(capture))
    hooks.fire("claude_code", "Stop", payload(desk, "Stop"))
    hooks.at_rest()

    assert {"main": b'{"a":1}\n' + line} == pieces(list(capture.take()))


def test_only_what_is_new_is_sent_again(desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]) -> None:
    hooks = hooks_to(url_of(capture))
    transcript(desk).write_bytes(b'{"a":1}\n')
    hooks.fire("claude_code", "Stop", payload(desk, "Stop"))
    hooks.at_rest()
    capture.take()

    with transcript(desk).open("ab") as file:
        file.write(b'{"b":2}\n')
    hooks.fire("claude_code", "Stop", payload(desk, "Stop"))
    hooks.at_rest()

    sent = [request for request in capture.take() if request.target.startswith("/transcripts/")]
    assert [request.body for request in sent] == [b'{"b":2}\n']
    assert "offset=8" in sent[0].target


def test_a_died_session_is_uploaded_at_the_next_start(
    desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]
) -> None:
    with down() as nowhere:
        away = hooks_to(nowhere)
        away.fire("claude_code", "SessionStart", payload(desk, "SessionStart"))
        away.at_rest()
    transcript(desk).write_bytes(b'{"a":1}\n{"b":2}\n')
    # it died long ago: no hook of its end, and nobody wrote to its file since
    then = time.time() - 7 * 3600
    os.utime(transcript(desk), (then, then))

    back = hooks_to(url_of(capture))
    other = "0a1b2c3d-0000-4000-8000-00000000000b"
    back.fire("claude_code", "SessionStart", payload(desk, "SessionStart", other))
    back.at_rest()

    requests = list(capture.take())
    started = [json.loads(one.body)["hook"]["session_id"] for one in requests if one.target.startswith("/hooks/")]
    assert [SESSION, other] == started
    assert pieces(requests) == {"main": b'{"a":1}\n{"b":2}\n'}
    ended = [one for one in requests if "quiet_since=" in one.target]
    assert [one.body for one in ended] == [b'{"b":2}\n']
    assert f"quiet_since={int(then)}999999999" in ended[0].target


def test_what_a_sidecar_was_away_for_arrives_with_its_own_time(
    desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]
) -> None:
    with down() as nowhere:
        away = hooks_to(nowhere)
        away.fire("claude_code", "UserPromptSubmit", payload(desk, "UserPromptSubmit"))
        away.at_rest()
    before_ns = time.time_ns()
    assert away.spooled() == 1

    hooks = hooks_to(url_of(capture))
    hooks.fire("claude_code", "Stop", payload(desk, "Stop"))
    hooks.at_rest()

    first, second = capture.take()
    assert [json.loads(one.body)["hook_event_name"] for one in (first, second)] == ["UserPromptSubmit", "Stop"]
    assert int(first.headers["x-sidecar-observed-ns"]) < before_ns < int(second.headers["x-sidecar-observed-ns"])
    assert hooks.spooled() == 0


def test_a_hanging_sidecar_is_left_alone_for_a_minute(desk: Desk, hooks_to: Callable[..., Hooks]) -> None:
    with hanging() as url:
        hooks = hooks_to(url)
        first = hooks.fire("claude_code", "UserPromptSubmit", payload(desk, "UserPromptSubmit"))
        until((hooks.state / "breaker").exists)
        hooks.at_rest()
        later = hooks.fire("claude_code", "Stop", payload(desk, "Stop"))

        assert hooks.is_at_rest()  # nobody even tries
    assert [first.exit_code, later.exit_code] == [0, 0]
    assert max(first.took_s, later.took_s) < AGENT_WAITS_S
    assert hooks.spooled() == 2


def test_after_a_minute_it_is_tried_again(desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]) -> None:
    hooks = hooks_to(url_of(capture))
    hooks.state.mkdir(parents=True)
    (hooks.state / "breaker").write_text(f"{int(time.time()) - 61}\n")

    hooks.fire("claude_code", "Stop", payload(desk, "Stop"))
    hooks.at_rest()

    assert len(capture.take()) == 1


@pytest.mark.parametrize("backend", [down, failing], ids=["down", "answering 500"])
def test_a_broken_sidecar_costs_the_agent_nothing_and_loses_nothing(
    desk: Desk, hooks_to: Callable[..., Hooks], backend: Callable[[], AbstractContextManager[str]]
) -> None:
    transcript(desk).write_bytes(b'{"a":1}\n')
    with backend() as url:
        hooks = hooks_to(url)
        fired = [hooks.fire("claude_code", event, payload(desk, event)) for event in ("UserPromptSubmit", "SessionEnd")]
        hooks.at_rest()

    assert [one.exit_code for one in fired] == [0, 0]
    assert max(one.took_s for one in fired) < AGENT_WAITS_S
    assert hooks.spooled() == 2
    assert not (hooks.state / "breaker").exists()


@pytest.mark.parametrize("backend", [down, failing], ids=["down", "answering 500"])
def test_only_starts_and_ends_try_again_within_seconds(
    desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks], backend: Callable[[], AbstractContextManager[str]]
) -> None:
    with backend() as url:
        away = hooks_to(url)
        away.fire("claude_code", "UserPromptSubmit", payload(desk, "UserPromptSubmit"))
        away.at_rest()
    hooks = hooks_to(url_of(capture))
    assert (away.state / "pause").read_text()
    (away.state / "pause").write_text(f"{int(time.time())}\n")  # as if no time had passed since

    hooks.fire("claude_code", "PostToolUseFailure", payload(desk, "PostToolUseFailure"))
    waiting, tries = hooks.spooled(), not hooks.is_at_rest()
    fired, requests = fired_until_it_arrives(hooks, capture, "Stop", payload(desk, "Stop"))

    assert (waiting, tries) == (2, False)
    assert len(requests) == 2 + len(fired)


def test_after_some_seconds_every_event_tries_again(
    desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]
) -> None:
    hooks = hooks_to(url_of(capture))
    hooks.state.mkdir(parents=True)
    (hooks.state / "pause").write_text(f"{int(time.time()) - 6}\n")

    hooks.fire("claude_code", "UserPromptSubmit", payload(desk, "UserPromptSubmit"))
    hooks.at_rest()

    assert len(capture.take()) == 1


def test_what_a_hook_wrote_down_is_sent_though_its_own_sender_never_came(
    desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]
) -> None:
    hooks = hooks_to(url_of(capture))
    hooks.state.mkdir(parents=True)
    gone = subprocess.Popen(["true"])
    gone.wait()
    for writer in (gone.pid, os.getpid()):
        draft = hooks.state / f"draft.1790000000000000001.{writer}.claude_code.SessionEnd."
        draft.write_bytes(json.dumps(payload(desk, "SessionEnd") | {"writer": writer}).encode())

    hooks.fire("claude_code", "Stop", payload(desk, "Stop"))
    hooks.at_rest()

    adopted, own = capture.take()
    assert (json.loads(adopted.body)["writer"], json.loads(own.body)["hook_event_name"]) == (gone.pid, "Stop")
    assert adopted.headers["x-sidecar-observed-ns"] == "1790000000000000001"
    assert draft.exists()  # its writer is still at it


def test_a_hook_starts_few_processes(desk: Desk, hooks_to: Callable[..., Hooks], tmp_path: Path) -> None:
    """An agent waits for what stands before its own end, and shares the machine with the rest."""
    log, shims = tmp_path / "started", tmp_path / "shims"
    shims.mkdir()
    for program in (
        *("awk", "cat", "cksum", "curl", "cut", "date", "dirname", "mkdir", "mv", "nohup", "od", "rm", "sed", "setsid"),
        *("sh", "tail", "tr", "wc"),
    ):
        (shims / program).write_text(f'#!/bin/sh\necho {program} >>{log}\nexec {shutil.which(program)} "$@"\n')
        (shims / program).chmod(0o755 if shutil.which(program) else 0o644)
    with down() as url:
        hooks = replace(hooks_to(url), path=f"{shims}:{os.environ['PATH']}")
        hooks.fire("claude_code", "Stop", payload(desk, "Stop"))
        hooks.at_rest()
        log.write_text("")
        hooks.fire("claude_code", "Stop", payload(desk, "Stop"))
        hooks.at_rest()
        tried = log.read_text().split()
        log.write_text("")
        hooks.fire("claude_code", "UserPromptSubmit", payload(desk, "UserPromptSubmit"))
        waited_for = log.read_text().split()

    assert len(waited_for) <= 4, waited_for  # sh itself, date, cat, mv
    assert len(tried) <= 11, tried


def test_cline_is_told_to_go_on(desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]) -> None:
    fired = hooks_to(url_of(capture)).fire("cline", "PreToolUse", {"taskId": "conv_1", "hookName": "tool_call"})

    assert fired.output == b'{"cancel":false}'


def test_clines_files_go_whole_and_only_when_they_changed(
    desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]
) -> None:
    folder = desk.home / ".cline" / "data" / "sessions" / "17_abc"
    folder.mkdir(parents=True)
    (folder / "17_abc.json").write_text('{"status": "running"}')
    (folder / "17_abc.messages.json").write_text('{"messages": []}')
    given = {"taskId": "conv_1", "hookName": "agent_end", "sessionContext": {"rootSessionId": "17_abc"}}

    hooks = hooks_to(url_of(capture))
    hooks.fire("cline", "TaskComplete", given)
    until(lambda: any(hooks.state.glob("sessions.*/cline/17_abc/sum.messages")))
    (folder / "17_abc.json").write_text('{"status": "completed"}')
    hooks.at_rest()

    sent = [(urlsplit(one.target).query, one.body) for one in capture.take() if one.target.startswith("/transcripts/")]
    expected = [
        ("session=17_abc&part=session&offset=0", b'{"status": "running"}'),
        ("session=17_abc&part=messages&offset=0", b'{"messages": []}'),
        ("session=17_abc&part=session&offset=0", b'{"status": "completed"}'),
    ]
    assert expected == sent[-3:]


@pytest.mark.parametrize(
    "given",
    [b"", b"no json at all", b'{"session_id": "../../etc", "transcript_path": "/etc/passwd"}', b"\xff\xfe"],
    ids=["nothing", "text", "path", "bytes"],
)
def test_a_payload_of_any_kind_ends_well(
    desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks], given: bytes
) -> None:
    hooks = hooks_to(url_of(capture))

    fired = hooks.fire("claude_code", "SessionEnd", given)
    hooks.at_rest()

    assert fired.exit_code == 0
    assert fired.output == b""
    assert pieces(list(capture.take())) == {}


def test_a_payload_may_not_name_another_file(desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]) -> None:
    (desk.home / "diary.jsonl").write_text("dear diary\n")
    given = payload(desk, "Stop") | {"transcript_path": str(desk.home / "diary.jsonl")}
    nested = payload(desk, "Stop") | {"transcript_path": None, "deep": {"transcript_path": str(transcript(desk))}}
    transcript(desk).write_text("{}\n")

    hooks = hooks_to(url_of(capture))
    for one in (given, nested):
        hooks.fire("claude_code", "Stop", one)
    hooks.at_rest()

    assert pieces(list(capture.take())) == {}


def test_paths_of_any_spelling_are_found(desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]) -> None:
    folder = desk.home / 'a "quoted"\n\\ folder 😀 %s $(x)'
    folder.mkdir()
    (folder / f"{SESSION}.jsonl").write_text("{}\n")
    given = payload(desk, "Stop") | {"transcript_path": str(folder / f"{SESSION}.jsonl")}

    hooks = hooks_to(url_of(capture))
    hooks.fire("claude_code", "Stop", json.dumps(given, ensure_ascii=True).encode())
    hooks.at_rest()

    assert pieces(list(capture.take())) == {"main": b"{}\n"}


def test_many_hooks_at_once_each_arrive(desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]) -> None:
    hooks = hooks_to(url_of(capture))
    threads = [
        threading.Thread(target=hooks.fire, args=("claude_code", "PostToolUseFailure", {"session_id": SESSION, "n": n}))
        for n in range(12)
    ]

    for one in threads:
        one.start()
    for one in threads:
        one.join()
    hooks.at_rest()

    assert set(range(12)) == {json.loads(request.body)["n"] for request in capture.take()}


def test_a_repository_without_git_starts_as_well(desk: Desk, capture: Capture, hooks_to: Callable[..., Hooks]) -> None:
    hooks_to(url_of(capture))
    hooks = Hooks(home=desk.home, repository=desk.home, url=url_of(capture))

    hooks.fire("claude_code", "SessionStart", payload(desk, "SessionStart"))
    hooks.at_rest()

    (request,) = capture.take()
    assert json.loads(request.body)["repository"] == {"remote": "", "head": "", "branch": ""}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", ["hook.sh", "send.sh"])
def test_every_shell_can_read_the_scripts(shell: str, name: str) -> None:
    run = subprocess.run([*shell.split(), "-n", str(SCRIPTS / name)], capture_output=True, check=False)

    assert run.returncode == 0


@pytest.mark.parametrize(("is_told_elsewhere", "expected"), [(False, "Bearer sidecar_qwertyuiop"), (True, None)])
def test_a_token_goes_to_the_address_it_was_given_for(
    desk: Desk, is_told_elsewhere: bool, expected: str | None
) -> None:
    came: list[str | None] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            came.append(self.headers["authorization"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (desk.home / "token").write_text("sidecar_qwertyuiop")
    url = f"http://127.0.0.1:{server.server_address[1]}"
    attached, told = ("https://sidecar.example", url) if is_told_elsewhere else (url, "")
    desk.run("attach", "claude-code", "--url", attached, "--token-file", str(desk.home / "token"))

    hooks = Hooks(home=desk.home, repository=desk.repository, url=told, scripts=desk.scripts)
    hooks.fire("claude_code", "Stop", {"session_id": SESSION})
    hooks.at_rest()
    server.shutdown()
    server.server_close()

    assert came == [expected]
