"""A command's output as lines a runner's reader can trust: no colours, no carriage returns, no endless lines."""

import re
from dataclasses import dataclass

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]")
_BARE_COLOURS = re.compile(r"\[(?:0|1|22|3[0-7]|9[0-7])m")
_UNPRINTABLE = re.compile(r"[\x00\x07\x08\ufeff]")
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_CHARS = 4_000
"""Longer lines are cut: no runner prints a longer one that matters, and it bounds every pattern's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Cleaned output."""

    lines: tuple[str, ...]
    """Without line ends and blanks at their end; overlong ones cut."""
    text: str
    """The lines as one text, of blank lines in a row only one: a pattern that skips blanks begins anew at each line."""
    uncut: str
    """The same with whole lines, for the few that may be long."""


def clean_log(text: str) -> Log:
    """The output as it reads on a plain screen; what a carriage return would overwrite becomes a line of its own."""
    plain = _ESCAPES.sub("", text) if "\x1b" in text or "\x9b" in text else _without_bare_colours(text)
    plain = _UNPRINTABLE.sub("", plain).replace("\r\n", "\n").replace("\r", "\n")
    lines = tuple(line[:_LINE_CHARS].rstrip() for line in plain.split("\n"))
    return Log(lines=lines, text=_BLANK_LINES.sub("\n\n", "\n".join(lines)), uncut=plain)


def _without_bare_colours(text: str) -> str:
    """Some stores drop the escape character and keep the rest; `[32m` and `[0m` together say that it happened."""
    return _BARE_COLOURS.sub("", text) if "[0m" in text and "m" in text else text
