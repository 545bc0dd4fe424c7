"""The judge `blind`: shown a session without its result, it says whether the tests passed.

Nothing is learned from what it says of one session. Many of its guesses held against the tests tell how far its model
can be believed when it explains failures.
"""

from judges.blind.hiding import render_blind
from judges.blind.judge import BlindJudge
from judges.blind.prompt import prompt_version

__all__ = ["BlindJudge", "prompt_version", "render_blind"]
