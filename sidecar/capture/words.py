"""What is kept of a person's words: a mark with the hash that names the Task, and the sentences that correct.

`[prompt 9f3c0a1b2c3d4e5f 214 SHOP-12] No, use make test.`: hash of the normalised words, number of characters, the
issue key they name, then what corrects. Hash and key are the ones that a Task is named by, so a Task has one name
whatever is kept of its prompts.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from sidecar.capture.corrections import corrections_in
from sidecar.issue_keys import issue_key

_MARK = re.compile(r"\[prompt ([0-9a-f]{16}) (\d+)(?: (#\d{1,7}|[A-Z][A-Z0-9]+-\d+))?\] ?")
_PROGRAM = re.compile(r"\s*(<[a-z][a-z_-]{0,40}>|\[Request interrupted by user[a-z ]{0,20}\])")
"""How prompts begin that the agent wrote itself; that beginning says so and stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What stands for words that were not kept."""

    digest: str
    """Sixteen hex digits: the keyed hash of the normalised words."""
    characters: int
    issue: str | None
    """The issue key that the words named."""


def marked(words: str, keyed_hash: Callable[[str], str], *, has_corrections: bool) -> str:
    """A prompt as it is kept.

    Args:
        has_corrections: Keep the sentences that correct.
    """
    program = _PROGRAM.match(words)
    start = program[1] if program else ""
    issue = issue_key(words)
    mark = f"[prompt {keyed_hash(normalised_words(words))} {len(words)}{f' {issue}' if issue else ''}]"
    corrections = corrections_in(words) if has_corrections and not program else ""
    return f"{start}{mark} {corrections}".rstrip()


def is_program_text(text: str) -> bool:
    """Whether a text of role user begins as agents' own ones do; it still does where no more of it was kept."""
    return _PROGRAM.match(text) is not None


def mark_of(text: str) -> Mark | None:
    """The mark that a kept prompt begins with; None when it is the prompt itself."""
    found = _MARK.match(text)
    return None if found is None else Mark(digest=found[1], characters=int(found[2]), issue=found[3])


def words_after_mark(text: str) -> str:
    """What a person said, as far as it was kept."""
    return _MARK.sub("", text, count=1)


def corrections_of(text: str) -> str:
    """The sentences that correct of a prompt, whether it was kept whole or these alone."""
    return corrections_in(text) if mark_of(text) is None else words_after_mark(text)


def shown_words(text: str) -> str:
    """A prompt as a person is shown it: itself, or what is known of one that was not kept."""
    mark = mark_of(text)
    if mark is None:
        return text
    about = f"{mark.issue}: " if mark.issue else ""
    corrections = words_after_mark(text)
    return f"{about}a prompt of {mark.characters} characters, not kept" + (
        f"; of it: {corrections}" if corrections else ""
    )


def normalised_words(words: str) -> str:
    """Words without what a person changes when typing them again: case, spacing, closing marks."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split()).rstrip(" .!?")
