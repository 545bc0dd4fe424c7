"""A rule's life as lines of text; pure."""

from sidecar.domain import Proposal, RuleEdit
from sidecar.effects import effect_lines
from sidecar.printing import one_line
from sidecar.proposals import counted, quote_texts
from sidecar.rule_life.document import moment
from sidecar.rule_life.life import EvidenceSession, RuleLife
from sidecar.rules import rule_words


def life_lines(life: RuleLife) -> list[str]:
    """Everything `rules explain` tells a reader at a terminal, one fact a line."""
    rule = life.rule
    words = rule_words(rule.text, rule.scope) if rule else life.refusal.text if life.refusal else ""
    lines = [f"{life.identity} in {life.project}: {life.state}", f"  {words}"]
    if rule is not None:
        lines.append(f"  kind {rule.kind.value}, " + f"worded by {life.worded_by}{_name(life)}")
    lines += _where(life)
    if life.evidence:
        tasks, persons = life.support
        lines.append(
            f"  rests on {counted(len(life.evidence), 'session')}, {counted(tasks, 'task')}, "
            f"{counted(persons, 'person')}"
        )
    lines += [f"    {_evidence_line(one)}" for one in life.evidence]
    lines += _quote_lines(life)
    if life.gate_result is not None:
        lines.append(f"  gate: {life.gate_result}" + (f" ({'; '.join(life.refusal.reasons)})" if life.refusal else ""))
    lines += [f"  {_proposal_line(proposal, edit)}" for proposal, edit in life.edits]
    if life.superseded_by:
        lines.append(f"  taken up by {', '.join(life.superseded_by)}")
    if life.exposed.shown:
        lines.append(f"  shown to {counted(life.exposed.shown, 'session')}, met by {life.exposed.met}")
    if life.effect is not None:
        verdict, *figures = effect_lines(life.effect)
        lines += [f"  effect: {verdict}", *(f"    {line}" for line in figures)]
    if life.allowed is not None:
        because = f": {life.allowed.allowed_because}" if life.allowed.allowed_because else ""
        lines.append(f"  allowed to come again {moment(life.allowed.allowed_ns)}{because}")
    ended = life.ended_because
    return [*lines, *([f"  ended because: {one_line(ended)}"] if ended else []), *_next_step(life)]


def _next_step(life: RuleLife) -> list[str]:
    if life.tombstone is not None:
        return [f"  to let it come again: sidecar rules allow {life.identity}"]
    if life.refusal is None:
        return []
    if life.adopted_as is not None:
        words = rule_words(life.adopted_as.text, life.adopted_as.scope)
        return [f"  a person{_name(life)} said it in their own words as rule {life.adopted_as.rule_id}: {words}"]
    return [f"  to take it over in your own words: sidecar rules adopt {life.identity} --text …"]


def _where(life: RuleLife) -> list[str]:
    since = f" since {moment(life.in_force.since_ns)}" if life.in_force else ""
    if life.standing is not None:
        seen = f", seen in {', '.join(life.exposed.paths)}" if life.exposed.paths else ""
        return [f"  stands on the base{since}, last read at {life.commit}{seen}"]
    if life.in_force is not None and life.in_force.gone_ns is not None:
        return [f"  stood on the base{since} until {moment(life.in_force.gone_ns)}"]
    return []


def _evidence_line(one: EvidenceSession) -> str:
    if one.stored is None:
        return f"{one.session}: not stored any more"
    session, judges = one.stored.session, ", ".join(f"{name} {version}" for name, version in one.judges)
    judged = f", judged by {judges}" if judges else ""
    return f"{one.session}: {session.key.agent}, {moment(session.started_ns)}, {one.stored.decision.label}{judged}"


def _name(life: RuleLife) -> str:
    return f" ({life.adopted_by})" if life.adopted_by else ""


def _quote_lines(life: RuleLife) -> list[str]:
    """What the pull request quotes, in the same words."""
    edit = life.quoting
    if edit is None:
        return []
    quoted = [line for text in quote_texts(edit) for line in _indented(text)]
    return ["  as recorded:", *quoted]


def _indented(text: str) -> list[str]:
    first, *others = text.splitlines() or [""]
    return [f"    {first}", *(f"      {line}" for line in others)]


def _proposal_line(proposal: Proposal, edit: RuleEdit) -> str:
    request = proposal.pull_request
    # the state of the proposal is what the base showed, which the page of a plain remote may not know
    where = f", {request.url}" if request else ""
    said = f"; the reviewer said: {one_line(request.review)}" if request and request.review else ""
    return (
        f"{moment(proposal.created_ns)} {edit.operation.value} proposed in {proposal.proposal_id}, "
        f"{proposal.state.value}{where}{said}: {one_line(edit.reason)}"
    )
