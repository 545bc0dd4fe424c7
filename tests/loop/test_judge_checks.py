"""How far a judge is believed, as commands: what it sees, its checks, its card, and what that does to drafts."""

import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from sidecar.cli.app import app
from sidecar.config import Config, Credentials, load_config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, BlindCall, Guess, Label, ProjectId
from sidecar.engine import draft_project
from sidecar.flows import flows, schedules
from sidecar.installation import Installation
from sidecar.schedule import Schedule
from sidecar.standings import version_in_force
from tests.contracts.records import make_decision, make_key, make_session
from tests.judges.failure.answering import explained
from tests.loop.conftest import MakeLoop
from tests.loop.loop import Loop
from tests.loop.test_model_judge import GOOD, worded
from tests.scripted_model import KEY, Asked, ScriptedModel
from tests.sidecar.jobs.checks import answering, settle
from tests.sidecar.remotes import git

MANY = {"SIDECAR_LEARN__BLIND_SAMPLE": "100"}


@pytest.fixture
def model() -> Generator[ScriptedModel]:
    with ScriptedModel(script=answering) as server:
        yield server


def configured(model: ScriptedModel) -> dict[str, str]:
    return {
        "ANTHROPIC_API_KEY": KEY,
        "SIDECAR_MODEL__JUDGE": "claude-haiku-5-5",
        "SIDECAR_MODEL__BASE_URL": model.url,
    }


def invoked(loop: Loop, *arguments: str, **environment: str) -> Result:
    """A command in this process with this environment and no other `ANTHROPIC_*`."""
    cleared = {name: None for name in os.environ if name.startswith(("ANTHROPIC_", "SIDECAR_"))}
    return CliRunner().invoke(app, [*arguments, "--data", str(loop.data)], env={**cleared, **environment})


def told(loop: Loop, *arguments: str, **environment: str) -> Any:
    """Its JSON."""
    done = invoked(loop, *arguments, "--json", **environment)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@contextmanager
def opened(loop: Loop, model: ScriptedModel, **environment: str) -> Generator[Installation]:
    config: Config = load_config(loop.data / "sidecar.toml", configured(model) | environment)
    with Installation.open(DataDir.open(loop.data), config, owner="test", credentials=Credentials(api_key=KEY)) as one:
        yield one


def sessions_of(loop: Loop, label: str) -> list[str]:
    with Installation.open(DataDir.open(loop.data), Config(), owner="test") as one:
        stored = one.store.sessions(LOCAL_TEAM, project=ProjectId(loop.project))
        return [each.session.key.session_id for each in stored if each.decision.label.value == label]


def test_what_a_judge_sees_is_printed_word_for_word(judged: MakeLoop, model: ScriptedModel) -> None:
    loop = judged("shop")
    (name, *_) = sessions_of(loop, "code_fail")
    told(loop, "judge", "--judge", "failure", **configured(model))

    shown = told(loop, "packet", name)
    blind = told(loop, "packet", name, "--judge", "blind")
    plain = invoked(loop, "packet", name)

    assert any(shown["text"] in asked.user for asked in model.meter.asked)
    assert shown["not_asked_because"] is None
    assert shown["tokens"] == -(-len(shown["text"].encode()) // 4) <= 6000
    assert "## outcome\ncode_fail" in shown["text"]
    assert "outcome" not in blind["text"]
    assert shown["text"].rstrip("\n") in plain.stdout
    assert f"about {shown['tokens']} tokens" in plain.stdout


def test_the_packet_of_a_session_that_nobody_is_asked_about_says_so(judged: MakeLoop) -> None:
    loop = judged("shop")
    (name, *_) = sessions_of(loop, "pass")

    assert "failed by their code" in told(loop, "packet", name)["not_asked_because"]
    assert "no rule" in told(loop, "packet", name, "--judge", "adherence")["not_asked_because"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("packet", "no-such-session"), "no session 'no-such-session' is stored"),
        (("packet", "no-such-session", "--judge", "evidence"), "there are: failure, blind, adherence"),
        (("judges", "card", "--project", "example.org/none"), "no project 'example.org/none'"),
        (("judges", "check"), "set model.judge in sidecar.toml"),
        (("judges", "check", "--dry-run"), "set model.judge in sidecar.toml"),
    ],
)
def test_what_is_wrong_is_one_sentence(judged: MakeLoop, arguments: tuple[str, ...], words: str) -> None:
    refused = invoked(judged("shop"), *arguments)

    assert refused.exit_code != 0
    assert words in str(refused.exception)


