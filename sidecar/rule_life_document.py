"""A rule's life as JSON and as lines of text; pure."""

from datetime import UTC, datetime

from sidecar.domain import EditOperation, Proposal, RuleEdit, RuleQuote
from sidecar.effects import effect_document, effect_lines
from sidecar.printing import one_line
from sidecar.proposals import counted, quote_texts, worded_by
from sidecar.rule_life import EvidenceSession, RuleLife
from sidecar.rules import rule_words

_SECOND_NS = 1_000_000_000


def life_document(life: RuleLife) -> dict[str, object]:
    """Everything `rules explain` tells, as JSON; times in ISO 8601, UTC."""
    rule = life.rule
    return {
        "id": life.identity,
        "project": life.project,
        "state": life.state,
        "text": rule.text if rule else life.refusal.text if life.refusal else "",
        "kind": rule.kind.value if rule else None,
        "scope": rule.scope if rule else None,
        "human": rule.is_human if rule else None,
        "worded_by": _wording(life) if rule else None,
        "adopted_by": life.adopted_by,
        "stands": _stands(life),
        "evidence": _evidence(life),
        "lesson": _lesson(life),
        "gate": _gate(life),
        "proposals": [_proposed(proposal, edit) for proposal, edit in life.edits],
        "supersedes": list(dict.fromkeys(one for _, edit in life.edits for one in edit.rule.supersedes)),
        "superseded_by": list(life.superseded_by),
        "exposure": {
            "shown": life.exposed.shown,
            "met": life.exposed.met,
            "last": _moment(life.exposed.last_ns),
        },
        "effect": None if life.effect is None else effect_document(life.effect),
        "adopted_as": life.adopted_as.rule_id if life.adopted_as else None,
        "ended_because": _ended_because(life),
        "tombstone": _tombstone(life),
        "allowed": _allowed(life),
    }


def life_lines(life: RuleLife) -> list[str]:
    """The same for a reader at a terminal, one fact a line."""
    rule = life.rule
    words = rule_words(rule.text, rule.scope) if rule else life.refusal.text if life.refusal else ""
    lines = [f"{life.identity} in {life.project}: {life.state}", f"  {words}"]
    if rule is not None:
        lines.append(f"  kind {rule.kind.value}, " + f"worded by {_wording(life)}{_name(life)}")
    lines += _where(life)
    if life.evidence:
        tasks, persons = _support(life)
        lines.append(
            f"  rests on {counted(len(life.evidence), 'session')}, {counted(tasks, 'task')}, "
            f"{counted(persons, 'person')}"
        )
    lines += [f"    {_evidence_line(one)}" for one in life.evidence]
    lines += _quote_lines(life)
    gate = _gate(life)
    if gate is not None:
        lines.append(f"  gate: {gate['result']}" + (f" ({'; '.join(life.refusal.reasons)})" if life.refusal else ""))
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
        lines.append(f"  allowed to come again {_moment(life.allowed.allowed_ns)}{because}")
    ended = _ended_because(life)
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
    since = f" since {_moment(life.in_force.since_ns)}" if life.in_force else ""
    if life.standing is not None:
        seen = f", seen in {', '.join(life.exposed.paths)}" if life.exposed.paths else ""
        return [f"  stands on the base{since}, last read at {life.commit}{seen}"]
    if life.in_force is not None and life.in_force.gone_ns is not None:
        return [f"  stood on the base{since} until {_moment(life.in_force.gone_ns)}"]
    return []


def _support(life: RuleLife) -> tuple[int, int]:
    """Distinct tasks and persons it rests on.

    An edit counts those of what asked for it, the sessions of the words before it not among them; these are counted as
    far as they are stored still.
    """
    written = _written(life)
    sessions = [one.stored.session for one in life.evidence if one.stored is not None]
    persons = {session.person for session in sessions if session.is_attended}
    return (
        max([len({session.task for session in sessions} - {None}), *(edit.task_count for edit in written)]),
        max([len(persons), *(edit.person_count for edit in written)]),
    )


def _written(life: RuleLife) -> list[RuleEdit]:
    """Edits that gave it words, the oldest first: one that retires rests on what speaks against it."""
    return [edit for _, edit in life.edits if edit.operation is not EditOperation.RETIRE]


def _stands(life: RuleLife) -> dict[str, object]:
    return {
        "on_base": life.standing is not None,
        "base_commit": life.commit,
        "since": _moment(life.in_force.since_ns) if life.in_force else None,
        "gone": _moment(life.in_force.gone_ns) if life.in_force else None,
        "seen_in": list(life.exposed.paths),
    }


def _evidence(life: RuleLife) -> dict[str, object]:
    shown, (tasks, persons) = _quoting(life), _support(life)
    return {
        "tasks": tasks,
        "persons": persons,
        "sessions": [_session(one) for one in life.evidence],
        "quotes": [] if shown is None else [_quote(one) for one in shown.all_quotes],
    }


