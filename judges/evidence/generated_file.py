"""Finds files that a command writes and that were edited by hand first."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from judges.attempts import Attempt
from judges.edits import is_hand_edit
from judges.evidence.finding import Finding, quote
from sidecar.command_line import is_repeatable, is_test_path
from sidecar.domain import FailureClass, Packet, Step
from sidecar.shell_programs import may_set_up, only_looks

_MARKER = re.compile(r"(?i)\b(?:auto[- ]?)?generated\b|\bdo not (?:edit|modify|change)\b")
_FORBIDS = re.compile(
    r"(?i)\bgenerated\b.*\bdo not (?:edit|modify|change)\b|\bdo not (?:edit|modify|change)\b.*\bgenerated\b"
)
"""Says both; what was only generated once may be for people to go on with."""
_LONGEST_MARKER = 400
"""Characters; what says something in so many words says it to nobody."""
_HEAD_LINES = 10
"""A generated file says so at its top."""
_WRITTEN = re.compile(r"(?i)\b(?:wrote|written|writing|(?:re)?generat(?:ed|ing)|created|updated|rewrote)\b")
_STALE = re.compile(
    r"(?i)\b(?:stale|out of date|out-of-date|outdated|not current|not up[- ]to[- ]date|regenerate|does not match)\b"
)

_Line = tuple[Step, str]
"""A line of a step's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One file that was edited by hand, with everything that may say where it comes from."""

    packet: Packet
    attempts: Sequence[Attempt]
    path: str
    edits: tuple[int, ...]
    """Places of its edits among the packet's steps; at least one."""
    marker: _Line | None


def generated_file_findings(
    packet: Packet, attempts: Sequence[Attempt], *, formatters: Collection[tuple[str, ...]] = ()
) -> list[Finding]:
    """One per file and command, in the order in which the files were edited first.

    A file that calls itself generated and forbids edits is one of them, whether or not it is known what writes it.

    Args:
        formatters: Argument vectors that rewrite what people write.
    """
    attempts = [one for one in attempts if one.argv not in formatters]
    found: dict[str, Finding] = {}
    for path in dict.fromkeys(step.path for step in packet.steps if is_hand_edit(step)):
        finding = None if path is None else _finding(packet, attempts, path)
        if finding is not None:
            found.setdefault(finding.signature, finding)
    return list(found.values())


def generated_marker(packet: Packet, path: str) -> _Line | None:
    """The line at the top of a file that says it is generated, with the step that showed it."""
    for step in packet.steps:
        if step.path == path:
            for text in (step.output if not step.is_write else None, step.old_text, step.new_text):
                for line in (text or "").splitlines()[:_HEAD_LINES]:
                    if _MARKER.search(line):
                        return step, line
    return None


def _finding(packet: Packet, attempts: Sequence[Attempt], path: str) -> Finding | None:
    edits = tuple(at for at, step in enumerate(packet.steps) if is_hand_edit(step) and step.path == path)
    marker = generated_marker(packet, path)
    case = _Case(packet=packet, attempts=attempts, path=path, edits=edits, marker=marker)
    # A file that is edited again after a command is not that command's own.
    candidates = [run for run in _runs(attempts) if run.at > edits[-1] and _may_write(run)]
    for proof_of in (_said_so, _marked, _made_current):
        # A command that only shows the generator comes before the one that runs it.
        for attempt in reversed(candidates):
            proof = proof_of(case, attempt)
            if proof is not None:
                return _written(case, attempt, proof)
    return _forbidden(case)


def _forbidden(case: _Case) -> Finding | None:
    """What a hand edit of a file teaches that forbids it, where nothing shows what writes the file."""
    if case.marker is None or not _FORBIDS.search(case.marker[1][:_LONGEST_MARKER]) or case.path.startswith("/"):
        return None
    edit = case.packet.steps[case.edits[0]]
    return Finding(
        failure_class=FailureClass.GENERATED_FILE,
        key=(("file", case.path),),
        sentence=f"`{case.path}` was edited by hand, though it says that it is generated.",
        quotes=(*quote(*case.marker), *quote(edit, edit.new_text or edit.path)),
        paths=(case.path,),
    )


def _runs(attempts: Sequence[Attempt]) -> Iterator[Attempt]:
    """Each command of each line by itself."""
    for attempt in attempts:
        for argv in attempt.before:
            yield replace(attempt, argv=argv, before=(), is_check=False)
        yield attempt


