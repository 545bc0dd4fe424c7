"""Whether a drafted rule may stand beside what is said already: near-exact words by rule, the rest by the model's word.

Which texts are worth comparing is found by words alone; what they mean to each other only a model can tell, and it
does so in the very reply that holds the draft. A text that it was shown and said nothing of counts as independent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import EditOperation, NoRuleReason, Rule, RuleId
from sidecar.draft_case import DraftCase, NeighbourKind, neighbours
from sidecar.likeness import is_same_rule
from sidecar.metaprompt import DraftReply, Relation
from sidecar.rules import canonical_rule, rule_id, rule_words

_SAID_ALREADY = {
    NeighbourKind.RULE: (NoRuleReason.ALREADY_SAID, "a learned rule means the same"),
    NeighbourKind.PROPOSED: (NoRuleReason.ALREADY_SAID, "a proposed rule means the same"),
    NeighbourKind.PEOPLE: (NoRuleReason.ALREADY_SAID, "the people's own file says the same"),
    NeighbourKind.DECLINED: (NoRuleReason.DECLINED, "people declined a rule that means the same"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a reply says of the texts it was shown."""

    relations: Mapping[str, Relation]
    """By handle."""
    changed: frozenset[RuleId]
    """Learned rules that its edits amend, merge or retire."""


def comparison(reply: DraftReply) -> Comparison:
    """What a reply says of the texts it was shown; of two words on one text the first counts."""
    relations: dict[str, Relation] = {}
    for one in reply.neighbours:
        relations.setdefault(one.id.strip(), one.relation)
    changed = (RuleId(one) for edit in reply.edits if edit.operation is not EditOperation.ADD for one in edit.rule_ids)
    return Comparison(relations=relations, changed=frozenset(changed))


def reason_against(
    rule: Rule, named: Sequence[Rule], case: DraftCase, said: Comparison, before: Sequence[Rule]
) -> tuple[NoRuleReason, str] | None:
    """Why a rule may not stand beside the others; None when it may.

    Args:
        named: The rules that it amends or merges.
        before: What the edits before it bring.
    """
    words = rule_words(rule.text, rule.scope)
    # a merge takes the words of all it names away; an amendment in the same words changes nothing
    others = [one for one in case.rules if one not in named or len(named) == 1]
    if words in [rule_words(one.text, one.scope) for one in (*others, *before)]:
        return NoRuleReason.ALREADY_SAID, "a rule says the same already"
    return (
        _declined(rule, case)
        or _nearly_said(rule, named, case, before)
        or _told_by_the_model(frozenset(one.rule_id for one in named), case, said)
    )


def _declined(rule: Rule, case: DraftCase) -> tuple[NoRuleReason, str] | None:
    identity = rule_id(rule.text, rule.scope)
    for one in case.tombstones:
        if identity == one.rule_id or rule.text == canonical_rule(one.text) or is_same_rule(rule.text, one.text):
            return NoRuleReason.DECLINED, "people declined the rule"
    return None


def _nearly_said(
    rule: Rule, named: Sequence[Rule], case: DraftCase, before: Sequence[Rule]
) -> tuple[NoRuleReason, str] | None:
    """The same words but for small ones, within one scope."""
    others = [one for one in (*case.rules, *case.proposed, *before) if one not in named]
    if any(one.scope == rule.scope and is_same_rule(one.text, rule.text) for one in others):
        return NoRuleReason.ALREADY_SAID, "a rule says nearly the same already"
    if any(is_same_rule(line, rule.text) for line in case.rules_text.splitlines() if len(line) > len(rule.text) // 2):
        return NoRuleReason.ALREADY_SAID, "the people's own file says it"
    return None


def _told_by_the_model(named: frozenset[RuleId], case: DraftCase, said: Comparison) -> tuple[NoRuleReason, str] | None:
    for one in neighbours(case):
        relation = said.relations.get(one.handle, Relation.INDEPENDENT)
        if relation is Relation.INDEPENDENT or one.handle in named:
            continue
        if relation is Relation.SAME:
            reason, words = _SAID_ALREADY[one.kind]
            return reason, f"{words}: {one.handle}"
        if one.kind is not NeighbourKind.DECLINED and one.handle not in said.changed:
            return NoRuleReason.CONTRADICTS, f"it says the opposite of {one.handle}, which no edit changes"
    return None
