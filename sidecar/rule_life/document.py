"""A rule's life as JSON; pure."""

from datetime import UTC, datetime

from sidecar.domain import Proposal, RuleEdit, RuleQuote
from sidecar.effects import effect_document
from sidecar.rule_life.life import EvidenceSession, RuleLife

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
        "worded_by": life.worded_by if rule else None,
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
            "last": moment(life.exposed.last_ns),
        },
        "effect": None if life.effect is None else effect_document(life.effect),
        "adopted_as": life.adopted_as.rule_id if life.adopted_as else None,
        "ended_because": life.ended_because,
        "tombstone": _tombstone(life),
        "allowed": _allowed(life),
    }


def _stands(life: RuleLife) -> dict[str, object]:
    return {
        "on_base": life.standing is not None,
        "base_commit": life.commit,
        "since": moment(life.in_force.since_ns) if life.in_force else None,
        "gone": moment(life.in_force.gone_ns) if life.in_force else None,
        "seen_in": list(life.exposed.paths),
    }


def _evidence(life: RuleLife) -> dict[str, object]:
    shown, (tasks, persons) = life.quoting, life.support
    return {
        "tasks": tasks,
        "persons": persons,
        "sessions": [_session(one) for one in life.evidence],
        "quotes": [] if shown is None else [_quote(one) for one in shown.all_quotes],
    }


def _tombstone(life: RuleLife) -> dict[str, object] | None:
    stone = life.tombstone
    return None if stone is None else {"reason": stone.reason, "at": moment(stone.at_ns)}


def _allowed(life: RuleLife) -> dict[str, object] | None:
    stone = life.allowed
    if stone is None:
        return None
    return {
        "at": moment(stone.allowed_ns),
        "because": stone.allowed_because,
        "declined_because": stone.reason,
    }


def _session(one: EvidenceSession) -> dict[str, object]:
    stored = one.stored
    return {
        "id": one.session,
        "agent": stored.session.key.agent if stored else None,
        "started": moment(stored.session.started_ns) if stored else None,
        "task": stored.session.task if stored else None,
        "label": stored.decision.label.value if stored else None,
        "judges": [{"name": name, "version": version} for name, version in one.judges],
        "missing": None if stored else "not stored any more",
    }


def _quote(quote: RuleQuote) -> dict[str, object]:
    return {
        "session": quote.session,
        "step": quote.step_id,
        "command": quote.command,
        "path": quote.path,
        "text": quote.text,
    }


def _lesson(life: RuleLife) -> dict[str, object] | None:
    decision = life.decision
    if decision is None:
        return None
    failure_class = decision.failure_class
    return {
        "cluster": decision.cluster_id,
        "class": None if failure_class is None else failure_class.value,
        "decided": moment(decision.at_ns),
    }


def _gate(life: RuleLife) -> dict[str, object] | None:
    if life.gate_result is None:
        return None
    if life.refusal is None:
        return {"result": life.gate_result, "reasons": []}
    return {
        "result": life.gate_result,
        "reasons": list(life.refusal.reasons),
        "at": moment(life.refusal.at_ns),
    }


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
        "created": moment(proposal.created_ns),
        "branch": proposal.branch,
        "pull_request": None
        if request is None
        else {"number": request.number, "url": request.url, "state": request.state, "review": request.review},
    }


def moment(at_ns: int | None) -> str | None:
    """A time in ISO 8601, UTC."""
    return None if at_ns is None else datetime.fromtimestamp(at_ns // _SECOND_NS, UTC).isoformat()
