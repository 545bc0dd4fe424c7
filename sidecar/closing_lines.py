"""Which lines of a task runner say only that a step failed: no file, test, symbol or message, of whatever runner.

Recognised by what such lines have in common, not by a list of runners: once the speaker, the step's own name, counts
and times are taken out, every word is one of failing, passing, counting and ending.
"""

import re

_SPEAKER = re.compile(
    r"(?i)^\W*(?:\[[\w -]*\] *)?"
    r"(?:(?!\w*(?:error|exception|warning|failure)\b)[a-z][\w.+-]*(?:\[\d+\])?(?: ERR!|:)\s*|npm error )?"
)
"""A program's name before what it says; an exception's name is no program's."""
_PLACE_OF_STEP = re.compile(r"\*{3} \[[^\]]*\]")
"""Where a recipe of make stands: `*** [Makefile:6: check]`."""
_NAME_OF_STEP = re.compile(
    r"(?i)\b(?P<step>task|recipe|script|target|command|job|step|goal)\b:? *"
    r"(?:'[^']*'|\"[^\"]*\"|`[^`]*`|_(?!\w)|:[\w:.-]+)"
)
_NAMING = re.compile(r"[^\W\d]\w*(?:[./\\][^\W\d]|\()|_")
"""A file, an attribute, a call, or a name of two words."""
_NUMBER = re.compile(r"(?i)(?<!\w)[#\d][\d#.,:]*(?: ?(?:ms|s|m|h|secs?|mins?|seconds?|minutes?|%))?(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")
_ENDED = frozenset(
    {
        *("fail", "fails", "failed", "failing", "failure", "failures", "error", "errors", "errored", "err", "exit"),
        *("exited", "stopped", "aborted", "terminated", "unsuccessful", "unsuccessfully", "elifecycle", "passed"),
        *("errno", "ran"),
    }
)
"""Of these a line has one."""
_OTHERS = frozenset(
    {
        *("pass", "passes", "passing", "ok", "success", "successful", "skipped", "skips", "pending", "ignored", "todo"),
        *("xfailed", "xpassed", "deselected", "warning", "warnings", "rerun", "flaky", "cancelled", "filtered"),
        *("measured", "test", "tests", "suite", "suites", "case", "cases", "spec", "specs", "example", "examples"),
        *("file", "files", "assertion", "assertions", "check", "checks", "step", "steps", "job", "jobs", "task"),
        *("tasks", "target", "targets", "recipe", "script", "command", "subcommand", "goal", "build", "process"),
        *("run", "runs", "running", "result", "results", "total", "time", "times", "elapsed", "duration", "finished"),
        *("execution", "completed", "complete", "done", "code", "status", "line", "signal", "returned", "exception"),
        *("in", "with", "of", "for", "the", "a", "an", "on", "and", "or", "was", "were", "is", "are", "did", "not"),
        *("non", "zero", "out", "at", "to", "by", "there", "has", "have", "some", "all", "one", "due", "see"),
        *("above", "below", "more", "details", "found", "s", "ms", "seconds", "second", "sec", "nonzero", "lifecycle"),
    }
)


def says_only_that_it_failed(line: str) -> bool:
    """Whether a line tells nothing but that something failed, how much of it and after how long.

    Works on a line as it was printed, and on one without its values ("error #").
    """
    rest = _PLACE_OF_STEP.sub(" ", line)
    rest = _NAME_OF_STEP.sub(r"\g<step>", _SPEAKER.sub("", rest, count=1))
    words = _WORD.findall(_NUMBER.sub(" ", rest).lower())
    is_bare = any(word in _ENDED for word in words) and all(word in _ENDED or word in _OTHERS for word in words)
    return is_bare and _NAMING.search(rest) is None


def without_closing_lines(text: str) -> str:
    """A quoted text without the lines of that kind."""
    return "\n".join(line for line in text.splitlines() if not says_only_that_it_failed(line))
