"""Whether a closed session needs to wait for no other outcome."""

from collections.abc import Iterable

from sidecar.domain import JoinReason, Label, LabelDecision, OutcomeJoin, OutcomeRow, OutcomeSource
from sidecar.labels import label_of_outcome

_DECISIVE = (Label.PASS, Label.CODE_FAIL)


def is_decided(decision: LabelDecision, rows: Iterable[tuple[OutcomeRow, OutcomeJoin]]) -> bool:
    """Whether a report that names the session, or its commit, has passed or failed it."""
    # A report of a broken CI run decides nothing: the next run may. Nor does a check, which others may follow, or a
    # run of whatever lay on the branch.
    named = [row for row, join in rows if join.reason is not JoinReason.BRANCH]
    posted = [row for row in named if row.source in (OutcomeSource.CI, OutcomeSource.SESSION_REPORT)]
    has_decisive = any(label_of_outcome(row.outcome).label in _DECISIVE for row in posted)
    return has_decisive and decision.label in _DECISIVE
