"""A report: which day is meant, what counts as new since then, and why nothing changed."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.clusters import cluster_id_of
from sidecar.domain import (
    IN_OPEN_PROPOSAL,
    WHOLE_PROJECT,
    ClusterId,
    Decision,
    EditOperation,
    FailureClass,
    ModelUsage,
    NoRuleReason,
    ProjectId,
    Proposal,
    ProposalId,
    ProposalState,
    Purpose,
    Rule,
    RuleEdit,
    RuleId,
    RuleKind,
    Tombstone,
)
from sidecar.errors import InputError
from sidecar.report import SECOND_NS, ProjectFacts, Report, make_report, parse_since
from sidecar.report_text import report_document, report_lines
from sidecar.store import KeptDecision, RuleInForce, Spent
from tests.contracts.records import make_proposal

PROJECT = ProjectId("forge.example/acme/shop")
NOW_NS = 1_790_000_000 * SECOND_NS
DAY_NS = 86_400 * SECOND_NS
SINCE_NS = NOW_NS - 7 * DAY_NS
OLD_NS, NEW_NS = SINCE_NS - 1, SINCE_NS + 1


def kept(reason: NoRuleReason | None, *, cluster: str = "c", since_ns: int = NEW_NS, detail: str = "") -> KeptDecision:
    decision = Decision(
        project=PROJECT,
        cluster_id=ClusterId(cluster),
        failure_class=FailureClass.BROKEN_CONVENTION,
        lesson="Do not keep amounts as floats.",
        task_count=3,
        person_count=1,
        reason=reason,
        detail=detail,
        rules=() if reason else (RuleId("0" * 12),),
        at_ns=NOW_NS,
    )
    return KeptDecision(decision=decision, since_ns=since_ns)


def in_force(name: str, *, since_ns: int, gone_ns: int | None = None) -> RuleInForce:
    rule = Rule(rule_id=RuleId(name), text=f"Rule {name}.", kind=RuleKind.FACT)
    return RuleInForce(project=PROJECT, rule=rule, since_ns=since_ns, gone_ns=gone_ns)


def spent(cost_usd: float) -> Spent:
    usage = ModelUsage(input_tokens=1, cache_write_tokens=0, cache_read_tokens=0, output_tokens=1)
    return Spent(purpose=Purpose.DRAFT, model="m", calls=2, unsettled=0, cost_usd=cost_usd, usage=usage)


def reported(
    decisions: tuple[KeptDecision, ...] = (),
    *,
    rules: tuple[RuleInForce, ...] = (),
    tombstones: tuple[Tombstone, ...] = (),
    cost_usd: float | None = None,
    elsewhere: tuple[Spent, ...] = (),
) -> Report:
    facts = facts_of(PROJECT, decisions, rules=rules, tombstones=tombstones, cost_usd=cost_usd)
    return make_report([facts], elsewhere, since_ns=SINCE_NS)


def facts_of(
    project: ProjectId,
    decisions: tuple[KeptDecision, ...] = (),
    *,
    rules: tuple[RuleInForce, ...] = (),
    tombstones: tuple[Tombstone, ...] = (),
    cost_usd: float | None = None,
) -> ProjectFacts:
    return ProjectFacts(
        project=project,
        decisions=decisions,
        rules=rules,
        proposals=(),
        refusals=(),
        tombstones=tombstones,
        spent=() if cost_usd is None else (spent(cost_usd),),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", NOW_NS - 7 * DAY_NS),
        ("2w", NOW_NS - 14 * DAY_NS),
        ("12h", NOW_NS - DAY_NS // 2),
        ("2026-09-01", 1_788_220_800 * SECOND_NS),
        ("2026-09-01T01:00", 1_788_224_400 * SECOND_NS),
        ("2026-09-01T01:00:05Z", 1_788_224_405 * SECOND_NS),
    ],
)
def test_a_day_or_an_age_is_read_in_utc(text: str, expected: int) -> None:
    assert parse_since(text, now_ns=NOW_NS) == expected


@given(st.text(max_size=20))
def test_no_words_name_a_day_to_come(text: str) -> None:
    with suppress(InputError):
        assert parse_since(text, now_ns=NOW_NS) <= NOW_NS


@pytest.mark.parametrize("text", ["yesterday", "7", "7 months", "2026-13-01", "", "2999-01-01", "-3d"])
def test_no_day_is_said_with_what_was_expected(text: str) -> None:
    with pytest.raises(InputError, match=r"--since .* (?:expected one like|is yet to come)"):
        parse_since(text, now_ns=NOW_NS)


def test_only_what_is_new_counts() -> None:
    rules = (
        in_force("old", since_ns=OLD_NS),
        in_force("new", since_ns=NEW_NS),
        in_force("gone", since_ns=OLD_NS, gone_ns=NEW_NS),
        in_force("long gone", since_ns=OLD_NS - 1, gone_ns=OLD_NS),
    )
    decisions = (kept(None), kept(NoRuleReason.ALREADY_SAID, cluster="d", since_ns=OLD_NS))

    (one,) = reported(decisions, rules=rules).projects

    assert [rule.rule.rule_id for rule in one.merged] == ["new"]
    assert [rule.rule.rule_id for rule in one.retired] == ["gone"]
    assert [lesson.decision.cluster_id for lesson in one.learned] == ["c"]
    assert one.nothing_because == ()


def said_in(state: ProposalState) -> tuple[KeptDecision, Proposal]:
    """What a later draft says of a lesson, and the proposal that an earlier one made for it."""
    proposal = make_proposal(state=state)
    (edit,) = proposal.edits
    lesson = cluster_id_of(PROJECT, FailureClass.BROKEN_CONVENTION, "a signature")
    signed = replace(proposal, project=PROJECT, edits=(replace(edit, signature="a signature"),))
    return kept(NoRuleReason.ALREADY_SAID, cluster=lesson, detail=IN_OPEN_PROPOSAL), signed


@pytest.mark.parametrize("is_first_draft", [False, True])
@pytest.mark.parametrize(
    ("state", "stands", "review", "became", "nothing"),
    [
        (ProposalState.OPEN, None, None, "proposed", "proposed already, and nobody has decided"),
        (ProposalState.MERGED, True, None, "merged", "merged since the last draft"),
        (ProposalState.MERGED, False, None, "retired", "merged since the last draft, and taken out again"),
        (ProposalState.CLOSED, None, "Not\nfor us", "declined: Not / for us", "declined since the last draft"),
        (ProposalState.SUPERSEDED, None, None, "withdrawn", "proposed, and withdrawn since the last draft"),
    ],
)
def test_what_people_decided_after_the_last_draft_is_told_of_its_lessons(
    is_first_draft: bool, state: ProposalState, stands: bool | None, review: str | None, became: str, nothing: str
) -> None:
    later, proposal = said_in(state)
    rule = proposal.edits[0].rule
    made = replace(later.decision, reason=None, detail="", rules=(rule.rule_id,))
    facts = replace(
        facts_of(PROJECT, (replace(later, decision=made) if is_first_draft else later,)),
        proposals=(proposal,),
        rules=tuple(
            RuleInForce(project=PROJECT, rule=rule, since_ns=OLD_NS, gone_ns=None if one else NEW_NS)
            for one in [stands]
            if one is not None
        ),
        tombstones=tuple(
            Tombstone(project=PROJECT, rule_id=rule.rule_id, text=rule.text, signature=None, reason=one, at_ns=NEW_NS)
            for one in [review]
            if one is not None
        ),
    )

    report = make_report([facts], [], since_ns=SINCE_NS)

    assert f"Do not keep amounts as floats. [3 tasks by 1 person] {became}" in "\n".join(report_lines(report))
    assert report.projects[0].nothing_because == (() if is_first_draft else (f"1 lesson: {nothing}",))


@pytest.mark.parametrize(
    ("stands", "became", "retired", "taken_up"), [(True, "merged", 0, 1), (False, "retired", 2, 0)]
)
def test_rule_that_lives_on_in_another_is_not_called_retired(
    stands: bool, became: str, retired: int, taken_up: int
) -> None:
    lesson, proposal = said_in(ProposalState.MERGED)
    first = proposal.edits[0].rule
    heir = replace(first, rule_id=RuleId("heir"), text="Do not keep money as floats.", supersedes=(first.rule_id,))
    merge = RuleEdit(operation=EditOperation.MERGE, rule=heir, reason="both say it")
    facts = replace(
        facts_of(PROJECT, (lesson,)),
        proposals=(proposal, replace(proposal, proposal_id=ProposalId("second"), edits=(merge,))),
        rules=(
            RuleInForce(project=PROJECT, rule=first, since_ns=OLD_NS, gone_ns=NEW_NS),
            RuleInForce(project=PROJECT, rule=heir, since_ns=NEW_NS, gone_ns=None if stands else NEW_NS),
        ),
    )

    report = make_report([facts], [], since_ns=SINCE_NS)

    (one,) = report.projects
    assert [fate.value for fate, _ in one.fates.values()] == [became]
    assert (len(one.retired), [rule.rule for rule in one.taken_up]) == (retired, [first] * taken_up)
    assert ("  merged into other rules: 1" in report_lines(report)) == bool(taken_up)


def test_what_an_open_proposal_brings_is_still_proposed_after_another_draft() -> None:
    decision, proposal = said_in(ProposalState.OPEN)
    report = make_report([replace(facts_of(PROJECT, (decision,)), proposals=(proposal,))], [], since_ns=SINCE_NS)

    lines = "\n".join(report_lines(report))

    (learned,) = report_document(report)["projects"][0]["learned"]  # pyright: ignore[reportIndexIssue, reportUnknownVariableType] # JSON
    assert "Do not keep amounts as floats. [3 tasks by 1 person] proposed" in lines
    assert "nothing to change, because 1 lesson: proposed already, and nobody has decided" in lines
    assert (learned["proposed"], learned["none_because"]) == (True, None)


@pytest.mark.parametrize(
    ("reason", "detail", "words"),
    [
        (NoRuleReason.DECLINED, "declined: deleted from the file", "declined before: deleted from the file"),
        (
            NoRuleReason.BUDGET_REACHED,
            "budget: the block would hold 22 rules",
            "budget reached: the block would hold 22",
        ),
    ],
)
def test_why_a_lesson_became_no_rule_is_said_once(reason: NoRuleReason, detail: str, words: str) -> None:
    assert f"none, because {words}" in "\n".join(report_lines(reported((kept(reason, detail=detail),))))


def test_nothing_to_change_has_its_reasons_the_most_frequent_first() -> None:
    decisions = (
        kept(NoRuleReason.GATE_REFUSED, cluster="a"),
        kept(NoRuleReason.ALREADY_SAID, cluster="b"),
        kept(NoRuleReason.ALREADY_SAID, cluster="c"),
    )

    lines = "\n".join(report_lines(reported(decisions)))

    assert "nothing to change, because 2 lessons: already said; 1 lesson: gate refused" in lines
    assert "Do not keep amounts as floats. [3 tasks by 1 person] none, because gate refused" in lines


def test_a_reason_about_the_project_stands_for_all() -> None:
    whole = kept(NoRuleReason.JUDGE_BELOW_FLOOR, cluster=WHOLE_PROJECT, detail="the judge is below its floor")

    (one,) = reported((whole,)).projects

    assert (one.nothing_because, one.learned) == (("the judge is below its floor",), ())


@pytest.mark.parametrize(
    ("cost_usd", "merged", "words"), [(0.5, 2, "2 rules merged, 0.2500 USD each"), (0.5, 0, "no rule was merged")]
)
def test_money_is_told_by_the_rule_where_there_is_one(cost_usd: float, merged: int, words: str) -> None:
    rules = tuple(in_force(f"r{number}", since_ns=NEW_NS) for number in range(merged))

    made = reported(rules=rules, cost_usd=cost_usd)

    assert words in "\n".join(report_lines(made))
    assert report_document(made)["spend"] == {
        "usd": cost_usd,
        "calls": 2,
        "accepted_rules": merged,
        "usd_per_accepted_rule": cost_usd / merged if merged else None,
        "by_purpose": {"draft": cost_usd},
    }


def test_each_project_bears_its_own_money_and_what_is_of_none_is_told_apart() -> None:
    shop = facts_of(PROJECT, rules=(in_force("r1", since_ns=NEW_NS), in_force("r2", since_ns=NEW_NS)), cost_usd=0.5)
    till = facts_of(ProjectId("forge.example/acme/till"), cost_usd=2.0)

    made = make_report([shop, till], [spent(0.25)], since_ns=SINCE_NS)

    assert [one.money.usd_per_accepted_rule for one in made.projects] == [0.25, None]
    assert [line for line in report_lines(made) if "USD" in line] == [
        "  spent: 0.5000 USD for 2 calls (draft 0.5000); 2 rules merged, 0.2500 USD each",
        "  spent: 2.0000 USD for 2 calls (draft 2.0000); no rule was merged, so there is no price of one",
        "spent in all: 2.5000 USD for 4 calls (draft 2.5000); 2 rules merged, 1.2500 USD each",
        "not of one project above: 0.2500 USD for 2 calls (draft 0.2500)",
    ]


def test_a_long_list_is_cut_with_its_rest_counted() -> None:
    rules = tuple(in_force(f"r{number}", since_ns=NEW_NS) for number in range(13))

    lines = list(report_lines(reported(rules=rules)))

    assert "  merged: 13" in lines
    assert "    and 3 more; --json lists all" in lines


def test_a_proposal_names_its_edits_by_the_ids_that_explain_takes() -> None:
    proposal = make_proposal(created_ns=NEW_NS)
    (edit,) = proposal.edits

    report = make_report([replace(facts_of(PROJECT), proposals=(proposal,))], [], since_ns=SINCE_NS)

    assert f"      add {edit.rule.rule_id} {edit.rule.text}" in "\n".join(report_lines(report)).splitlines()
    assert f"'id': '{edit.rule.rule_id}'" in str(report_document(report))
