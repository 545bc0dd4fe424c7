"""A rule that sessions do worse with: measured, told, proposed for retirement, merged by a person, gone for good."""

import json
import time
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, Lesson, ProjectId, RuleEdit, SessionState
from sidecar.errors import ConfigError, InputError, SidecarError
from sidecar.installation import Installation
from tests.loop.conftest import MakeLoop
from tests.loop.loop import Loop
from tests.sidecar.jobs.worked import DAY_NS, LESSON, Work, add_work

STOOD_DAYS = 20
MODEL = "model-of-no-recording"
"""Only sessions of one model are compared, and the recorded ones began on a fixed day, before or after these."""


def opened(loop: Loop) -> AbstractContextManager[Installation]:
    config = load_config(loop.data / "sidecar.toml", {})
    return Installation.open(DataDir.open(loop.data), config, owner="test")


def merged_long_ago(loop: Loop) -> RuleEdit:
    """The rules of the recorded sessions stand on the base since a while; one of them."""
    loop.propose_and_sync()
    loop.squash_merge()
    project = ProjectId(loop.project)
    with opened(loop) as installation:
        edits = [edit for one in installation.store.proposals(project=project) for edit in one.edits]
        rules = [edit.rule for edit in edits]
        installation.store.decisions.set_in_force(project, rules, now_ns=time.time_ns() - STOOD_DAYS * DAY_NS)
        sessions = installation.store.sessions(LOCAL_TEAM, project=project, limit=1000)
    for one in sessions:
        if one.session.state is not SessionState.SETTLED:
            # recorded on a fixed day: for two weeks it would keep sessions after it from being counted
            loop.run("forget", one.session.key.session_id)
    loop.run("sync")
    return next(edit for edit in edits if edit.rule.scope is None)


def work(loop: Loop, passed: int, failed: int, lesson: Lesson) -> None:
    """Forty sessions before the rules and forty with them, of which so many pass; the failed ones teach a lesson."""
    before = Work(passed=36, failed=4, days_ago=STOOD_DAYS + 1, lesson=lesson, path="src/shop/total.py", model=MODEL)
    shown = loop.git("show", "main:CLAUDE.md") + "\n"
    after = replace(before, passed=passed, failed=failed, days_ago=1, shown=shown)
    with opened(loop) as installation:
        add_work(installation.store, [before, after], now_ns=time.time_ns(), project=ProjectId(loop.project))


def effects(loop: Loop) -> dict[str, Any]:
    (project,) = loop.run("effects")["projects"]
    return {one["id"]: one for one in project["effects"]}


def lines(loop: Loop, *arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments, "--data", str(loop.data)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_harmful_rule_is_proposed_for_retirement_merged_and_never_comes_back(judged: MakeLoop) -> None:
    loop = judged("shop")
    edit = merged_long_ago(loop)
    assert edit.signature is not None
    lesson, rule = replace(LESSON, signature=edit.signature), edit.rule
    assert effects(loop)[rule.rule_id]["with"]["sessions"] == 0

    work(loop, 36, 4, lesson)

    assert loop.run("propose")["projects"][0]["proposal"] is None
    assert effects(loop)[rule.rule_id]["verdict"] == "not yet distinguishable"

    work(loop, 8, 32, lesson)

    told = effects(loop)[rule.rule_id]
    assert (told["verdict"], told["is_harm"], told["with"]["sessions"]) == ("worse", True, 40)
    assert (told["with"]["pass"], told["without"]["pass"], told["difference"]) == (8, 36, -0.7)
    assert "8 of 40 sessions with it passed (20 %), 36 of 40 without it (90 %)" in lines(loop, "effects")
    assert "  effect: worse: fewer sessions pass with it" in lines(loop, "rules", "explain", rule.rule_id)
    assert f"  - {rule.text}: It did harm: 8 of 40 passed with it, 36 of 40 without" in lines(
        loop, "propose", "--dry-run"
    )
    (drafted,) = loop.run("propose")["projects"]
    assert ("retire", rule.rule_id) in [(one["op"], one["rule"]["id"]) for one in drafted["proposal"]["edits"]]
    loop.run("sync")
    texts = [path.read_text() for path in Path(f"{loop.remote}.proposals").rglob("*.md")]
    assert any("It did harm: 8 of 40 passed with it" in text for text in texts)

    loop.squash_merge()
    loop.run("sync")

    assert rule.text not in loop.git("show", "main:CLAUDE.md")
    reason = json.loads(loop.git("show", f"main:.sidecar/rules/{rule.rule_id}.json"))["tombstone"]["reason"]
    assert reason.startswith("It did harm: ")
    assert "before/after, so confounded" in reason
    assert loop.run("rules", "explain", rule.rule_id)["ended_because"].startswith(reason)
    (report,) = loop.run("report")["projects"]
    assert report["retired_for_harm"] >= 1
    assert {one["id"]: one["because"] for one in report["retired"]}[rule.rule_id].startswith(reason)
    assert "of these for harm: " in lines(loop, "report")
    assert rule.rule_id not in effects(loop)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (["--since", "soon"], InputError, "--since 'soon' is no date"),
        (["--since", "2999-01-01"], InputError, "is yet to come"),
        (["--project", "no/such"], ConfigError, "no settings for project 'no/such'"),
    ],
)
def test_wrong_input_is_refused_in_words(
    arguments: list[str], error: type[SidecarError], said: str, tmp_path: Path
) -> None:
    DataDir.open(tmp_path)

    done = CliRunner().invoke(app, ["effects", *arguments, "--data", str(tmp_path)])

    assert isinstance(done.exception, error)
    assert said in str(done.exception)


def test_without_sessions_it_says_what_is_missing(tmp_path: Path) -> None:
    loop = Loop(root=tmp_path, repository="shop").build()

    assert lines(loop, "effects") == (
        "no stored session is of a project that sidecar.toml names, so nothing can be measured yet\n"
    )
    assert "no rule of ours stands on the base" in lines(loop, "effects", "--project", loop.project)
    assert loop.run("effects", "--project", loop.project) == {"projects": [{"project": loop.project, "effects": []}]}
