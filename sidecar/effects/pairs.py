"""Which session without a rule is held against which session with it.

Only sessions of the same agent and model meet, so that a new model is not taken for a rule. Of those, each takes the
nearest one before it on the other side that is still alone, in the order of time. The choice rests on times alone,
never on how a session ended, and later sessions change no pair; so the pairs may be looked at as they come.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sidecar.domain import AgentName, Label, RuleId

_EDITION = re.compile(r"(?:[-@:]\d{6,8}|-\d{4}-\d\d-\d\d|-latest|-v\d+(?::\d+)?|\[[^\]]*\])+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSession:
    """One settled session with a change, to which the rule speaks."""

    name: str
    """Only orders sessions that began at the same time."""
    at_ns: int
    """Its start."""
    agent: AgentName
    model: str | None
    """None where nothing named it."""
    label: Label
    is_exposed: bool
    """It had the rule; else it could have had it and did not."""
    rules: frozenset[RuleId] = frozenset()
    """All rules of ours that it had."""
    has_recurred: bool | None
    """It taught the lesson of the rule; None where no judge has seen it, or nobody knows the lesson."""


Pair = tuple[MeasuredSession, MeasuredSession]
"""With the rule, without."""


def pairs(sessions: Iterable[MeasuredSession]) -> Iterator[Pair]:
    """The pairs in the order in which they came about, whatever the order of the sessions."""
    alone: dict[tuple[AgentName, str | None], list[MeasuredSession]] = {}
    for one in sorted(sessions, key=lambda one: (one.at_ns, one.name)):
        waiting = alone.setdefault((one.agent, model_family(one.model)), [])
        if waiting and waiting[-1].is_exposed != one.is_exposed:
            other = waiting.pop()
            yield (one, other) if one.is_exposed else (other, one)
        else:
            waiting.append(one)


def model_family(model: str | None) -> str | None:
    """A model's name without its date, provider and edition: `claude-sonnet-4-5` of `claude-sonnet-4-5-20250929`."""
    if model is None:
        return None
    return _EDITION.sub("", model.rpartition("/")[2].strip().lower()) or None
