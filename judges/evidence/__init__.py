"""The judge `evidence`: what a session teaches by the shape of what was done, without a model.

It knows no program. A command is known by what it did in the session: it could not run, it ran the check, it wrote a
file. Nothing that was only read in an output becomes a command or a path of a lesson about the repository.
"""

from judges.evidence.judge import EvidenceJudge


def judge() -> EvidenceJudge:
    """The judge, ready to use."""
    return EvidenceJudge()