def test_of_two_agents_with_the_same_id_one_must_be_named(judged: MakeLoop) -> None:
    loop = judged("shop")
    with Installation.open(DataDir.open(loop.data), Config(), owner="test") as one:
        settle(one.store, "twin")
        one.store.set_session(make_session(make_key("twin")), make_decision(), now_ns=1)

    refused = invoked(loop, "packet", "twin")

    assert refused.exit_code != 0
    assert all(name in str(refused.exception) for name in ("session 'twin' exists for", "cline", "claude_code"))
    assert told(loop, "packet", "twin", "--agent", "cline")["agent"] == "cline"


def test_a_dry_run_says_whom_it_would_ask_and_asks_nobody(judged: MakeLoop, model: ScriptedModel) -> None:
    loop = judged("shop")

    would = told(loop, "judges", "check", "--dry-run", **configured(model))

    assert len(would["would_ask_blind"]) == 10
    assert (would["would_ask_reruns"], would["would_ask_adherence"]) == ([], [])
    assert model.meter.asked == []


def test_checks_make_a_card_with_intervals(judged: MakeLoop, model: ScriptedModel) -> None:
    loop = judged("shop")
    told(loop, "judge", "--judge", "failure", **configured(model))
    before = told(loop, "judges", "card", **configured(model))["cards"][0]

    checked = told(loop, "judges", "check", **configured(model), **MANY)
    (card,) = told(loop, "judges", "card", "--project", loop.project, **configured(model))["cards"]
    printed = invoked(loop, "judges", "card", **configured(model))

    assert (before["kappa"]["n"], before["kappa"]["value"]) == (0, None)
    assert card["kappa"]["n"] == checked["guesses"] > 10
    assert checked["reruns"] == card["stability"]["n"] == 2
    assert card["quote_validity"]["value"] == 1.0
    assert card["kappa"]["low"] <= card["kappa"]["value"] <= card["kappa"]["high"]
    assert card["standing"] == "unverified"
    assert f"(n={card['kappa']['n']}" in printed.stdout or f"n={card['kappa']['n']})" in printed.stdout
    assert card["sentence"] in printed.stdout


def test_without_a_model_there_is_no_card(judged: MakeLoop) -> None:
    loop = judged("shop")

    assert told(loop, "judges", "card")["cards"] == []
    assert "the judge evidence proves what it says" in invoked(loop, "judges", "card").stdout


def believe(loop: Loop, model: ScriptedModel, *, right: int, wrong: int) -> None:
    """Blind calls on sessions of both results in turn, so many of them right."""
    with opened(loop, model) as one:
        version = version_in_force(one.config)
        assert version is not None
        for at in range(right + wrong):
            label = Label.CODE_FAIL if at % 2 else Label.PASS
            key = settle(one.store, f"guessed-{at:02d}", label=label)
            guess = Guess.FAIL if (label is Label.CODE_FAIL) == (at < right) else Guess.PASS
            call = BlindCall(session=key, session_revision=1, guess=guess, confidence=0.9, reason="as it seems")
            one.store.checks.set_blind_call(version, key, revision=1, call=call, at_ns=time.time_ns())


def proposed(loop: Loop, model: ScriptedModel, *arguments: str) -> Any:
    environment = configured(model) | {"SIDECAR_LEARN__MIN_TASKS": "1"}
    (project,) = told(loop, "propose", *arguments, **environment)["projects"]
    return project


def worded_or_answered(asked: Asked) -> object:
    """A model that names the place of each failure, so that a single task is enough, and words every lesson as GOOD."""
    schema = json.dumps(asked.schema)
    if "edits" in schema:
        return worded(GOOD)(asked)
    return explained(asked, scope="src/shop/**") if "failure_class" in schema else answering(asked)


