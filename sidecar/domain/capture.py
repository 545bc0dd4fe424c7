"""How much of what agents send is kept, and what a piece of it is."""

from collections.abc import Iterable
from enum import StrEnum


class CaptureLevel(StrEnum):
    """How much is kept of a message; enforced before anything is written."""

    METADATA = "metadata"
    """Who, when, which tool, how it ended; no text that a person, a model or a program wrote."""
    EVIDENCE = "evidence"
    """Beside that, what learning rests on: commands, their output, edits, paths, and of prompts only corrections."""
    FULL = "full"
    """Everything, as it came."""


STRICTEST_FIRST = (CaptureLevel.METADATA, CaptureLevel.EVIDENCE, CaptureLevel.FULL)


def strictest(levels: Iterable[CaptureLevel]) -> CaptureLevel:
    """The one that keeps least.

    Raises:
        ValueError: there is none.
    """
    return min(levels, key=STRICTEST_FIRST.index)


class Matter(StrEnum):
    """What one field of a message is about."""

    FRAME = "frame"
    """Ids, names, times, counts, states."""
    PLACE = "place"
    """Files and folders."""
    WORK = "work"
    """Commands, what they printed, texts of edits, the project's own rules."""
    OPENING = "opening"
    """A file's text, of which the first lines are kept: a generated file says so there."""
    WORDS = "words"
    """What a person wrote: kept as a mark with the hash that names the Task, and the sentences that correct."""
    TALK = "talk"
    """What a model wrote or was given, and whatever nobody has looked at yet."""
