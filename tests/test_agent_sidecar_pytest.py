"""The pytest plugin: what it adds to reports, what it posts, and that nobody notices it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.outcomes.registry import read_report
from sidecar.domain import TestStatus

ROOT = Path(__file__).parents[1]
SUITE = """
import pytest
def test_good(): pass
def test_bad(): assert 2 == 3
@pytest.mark.skip
def test_later(): pass
@pytest.fixture
def broken(): raise RuntimeError("no shop")
def test_opens(broken): pass
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "test_shop.py").write_text(SUITE)
    return tmp_path


def run(suite: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Pytest over the suite, as an agent's shell runs it."""
    ours = ("SIDECAR_", "CLAUDE_CODE_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    settings = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "agent_sidecar_pytest", "-p", "no:cacheprovider", *arguments],
        cwd=suite,
        env=inherited | settings | environment,
        capture_output=True,
        text=True,
        check=False,
    )


class _Sidecar(BaseHTTPRequestHandler):
    """Takes what is posted."""

    posts: "list[tuple[str, dict[str, str], bytes]]" = []  # noqa: RUF012 - set anew by `listening`

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.posts.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def listening() -> "Generator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]":
    handler = type("Handler", (_Sidecar,), {"posts": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler.posts
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_without_a_session_nothing_is_different(suite: Path) -> None:
    with listening() as (url, posts):
        done = run(suite, "--junitxml=report.xml", SIDECAR_URL=url)

    assert done.returncode == 1
    assert "sidecar" not in (suite / "report.xml").read_text()
    assert posts == []


def test_junit_report_says_whose_it_is(suite: Path) -> None:
    done = run(suite, "--junitxml=report.xml", CLAUDE_CODE_SESSION_ID="s-1")

    outcome = read_report((suite / "report.xml").read_bytes())
    assert outcome.subject is not None
    assert outcome.subject.session_id == "s-1"
    assert (done.returncode, outcome.passed) == (1, 1)
    assert "sidecar" not in done.stdout + done.stderr


def test_results_are_posted_for_the_session(suite: Path) -> None:
    with listening() as (url, posts):
        run(suite, CLAUDE_CODE_SESSION_ID="s-1", SIDECAR_URL=url + "/", SIDECAR_TOKEN="t")

    [(path, headers, body)] = posts
    outcome = read_report(body)
    assert (urlsplit(path).path, parse_qs(urlsplit(path).query)) == (
        "/outcomes",
        {"session": ["s-1"], "format": ["ctrf"]},
    )
    assert (headers["content-type"], headers["authorization"]) == ("application/json", "Bearer t")
    assert int(headers["x-sidecar-observed-ns"]) > 0
    assert (outcome.passed, outcome.failed, outcome.errored, outcome.skipped) == (1, 1, 1, 1)
    assert [test.message for test in outcome.tests if test.status is TestStatus.FAILED] == ["assert 2 == 3"]


def test_a_file_that_cannot_be_collected_is_an_error(suite: Path) -> None:
    (suite / "test_shop.py").write_text("import missing_module\n")

    with listening() as (url, posts):
        run(suite, CLAUDE_CODE_SESSION_ID="s-1", SIDECAR_URL=url)

    tests = json.loads(posts[0][2])["results"]["tests"]
    assert [(test["name"], test["rawStatus"]) for test in tests] == [("test_shop.py", "error")]
    assert "missing_module" in tests[0]["message"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "file:///etc/passwd", "nonsense", "http://[broken"])
def test_a_sidecar_that_cannot_be_reached_changes_nothing(suite: Path, url: str) -> None:
    plain = run(suite, "--no-header", "--tb=no", "-q")

    done = run(suite, "--no-header", "--tb=no", "-q", CLAUDE_CODE_SESSION_ID="s-1", SIDECAR_URL=url)

    assert (done.returncode, done.stderr) == (plain.returncode, plain.stderr)
    assert done.stdout.splitlines()[:-1] == plain.stdout.splitlines()[:-1]


def test_a_hanging_sidecar_costs_two_seconds_at_most(suite: Path) -> None:
    with listening() as (url, _):
        busy = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        try:
            # bound and listening, never served
            done = run(suite, CLAUDE_CODE_SESSION_ID="s-1", SIDECAR_URL=f"http://127.0.0.1:{busy.server_port}")
        finally:
            busy.server_close()

    assert done.returncode == 1
    assert url