def test_drafts_of_a_judge_that_is_not_verified_yet_are_marked_wherever_they_are_shown(
    judged: MakeLoop, model: ScriptedModel
) -> None:
    loop = judged("shop")
    model.script = worded_or_answered
    told(loop, "judge", "--judge", "failure", **configured(model))

    project = proposed(loop, model, "--judge", "failure")
    loop.run("sync")

    (edit,) = project["proposal"]["edits"]
    body = "\n".join(path.read_text() for path in loop.remote.parent.rglob("*.md") if "Mind:" in path.read_text())
    assert edit["caveat"] == "unverified judge: 0 of 30 blind calls"
    assert project["judge"] == {"standing": "unverified", "sentence": edit["caveat"]}
    assert "Mind: unverified judge: 0 of 30 blind calls." in body


def test_the_mark_on_an_open_proposal_follows_the_judge_without_another_commit(
    judged: MakeLoop, model: ScriptedModel
) -> None:
    loop = judged("shop")
    model.script = worded_or_answered
    told(loop, "judge", "--judge", "failure", **configured(model))
    proposed(loop, model, "--judge", "failure")
    told(loop, "sync", **configured(model))
    branch, marks = branch_heads(loop), [marks_of(loop)]

    for right in (36, 12):
        believe(loop, model, right=right, wrong=40 - right)
        told(loop, "sync", **configured(model))
        marks.append(marks_of(loop))
    loop.run("sync")

    assert marks == [
        ["Mind: unverified judge: 0 of 30 blind calls."],
        [],
        ["Mind: the judge is below the floor: kappa -0.40 (n=40) < 0.40."],
    ]
    assert marks_of(loop) == marks[-1]
    assert branch_heads(loop) == branch


def marks_of(loop: Loop) -> list[str]:
    """What the one open proposal says of its judge."""
    (text,) = [path.read_text() for path in loop.remote.parent.rglob("*.md") if "## Rules" in path.read_text()]
    return [line for line in text.splitlines() if line.startswith("Mind:")]


def branch_heads(loop: Loop) -> str:
    """Commits of all branches of the remote."""
    return git(loop.remote, "for-each-ref", "--format=%(refname) %(objectname)")


def test_rules_that_need_no_model_are_not_marked(judged: MakeLoop, model: ScriptedModel) -> None:
    loop = judged("shop")
    environment = configured(model) | {"SIDECAR_LEARN__JUDGE": "failure"}

    (project,) = told(loop, "propose", **environment)["projects"]

    assert len(project["proposal"]["edits"]) == 3
    assert [edit["caveat"] for edit in project["proposal"]["edits"]] == [None] * 3


def test_below_the_floor_nothing_is_drafted_from_the_judge_and_that_is_said(
    judged: MakeLoop, model: ScriptedModel
) -> None:
    loop = judged("shop")
    model.script = worded_or_answered
    told(loop, "judge", "--judge", "failure", **configured(model))
    believe(loop, model, right=4, wrong=36)
    asked = len(model.meter.asked)

    project = proposed(loop, model, "--judge", "failure")
    printed = invoked(loop, "propose", "--judge", "failure", **configured(model))

    assert project["proposal"] is None
    assert "none, because the judge is below the floor: kappa -0.80 (n=40) < 0.40" in printed.stdout
    assert len(model.meter.asked) == asked
    assert project["judge"]["standing"] == "below_floor"
    assert "the judge is below the floor: kappa" in project["judge"]["sentence"]


def test_below_the_floor_the_judge_that_needs_no_model_goes_on(judged: MakeLoop, model: ScriptedModel) -> None:
    loop = judged("shop")
    believe(loop, model, right=4, wrong=36)
    with opened(loop, model) as one:
        evidence, failure = one.judge("evidence"), one.judge("failure")

        drafted = draft_project(one, ProjectId(loop.project), failure, now_ns=1, also=[evidence], is_dry_run=True)

    assert drafted.standing is not None
    assert drafted.standing.sentence.startswith("the judge is below the floor")
    assert drafted.proposal is not None
    assert len(drafted.proposal.edits) == 3


def test_the_clock_checks_only_a_judge_that_asks_a_model(judged: MakeLoop, model: ScriptedModel) -> None:
    loop = judged("shop")
    with opened(loop, model) as one:
        flows(one).shared["check"](0)
        unasked = len(model.meter.asked)
    with opened(loop, model, SIDECAR_LEARN__JUDGE="failure") as one:
        flows(one).shared["check"](0)
        assert Schedule(flow="check", every_s=86_400) in schedules(one.config.schedule)

    assert unasked == 0
    assert len(model.meter.asked) == 10
