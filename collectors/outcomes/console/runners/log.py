"""A command's output as lines a runner's reader can trust: no colours, no carriage returns, no endless lines."""

import re
from dataclasses import dataclass

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]")
_BARE_COLOURS = re.compile(r"\[(?:0|1|22|3[0-7]|9[0-7])m")
_UNPRINTABLE = re.compile(r"[\x00\x07\x08\ufeff]")
_BLANK_LINES = re.compile(r"\n{3,}")
_PREFIXES = (
    re.compile(r"^(?:[^\t\n]{1,200}\t[^\t\n]{1,200}\t)?\ufeff?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]?\d*Z? ?", re.M),
    re.compile(r"^[\w.-]{1,80} +\| ?", re.M),
    re.compile(r"^[\w@./-]{1,60}:[\w.-]{1,40}: ?", re.M),
)
"""Of CI logs, of composed containers, of monorepo task runners."""
_HEAD_CHARS = 20_000
_FEW_LINES = 5
_MOSTLY = 0.9
"""Part of the first lines that begin so; one that does not is a line's continuation."""
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
    plain = _without_prefixes(plain)
    lines = tuple(line[:_LINE_CHARS].rstrip() for line in plain.split("\n"))
    return Log(lines=lines, text=_BLANK_LINES.sub("\n\n", "\n".join(lines)), uncut=plain)


def _without_prefixes(text: str) -> str:
    """The output without what a log puts before each of its lines: a time, a job and step, a container's name."""
    head = [line for line in text[:_HEAD_CHARS].split("\n") if line.strip()]
    for prefix in _PREFIXES:
        if len(head) >= _FEW_LINES and sum(prefix.match(line) is not None for line in head) >= _MOSTLY * len(head):
            return prefix.sub("", text)
    return text


def _without_bare_colours(text: str) -> str:
    """Some stores drop the escape character and keep the rest; `[32m` and `[0m` together say that it happened."""
    return _BARE_COLOURS.sub("", text) if "[0m" in text and "m" in text else text
