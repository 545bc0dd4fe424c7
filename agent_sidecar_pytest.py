"""Pytest plugin that says of a test report which agent session ran the tests.

Loaded by entry point wherever this distribution is installed beside pytest; a module of its own, whose name no watched
repository has, so that nothing there stands in its way. Does nothing at all unless the environment names a session, as
Claude Code does for every command of its shell. Then a JUnit report gets the property `sidecar.session`,
and where SIDECAR_URL is set the results are posted at the end. It never prints, never fails a run, never takes longer
than POST_S. Needs the standard library and pytest alone.
"""

import json
import os
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping
from contextlib import suppress

import pytest

SESSION_VARIABLES = ("SIDECAR_SESSION_ID", "CLAUDE_CODE_SESSION_ID")
"""The first that is set names the session; Claude Code sets its own for every command."""
URL_VARIABLE = "SIDECAR_URL"
TOKEN_VARIABLE = "SIDECAR_TOKEN"  # noqa: S105 # its name, not the token
JUNIT_PROPERTY = "sidecar.session"
POST_S = 2.0
"""All the time that posting may take; an agent waits for its tests."""
MAX_TESTS = 50_000
MESSAGE_CHARS = 2_000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def pytest_configure(config: pytest.Config) -> None:
    """Watch the run where a session is named; workers of a distributed run leave it to their controller."""
    session_id = session_of(os.environ)
    if session_id is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tagger(config, session_id, os.environ), "sidecar-tagger")


def session_of(environ: Mapping[str, str]) -> str | None:
    """The session that the environment names."""
    return next((environ[name] for name in SESSION_VARIABLES if environ.get(name)), None)


class Tagger:
    """Tags the reports of one run."""

    def __init__(self, config: pytest.Config, session_id: str, environ: Mapping[str, str]) -> None:
        """Bind the run's configuration; `environ` says where to post, if anywhere."""
        self._config = config
        self._session_id = session_id
        self._url = environ.get(URL_VARIABLE)
        self._token = environ.get(TOKEN_VARIABLE)
        self._tests: dict[str, dict[str, object]] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self) -> None:
        """Give the JUnit report, if there will be one, the session's property."""
        with suppress(Exception):
            # pytest has no public way to this from a plugin; where its inside changed the report stays untagged
            from _pytest.junitxml import xml_key  # noqa: PLC0415 - so that its absence is no error at start

            report = self._config.stash.get(xml_key, None)
            if report is not None:
                report.add_global_property(JUNIT_PROPERTY, self._session_id)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember how a test ended; the gravest of its phases tells, and a rerun begins anew."""
        if self._url is None or len(self._tests) >= MAX_TESTS:
            return
        with suppress(Exception):
            if report.when == "setup":
                self._tests.pop(report.nodeid, None)
            told = _told(report)
            if told is not None:
                self._tests[report.nodeid] = {"name": report.nodeid, **told}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember a file that could not be collected."""
        if self._url is not None and report.failed:
            with suppress(Exception):
                name = report.nodeid or "collection"
                self._tests[name] = {"name": name, **_error(report.longreprtext)}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Post what was seen, within POST_S, and never mind whether anybody took it."""
        if self._url is None or not self._tests:
            return
        posting = threading.Thread(target=self._post, args=(self._url,), daemon=True)
        with suppress(Exception):
            posting.start()
            posting.join(POST_S)

    def _post(self, url: str) -> None:
        with suppress(Exception):
            request = self._request(url)
            if request.type not in ("http", "https"):
                return
            is_near = urllib.parse.urlsplit(url).hostname in _LOOPBACK
            handlers = [urllib.request.ProxyHandler({})] if is_near else []
            urllib.request.build_opener(*handlers).open(request, timeout=POST_S).close()

    def _request(self, url: str) -> urllib.request.Request:
        query = urllib.parse.urlencode({"session": self._session_id, "format": "ctrf"})
        headers = {"Content-Type": "application/json", "X-Sidecar-Observed-Ns": str(time.time_ns())}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = json.dumps(report_of(list(self._tests.values()), self._session_id)).encode()
        return urllib.request.Request(f"{url.rstrip('/')}/outcomes?{query}", data=body, headers=headers)  # noqa: S310 # checked in _post


def report_of(tests: list[dict[str, object]], session_id: str) -> dict[str, object]:
    """The tests as a CTRF report."""
    ended = [test["status"] for test in tests]
    counts = {status: ended.count(status) for status in ("passed", "failed", "skipped", "pending", "other")}
    return {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "results": {
            "tool": {"name": "pytest", "version": pytest.__version__},
            "summary": {"tests": len(tests), **counts},
            "tests": tests,
            "environment": {"extra": {"sidecar_session": session_id}},
        },
    }


def _told(report: pytest.TestReport) -> dict[str, object] | None:
    """What one phase says; None where it says nothing yet, and for a try that is made again."""
    timed: dict[str, object] = {"duration": round(report.duration * 1000)}
    if report.outcome == "failed":
        return timed | (_failure(report) if report.when == "call" else _error(_message(report)))
    if report.outcome == "skipped":
        return timed | {"status": "skipped"}
    return timed | {"status": "passed"} if report.when == "call" and report.outcome == "passed" else None


def _failure(report: pytest.TestReport) -> dict[str, object]:
    path, line, _ = report.location
    placed = {"filePath": path} | ({} if line is None else {"line": line + 1})
    return {"status": "failed", "message": _message(report), **placed}


def _error(message: str) -> dict[str, object]:
    return {"status": "other", "rawStatus": "error", "message": message[-MESSAGE_CHARS:]}


def _message(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(getattr(crash, "message", report.longreprtext))[:MESSAGE_CHARS]
