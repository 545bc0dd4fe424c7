"""Claude Code and Cline from npm, unmodified, against a scripted model: what becomes of their sessions by itself.

Nobody types a command of the sidecar but the two that start it and Phoenix. A picture of the page with the sessions
stays beside the test's folders; `--basetemp=DIR` says where.
"""

import os
import shutil
from collections import Counter
from collections.abc import Generator

import pytest

from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, ProjectId, RulesSource
from sidecar.installation import Installation
from sidecar.phoenix.annotating import LABEL_NAME
from sidecar.phoenix.install import install
from sidecar.phoenix.mapping import session_spans
from sidecar.rules import rules_version
from tests.e2e.live import team_at_work
from tests.e2e.story import RULES, Story, expected_notes, happened, rules_standing
from tests.e2e.test_phoenix import ENVIRONMENT
from tests.recordings.installed import installed
from tests.recordings.recorder import NPM_FOLDER
from tests.recordings.script import Agent, Ending, Report

TARGETS = {"claude_code": "CLAUDE.md", "cline": ".clinerules/learned.md"}
"""Agent to the file of the repository where it reads our rules."""
LABELS = {Ending.PASSES: "pass", Ending.FAILS: "code_fail"}
SCORES = {Ending.PASSES: "1.00", Ending.FAILS: "0.00"}
REASONS = {
    Report.BY_COMMIT: "CI report for commit ",
    Report.BY_SESSION: "report posted for the session: ",
    Report.NONE: "last test run after the last edit ",
}
SETTLED_WITHIN_S = 20
"""After its end. A report comes within a second, else the window of three passes; two cores may be busy."""

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Generator[Story]:
    missing = [program for program in ("npm", "chromium") if shutil.which(program) is None]
    if missing:
        assert os.environ.get("CI") != "true", f"not installed: {missing}"
        pytest.skip(f"not installed: {missing}")
    executables = {agent: installed(agent, NPM_FOLDER()) for agent in (Agent.CLAUDE_CODE, Agent.CLINE)}
    with team_at_work(tmp_path_factory.mktemp("agents"), "shop", executables, install(ENVIRONMENT).path) as team:
        yield happened(team)


def test_each_session_is_there_once_and_settled(story: Story) -> None:
    listed = story.team.read("/api/sessions")["sessions"]

    assert Counter(one["id"] for one in listed) == Counter(work.session_id for work in story.works)
    assert {(one["state"], one["project"]) for one in listed} == {("settled", story.team.loop.project)}


def test_each_session_is_settled_soon_after_its_end(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    after_s = {work.scenario.recording: round(work.settled_after_s, 1) for work in story.works}

    with capsys.disabled():
        print(f"\nsettled so many seconds after its end: {after_s}")
    assert max(after_s.values()) < SETTLED_WITHIN_S


def test_label_is_what_the_tests_said_and_names_the_report(story: Story) -> None:
    for work in story.works:
        outcome = work.settled["outcome"]

        assert outcome["label"] == LABELS[work.scenario.ending]
        assert outcome["reason"].startswith(REASONS[work.scenario.report])


def test_commits_and_branch_are_those_of_the_work_tree(story: Story) -> None:
    for work in story.works:
        measured = (work.scenario.branch, work.begun_on, work.ended_on)
        session = story.told[work.session_id]

        assert work.begun_on != work.ended_on
        assert measured == (session["branch"], session["base_commit"], session["head_commit"])


def test_telemetry_of_claude_code_arrived_over_http_and_over_grpc(story: Story) -> None:
    # nothing but telemetry names the agent's user
    people = {work.scenario.person: story.told[work.session_id]["person"] for work in story.works[:2]}

    assert set(people) == {"ines", "robin"}
    assert None not in people.values()
    assert people["ines"] != people["robin"]


def test_verdicts_say_what_went_wrong(story: Story) -> None:
    lessons = [story.told[work.session_id]["verdicts"][0]["lessons"] for work in story.before]

    assert lessons == [["wrong_command", "change_together"], ["wrong_command"]] * 2
    assert story.told[story.after[0].session_id]["verdicts"] == []
    assert story.told[story.after[1].session_id]["verdicts"][0]["lessons"] == ["failing_assertion"]


def test_proposal_holds_the_rules_and_names_the_sessions(story: Story) -> None:
    (proposal,) = story.team.read("/api/proposals")["proposals"]
    named = {session for edit in proposal["edits"] for session in edit["rule"]["evidence"]}

    assert story.proposed == RULES
    assert story.message.endswith(f"\n\nSidecar-Proposal: {proposal['id']}")
    assert proposal["state"] == "merged"
    assert all(edit["tasks"] >= 2 for edit in proposal["edits"])
    assert named <= {work.session_id for work in story.before}


def test_rules_that_stand_in_the_repository_are_active_for_both_agents(story: Story) -> None:
    team = story.team
    config = load_config(team.loop.data / "sidecar.toml", {})
    with Installation.open(DataDir.open(team.loop.data), config, owner="test") as installation:
        _, standing = installation.store.base_rules(ProjectId(team.loop.project)) or ("", [])
    none, both = rules_version((), RulesSource.EXACT), rules_version(standing, RulesSource.EXACT)

    for work, expected in [*((one, none) for one in story.before), *((one, both) for one in story.after)]:
        session = story.told[work.session_id]
        assert (session["rules_version"], session["rules_version_from"]) == (expected.value, expected.source)
    for work in story.after:
        target = TARGETS[work.scenario.agent]
        blob = team.loop.git("rev-parse", f"main:{target}")
        assert {"path": target, "sha": blob, "from": "exact"} in story.told[work.session_id]["rules"]


def test_model_is_shown_each_rule_once_from_the_merge_on(story: Story) -> None:
    shown = {work.scenario.name: [work.asked.count(rule) for rule in sorted(RULES)] for work in story.works}

    assert shown == {
        **{work.scenario.name: [0, 0] for work in story.before},
        **{work.scenario.name: [1, 1] for work in story.after},
    }


def test_sessions_page_shows_each_session_once_with_its_score(story: Story) -> None:
    for work in story.works:
        (row,) = (row for row in story.page if work.session_id in row)

        assert f"{LABEL_NAME} μ {SCORES[work.scenario.ending]} " in row


def test_phoenix_holds_each_label_and_verdict_once(story: Story) -> None:
    assert story.notes == expected_notes(story.works)


def test_phoenix_holds_each_span_once_and_the_active_rules(story: Story) -> None:
    team = story.team
    config = load_config(team.loop.data / "sidecar.toml", {})
    with Installation.open(DataDir.open(team.loop.data), config, owner="test") as installation:
        store = installation.store
        stored = [store.session(one.session.key) for one in store.sessions(LOCAL_TEAM)]
    expected = sorted(span.span_id.hex() for one in stored if one for span in session_spans(one.session, ()))
    roots = {span["attributes"]["session.id"]: span for span in story.spans if span["parent_id"] is None}

    assert expected == sorted(span["context"]["span_id"] for span in story.spans)
    assert {name: root["attributes"]["metadata.rules"] for name, root in roots.items()} == {
        **{work.session_id: [] for work in story.before},
        **{work.session_id: rules_standing(team) for work in story.after},
    }