def _may_write(attempt: Attempt) -> bool:
    is_alone = attempt.has_succeeded and not attempt.before
    is_told = is_repeatable((*attempt.argv, attempt.folder)) and may_set_up(attempt.argv)
    return is_alone and not attempt.ran_check and is_told


def _said_so(case: _Case, attempt: Attempt) -> _Line | None:
    """The line in which a command that was not given the file says that it wrote it."""
    if case.path in attempt.argv:
        return None
    output = attempt.step.output or ""
    # A command names files as they lie from where it ran.
    names = {case.path, case.path.removeprefix(f"{attempt.folder}/")}
    lines = output.splitlines() if any(name in output for name in names) else []
    return next(((attempt.step, line) for line in lines if any(_says_written(line, name) for name in names)), None)


def _says_written(line: str, path: str) -> bool:
    """Whether a line reports a file as written; a line of code that prints such a report does not."""
    before, _, after = line.partition(path)
    is_report = re.fullmatch(r"\W*(?:[\w-]+[ :]+){0,4}['\"`]?(?:\S*/)?", before) is not None
    return is_report and names_path(line, path) and _WRITTEN.search(f"{before} {after}") is not None


def _marked(case: _Case, attempt: Attempt) -> _Line | None:
    """The marker, where it names what the command ran and a source had been edited."""
    if case.marker is None or not any(_is_named(word, case.marker[1]) for word in attempt.argv):
        return None
    return case.marker if _source(case, attempt) is not None else None


def _made_current(case: _Case, attempt: Attempt) -> _Line | None:
    """The line that calls the file generated or out of date, where only this command can have made the check pass."""
    line = _stale_line(case, attempt) or case.marker
    source = _source(case, attempt)
    passed = next((one for one in case.attempts if _follows(one, attempt) and one.passed_check), None)
    if line is None or source is None or passed is None:
        return None
    start = max(at for at, step in enumerate(case.packet.steps[: attempt.at]) if step.path == source)
    others = {one.argv for one in _runs(case.attempts) if start < one.at and _follows(passed, one)}
    return line if {argv for argv in others if not only_looks(argv)} == {attempt.argv} else None


def _follows(later: Attempt, one: Attempt) -> bool:
    """Whether a command ran after another one, in its line or in a later one."""
    return later.at > one.at or (later.at == one.at and one.argv in later.before)


def _stale_line(case: _Case, attempt: Attempt) -> _Line | None:
    """The line of the last failed check before a command that calls the file out of date."""
    failed = [one.step for one in case.attempts if one.at < attempt.at and one.ran_check and one.has_failed]
    lines = [(step, line) for step in failed[-1:] for line in (step.output or "").splitlines()]
    return next((one for one in lines if names_path(one[1], case.path) and _STALE.search(one[1])), None)


def _written(case: _Case, attempt: Attempt, proof: _Line) -> Finding:
    source = _source(case, attempt)
    command = attempt.text
    hand_edit = case.packet.steps[case.edits[0]]
    origin = "." if source is None else f" from `{source}`."
    return Finding(
        failure_class=FailureClass.GENERATED_FILE,
        key=(("file", case.path), ("command", " ".join(attempt.stem))),
        sentence=f"`{case.path}` was edited by hand, but `{command}` writes it{origin}",
        quotes=(
            *quote(*proof),
            *quote(hand_edit, hand_edit.new_text or hand_edit.path),
            *quote(attempt.step, attempt.step.command),
        ),
        working_command=command,
        paths=(case.path,) if source is None else (case.path, source),
    )


def _source(case: _Case, attempt: Attempt) -> str | None:
    """The edited file that the command reads: one the marker names, else the last one edited before the command."""
    edits = [(at, step.path) for at, step in enumerate(case.packet.steps[: attempt.at]) if is_hand_edit(step)]
    others = [(at, path) for at, path in edits if path is not None and path != case.path]
    named = [path for _, path in others if case.marker is not None and _is_named(path, case.marker[1])]
    later = [path for at, path in others if at > case.edits[0] and not is_test_path(path)]
    return next(reversed(named), None) or next(reversed(later), None)


def names_path(text: str, path: str) -> bool:
    """Whether a text names exactly this file, alone or at the end of a longer path."""
    return path in text and re.search(rf"(?<![\w.-]){re.escape(path)}(?![\w-]|\.\w)", text) is not None


def _is_named(word: str, text: str) -> bool:
    return len(word) > 3 and ("/" in word or "." in word) and names_path(text, word)
