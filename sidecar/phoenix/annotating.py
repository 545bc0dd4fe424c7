"""What can still change about a session, as Phoenix annotations: its Label and what judges said. Pure.

They stand on the session and on the root span of each of its turns, where the pages show them. One of ours is
replaced by the next of its name, for both carry the session's identifier.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sidecar.domain import Label, LabelDecision, SessionKey, Verdict
from sidecar.phoenix.values import clean

LABEL_NAME = "tests"
"""Name of the Label's annotation: its mean over sessions is the share that passed."""
SCORES = {Label.PASS: 1.0, Label.CODE_FAIL: 0.0}
"""A session that nothing decided has no score, so it moves no mean."""
MODEL_FREE_JUDGES = frozenset({"evidence"})
EXPLANATION_CHARACTERS = 8_000


class Target(StrEnum):
    """What an annotation can stand on."""

    SESSION = "session"
    TRACE = "trace"
    SPAN = "span"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One thing we say of a session or a span."""

    target: Target
    target_id: str
    name: str
    kind: str
    """`CODE` or `LLM`."""
    identifier: str
    label: str | None
    score: float | None
    explanation: str
    revision: int
    """Revision of the session it speaks of."""
    version: str | None = None
    """Version of the judge; None for the Label."""

    def document(self) -> dict[str, object]:
        """As Phoenix's REST interface takes it."""
        result = {"label": self.label, "score": self.score, "explanation": self.explanation}
        metadata = {"revision": self.revision, "judge_version": self.version}
        return {
            f"{self.target}_id": self.target_id,
            "name": self.name,
            "annotator_kind": self.kind,
            "identifier": self.identifier,
            "result": {key: value for key, value in result.items() if value is not None},
            "metadata": {key: value for key, value in metadata.items() if value is not None},
        }


def identifier_of(key: SessionKey) -> str:
    """What tells our annotations of a session from all others."""
    digest = hashlib.sha256(f"{key.team}\0{key.agent}\0{key.session_id}".encode("utf-8", "surrogatepass"))
    return f"sidecar:{digest.hexdigest()[:16]}"


def annotations_of(
    key: SessionKey,
    revision: int,
    decision: LabelDecision,
    verdicts: Sequence[Verdict],
    targets: Sequence[tuple[Target, str]],
) -> list[Annotation]:
    """Label and verdicts of one revision, each on every target."""
    return [
        Annotation(
            target=target,
            target_id=target_id,
            identifier=identifier_of(key),
            revision=revision,
            name=said.name,
            kind=said.kind,
            label=said.label,
            score=said.score,
            explanation=clean(said.explanation)[:EXPLANATION_CHARACTERS],
            version=said.version,
        )
        for target, target_id in targets
        for said in [_label(decision), *(_verdict(verdict) for verdict in verdicts)]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    name: str
    kind: str
    label: str | None
    score: float | None
    explanation: str
    version: str | None


def _label(decision: LabelDecision) -> _Said:
    return _Said(
        name=LABEL_NAME,
        kind="CODE",
        label=decision.label.value,
        score=SCORES.get(decision.label),
        explanation=decision.reason,
        version=None,
    )


def _verdict(verdict: Verdict) -> _Said:
    quotes = "".join(f"\n> {line}" for quote in verdict.evidence for line in quote.text.splitlines())
    return _Said(
        name=f"verdict:{verdict.judge}",
        kind="CODE" if verdict.judge in MODEL_FREE_JUDGES else "LLM",
        label=verdict.lessons[0].failure_class.value if verdict.lessons else "explained",
        score=None,
        explanation=f"{verdict.explanation}\n{quotes}" if quotes else verdict.explanation,
        version=verdict.judge_version,
    )
