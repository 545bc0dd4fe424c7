"""Drafting by a model over a small planted world: what it is shown, what is kept, and that nothing is paid twice."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.domain import LOCAL_TEAM, NoRuleReason, ProjectId
from sidecar.errors import ConfigError, InputError
from sidecar.forgetting import Wish, finish, forget
from sidecar.jobs.drafting import Drafted
from sidecar.rules.markers import BEGIN, END
from sidecar.store import Fate
from tests.planted.passes import Learning, learning
from tests.planted.persona import Persona
from tests.planted.world import PROJECT, save, sessions_on
from tests.scripted_model import Asked, Fault, ScriptedModel, always, never
from tests.scripted_model.answers import Script
from tests.sidecar.remotes import commit, git

NAMES = ("cents", "enums", "pages")
HONEST = Persona(seed=3, noise=0.0)
CENTS = "Do not keep amounts as floats; use integer cents."


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel(script=HONEST.answer) as server:
        yield server


@pytest.fixture
def one(tmp_path: Path, model: ScriptedModel) -> Iterator[Learning]:
    with learning(tmp_path, model.url) as made:
        save(made.installation.store, sessions_on(*NAMES))
        made.judge()
        yield made


def drafts_asked(model: ScriptedModel) -> list[Asked]:
    return [asked for asked in model.meter.asked if "rules file" in asked.system]


def texts(drafted: Drafted) -> set[str]:
    return {edit.rule.text for edit in drafted.proposal.edits} if drafted.proposal else set()


def answering(*edits: dict[str, object], none_because: str | None = None, none_kind: str | None = None) -> Script:
    """A model that answers every question alike."""
    reply = {"reasoning": "So.", "edits": list(edits), "none_because": none_because, "none_kind": none_kind}

    def answer(asked: Asked) -> object:
        return reply if asked.schema else None

    return answer


def edit(text: str) -> dict[str, object]:
    return {"operation": "add", "rule_ids": [], "text": text, "kind": "constraint", "scope": None}


def report(one: Learning, *arguments: str, code: int = 0) -> str:
    data = str(one.installation.data_dir.path)
    done = CliRunner().invoke(app, ["report", *arguments, "--data", data])
    assert done.exit_code == code, done.output
    return done.output


def test_a_question_contrasts_failed_sessions_with_passed_ones(one: Learning, model: ScriptedModel) -> None:
    drafted = one.draft()

    asked = next(asked for asked in drafts_asked(model) if "amount = float" in asked.user)
    assert asked.user.count("## Failed session") == 3
    assert "## Passed session 1, on the same paths\n--- src/billing/money.py" in asked.user
    assert "+    amount = round(price.cents)" in asked.user
    assert CENTS in texts(drafted)
    assert drafted.proposal is not None
    assert {edit.worded_by for edit in drafted.proposal.edits} == {asked.model}


def test_what_is_forgotten_while_a_model_is_asked_stands_in_no_proposal(one: Learning, model: ScriptedModel) -> None:
    def forgetful(asked: Asked) -> object:
        forget(one.installation, Wish(team=LOCAL_TEAM, project=PROJECT), now_ns=one.now_ns)
        return HONEST.answer(asked)

    model.script = forgetful

    drafted = one.draft()

    (kept,) = one.installation.store.proposals(project=PROJECT)
    assert drafted.proposal == kept
    assert texts(drafted)
    assert {(edit.rule.evidence, edit.quotes, edit.placed_quotes) for edit in kept.edits} == {((), (), ())}


def test_what_a_draft_saved_of_a_forgotten_session_is_swept_with_it(one: Learning) -> None:
    one.draft()
    store, digest = one.installation.store, one.installation.forgotten_digest
    keys = store.forgetting.keys(LOCAL_TEAM, person=None, project=PROJECT)
    store.forgetting.add(keys, digest, Fate.FORGOTTEN, now_ns=one.now_ns)

    finish(one.installation, now_ns=one.now_ns)

    (kept,) = store.proposals(project=PROJECT)
    assert {(edit.rule.evidence, edit.placed_quotes) for edit in kept.edits} == {((), ())}


def test_what_is_settled_is_not_asked_again(one: Learning, model: ScriptedModel) -> None:
    first = one.whole_pass()

    again = [one.whole_pass() for _ in range(3)]

    assert len(drafts_asked(model)) == len(first.found) >= len(NAMES)
    assert [drafted.proposal for drafted in again] == [None] * 3
    assert {decision.reason for decision in again[-1].decisions} == {NoRuleReason.ALREADY_SAID}


def test_none_is_kept_with_its_reason_and_not_asked_again(one: Learning, model: ScriptedModel) -> None:
    model.script = answering(none_because="A test says it.", none_kind="better_as_test")

    first, second = one.draft(), one.draft()

    assert len(drafts_asked(model)) == len(first.found)
    assert {decision.reason for decision in first.decisions} == {NoRuleReason.BETTER_AS_TEST}
    assert {decision.reason for decision in second.decisions} == {NoRuleReason.BETTER_AS_TEST}
    kept = one.installation.store.decisions.of(PROJECT).values()
    assert all("A test says it" not in decision.detail for decision in kept)


def test_a_model_that_fails_is_asked_again_later(one: Learning, model: ScriptedModel) -> None:
    model.plan = always(Fault.UNAUTHORISED)
    first = one.draft()
    model.plan = never

    second = one.draft()

    reasons = {decision.reason for decision in first.decisions}
    assert reasons == {NoRuleReason.NOT_ANSWERED, NoRuleReason.LEFT_FOR_NEXT_RUN}
    assert len(texts(second)) == len(NAMES)


def test_a_declined_rule_is_not_paid_for_again(one: Learning, model: ScriptedModel) -> None:
    one.whole_pass()
    lines = [line for line in one.rules_file().splitlines() if CENTS not in line]
    commit_rules(one, "\n".join(lines) + "\n")
    one.sync()
    paid = len(drafts_asked(model))

    drafted = one.draft()

    assert len(drafts_asked(model)) == paid
    assert NoRuleReason.DECLINED in {decision.reason for decision in drafted.decisions}
    assert drafted.proposal is None


def commit_rules(one: Learning, text: str) -> None:
    """A person's commit of the rules file."""
    work = one.remote.parent / "work"
    git(work, "pull", "--quiet", "origin", "main")
    commit(work, {"CLAUDE.md": text}, "No floats rule")
    git(work, "push", "--quiet", "origin", "HEAD:main")


