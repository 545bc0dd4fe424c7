"""Sessions in other languages, with other tools, teach their own rules and no others, with no change of code."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from judges.registry import judge
from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM
from sidecar.engine import draft_project
from sidecar.installation import Installation
from sidecar.jobs.drafting import Drafted
from sidecar.jobs.judging import judge_sessions
from sidecar.receive import Receiver
from sidecar.recordings import RecordedRequest
from sidecar.report import ProjectFacts, make_report
from sidecar.report_text import report_lines
from sidecar.sessions import project_of
from sidecar.store import KeptDecision
from tests.loop.conftest import arrival
from tests.loop.foreign.acts import Ecosystem
from tests.loop.foreign.claude_code import claude_code_requests
from tests.loop.foreign.cline import cline_requests
from tests.loop.foreign.go import GO
from tests.loop.foreign.hooks import HOOKS
from tests.loop.foreign.java import JAVA
from tests.loop.foreign.javascript import JAVASCRIPT, YARN
from tests.loop.foreign.native import CPP, DOTNET, ELIXIR, SWIFT
from tests.loop.foreign.php import PHP
from tests.loop.foreign.python import PYTHON, PYTHON_EDITABLE
from tests.loop.foreign.ruby import RUBY
from tests.loop.foreign.rust import RUST
from tests.loop.foreign.shell_edits import SHELL_EDITS
from tests.loop.foreign.traps import ONE_TASK, TRAPS
from tests.loop.loop import GIT, PERSON

ECOSYSTEMS = (RUST, GO, JAVA, RUBY, PHP, PYTHON, PYTHON_EDITABLE, JAVASCRIPT, YARN, CPP, ELIXIR, DOTNET, SWIFT)
ALL = (*ECOSYSTEMS, SHELL_EDITS, TRAPS, ONE_TASK, HOOKS)
_START_NS = 1_790_000_000_000_000_000
_SESSION_NS = 3600 * 1_000_000_000
_AT_ONCE = 200
"""Requests in flight, so that many share one commit."""

pytestmark = pytest.mark.timeout(600)  # the first test plays in the sessions of all


def requests_of(ecosystem: Ecosystem) -> Iterator[RecordedRequest]:
    """Every request of its sessions, told by either agent in turn."""
    for number, played in enumerate(ecosystem.sessions):
        tell = cline_requests if number % 2 else claude_code_requests
        yield from tell(ecosystem, played, start_ns=_START_NS + number * _SESSION_NS)


def build_remote(ecosystem: Ecosystem, folder: Path) -> Path:
    """A bare remote with the ecosystem's files."""
    remote = folder / f"{ecosystem.name}.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(remote)], check=True, env=GIT)
    lines = ["commit refs/heads/main", "committer Ada <ada@example.com> 1700000000 +0000", "data 5", "Begin"]
    for path in sorted({*ecosystem.files, "CLAUDE.md"}):
        lines += [f"M 100644 inline {path}", "data 2", "x", ""]
    stream = "\n".join(lines) + "\n"
    subprocess.run(["git", "fast-import", "--quiet"], input=stream, text=True, cwd=remote, check=True, env=GIT | PERSON)
    return remote


async def receive_all(receiver: Receiver) -> None:
    requests = [request for ecosystem in ALL for request in requests_of(ecosystem)]
    for start in range(0, len(requests), _AT_ONCE):
        await asyncio.gather(*(receiver.receive(arrival(one)) for one in requests[start : start + _AT_ONCE]))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One data folder in which the sessions of all ecosystems have arrived and are judged."""
    root = tmp_path_factory.mktemp("foreign")
    data = root / "data"
    data.mkdir()
    tables = [f'[projects."{project_of(one.remote)}"]\nurl = "{build_remote(one, root)}"\n' for one in ALL]
    (data / "sidecar.toml").write_text("[learn]\nmax_edits = 20\n" + "".join(tables))
    config = load_config(data / "sidecar.toml", {})
    with Installation.open(DataDir.open(data), config, owner="test") as opened:
        asyncio.run(receive_all(opened.receiver()))
        opened.projector().run(now_ns=time.time_ns())
        asyncio.run(judge_sessions(opened.store, judge("evidence"), now_ns=time.time_ns))
        yield opened


@pytest.fixture(scope="module")
def drafts(installation: Installation) -> dict[str, Drafted]:
    """What is drafted for each ecosystem, by its name."""
    found: dict[str, Drafted] = {}
    for one in ALL:
        project = project_of(one.remote)
        assert project is not None
        found[one.name] = draft_project(
            installation, project, judge("evidence"), now_ns=time.time_ns(), is_dry_run=True
        )
    return found


def proposed(draft: Drafted) -> set[str]:
    return {edit.rule.text for edit in draft.proposal.edits} if draft.proposal else set()


@pytest.mark.parametrize("ecosystem", ALL, ids=lambda one: one.name)
def test_an_ecosystem_teaches_its_rules_and_no_other(drafts: dict[str, Drafted], ecosystem: Ecosystem) -> None:
    draft = drafts[ecosystem.name]

    assert ecosystem.rules == proposed(draft) | {refusal.text for refusal in draft.refusals}


@pytest.mark.parametrize("ecosystem", ALL, ids=lambda one: one.name)
def test_the_gate_lets_what_was_learned_through(drafts: dict[str, Drafted], ecosystem: Ecosystem) -> None:
    refused = {refusal.text: refusal.reasons for refusal in drafts[ecosystem.name].refusals}

    assert {text: reasons for text, reasons in refused.items() if text not in ecosystem.may_be_refused} == {}


def test_what_a_formatter_a_hook_or_a_test_does_better_is_reported_instead(drafts: dict[str, Drafted]) -> None:
    draft = drafts[HOOKS.name]
    kept = tuple(KeptDecision(decision=one, since_ns=one.at_ns) for one in draft.decisions)
    facts = ProjectFacts(project=draft.project, decisions=kept, rules=(), proposals=(), refusals=(), tombstones=())

    lines = list(report_lines(make_report([facts], [], since_ns=0)))

    told = {line.strip().partition(" [")[0]: line.partition("none, because ")[2] for line in lines if " [" in line}
    assert {what: why.partition(":")[0] for what, why in told.items()} == {
        "`v fmt -verify .` fails until `v fmt -w .` has run, and nothing else is needed": "better as a lint rule",
        "`v -check .` fails after each edit until `v run tools/embed.v` has run again": "better as a hook",
        "`src/icons.v` says that it is generated and was edited by hand": "better as a test",
    }
    assert all(" let a " in why for why in told.values())


@pytest.mark.parametrize("ecosystem", ALL, ids=lambda one: one.name)
def test_every_session_gets_its_label(installation: Installation, ecosystem: Ecosystem) -> None:
    stored = installation.store.sessions(LOCAL_TEAM, project=project_of(ecosystem.remote))

    told = {one.session.branch: (one.decision.label.value, one.decision.reason) for one in stored}
    wrong = {one.branch: told[one.branch] for one in ecosystem.sessions if told[one.branch][0] != one.label}
    assert len(ecosystem.sessions) == len(stored)
    assert wrong == {}
