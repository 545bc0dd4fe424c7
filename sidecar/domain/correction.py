"""What people did about an agent: Intervention as one channel tells it, Correction as merged."""

from dataclasses import dataclass
from enum import StrEnum

from sidecar.domain.names import StepId


class CorrectionKind(StrEnum):
    """How a person let the agent know that it was wrong."""

    USER_WORDS = "user_words"
    """A prompt after the first says so."""
    INTERRUPT = "interrupt"
    """The person stopped the agent or refused what it was about to do."""
    HUMAN_EDIT = "human_edit"
    """Somebody changed a file after the agent had read or written it."""
    LATER_EDIT = "later_edit"
    """After the session its files were changed again, or its change was taken back, as the forge tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """That a person stepped in, as one message of one channel tells it."""

    kind: CorrectionKind
    words: str | None = None
    """What the person said with it."""
    path: str | None = None
    """The file that was changed, as the agent named it."""
    is_certain: bool = True
    """False where a program may have done it: a formatter changes files too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One act of a person that corrects the agent; evidence of what it should have known."""

    kind: CorrectionKind
    step_id: StepId
    """The step at which it happened: the prompt, the refused call, the edit that found a changed file."""
    text: str
    """The correcting sentence, redacted; of an interrupt without words and of an edit, what happened."""
