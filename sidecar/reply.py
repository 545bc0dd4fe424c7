"""Reads a draft reply: each edit is one of known rules within the budget, or is left out with the reason.

What passes here still goes through the gate; here is checked what the gate cannot know: ids, operations, whose words a
rule is, and what people declined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sidecar.comparing import Comparison, comparison, reason_against
from sidecar.domain import Cluster, EditOperation, NoRuleReason, ReplyProblem, Rule, RuleEdit, RuleId
from sidecar.errors import RulesFileError
from sidecar.metaprompt import LONGEST_RULE, MOST_EDITS, DraftCase, DraftReply, EditReply, NoneKind
from sidecar.proposals import counted, support_reason
from sidecar.rule_quotes import quotes_of
from sidecar.rules import canonical_rule, check_text, rule_id, rule_words, token_estimate

_LONGEST_REASON = 300
_NONE_KINDS = {
    NoneKind.TOO_LITTLE_EVIDENCE: NoRuleReason.TOO_LITTLE_EVIDENCE,
    NoneKind.BETTER_AS_HOOK: NoRuleReason.BETTER_AS_HOOK,
    NoneKind.BETTER_AS_LINT: NoRuleReason.BETTER_AS_LINT,
    NoneKind.BETTER_AS_TEST: NoRuleReason.BETTER_AS_TEST,
    NoneKind.ALREADY_SAID: NoRuleReason.ALREADY_SAID,
    NoneKind.DECLINED: NoRuleReason.DECLINED,
    NoneKind.NO_RULE_HELPS: NoRuleReason.NO_RULE_HELPS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a reply comes to."""

    edits: tuple[RuleEdit, ...] = ()
    none_because: str | None = None
    """The model's own reason for no edit; None when it gave edits."""
    dropped: tuple[str, ...] = ()
    """Why an edit was left out, one sentence each."""
    problem: ReplyProblem | None = None
    """Why the reply as a whole is of no use; None when it is."""
    reason: NoRuleReason | None = None
    """Why there is no edit, from the closed list; None when there is one."""


@dataclass(slots=True)
class _Budget:
    """What is left while edits are taken in order."""

    rules: int
    tokens: int


class _DroppedError(Exception):
    """An edit that cannot be used; the text says why."""

    def __init__(self, words: str, reason: NoRuleReason = NoRuleReason.USELESS_ANSWER) -> None:
        super().__init__(words)
        self.reason = reason


class _UnknownIdError(_DroppedError):
    """It names a rule that was not shown."""


def read_draft(reply: DraftReply, case: DraftCase) -> Draft:
    """The edits of a reply that can be proposed, with the reasons against the others."""
    if not reply.edits:
        because = " ".join((reply.none_because or "").split())[:_LONGEST_REASON]
        if not because:
            return Draft(problem=ReplyProblem.EMPTY, reason=NoRuleReason.USELESS_ANSWER)
        kind = reply.none_kind or NoneKind.NO_RULE_HELPS
        return Draft(none_because=because, reason=_NONE_KINDS[kind])
    budget = _Budget(rules=case.rules_left, tokens=case.tokens_left)
    said = comparison(reply)
    edits: list[RuleEdit] = []
    dropped: list[tuple[str, _DroppedError]] = []
    for number, edit in enumerate(reply.edits, start=1):
        try:
            edits.append(_read(edit, number, case, edits, budget, said))
        except _DroppedError as exc:
            dropped.append((f"edit {number} ({edit.operation}): {exc}", exc))
    errors = [error for _, error in dropped]
    return Draft(
        edits=tuple(edits),
        dropped=tuple(words for words, _ in dropped),
        problem=None if edits else _problem(errors),
        reason=None if edits else _reason(errors),
    )


def _problem(errors: Sequence[_DroppedError]) -> ReplyProblem:
    is_all_unknown = all(isinstance(error, _UnknownIdError) for error in errors)
    return ReplyProblem.WRONG_IDS if is_all_unknown else ReplyProblem.UNFIT_EDITS


def _reason(errors: Sequence[_DroppedError]) -> NoRuleReason:
    """The first that says more than that an edit cannot be used."""
    telling = (error.reason for error in errors if error.reason is not NoRuleReason.USELESS_ANSWER)
    return next(telling, NoRuleReason.USELESS_ANSWER)


