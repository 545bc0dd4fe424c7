"""Finds commands without which a check fails: what ran between a check that failed and the same check that passed.

Where the check said that it could not run, the last new command before it ran was missing. Where it ran and failed, or
failed without a word that is known, only one single command may stand between, and no edit: then nothing else can have
made it pass.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from judges.attempts import Attempt
from judges.complaints import is_passing_trouble, says_why, symptom
from judges.edits import created_files, is_hand_edit
from judges.evidence.finding import Finding, quote
from sidecar.command_line import bare_stem, is_repeatable, is_test_path, stem
from sidecar.domain import FailureClass, Packet, StepKind
from sidecar.shell_programs import may_set_up

_CHANGING_TOOL = re.compile(r"(?i)(?<!todo)(?:edit|write|replac|insert|patch|apply)")
"""Names of tools that change files in ways nobody reads here."""

_WORD = re.compile(r"[\w./-]*/[\w.-]*\w")
_ABSENT = re.compile(r"(?i)no such file|not found|missing|does not exist|cannot open|ENOENT")

_Ran = tuple[Attempt, tuple[str, ...]]
"""A command with the line it stood in."""


def missing_setup(
    packet: Packet, attempts: Sequence[Attempt], bad: Attempt, complaint: str, good: Attempt
) -> Finding | None:
    """The last new command before the same check ran; what had been done before could not have been missing."""
    edits = [at for at, step in enumerate(packet.steps) if bad.at < at <= good.at and is_hand_edit(step)]
    # After an edit it is the edit that helped.
    candidates = [ran for ran in _candidates(packet, attempts, bad, good) if not edits or ran[0].at < edits[0]]
    if not candidates or is_passing_trouble(bad.step.output or ""):
        return None
    if not says_why(bad.step.output or "", bad.argv, bad.step.exit_code) and bad.has_failed:
        # it may have run and found fault with the code: then only one command alone can have been missing
        is_only_one = len({argv for _, argv in candidates}) == 1 and not _is_accepted(bad, candidates[0])
        if not is_only_one or not is_quiet(packet, attempts, bad, good):
            return None
    return _finding(bad, good, candidates[-1], complaint)


def unblocked_findings(
    packet: Packet, attempts: Sequence[Attempt], *, explained: Collection[int] = ()
) -> Iterator[Finding]:
    """One per check that failed and passed with nothing but one command between.

    Args:
        explained: Places of failed checks of which it is known what they lacked.
    """
    failed: dict[tuple[str, tuple[str, ...]], Attempt] = {}
    for attempt in attempts:
        name = attempt.folder, attempt.argv
        bad = failed.pop(name, None)
        is_blocked = attempt.has_failed and attempt.looks_like_check and attempt.complaint is None
        is_blocked = is_blocked and attempt.at not in explained
        if is_blocked and not is_passing_trouble(attempt.step.output or ""):
            failed[name] = attempt
        elif (
            bad is not None
            and attempt.has_succeeded
            and attempt.complaint is None
            and is_quiet(packet, attempts, bad, attempt)
        ):
            candidates = _candidates(packet, attempts, bad, attempt)
            is_only_one = len({argv for _, argv in candidates}) == 1 and not _is_accepted(bad, candidates[0])
            finding = _finding(bad, attempt, candidates[0], None) if is_only_one else None
            if finding is not None:
                yield finding


def is_quiet(packet: Packet, attempts: Sequence[Attempt], bad: Attempt, good: Attempt) -> bool:
    """Whether nothing between two runs can have changed a file, and everything that ran there is understood."""
    understood = {attempt.at for attempt in attempts}
    for at, step in enumerate(packet.steps[bad.at + 1 : good.at], start=bad.at + 1):
        is_change = is_hand_edit(step) or step.kind is StepKind.COMMIT or _CHANGING_TOOL.search(step.tool or "")
        if is_change or (step.command is not None and at not in understood):
            return False
    return not good.step.is_write


def _is_accepted(bad: Attempt, ran: _Ran) -> bool:
    """Whether a command wrote the very files of the tests that a check complained of: it changed what is expected."""
    complained, wrote = bad.step.output or "", ran[0].step.output or ""
    if _ABSENT.search(complained):
        return False
    return any(is_test_path(word) for word in {*_WORD.findall(complained)} & {*_WORD.findall(wrote)})


def _candidates(packet: Packet, attempts: Sequence[Attempt], bad: Attempt, good: Attempt) -> list[_Ran]:
    """The commands between two runs of a check that may have been missing, in order."""
    known = {argv for attempt in attempts if attempt.at <= bad.at for argv in (*attempt.before, attempt.argv)}
    own = created_files(packet.steps)
    return [
        (attempt, argv)
        for attempt in attempts
        if bad.at < attempt.at <= good.at
        for argv in _successes(attempt, is_last=attempt is good)
        if argv not in known and stem(argv) != good.stem and may_set_up(argv)
        # A script that the session itself wrote is not there for the next one.
        if own.isdisjoint(argv)
    ]


def _successes(attempt: Attempt, *, is_last: bool) -> Iterator[tuple[str, ...]]:
    """The commands of a line that are known to have succeeded and were no checks."""
    if is_last:
        yield from attempt.before
    elif not attempt.is_check and attempt.has_succeeded:
        yield from (*attempt.before, attempt.argv)


def _finding(bad: Attempt, good: Attempt, ran: _Ran, complaint: str | None) -> Finding | None:
    attempt, argv = ran
    if not is_repeatable((*argv, *good.argv, good.folder)):
        return None
    setup, check = attempt.told(argv), min(bad.text, good.text, key=len)
    name = bare_stem(argv) if attempt.folder == "." else (attempt.folder, *bare_stem(argv))
    words = complaint or _last_line(bad.step.output or "")
    how = "could not run" if complaint else "failed"
    return Finding(
        failure_class=FailureClass.MISSING_SETUP,
        key=(("setup", " ".join(name)), ("check", " ".join((good.folder, *bare_stem(good.argv))))),
        sentence=f"`{good.text}` {how} before `{setup}` had run.",
        quotes=(*quote(bad.step, words), *quote(attempt.step, attempt.step.command)),
        failing_command=check,
        working_command=setup,
        symptom=None if complaint is None else symptom(complaint),
    )


def _last_line(output: str) -> str | None:
    lines = [line for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else None
