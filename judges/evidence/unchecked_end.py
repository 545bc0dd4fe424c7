"""Finds sessions that ended after an edit without the check that they had at hand, and failed elsewhere."""

from collections.abc import Sequence

from judges.attempts import Attempt
from judges.edits import is_hand_edit
from judges.evidence.finding import Finding, quote
from sidecar.command_line import bare_stem, is_repeatable
from sidecar.domain import FailureClass, Label, Packet


def unchecked_end_findings(packet: Packet, attempts: Sequence[Attempt]) -> list[Finding]:
    """One, of the check that ran last, where edits follow it and nothing that may have been a check does."""
    edits = [at for at, step in enumerate(packet.steps) if is_hand_edit(step)]
    checks = [one for one in attempts if one.ran_check]
    if packet.label is not Label.CODE_FAIL or not edits or not checks or edits[-1] < checks[-1].at:
        return []
    check = checks[-1]
    understood = {one.at: one for one in attempts}
    for at, step in enumerate(packet.steps[edits[-1] + 1 :], start=edits[-1] + 1):
        if step.command is not None and (at not in understood or understood[at].looks_like_check):
            return []
    if not is_repeatable((*check.argv, check.folder)):
        return []
    return [
        Finding(
            failure_class=FailureClass.UNCHECKED_END,
            key=(("check", " ".join((check.folder, *bare_stem(check.argv)))),),
            sentence=f"The session ended after an edit without `{check.text}`, which it had run before.",
            quotes=quote(check.step, check.step.command),
            failing_command=check.text,
        )
    ]
