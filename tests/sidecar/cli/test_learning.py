"""What a draft says at the terminal."""

from dataclasses import replace

from sidecar.cli.learning import drafted_lines
from sidecar.domain import WHOLE_PROJECT, Decision, NoRuleReason
from sidecar.jobs.drafting import Drafted
from tests.contracts.records import PROJECT, make_proposal
from tests.sidecar.drafting import failure_cluster


def test_one_of_a_thing_is_said_in_the_singular() -> None:
    proposal = make_proposal()
    proposal = replace(proposal, edits=(replace(proposal.edits[0], task_count=1),))

    first, rule, *_ = drafted_lines(
        Drafted(project=PROJECT, proposal=proposal, found=(failure_cluster(),), refusals=(), passed_over=())
    )

    assert first == f"{PROJECT}: 1 lesson that enough tasks teach, 1 rule in the proposal"
    assert rule == f"  + {proposal.edits[0].rule.text} (1 task)"


def test_a_run_without_edits_says_why_and_counts_no_rules_that_wait_already() -> None:
    why = Decision(
        project=PROJECT,
        cluster_id=WHOLE_PROJECT,
        reason=NoRuleReason.TOO_LITTLE_EVIDENCE,
        detail="no lesson is taught by 3 distinct tasks yet",
        at_ns=1,
    )

    lines = drafted_lines(
        Drafted(project=PROJECT, proposal=None, found=(), refusals=(), passed_over=(), decisions=(why,))
    )

    assert list(lines) == [
        f"{PROJECT}: 0 lessons that enough tasks teach, nothing new to propose",
        "  none, because no lesson is taught by 3 distinct tasks yet",
    ]
