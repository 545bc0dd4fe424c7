"""Keyword factories of domain records; each defaults everything a test does not speak about."""

from collections.abc import Sequence

from sidecar.domain import (
    AgentName,
    Channel,
    EditOperation,
    EvidenceQuote,
    FailureClass,
    Label,
    LabelDecision,
    Lesson,
    LoadedRules,
    Observation,
    Outcome,
    OutcomeId,
    OutcomeRow,
    OutcomeSource,
    ProjectId,
    Proposal,
    ProposalId,
    ProposalState,
    PullRequest,
    Rule,
    RuleEdit,
    RuleId,
    RuleKind,
    RulesSource,
    RulesVersion,
    Session,
    SessionId,
    SessionKey,
    SessionState,
    Step,
    StepId,
    StepKind,
    StepPart,
    TaskId,
    TeamId,
    TestResult,
    TestStatus,
    Verdict,
)
from sidecar.store import InboxEntry

TEAM = TeamId("local")
AGENT = AgentName("claude_code")
PROJECT = ProjectId("example.org/shop")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def make_key(session_id: str = "s1", *, team: TeamId = TEAM, agent: AgentName = AGENT) -> SessionKey:
    return SessionKey(team=team, agent=agent, session_id=SessionId(session_id))


def make_observation(key: str = "o1", *, session_id: str = "s1", text: str = "make the test pass") -> Observation:
    return Observation(
        session_id=SessionId(session_id),
        key=key,
        channel=Channel.HOOK,
        at_ns=1_700_000_000_000_000_000,
        is_timed=False,
        rules=(LoadedRules(path="CLAUDE.md", text="Be kind.", source=RulesSource.LOADED_TEXT),),
        step=StepPart(step_id=StepId("p1"), kind=StepKind.PROMPT, text=text, is_human=True),
    )


def make_session(
    key: SessionKey | None = None,
    *,
    state: SessionState = SessionState.CLOSED,
    project: ProjectId | None = PROJECT,
    task: str | None = "branch:feature/x",
    head_commit: str | None = None,
    started_ns: int = 1,
    commands: Sequence[str] = ("make test",),
) -> Session:
    return Session(
        key=key or make_key(),
        state=state,
        project=project,
        task=None if task is None else TaskId(task),
        head_commit=head_commit,
        rules=(LoadedRules(path="CLAUDE.md", sha="aa" * 20, source=RulesSource.EXACT),),
        rules_version=RulesVersion(value="0011223344556677", source=RulesSource.EXACT),
        started_ns=started_ns,
        last_activity_ns=started_ns + 10,
        missing={"branch": "no repository"},
        steps=tuple(
            Step(step_id=StepId(f"t{at}"), kind=StepKind.TOOL_CALL, at_ns=at, command=command, exit_code=0)
            for at, command in enumerate(commands)
        ),
    )


def make_decision(label: Label = Label.CODE_FAIL, *, reason: str = "1 of 2 tests failed") -> LabelDecision:
    return LabelDecision(
        label=label, reason=reason, tests=(TestResult(id="a.bad", status=TestStatus.FAILED, message="1 != 2"),)
    )


def make_outcome(
    outcome_id: str = "x1", *, session_id: str | None = None, commit: str | None = None, at_ns: int = 1
) -> OutcomeRow:
    return OutcomeRow(
        outcome_id=OutcomeId(outcome_id),
        team=TEAM,
        source=OutcomeSource.CI,
        session_id=None if session_id is None else SessionId(session_id),
        commit=commit,
        at_ns=at_ns,
        outcome=Outcome(
            format="junit",
            tests=(TestResult(id="a.bad", status=TestStatus.FAILED, path="test_a.py", line=3),),
            passed=1,
            failed=1,
            errored=0,
            skipped=0,
        ),
    )


def make_verdict(
    key: SessionKey | None = None, *, revision: int = 1, version: str = "1", explanation: str = "It used npm test."
) -> Verdict:
    lesson = Lesson(
        failure_class=FailureClass.WRONG_COMMAND,
        signature='{"failing":"npm test","working":"make test"}',
        failing_command="npm test",
        working_command="make test",
    )
    return Verdict(
        session=key or make_key(),
        session_revision=revision,
        judge="evidence",
        judge_version=version,
        explanation=explanation,
        evidence=(EvidenceQuote(step_id=StepId("t0"), text="npm: not found"),),
        lessons=(lesson,),
    )


def make_rule(rule_id: str = "aaaabbbbcccc", *, text: str = "Run the tests with `make test`.") -> Rule:
    return Rule(rule_id=RuleId(rule_id), text=text, kind=RuleKind.COMMAND, evidence=("s1", "s2"))


def make_proposal(
    proposal_id: str = "00" * 8,
    *,
    project: ProjectId = PROJECT,
    state: ProposalState = ProposalState.DRAFTED,
    created_ns: int = 1,
    pull_request: PullRequest | None = None,
) -> Proposal:
    edit = RuleEdit(
        operation=EditOperation.ADD,
        rule=make_rule(),
        reason="Two tasks needed it.",
        task_count=2,
        quotes=("not found",),
    )
    return Proposal(
        proposal_id=ProposalId(proposal_id),
        project=project,
        state=state,
        base_commit=COMMIT,
        edits=(edit,),
        content_hash="ff",
        created_ns=created_ns,
        pull_request=pull_request,
    )


def make_entry(
    body_hash: str = "h1",
    *,
    channel: str = "hook",
    body: bytes = b'{"hook_event_name":"Stop"}',
    observed_ns: int = 1,
    is_timed: bool = False,
) -> InboxEntry:
    return InboxEntry(
        team=TEAM,
        body_hash=body_hash,
        channel=channel,
        agent=AGENT,
        parameters={"session": "s1"},
        body=body,
        received_ns=observed_ns,
        observed_ns=observed_ns,
        is_timed=is_timed,
    )
