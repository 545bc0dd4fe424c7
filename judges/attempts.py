"""Reads the commands of a session as attempts: what was run, whether it failed, whether it could run at all.

It knows no program; a command is a check by what it printed, or by being called one and run around an edit.
"""

import posixpath
import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from judges.complaints import complaint, is_short, says_failed
from judges.edits import created_files
from sidecar.command_line import bare_stem, render_command, stem
from sidecar.domain import Step, StepKind
from sidecar.shell import CommandLine, parse_command_line
from sidecar.shell_programs import only_looks, program_at

_CHECK_WORD = re.compile(r"(?i)(?<!la)(?<!con)test|(?<!in)spec|check(?!out)|verif|validat|lint|unit(?![eiy])")
_ADDING = frozenset({"add", "install", "remove", "uninstall"})
_NAME = re.compile(r"[\w:.-]+|\S+/[\w-]+(?:\.\w+)+")
"""A plain word, or the path of a script; a folder or an assignment names no check."""

_NOT_PLAIN = re.compile(r"//|/\.(?:/|\Z)|/\Z")
"""In paths that can be written shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One command line of a session that can be understood."""

    at: int
    """Its place among the packet's steps."""
    step: Step
    folder: str
    """Where the line moved to before it ran, relative to where the agent was started; `.` for there."""
    before: tuple[tuple[str, ...], ...]
    """Argument vectors of the same line that ran before it."""
    argv: tuple[str, ...]
    """The last argument vector of the line that looks like a check, else the last one."""
    is_check: bool
    """It printed what test runs print, or it is called a check and was run before and after an edit."""
    complaint: str | None
    """The line that says why it could not run; None when it ran."""
    has_failed: bool
    """By its status, or by its words where a filter hides the status."""

    @property
    def text(self) -> str:
        """The command as text, with the folder to run it in."""
        return self.told(self.argv)

    @property
    def stem(self) -> tuple[str, ...]:
        """The words that name the command, its folder included."""
        return stem(self.argv) if self.folder == "." else ("cd", self.folder, "&&", *stem(self.argv))

    @property
    def ran_check(self) -> bool:
        """It checked something, whatever its result."""
        return self.is_check and self.complaint is None

    @property
    def passed_check(self) -> bool:
        """It checked something and all went well."""
        return self.ran_check and self.has_succeeded

    @property
    def has_succeeded(self) -> bool:
        """It is known to have ended well."""
        return self.step.is_success is True and not self.has_failed

    @property
    def looks_like_check(self) -> bool:
        """It was meant to check something, by its result or by its words."""
        return self.is_check or _names_check(self.argv)

    def told(self, *vectors: tuple[str, ...]) -> str:
        """Commands as one text to be run where this one ran."""
        moved = vectors if self.folder == "." else (("cd", self.folder), *vectors)
        return " && ".join(render_command(vector) for vector in moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A command line before its result is read."""

    at: int
    step: Step
    folder: str
    vectors: tuple[tuple[str, ...], ...]
    main: int
    """Which of its commands is the check."""
    hides_status: bool

    @property
    def argv(self) -> tuple[str, ...]:
        return self.vectors[self.main]


def attempts(steps: Sequence[Step], cwd: str | None) -> list[Attempt]:
    """The understood command lines in time order; those still without a result, or run elsewhere, are left out."""
    runs: list[_Run] = []
    own = created_files(steps)
    is_at_root = True
    for at, step in enumerate(steps):
        line = None if step.command is None else parse_command_line(step.command)
        if line is None:
            continue
        folder = _folder(line, cwd, is_at_root=is_at_root)
        # Some agents keep one shell, so a command without `cd` runs where the last one led.
        is_at_root = is_at_root if line.folder is None else _inside(line.folder, cwd) == "."
        if folder is not None and line.commands and not (step.is_success is None and step.output is None):
            vectors = _lasting([_plain(one.argv, cwd) for one in line.commands], own)
            run = _Run(
                at=at, step=step, folder=folder, vectors=vectors, main=_main(vectors), hides_status=line.hides_status
            )
            runs.append(run)
    around = _run_around_edits(runs, steps)
    return [_attempt(run, is_check=_is_check(run, around)) for run in runs]


def relative_path(word: str, cwd: str | None) -> str:
    """A path under the working folder relative to it; another word unchanged."""
    if cwd is None or not word.startswith("/"):
        return word
    # nearly all paths are plain, and taking one apart takes a hundred times as long
    if word.startswith(f"{cwd}/") and cwd.startswith("/") and _NOT_PLAIN.search(word) is None:
        return word[len(cwd) + 1 :]
    path = PurePosixPath(word)
    return str(path.relative_to(cwd)) if path.is_relative_to(cwd) else word


def _plain(argv: tuple[str, ...], cwd: str | None) -> tuple[str, ...]:
    """An argument vector with paths as the repository knows them."""
    words = [relative_path(word, cwd) for word in argv]
    at = program_at(words)
    # Before a path of several parts the dot says nothing.
    if words[at].startswith("./") and "/" in words[at][2:]:
        words[at] = words[at][2:]
    return tuple(words)


def _lasting(vectors: Sequence[tuple[str, ...]], own: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The commands of a line without scripts that the session wrote for itself, where there are others."""
    lasting = tuple(argv for argv in vectors if own.isdisjoint(argv[: program_at(argv) + 2]))
    return lasting or tuple(vectors)


def _attempt(run: _Run, *, is_check: bool) -> Attempt:
    output = run.step.output or ""
    code = run.step.exit_code
    has_failed = run.step.is_success is False or (code or 0) != 0
    is_meant_as_check = is_check or _names_check(run.argv)
    may_complain = has_failed or is_check or (is_short(output) and (run.hides_status or is_meant_as_check))
    by_status = True if has_failed else None if run.hides_status or run.step.is_success is None else False
    said = (
        complaint(output, run.argv, is_check=is_check, has_failed=by_status, exit_code=code) if may_complain else None
    )
    by_words = run.hides_status and (said is not None or says_failed(output))
    return Attempt(
        at=run.at,
        step=run.step,
        folder=run.folder,
        before=run.vectors[: run.main],
        argv=run.argv,
        is_check=is_check,
        complaint=said,
        has_failed=has_failed or by_words,
    )


def _main(vectors: tuple[tuple[str, ...], ...]) -> int:
    last = len(vectors) - 1
    return next((at for at in range(last, -1, -1) if _names_check(vectors[at])), last)


def _run_around_edits(runs: Sequence[_Run], steps: Sequence[Step]) -> frozenset[tuple[str, ...]]:
    """The argument vectors that were run both before and after an edit."""
    edits = [at for at, step in enumerate(steps) if step.is_write and step.is_success is not False]
    first = {run.argv: run.at for run in reversed(runs)}
    last = {run.argv: run.at for run in runs}
    return frozenset(argv for argv, at in first.items() if bisect(edits, at) < bisect(edits, last[argv]))


def _is_check(run: _Run, around: frozenset[tuple[str, ...]]) -> bool:
    """Whether a command checks something; people run checks, and nothing else, on both sides of an edit."""
    # A report that was saved and is shown later looks like a test run.
    if only_looks(run.argv):
        return False
    return run.step.kind is StepKind.TEST_RUN or (run.argv in around and _names_check(run.argv))


def _names_check(argv: tuple[str, ...]) -> bool:
    """Whether a command is called a check by the words in it; one that adds something named so is not."""
    words = bare_stem(argv)
    if only_looks(argv) or any(word in _ADDING for word in words):
        return False
    return any(_CHECK_WORD.search(word) for at, word in enumerate(words) if at == 0 or _NAME.fullmatch(word))


def _folder(line: CommandLine, cwd: str | None, *, is_at_root: bool) -> str | None:
    """Where a line's commands ran; None when that is not in the repository, not known, or not one place."""
    folders = {"." if one.folder is None and is_at_root else _inside(one.folder, cwd) for one in line.commands}
    return folders.pop() if len(folders) == 1 else None


def _inside(folder: str | None, cwd: str | None) -> str | None:
    """A folder relative to where the agent was started; None when it is not inside or not known."""
    if folder is None:
        return None
    if cwd is None and folder.startswith("/"):
        return "."
    # A relative `cd` starts where the line starts.
    inside = posixpath.normpath(relative_path(folder, None if cwd is None else posixpath.normpath(cwd)))
    return None if inside.startswith(("/", "..")) else inside
