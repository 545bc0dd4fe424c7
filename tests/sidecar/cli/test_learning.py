"""What a draft says at the terminal."""

from dataclasses import replace

from sidecar.cli.learning import drafted_lines
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
