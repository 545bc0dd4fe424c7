"""A finding: one lesson with the words that bear it; what every part of the judge gives."""

import json
from dataclasses import dataclass

from sidecar.domain import EvidenceQuote, FailureClass, Step

_LONGEST_QUOTE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One lesson before it is put into a Verdict."""

    failure_class: FailureClass
    key: tuple[tuple[str, str], ...]
    """Names and values of the slots that must be equal across sessions."""
    sentence: str
    """Plain English."""
    quotes: tuple[EvidenceQuote, ...]
    failing_command: str | None = None
    working_command: str | None = None
    paths: tuple[str, ...] = ()
    symptom: str | None = None

    @property
    def signature(self) -> str:
        """Canonical JSON of class and key."""
        slots = {"class": str(self.failure_class), **dict(self.key)}
        return json.dumps(slots, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def quote(step: Step, text: str | None) -> tuple[EvidenceQuote, ...]:
    """A quote of a step's text; none when there is no text."""
    words = (text or "").strip()[:_LONGEST_QUOTE].strip()
    return (EvidenceQuote(step_id=step.step_id, text=words),) if words else ()
