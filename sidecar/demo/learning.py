"""The stations between sessions and a proposal: judge, draft, sync; who judged is said, and what fails too."""

import asyncio
import time
from collections.abc import Sequence

from sidecar.demo.choosing import WITHOUT_MODEL
from sidecar.demo.saying import (
    proposal_url,
    say_drafted,
    say_hijacked,
    say_proposal,
    sessions_that_ran_what_they_fetched,
)
from sidecar.demo.stage import Stage
from sidecar.domain import Proposal
from sidecar.engine import draft_project, judge_all, sync_project
from sidecar.jobs.drafting import Drafted
from sidecar.jobs.judging import Judged
from sidecar.printing import print_progress

WAITING_S = 10
"""Between two lines that say a model is still being waited for."""
_NO_ANSWER = ("the model could not be asked", "the model's answer is of no use")
"""How a draft says that it is the model's fault; a test asks a model that fails there."""


def learn(stage: Stage) -> dict[str, object]:
    """Judge, draft and sync; what to tell of it."""
    poisoned = sessions_that_ran_what_they_fetched(stage.installation, stage.place.project)
    judged = asyncio.run(_judged(stage, WITHOUT_MODEL))
    stage.say(f"4  judge       {len(judged.verdicts)} verdicts without a model, nothing found in {len(judged.silent)}")
    if poisoned:
        stage.say(f"               {len(poisoned)} sessions ran a program they had just fetched, as a planted text")
        stage.say(f"               said: nothing is learned from {' and '.join(poisoned)}")
    explained = asyncio.run(_judged(stage, stage.choice.judge)) if stage.choice.asks_model else None
    if explained is not None:
        _say_explained(stage, explained)
    drafted = _drafted(stage)
    if poisoned:
        say_hijacked(stage)
    proposal = _synced(stage)
    if proposal is not None:
        _judge_again(stage)
        say_proposal(stage, proposal)
    return {
        "judge": stage.choice.judge,
        "models": list(stage.choice.models),
        "verdicts": len((explained or judged).verdicts),
        "rules": [edit.rule.text for edit in proposal.edits] if proposal else [],
        "refused": [{"text": one.text, "reasons": list(one.reasons)} for one in drafted.refusals],
        "branch": proposal.branch if proposal else None,
    }


async def _judged(stage: Stage, judge: str) -> Judged:
    judging = asyncio.ensure_future(judge_all(stage.installation, judge))
    waited_s = 0
    try:
        while not (await asyncio.wait([judging], timeout=WAITING_S))[0]:
            waited_s += WAITING_S
            print_progress(f"waiting for {' and '.join(stage.choice.models) or 'the judge'}: {waited_s} s")
    finally:
        judging.cancel()
    return await judging


def _say_explained(stage: Stage, judged: Judged) -> None:
    stage.say(
        f"               {len(judged.verdicts)} explained by {stage.choice.models[0]}, asked about those whose "
        "tests failed"
    )
    for verdict in judged.verdicts:
        stage.say(f"               {verdict.session.session_id}: {verdict.explanation}")
    _add_problems(stage, judged)


def _add_problems(stage: Stage, judged: Judged) -> None:
    for key, one in judged.unjudged:
        stage.say(f"               no verdict on {key.session_id}: {one.detail}")
    if judged.unjudged:
        key, one = judged.unjudged[0]
        _add_model_problem(stage, f"{len(judged.unjudged)} without a verdict, one is {key.session_id}: {one.detail}")
    if judged.stopped_by is not None:
        stage.say(f"               stopped: {judged.stopped_by}")
        _add_model_problem(stage, str(judged.stopped_by))


def _drafted(stage: Stage) -> Drafted:
    *also, judge = [stage.installation.judge(name) for name in dict.fromkeys((WITHOUT_MODEL, stage.choice.judge))]
    drafted = draft_project(stage.installation, stage.place.project, judge, now_ns=time.time_ns(), also=also)
    say_drafted(drafted, stage.say)
    if reasons := failed(drafted.passed_over):
        _add_model_problem(stage, f"a lesson got no words: {reasons[0]}")
    return drafted


def failed(passed_over: Sequence[str]) -> list[str]:
    """Of a draft's reasons those that are the model's fault."""
    return [reason for reason in passed_over if any(words in reason for words in _NO_ANSWER)]


def _synced(stage: Stage) -> Proposal | None:
    synced = sync_project(stage.installation, stage.place.project, now_ns=time.time_ns())
    proposal = next((one for one in synced.proposals), None)
    if proposal is None:
        stage.say("6  sync        nothing to propose, so nothing was written to the remote")
        return None
    stage.say(f"6  sync        branch {proposal.branch}, proposal {proposal_url(proposal)}")
    return proposal


def _judge_again(stage: Stage) -> None:
    """Knowing the proposed rules, a sync knows of more sessions that they had none; that makes a new revision."""
    judged = asyncio.run(_judged(stage, stage.choice.judge))
    if stage.choice.asks_model:
        asyncio.run(_judged(stage, WITHOUT_MODEL))
    if count := len(judged.verdicts) + len(judged.silent):
        stage.say(f"               {count} sessions were judged again: known by now, they had none of these rules")
    if not stage.problems:
        _add_problems(stage, judged)


def _add_model_problem(stage: Stage, words: str) -> None:
    models = " and ".join(stage.choice.models)
    stage.problems.append(
        f"{words}\nNo other judge took the place of {stage.choice.judge}, which asks {models} at "
        f"{stage.choice.where}. Mend the key, the address or the model (SIDECAR_MODEL__JUDGE), or go without: "
        f"{_without(stage)}"
    )


def _without(stage: Stage) -> str:
    return stage.program.demo(f"--judge {WITHOUT_MODEL}")