def _tombstone(life: RuleLife) -> dict[str, object] | None:
    stone = life.tombstone
    return None if stone is None else {"reason": stone.reason, "at": _moment(stone.at_ns)}


def _allowed(life: RuleLife) -> dict[str, object] | None:
    stone = life.allowed
    if stone is None:
        return None
    return {
        "at": _moment(stone.allowed_ns),
        "because": stone.allowed_because,
        "declined_because": stone.reason,
    }


def _session(one: EvidenceSession) -> dict[str, object]:
    stored = one.stored
    return {
        "id": one.session,
        "agent": stored.session.key.agent if stored else None,
        "started": _moment(stored.session.started_ns) if stored else None,
        "task": stored.session.task if stored else None,
        "label": stored.decision.label.value if stored else None,
        "judges": [{"name": name, "version": version} for name, version in one.judges],
        "missing": None if stored else "not stored any more",
    }


def _evidence_line(one: EvidenceSession) -> str:
    if one.stored is None:
        return f"{one.session}: not stored any more"
    session, judges = one.stored.session, ", ".join(f"{name} {version}" for name, version in one.judges)
    judged = f", judged by {judges}" if judges else ""
    return f"{one.session}: {session.key.agent}, {_moment(session.started_ns)}, {one.stored.decision.label}{judged}"


def _quoting(life: RuleLife) -> RuleEdit | None:
    """The newest edit that quotes sessions for it."""
    return next((edit for edit in reversed(_written(life)) if edit.all_quotes), None)


def _wording(life: RuleLife) -> str:
    """Who found the words as they are now."""
    if life.rule is not None and life.rule.is_human:
        return "a person"
    written = _written(life)
    return worded_by(written[-1]) if written else "the sidecar"


def _name(life: RuleLife) -> str:
    return f" ({life.adopted_by})" if life.adopted_by else ""


def _quote(quote: RuleQuote) -> dict[str, object]:
    return {
        "session": quote.session,
        "step": quote.step_id,
        "command": quote.command,
        "path": quote.path,
        "text": quote.text,
    }


def _quote_lines(life: RuleLife) -> list[str]:
    """What the pull request quotes, in the same words."""
    edit = _quoting(life)
    if edit is None:
        return []
    quoted = [line for text in quote_texts(edit) for line in _indented(text)]
    return ["  as recorded:", *quoted]


def _indented(text: str) -> list[str]:
    first, *others = text.splitlines() or [""]
    return [f"    {first}", *(f"      {line}" for line in others)]


def _lesson(life: RuleLife) -> dict[str, object] | None:
    decision = life.decision
    if decision is None:
        return None
    failure_class = decision.failure_class
    return {
        "cluster": decision.cluster_id,
        "class": None if failure_class is None else failure_class.value,
        "decided": _moment(decision.at_ns),
    }


def _gate(life: RuleLife) -> dict[str, object] | None:
    """What the gate said; None where nothing was ever put before it."""
    if life.refusal is not None:
        at = _moment(life.refusal.at_ns)
        return {"result": "refused", "reasons": list(life.refusal.reasons), "at": at}
    written = _written(life)
    if not written:
        return None
    return {"result": "not checked: a person's words" if written[-1].rule.is_human else "passed", "reasons": []}


def _proposed(proposal: Proposal, edit: RuleEdit) -> dict[str, object]:
    request = proposal.pull_request
    return {
        "id": proposal.proposal_id,
        "op": edit.operation.value,
        "text": edit.rule.text,
        "scope": edit.rule.scope,
        "reason": edit.reason,
        "caveat": edit.caveat,
        "supersedes": list(edit.rule.supersedes),
        "state": proposal.state.value,
        "created": _moment(proposal.created_ns),
        "branch": proposal.branch,
        "pull_request": None
        if request is None
        else {"number": request.number, "url": request.url, "state": request.state, "review": request.review},
    }


def _proposal_line(proposal: Proposal, edit: RuleEdit) -> str:
    request = proposal.pull_request
    # the state of the proposal is what the base showed, which the page of a plain remote may not know
    where = f", {request.url}" if request else ""
    said = f"; the reviewer said: {one_line(request.review)}" if request and request.review else ""
    return (
        f"{_moment(proposal.created_ns)} {edit.operation.value} proposed in {proposal.proposal_id}, "
        f"{proposal.state.value}{where}{said}: {one_line(edit.reason)}"
    )


def _ended_because(life: RuleLife) -> str | None:
    """Why it does not stand and will not come again; None while it may."""
    if life.state in ("active", "proposed", "refused", "adopted", "allowed"):
        return None
    if life.tombstone is not None:
        return life.tombstone.reason
    if life.superseded_by:
        return f"merged into {', '.join(life.superseded_by)}"
    retired = [edit.reason for _, edit in life.edits if edit.operation is EditOperation.RETIRE]
    return retired[-1] if retired else None


def _moment(at_ns: int | None) -> str | None:
    return None if at_ns is None else datetime.fromtimestamp(at_ns // _SECOND_NS, UTC).isoformat()
