"""Cases and replies of a draft with everything defaulted that a test does not speak about."""

from collections.abc import Sequence

from sidecar.domain import (
    Cluster,
    EditOperation,
    EvidenceQuote,
    FailureClass,
    Lesson,
    Rule,
    RuleId,
    RuleKind,
    SessionId,
    StepId,
    Tombstone,
)
from sidecar.metaprompt import DraftCase, DraftReply, EditReply, FailedSession
from sidecar.rules import rule_id
from tests.sidecar.lessons import PROJECT, cluster

CANDIDATE = "Do not keep an amount as a float."


def failure_cluster() -> Cluster:
    """What two tasks teach, as a model judge says it."""
    taught = Lesson(
        failure_class=FailureClass.BROKEN_CONVENTION,
        signature='{"class":"broken_convention","scope":"src/shop","symptom":"assert # == #"}',
        paths=("src/shop/money.py",),
        symptom="assert 12.5 == 1250",
        scope="src/shop/**",
        rule_candidate=CANDIDATE,
        quotes=(EvidenceQuote(step_id=StepId("t1"), text="assert 12.5 == 1250"),),
    )
    return cluster(taught)


def failed_session(
    number: int = 1, *, explanation: str = "It returns a float.", candidate: str | None = CANDIDATE
) -> FailedSession:
    return FailedSession(
        session_id=SessionId(f"s{number}"),
        explanation=explanation,
        quotes=("assert 12.5 == 1250",),
        rule_candidate=candidate,
    )


def our_rule(text: str = "Run the checks with `make check`.", *, is_human: bool = False) -> Rule:
    return Rule(
        rule_id=rule_id(text, None), text=text, kind=RuleKind.COMMAND, is_human=is_human, evidence=("old-session",)
    )


def tombstone(text: str = "Never use floats.", *, reason: str = "we do, in reports") -> Tombstone:
    return Tombstone(project=PROJECT, rule_id=rule_id(text, None), text=text, signature=None, reason=reason, at_ns=1)


def draft_case(
    *,
    rules_text: str = "# Shop\n\nAmounts are in cents.",
    rules: Sequence[Rule] = (),
    failed: Sequence[FailedSession] = (failed_session(1), failed_session(2)),
    passed: Sequence[str] = ("## last test run\n3 passed",),
    tombstones: Sequence[Tombstone] = (),
    rules_left: int = 10,
    tokens_left: int = 400,
) -> DraftCase:
    return DraftCase(
        cluster=failure_cluster(),
        rules_text=rules_text,
        rules=tuple(rules),
        failed=tuple(failed),
        passed=tuple(passed),
        tombstones=tuple(tombstones),
        rules_left=rules_left,
        tokens_left=tokens_left,
    )


def edit_reply(
    operation: EditOperation = EditOperation.ADD,
    *rule_ids: RuleId,
    text: str = "Do not keep amounts as floats.",
    kind: RuleKind = RuleKind.CONSTRAINT,
    scope: str | None = "src/shop/**",
) -> EditReply:
    return EditReply(operation=operation, rule_ids=rule_ids, text=text, kind=kind, scope=scope)


def draft_reply(*edits: EditReply, none_because: str | None = None) -> DraftReply:
    return DraftReply(
        reasoning="The failed ones divide and the passed one does not.", edits=edits, none_because=none_because
    )
