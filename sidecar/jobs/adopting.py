"""Take a refused text over: a person says it in their own words, and it joins the project's rolling proposal.

What the person types is theirs: it is marked so, no draft changes it later, and the ledger says that the gate did not
account for it. What no rule may carry stays refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.domain import EditOperation, ProjectId, Proposal, Refusal, Rule, RuleEdit, RuleKind
from sidecar.errors import AmbiguousError, InputError, NotFoundError, RulesFileError
from sidecar.gate import GateContext, check, human_reasons, refusal_id
from sidecar.jobs.base_branch import Base
from sidecar.jobs.drafting import rolling_proposal
from sidecar.jobs.drafting_known import Known, known_rules
from sidecar.proposals import adoptions, build_files
from sidecar.rules import canonical_rule, rule_id, rule_words, split_words
from sidecar.store import Store

_CERTAIN = ("scope:", "budget:", "duplicate:", "tombstone:", "secret:")
"""What the gate says of a text that holds for a person's words as well."""
_SAME = "duplicate:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person wants to stand."""

    text: str
    kind: RuleKind | None
    """None: as the gate reads it, else a constraint."""
    scope: str | None
    said_by: str | None = None
    """The person's name; None where nobody told it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What became of it."""

    refusal: Refusal
    rule: Rule
    reasons: tuple[str, ...]
    """Why it may not stand either; empty when it was taken."""
    proposal: Proposal | None
    """With the rule in it; None when it was not taken."""
    taken: Rule | None = None
    """The rule in which the text was taken over before, where that is the reason."""


def find_refusal(store: Store, projects: Sequence[ProjectId], identity: str) -> Refusal:
    """The refused text whose id begins so.

    Raises:
        NotFoundError: no project has one; the text says where the ids are.
        AmbiguousError: several begin so; the text names them.
    """
    wanted = identity.strip().lower()
    every = {refusal_id(name, one.text): one for name in projects for one in store.refusals(name)}
    found = [one for one in every if wanted and one.startswith(wanted)]
    if not found:
        raise NotFoundError(
            f"no refused text has the id {identity[:40]!r}; `sidecar rules list` shows them with their ids"
        )
    if len(found) > 1:
        raise AmbiguousError(
            f"{len(found)} refused texts have an id that begins with {identity!r}: {', '.join(sorted(found)[:5])}; "
            "give more of it"
        )
    return every[found[0]]


def adopt(
    store: Store, base: Base, refusal: Refusal, words: Words, *, now_ns: int, is_dry_run: bool = False
) -> Adopted:
    """Put a person's words in place of a refused text into the rolling proposal; `sync` publishes it.

    Raises:
        InputError: there are no words.
    """
    if not canonical_rule(words.text):
        raise InputError("--text is empty; say the rule in your own words, in one line")
    # words that begin as the file says a scope are read back as that scope
    text, said = split_words(words.text)
    text, scope = (canonical_rule(words.text), words.scope) if words.scope is not None else (text, said)
    known = known_rules(store, base)
    kind, reasons = _read(base, known, words, text, scope)
    rule = Rule(rule_id=rule_id(text, scope), text=text, kind=kind, scope=scope, is_human=True)
    taken = _taken_before(store, refusal)
    if taken is not None:
        return Adopted(refusal=refusal, rule=rule, reasons=(_taken_words(taken),), proposal=None, taken=taken)
    if reasons:
        return Adopted(refusal=refusal, rule=rule, reasons=tuple(dict.fromkeys(reasons)), proposal=None)
    try:
        proposal = _proposal(base, known, _edit(rule, refusal, words.said_by), now_ns)
    except RulesFileError as exc:
        return Adopted(refusal=refusal, rule=rule, reasons=(str(exc),), proposal=None)
    if not is_dry_run:
        store.set_proposal(proposal)
    return Adopted(refusal=refusal, rule=rule, reasons=(), proposal=proposal)


def _read(base: Base, known: Known, words: Words, text: str, scope: str | None) -> tuple[RuleKind, list[str]]:
    """The kind of a person's words, and why they may not stand; each reason may be there twice."""
    context = GateContext(
        repository_files=base.files,
        identifiers=base.names.held_of(words.text),
        active_texts=tuple(rule.text for rule in known.active().values()),
        tombstoned_texts=known.buried_texts,
    )
    # the words as they were typed: what canonical form would drop must be seen, too
    decision = check(words.text.strip(), kind=words.kind, scope=scope, context=context)
    against = known.against_rule(text, scope)
    reasons = [
        *human_reasons(words.text.strip(), context),
        # "duplicate" does not tell the base from an open proposal, and what is held against the rule does
        *(one for one in decision.reasons if one.startswith(_CERTAIN) and not (against and one.startswith(_SAME))),
        *((against[1],) if against is not None else ()),
    ]
    return words.kind or decision.kind or RuleKind.CONSTRAINT, reasons


def _taken_before(store: Store, refusal: Refusal) -> Rule | None:
    adopted = adoptions(store.proposals(project=refusal.project), store.tombstones(refusal.project))
    return adopted.get(refusal_id(refusal.project, refusal.text))


def _taken_words(taken: Rule) -> str:
    return (
        f"taken over before, as rule {taken.rule_id}: {rule_words(taken.text, taken.scope)}; to have other words, "
        "change that line on the proposal's branch, or in the file once it is merged"
    )


def _edit(rule: Rule, refusal: Refusal, said_by: str | None) -> RuleEdit:
    return RuleEdit(
        operation=EditOperation.ADD,
        rule=rule,
        reason="A person wrote it, in place of a refused draft.",
        in_place_of=refusal_id(refusal.project, refusal.text),
        adopted_by=said_by,
    )


def _proposal(base: Base, known: Known, edit: RuleEdit, now_ns: int) -> Proposal:
    """The rolling proposal with one more edit.

    Raises:
        RulesFileError: it would fit into no file, and wait there for ever.
    """
    proposal = rolling_proposal(base, known, [edit], now_ns)
    build_files(base.contents, proposal.edits, targets=base.targets)
    return proposal