def test_a_maxim_is_refused_by_the_audit_and_named(one: Learning, model: ScriptedModel) -> None:
    model.script = answering(edit("Do not write amounts carelessly; follow best practices."))

    drafted = one.draft()

    assert drafted.proposal is None
    assert NoRuleReason.AUDIT_REFUSED in {decision.reason for decision in drafted.decisions}
    assert any("maxim" in reason for refusal in drafted.refusals for reason in refusal.reasons)


def test_a_report_says_what_changed_and_what_it_cost(one: Learning) -> None:
    never_drafted = report(one)
    one.whole_pass()
    told = report(one, "--since", "2026-01-01")
    document = json.loads(report(one, "--since", "2026-01-01", "--json"))
    one.whole_pass()
    nothing = report(one, "--since", "2026-01-01", "--project", PROJECT)

    assert "no draft has run yet" in never_drafted
    (project,) = document["projects"]
    assert {rule["text"] for rule in project["merged"]} >= {CENTS}
    assert document["spend"]["accepted_rules"] == len(NAMES)
    assert document["spend"]["usd_per_accepted_rule"] == pytest.approx(document["spend"]["usd"] / len(NAMES))
    assert set(project["spend"]["by_purpose"]) == {"judge", "draft"}
    assert (project["spend"], document["elsewhere"]["calls"]) == (document["spend"], 0)
    assert CENTS in told
    assert "3 rules merged" in told
    assert re.search(r"nothing to change, because \d lessons: already said", nothing)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("yesterday", "is no date; expected one like 2026-11-01"),
        ("2026-13-40", "is no date"),
        ("7 months", "is no date"),
        ("", "is no date"),
        ("2999-01-01", "is yet to come"),
    ],
)
def test_a_report_since_no_date_says_what_was_expected(one: Learning, since: str, words: str) -> None:
    data = str(one.installation.data_dir.path)
    done = CliRunner().invoke(app, ["report", "--since", since, "--data", data])

    assert isinstance(done.exception, InputError)
    assert words in str(done.exception)


