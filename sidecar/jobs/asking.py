"""Ask a model how to word the lessons that no template can, one bounded question per cluster.

What comes back is still only suggested: `drafting` sends every edit through the audit and the gate. No question is paid
twice: one that a model settled is not asked again until more tasks teach the lesson, and answers are kept by the
model's edge, so a run that is repeated pays nothing again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sidecar.centrality import most_central_first
from sidecar.domain import Cluster, ClusterId, NoRuleReason, QuestionKey, Refusal, SessionKey
from sidecar.errors import ModelError
from sidecar.gate import MAX_RULES, MAX_TOKENS
from sidecar.jobs.asking_passed import PassedSessions
from sidecar.jobs.base_branch import Base
from sidecar.jobs.drafting_claims import Against
from sidecar.jobs.drafting_known import Known, known_rules
from sidecar.jobs.drafting_triage import Sorted, is_answered, question_key, triage
from sidecar.jobs.drafting_words import Wordings
from sidecar.llm import Model
from sidecar.metaprompt import DraftCase, FailedSession, draft_request, prompt_version
from sidecar.reply import Draft, read_draft
from sidecar.rules import parse_rules_file, rule_words, token_estimate
from sidecar.store import Store

MOST_QUESTIONS = 12
"""Calls of one run, those for other words included; with 8,000 tokens each under 100,000."""
_WITH_REWORDING = 2
"""Calls for one lesson whose first words are refused."""
_LEFT: Against = (NoRuleReason.LEFT_FOR_NEXT_RUN, f"left for the next run; one run asks a model {MOST_QUESTIONS} times")
_UNANSWERED: Against = (NoRuleReason.LEFT_FOR_NEXT_RUN, "left for the next run, as no answer came to those before it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a model said of the clusters it was asked about."""

    drafts: Mapping[ClusterId, Draft] = field(default_factory=dict[ClusterId, Draft])
    against: Mapping[ClusterId, Against] = field(default_factory=dict[ClusterId, Against])
    """Of those without a draft: why there is none."""
    questions: Mapping[ClusterId, QuestionKey] = field(default_factory=dict[ClusterId, QuestionKey])
    """What was asked about a cluster now or before."""
    explanations: Mapping[ClusterId, tuple[str, ...]] = field(default_factory=dict[ClusterId, tuple[str, ...]])
    """What a judge said of the failed sessions that were shown."""
    caveats: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    """As Taught has them."""


async def ask_for_drafts(
    store: Store, base: Base, found: Sequence[Cluster], model: Model, *, most: int, draw_mark: Callable[[], str]
) -> Asked:
    """Ask about each cluster that no template words and nothing speaks against, until there are `most` edits.

    Args:
        draw_mark: Gives a word nobody can have written into a session beforehand, another one with each call.
    """
    known = known_rules(store, base)
    passed = PassedSessions(store, base)
    wordings = Wordings(base=base, found=found, known=known)
    prompt = prompt_version(model.name)
    run = _Run(most=most)
    for one in triage(found, known, store.decisions.of(base.project)):
        identity = one.cluster.cluster_id
        if one.against is not None:
            continue
        if not one.is_model_needed:
            run.edits += 1
            continue
        question = question_key(one.cluster, known, prompt)
        is_settled = is_answered(one, question)
        if not is_settled and (left := run.left()) is not None:
            run.against[identity] = left
            continue
        run.questions[identity] = question
        if not is_settled:
            case = _case(store, base, known, one, passed)
            run.explanations[identity] = tuple(session.explanation for session in case.failed)
            said, calls = await _draft_of(model, case, wordings, draw_mark)
            refused = _refusals(case, said, wordings) if isinstance(said, Draft) else ()
            run.take(identity, said, calls=calls, refused=len(refused))
    return Asked(drafts=run.drafts, against=run.against, questions=run.questions, explanations=run.explanations)


@dataclass(slots=True, kw_only=True)
class _Run:
    """What one run has asked so far, and what came of it."""

    most: int
    """Edits that it may lead to."""
    edits: int = 0
    calls: int = 0
    is_unanswered: bool = False
    """No answer came to the last question, so that none is expected to the next."""
    drafts: dict[ClusterId, Draft] = field(default_factory=dict[ClusterId, Draft])
    against: dict[ClusterId, Against] = field(default_factory=dict[ClusterId, Against])
    questions: dict[ClusterId, QuestionKey] = field(default_factory=dict[ClusterId, QuestionKey])
    explanations: dict[ClusterId, tuple[str, ...]] = field(default_factory=dict[ClusterId, tuple[str, ...]])

    def left(self) -> Against | None:
        """Why a question is left for the next run; None where it may be asked."""
        if self.is_unanswered:
            return _UNANSWERED
        if self.edits >= self.most:
            return NoRuleReason.LEFT_FOR_NEXT_RUN, f"left for the next run, which may propose {self.most} more"
        return _LEFT if self.calls + _WITH_REWORDING > MOST_QUESTIONS else None

    def take(self, identity: ClusterId, said: Draft | Against, *, calls: int, refused: int) -> None:
        """What the model said of a cluster.

        Args:
            calls: How often it was asked for that.
            refused: Edits of the draft whose words cannot stand.
        """
        self.calls += calls
        if isinstance(said, Draft):
            self.drafts[identity] = said
            self.edits += len(said.edits) - refused
        else:
            self.against[identity] = said
            self.is_unanswered = said[0] is NoRuleReason.NOT_ANSWERED


