"""What a judge that asks a model is shown of a session, word for word, and what it would not be asked about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from judges.adherence import prompt as adherence
from judges.adherence import rules_in_scope, session_rules
from judges.blind import prompt as blind
from judges.blind import render_blind
from judges.cutting import token_estimate
from judges.failure import prompt as failure
from judges.packet import build_packet, render_packet
from sidecar.documents import session_meant
from sidecar.domain import Label, Packet, Rule, Session, SessionKey, TeamId
from sidecar.errors import NotFoundError
from sidecar.installation import Installation


class Viewer(StrEnum):
    """Whose view it is."""

    FAILURE = "failure"
    BLIND = "blind"
    ADHERENCE = "adherence"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeView:
    """What one judge is shown of one session."""

    instructions: str
    """The stable part of the prompt."""
    text: str
    """What stands between the marks; empty where nothing can be shown."""
    not_asked_because: str | None
    """Why the judge is not asked about this session; None when it is."""

    @property
    def tokens(self) -> int:
        """Estimate of the text's tokens, at four bytes each."""
        return token_estimate(self.text)

    @property
    def instruction_tokens(self) -> int:
        """The same of the instructions."""
        return token_estimate(self.instructions)


def view_of(
    installation: Installation, team: TeamId, identity: str, agent: str | None, viewer: Viewer
) -> tuple[SessionKey, JudgeView]:
    """What a judge is shown of a stored session.

    Args:
        identity: The session's id, or its first characters.
    Raises:
        NotFoundError: there is no such session, or it is not projected yet.
        AmbiguousError: several ids begin so, or two agents use the same id and `agent` does not say which.
    """
    store = installation.store
    key = session_meant(store, team, identity, agent)
    stored = store.session(key)
    if stored is None:
        raise NotFoundError(
            f"session {key.session_id[:80]!r} was received and is not projected yet; ask again in a second"
        )
    packet = build_packet(stored.session, stored.decision, store.feedback(key), redact=installation.redactor.redact)
    return key, judge_view(packet, viewer, rules_of(installation)(stored.session))


def rules_of(installation: Installation) -> Callable[[Session], tuple[Rule, ...]]:
    """What tells our rules that were active in a session."""
    known_rules = cache(installation.known_rules)
    files = installation.store.rules_files()
    return lambda session: session_rules(session.rules, files, known_rules(session.key.team))


def judge_view(packet: Packet, viewer: Viewer, rules: Sequence[Rule]) -> JudgeView:
    """What a judge is shown.

    Args:
        rules: Of ours, active in the session; needed for adherence alone.
    """
    match viewer:
        case Viewer.FAILURE:
            is_asked = packet.label is Label.CODE_FAIL and bool(packet.steps)
            reason = f"it explains sessions that failed by their code, and this one is {packet.label.value}"
            return _view(failure.SYSTEM, render_packet(packet), None if is_asked else reason)
        case Viewer.BLIND:
            text = render_blind(packet)
            is_known = packet.label in (Label.PASS, Label.CODE_FAIL)
            reason = None if text else "no change of this session can be shown"
            unknown = f"no guess can be held against this session's result, which is {packet.label.value}"
            return _view(blind.SYSTEM, text, reason if is_known else unknown)
        case Viewer.ADHERENCE:
            spoken = rules_in_scope(packet, rules)
            reason = None if spoken else "no rule of ours that was active speaks of what this session touched"
            return _view(adherence.SYSTEM, adherence.render_record(packet, spoken), reason)


def _view(instructions: str, text: str, reason: str | None) -> JudgeView:
    return JudgeView(instructions=instructions, text=text, not_asked_because=reason)
