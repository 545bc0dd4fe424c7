"""Ask a model how to word the lessons that no template can, one bounded question per cluster.

What comes back is still only suggested: `drafting` sends every edit through the gate. Answers are kept by the model's
edge, so a run that is repeated pays nothing again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch

from judges.packet import build_packet, render_packet
from sidecar.domain import Cluster, ClusterId, Label, SessionKey, Step
from sidecar.errors import ModelError
from sidecar.gate import MAX_RULES, MAX_TOKENS
from sidecar.jobs.base_branch import Base
from sidecar.llm import Model
from sidecar.metaprompt import MOST_PASSED, DraftCase, FailedSession, draft_request, reason_not_to_ask
from sidecar.reply import Draft, read_draft
from sidecar.rules import parse_rules_file, rule_words, token_estimate
from sidecar.store import Store
from sidecar.writer import draft_rule

PASSED_LOOKED_AT = 50
"""Newest passed sessions that are searched for some on the same paths; each is read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a model said of the clusters it was asked about."""

    drafts: Mapping[ClusterId, Draft] = field(default_factory=dict[ClusterId, Draft])
    reasons: Mapping[ClusterId, str] = field(default_factory=dict[ClusterId, str])
    """Of those without a draft: why there is none, one sentence."""


async def ask_for_drafts(
    store: Store, base: Base, found: Sequence[Cluster], model: Model, *, most: int, draw_mark: Callable[[], str]
) -> Asked:
    """Ask about each cluster that no template words, at most `most` of them.

    Args:
        draw_mark: Gives a word nobody can have written into a session beforehand, another one with each call.
    """
    drafts: dict[ClusterId, Draft] = {}
    reasons: dict[ClusterId, str] = {}
    for cluster in found:
        if draft_rule(cluster) is not None:
            continue
        case = _case(store, base, cluster)
        reason = reason_not_to_ask(case)
        if reason is None and len(drafts) == most:
            reason = f"left for the next run; one run asks about {most} lessons"
        if reason is not None:
            reasons[cluster.cluster_id] = reason
            continue
        try:
            reply = await model.complete(draft_request(case, draw_mark=draw_mark))
        except ModelError as exc:
            reasons[cluster.cluster_id] = f"the model could not be asked: {exc}"
            break
        if reply.value is None:
            reasons[cluster.cluster_id] = f"the model's answer is of no use: {reply.detail}"
        else:
            drafts[cluster.cluster_id] = read_draft(reply.value, case)
    return Asked(drafts=drafts, reasons=reasons)


def _case(store: Store, base: Base, cluster: Cluster) -> DraftCase:
    standing = base.reading.standing
    words = [rule_words(rule.text, rule.scope) for rule in standing]
    return DraftCase(
        cluster=cluster,
        rules_text=_words_of_people(base),
        rules=standing,
        failed=_failed(store, cluster),
        passed=_passed(store, base, cluster),
        tombstones=tuple(reversed(store.tombstones(base.project))),
        rules_left=max(0, MAX_RULES - len(standing)),
        tokens_left=max(0, MAX_TOKENS - token_estimate(words)),
    )


def _words_of_people(base: Base) -> str:
    """The first target without our block."""
    contents = [base.contents[target.path] for target in base.targets if target.path in base.contents]
    if not contents:
        return ""
    file = parse_rules_file(contents[0])
    return (file.before + file.after).decode(file.encoding, "replace")


def _failed(store: Store, cluster: Cluster) -> tuple[FailedSession, ...]:
    told: dict[SessionKey, FailedSession] = {}
    for support in cluster.supports:
        for verdict in store.verdicts(support.session):
            if any(lesson.signature == cluster.signature for lesson in verdict.lessons):
                told[support.session] = FailedSession(
                    session_id=support.session.session_id,
                    explanation=verdict.explanation,
                    quotes=tuple(quote.text for quote in support.lesson.quotes),
                    rule_candidate=support.lesson.rule_candidate,
                )
    return tuple(told.values())


def _passed(store: Store, base: Base, cluster: Cluster) -> tuple[str, ...]:
    """Packets of passed sessions that changed files where the failed ones did."""
    scope = cluster.lesson.scope or "*"
    shown: list[str] = []
    passed = [one for one in store.sessions(base.team, project=base.project) if one.decision.label is Label.PASS]
    for envelope in passed[:PASSED_LOOKED_AT]:
        stored = store.session(envelope.session.key)
        if stored is None or not any(_is_change_in(step, scope) for step in stored.session.steps):
            continue
        shown.append(render_packet(build_packet(stored.session, stored.decision)))
        if len(shown) == MOST_PASSED:
            break
    return tuple(shown)


def _is_change_in(step: Step, scope: str) -> bool:
    return step.is_write and step.path is not None and fnmatch(step.path, scope)