async def _draft_of(
    model: Model, case: DraftCase, wordings: Wordings, draw_mark: Callable[[], str]
) -> tuple[Draft | Against, int]:
    """What the model says, and how often it was asked.

    Where audit and gate take none of its edits in these words it is asked once more. Where the second words are no
    better the first stay: a person who takes the lesson over sees what was meant.
    """
    said = await _ask(model, case, draw_mark)
    refused = _refusals(case, said, wordings) if isinstance(said, Draft) else ()
    if not isinstance(said, Draft) or not refused or len(refused) < len(said.edits):
        return said, 1
    again = await _ask(model, replace(case, refusals=refused), draw_mark, is_rewording=True)
    is_better = isinstance(again, Draft) and len(_refusals(case, again, wordings)) < len(again.edits)
    return again if is_better else said, _WITH_REWORDING


def _refusals(case: DraftCase, draft: Draft, wordings: Wordings) -> tuple[Refusal, ...]:
    """The edits of a draft whose words cannot stand, as things are before any other draft."""
    explained = [session.explanation for session in case.failed]
    refused: list[Refusal] = []
    for edit in draft.edits:
        others = wordings.known.active()
        for replaced in (edit.rule.rule_id, *edit.rule.supersedes):
            others.pop(replaced, None)
        fault = wordings.fault(case.cluster, edit, others, explained)
        if fault is not None and fault.is_of_words:
            refused.append(Refusal(project=case.cluster.project, text=edit.rule.text, reasons=fault.told, at_ns=0))
    return tuple(refused)


async def _ask(
    model: Model, case: DraftCase, draw_mark: Callable[[], str], *, is_rewording: bool = False
) -> Draft | Against:
    try:
        reply = await model.complete(draft_request(case, draw_mark=draw_mark, is_rewording=is_rewording))
    except ModelError as exc:
        return NoRuleReason.NOT_ANSWERED, f"the model could not be asked: {exc}"
    if reply.value is None:
        return NoRuleReason.USELESS_ANSWER, f"the model's answer is of no use: {reply.detail}"
    said = read_draft(reply.value, case)
    return replace(said, edits=tuple(replace(edit, worded_by=model.name) for edit in said.edits))


def _case(store: Store, base: Base, known: Known, one: Sorted, passed: PassedSessions) -> DraftCase:
    words = [rule_words(rule.text, rule.scope) for rule in known.active().values()]
    return DraftCase(
        cluster=one.cluster,
        rules_text=_words_of_people(base),
        rules=base.reading.standing,
        failed=failed_sessions(store, one.cluster),
        passed=passed.on_paths_of(one.cluster),
        tombstones=tuple(reversed(known.tombstones)),
        rules_left=max(0, MAX_RULES - len(words)),
        tokens_left=max(0, MAX_TOKENS - token_estimate(words)),
        proposed=known.proposed,
        refusals=tuple(reversed(store.refusals(base.project))),
    )


def _words_of_people(base: Base) -> str:
    """The first target without our block, and what people wrote into that themselves."""
    contents = [base.contents[target.path] for target in base.targets if target.path in base.contents]
    if not contents:
        return ""
    file = parse_rules_file(contents[0])
    added = "".join(f"\n- {rule_words(rule.text, rule.scope)}" for rule in base.reading.added)
    return (file.before + file.after).decode(file.encoding, "replace") + added


def failed_sessions(store: Store, cluster: Cluster) -> tuple[FailedSession, ...]:
    """What a judge said of each session of a cluster, those that speak for it best first."""
    explanations: dict[SessionKey, str] = {}
    for support in cluster.supports:
        for verdict in store.verdicts(support.session):
            if support.lesson in verdict.lessons:
                explanations[support.session] = verdict.explanation
    return tuple(
        FailedSession(
            session_id=support.session.session_id,
            explanation=explanations[support.session],
            quotes=tuple(quote.text for quote in support.lesson.quotes),
            rule_candidate=support.lesson.rule_candidate,
        )
        for support in most_central_first(cluster)
        if support.session in explanations
    )