def _read(
    edit: EditReply, number: int, case: DraftCase, before: list[RuleEdit], budget: _Budget, said: Comparison
) -> RuleEdit:
    if number > MOST_EDITS:
        raise _DroppedError(f"over the limit of {MOST_EDITS} edits")
    named = _named(edit, {rule.rule_id: rule for rule in case.rules}, before)
    if edit.operation is EditOperation.RETIRE:
        return _edit(edit.operation, named[0], case.cluster)
    rule = _rule(edit, named, case.cluster)
    against = reason_against(rule, named, case, said, [one.rule for one in before])
    if against is not None:
        raise _DroppedError(against[1], against[0])
    _take(rule, named, budget)
    return _edit(edit.operation, rule, case.cluster)


def _named(edit: EditReply, known: Mapping[RuleId, Rule], before: list[RuleEdit]) -> tuple[Rule, ...]:
    """The rules an edit is about."""
    ids = tuple(dict.fromkeys(RuleId(one) for one in edit.rule_ids))
    unknown = [one for one in ids if one not in known]
    if unknown:
        raise _UnknownIdError("it names a rule that is not there")
    wanted = {
        EditOperation.ADD: "names no rule" if ids else None,
        EditOperation.AMEND: None if len(ids) == 1 else "names one rule",
        EditOperation.MERGE: None if len(ids) > 1 else "names two rules or more",
        EditOperation.RETIRE: None if len(ids) == 1 else "names one rule",
    }[edit.operation]
    if wanted is not None:
        raise _DroppedError(f"such an edit {wanted}, this one names {len(ids)}")
    named = tuple(known[one] for one in ids)
    if any(rule.is_human for rule in named):
        raise _DroppedError("a person changed the words of the rule, so they are theirs")
    touched = {one for other in before for one in (other.rule.rule_id, *other.rule.supersedes)}
    if touched & set(ids):
        raise _DroppedError("an edit before it changes the same rule")
    return named


def _rule(edit: EditReply, named: tuple[Rule, ...], cluster: Cluster) -> Rule:
    """The rule as it would stand."""
    text, scope = canonical_rule(edit.text), (edit.scope or "").strip() or None
    try:
        check_text(edit.text.strip(), scope)
    except RulesFileError as exc:
        raise _DroppedError(str(exc)) from exc
    if len(text) > LONGEST_RULE:
        raise _DroppedError(f"the rule has {len(text)} characters; {LONGEST_RULE} are allowed")
    sessions = {support.session.session_id for support in cluster.supports}
    evidence = tuple(sorted(sessions.union(*(rule.evidence for rule in named))))
    if edit.operation is EditOperation.AMEND:
        return replace(named[0], text=text, kind=edit.kind, scope=scope, evidence=evidence)
    identity = rule_id(text, scope)
    replaced = tuple(rule.rule_id for rule in named if rule.rule_id != identity)
    return Rule(rule_id=identity, text=text, kind=edit.kind, scope=scope, evidence=evidence, supersedes=replaced)


def _take(rule: Rule, named: tuple[Rule, ...], budget: _Budget) -> None:
    """Take what an edit adds from the budget."""
    rules = 1 - len(named)
    tokens = token_estimate([rule_words(rule.text, rule.scope)])
    tokens -= token_estimate([rule_words(one.text, one.scope) for one in named])
    if rules > budget.rules or tokens > max(budget.tokens, 0):
        words = f"no room: {budget.rules} rules and about {budget.tokens} tokens are left"
        raise _DroppedError(words, NoRuleReason.BUDGET_REACHED)
    budget.rules -= rules
    budget.tokens -= tokens


def _edit(operation: EditOperation, rule: Rule, cluster: Cluster) -> RuleEdit:
    sessions = len({support.session for support in cluster.supports})
    is_gone = operation is EditOperation.RETIRE
    reason = support_reason(sessions, len(cluster.tasks))
    if is_gone:
        named = counted(sessions, "failed session")
        reason = f"A draft on {named} suggests that it misleads; look at them before you agree."
    return RuleEdit(
        operation=operation,
        rule=rule,
        reason=reason,
        task_count=len(cluster.tasks),
        person_count=len(cluster.persons),
        placed_quotes=quotes_of(cluster, rule_text="" if is_gone else rule.text),
        signature=None if is_gone else cluster.signature,
    )
