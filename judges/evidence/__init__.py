"""The judge `evidence`: what a session teaches by the shape of what was done, without a model.

It knows no program. A command is known by what it did in the session: it could not run, it ran the check, it wrote a
file. Nothing that was only read in an output becomes a command or a path of a lesson about the repository.
"""

from typing import TYPE_CHECKING

from judges.evidence.judge import EvidenceJudge

if TYPE_CHECKING:
    from sidecar.llm import Model


def judge(model: "Model | None" = None) -> EvidenceJudge:  # noqa: ARG001 - each judge is built alike
    """The judge, ready to use; it asks no model."""
    return EvidenceJudge()