def test_a_report_of_an_unknown_project_says_what_to_do(one: Learning) -> None:
    data = str(one.installation.data_dir.path)
    done = CliRunner().invoke(app, ["report", "--project", ProjectId("no/such"), "--data", data])

    assert isinstance(done.exception, ConfigError)
    assert "no settings for project 'no/such'" in str(done.exception)


def test_one_rule_that_several_lessons_bring_stands_once(one: Learning, model: ScriptedModel) -> None:
    model.script = answering(edit(CENTS))

    drafted = one.draft()

    assert drafted.proposal is not None
    assert [added.rule.text for added in drafted.proposal.edits] == [CENTS]


def test_words_that_the_gate_does_not_take_are_said_anew_once(one: Learning, model: ScriptedModel) -> None:
    unknown = "Do not keep amounts as floats; send them to the upstream ledger."

    def answer(asked: Asked) -> object:
        says = CENTS if "You were asked this before" in asked.user else unknown
        reply = {"reasoning": "So.", "edits": [edit(says)], "none_because": None, "none_kind": None}
        return reply if asked.schema else None

    model.script = answer
    drafted = one.draft()

    again = [asked.user for asked in drafts_asked(model) if "You were asked this before" in asked.user]
    assert texts(drafted) == {CENTS}
    assert len(drafts_asked(model)) == 2 * len(again)
    assert any(f"{unknown} (refused: needs a human author" in user for user in again)


def test_first_words_stay_for_a_person_where_the_second_are_no_better(one: Learning, model: ScriptedModel) -> None:
    unknown = "Do not keep amounts as floats; send them to the upstream ledger."

    def answer(asked: Asked) -> object:
        says = "Send all to the upstream ledger." if "You were asked this before" in asked.user else unknown
        reply = {"reasoning": "So.", "edits": [edit(says)], "none_because": None, "none_kind": None}
        return reply if asked.schema else None

    model.script = answer
    drafted = one.draft()
    asked = len(drafts_asked(model))
    one.draft()

    assert texts(drafted) == set()
    assert {refusal.text for refusal in drafted.refusals} == {unknown}
    assert asked == 2 * len(drafted.found) == len(drafts_asked(model)), "it was asked a third time"


def test_a_block_full_of_peoples_own_lines_is_a_reason_and_no_error(one: Learning) -> None:
    theirs = "\n".join(f"- Module {number} is frozen." for number in range(20))
    commit_rules(one, f"# Shop\n\n{BEGIN}\n{theirs}\n{END}\n")

    drafted = one.draft()

    assert drafted.proposal is None
    assert {decision.reason for decision in drafted.decisions} == {NoRuleReason.BUDGET_REACHED}
    assert "CLAUDE.md: the block would hold 21 rules" in drafted.decisions[0].detail
    assert any(". (CLAUDE.md: the block would hold 21 rules" in one for one in drafted.passed_over)


def test_a_run_asks_twelve_times_at_most_other_words_included(tmp_path: Path, model: ScriptedModel) -> None:
    names = ("cents", "enums", "pages", "naive", "errors", "dates", "inputs", "paths")
    with learning(tmp_path, model.url) as one:
        save(one.installation.store, sessions_on(*names))
        one.judge()
        model.script = answering(edit("Send all amounts to the upstream ledger at once."))

        drafted = one.draft()

    assert drafted.proposal is None
    assert len(drafts_asked(model)) == 12
    assert NoRuleReason.LEFT_FOR_NEXT_RUN in {decision.reason for decision in drafted.decisions}
