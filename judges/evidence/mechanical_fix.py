"""Finds checks that one command repairs without a thought: what a hook does better than anybody who is told.

A check complained of a change, a command rewrote what it complained of, and the same check passed with no edit between.
Missing set-up has this shape too, so more is asked for: the command is the check itself with other arguments, or bears
its name, or says that it wrote the very files complained of; or it had to run again after the next edit.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from judges.attempts import Attempt, relative_path
from judges.complaints import complaint, counts_failures, is_passing_trouble
from judges.edits import created_files, is_hand_edit
from judges.evidence.finding import Finding, quote
from judges.evidence.generated_file import generated_marker, names_path
from judges.evidence.missing_setup import is_quiet
from sidecar.command_line import bare_stem, is_repeatable, is_selector, is_within
from sidecar.domain import FailureClass, Packet, Step, StepKind
from sidecar.shell_programs import may_set_up, program_at

_WORD = re.compile(r"[\w./-]+")
_ENDING = re.compile(r"\w\.[A-Za-z]\w*")
"""Of a file; a number of seconds has none."""
_LONGEST_NAME = 100
"""Characters at the end of a word in which its ending is looked for."""
_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
"""Of a name that is put together of several."""
_MOST_APART = 1
"""Parts by which the names of a check and of what repairs it may differ, on each side."""
_AGAIN = 2
"""Times that a step must have been needed to be one that every edit needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanical:
    """What was found, and what it explains."""

    findings: tuple[Finding, ...]
    explained: frozenset[int]
    """Places of the failed checks: they teach no set-up step and no other command."""
    formatters: frozenset[tuple[str, ...]]
    """Argument vectors of what rewrote edited files, and generates none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fix:
    """A failed check with a command that ran before it passed."""

    bad: Attempt
    good: Attempt
    check: tuple[str, ...]
    """The command of the failed line that passed later."""
    ran: Attempt
    argv: tuple[str, ...]
    """What ran between, in the line of `ran`."""
    is_only: bool
    """Nothing else ran between that may have helped."""
    complained_of: frozenset[str]
    """Files edited before that the failed check named."""


def mechanical_fixes(packet: Packet, attempts: Sequence[Attempt]) -> Mechanical:
    """Every check that a command repaired, in time order, each finding once."""
    plain: list[_Fix] = []
    others: list[_Fix] = []
    for fix in _fixes(packet, attempts):
        is_plain = _is_own_form(fix) or _bears_its_name(fix) or _wrote_the_same(packet, fix)
        (plain if is_plain else others).append(fix)
    again = list(_repeated(packet, others))
    found: dict[str, Finding] = {}
    for failure_class, kept in ((FailureClass.MECHANICAL_FIX, plain), (FailureClass.REPEATED_STEP, again)):
        for fix in kept:
            finding = _finding(packet, fix, failure_class)
            if finding is not None:
                found.setdefault(finding.signature, finding)
    return Mechanical(
        findings=tuple(found.values()),
        explained=frozenset(fix.bad.at for fix in (*plain, *again)),
        formatters=frozenset(fix.argv for fix in plain),
    )


def _fixes(packet: Packet, attempts: Sequence[Attempt]) -> Iterator[_Fix]:
    """Each command between a failed check and the next success of that check, where no edit stands between."""
    own = created_files(packet.steps)
    for bad, good, check in _repaired(attempts):
        ran = _ran_between(attempts, bad, good)
        new = [(one, argv) for one, argv in ran if own.isdisjoint(argv) and may_set_up(argv)]
        if not new or not is_quiet(packet, attempts, bad, good):
            continue
        is_only = len({argv for _, argv in new}) == 1
        named = frozenset(_complained_of(packet, bad))
        for one, argv in new:
            yield _Fix(bad=bad, good=good, check=check, ran=one, argv=argv, is_only=is_only, complained_of=named)


def _repaired(attempts: Sequence[Attempt]) -> Iterator[tuple[Attempt, Attempt, tuple[str, ...]]]:
    """Each line that ran and failed, the next one in which a command of it succeeded, and that command."""
    failed: dict[tuple[str, tuple[str, ...]], Attempt] = {}
    for attempt in attempts:
        vectors = (*attempt.before, attempt.argv)
        if attempt.has_failed and _has_run(attempt):
            failed.update({(attempt.folder, argv): attempt for argv in vectors})
        for check in vectors if attempt.has_succeeded else ():
            bad = failed.pop((attempt.folder, check), None)
            if bad is not None:
                yield bad, attempt, check


def _has_run(attempt: Attempt) -> bool:
    """Whether a failed command ran and complained of what it looked at, as far as its words are known."""
    step, output = attempt.step, attempt.step.output or ""
    if step.kind is StepKind.TEST_RUN or counts_failures(output) or is_passing_trouble(output):
        return False
    return complaint(output, attempt.argv, is_check=False, has_failed=True, exit_code=step.exit_code) is None


def _ran_between(attempts: Sequence[Attempt], bad: Attempt, good: Attempt) -> Iterator[tuple[Attempt, tuple[str, ...]]]:
    """What succeeded after a failed line and before the check in a later one, with its line; new commands only."""
    first = bisect_right(attempts, bad.at, key=lambda one: one.at)
    for one in attempts[first : bisect_right(attempts, good.at, key=lambda one: one.at)]:
        if one.has_succeeded:
            vectors = one.before if one is good else (*one.before, one.argv)
            yield from ((one, argv) for argv in vectors if argv not in (*bad.before, bad.argv))


def _complained_of(packet: Packet, bad: Attempt) -> Iterator[str]:
    output = bad.step.output or ""
    # A command names files as they lie from where it ran.
    folder = "" if bad.folder == "." else f"{bad.folder}/"
    for path in {step.path for step in packet.steps[: bad.at + 1] if is_hand_edit(step)}:
        if path and (names_path(output, path) or names_path(output, path.removeprefix(folder))):
            yield path


def _is_own_form(fix: _Fix) -> bool:
    """Whether check and repair are one command with other arguments."""
    is_one = bare_stem(fix.check) == bare_stem(fix.argv) and fix.ran.folder == fix.bad.folder
    is_more = is_within(fix.check, fix.argv) or is_within(fix.argv, fix.check)
    return is_one and (is_more or bool(fix.complained_of))


def _bears_its_name(fix: _Fix) -> bool:
    """Whether two commands of one program are named alike, and the check complained of a file that had been edited."""
    one, other = _words(fix.check), _words(fix.argv)
    is_check = fix.bad.looks_like_check or any(is_selector(word) for word in one)
    if one[0] != other[0] or not (fix.is_only and fix.complained_of and is_check):
        return False
    parts, others = _parts(set(one) - set(other)), _parts(set(other) - set(one))
    return bool(parts & others) and max(len(parts - others), len(others - parts)) <= _MOST_APART


def _words(argv: Sequence[str]) -> list[str]:
    return [word for word in argv[program_at(argv) :] if not word.startswith("-")]


def _parts(words: Iterable[str]) -> set[str]:
    return {part.lower() for word in words for part in _PART.findall(word)}


def _wrote_the_same(packet: Packet, fix: _Fix) -> bool:
    """Whether a command named edited files that the check had complained of, and no other file.

    A generator names what it wrote, which is not what the check complained of.
    """
    if not (fix.is_only and fix.complained_of):
        return False
    named, known = (_file_names(step, packet.cwd) for step in (fix.ran.step, fix.bad.step))
    rewritten = fix.complained_of & named
    is_made = any(generated_marker(packet, path) is not None for path in rewritten)
    return bool(rewritten) and named <= known and not is_made


def _file_names(step: Step, cwd: str | None) -> set[str]:
    words = (word.rstrip(".") for word in _WORD.findall(step.output or ""))
    return {relative_path(word, cwd) for word in words if _ENDING.search(word[-_LONGEST_NAME:])}


def _repeated(packet: Packet, fixes: Sequence[_Fix]) -> Iterator[_Fix]:
    """The commands that alone made a check pass more than once, each time after another edit."""
    edits = [at for at, step in enumerate(packet.steps) if is_hand_edit(step)]
    needed: dict[tuple[tuple[str, ...], tuple[str, ...]], list[_Fix]] = {}
    for fix in fixes:
        group = needed.setdefault((fix.argv, fix.check), []) if fix.is_only else []
        before = group[-1].good.at if group else -1
        if bisect_right(edits, before) < bisect_right(edits, fix.bad.at):
            group.append(fix)
    for group in needed.values():
        yield from group if len(group) >= _AGAIN else ()


def _finding(packet: Packet, fix: _Fix, failure_class: FailureClass) -> Finding | None:
    edited = {step.path for step in packet.steps if is_hand_edit(step)}
    # Which file it ran on is of one task.
    check, repair = (tuple(word for word in argv if word not in edited) for argv in (fix.check, fix.argv))
    if not is_repeatable((*check, *repair, fix.bad.folder, fix.ran.folder)):
        return None
    named = [" ".join((one.folder, *bare_stem(argv))) for one, argv in ((fix.bad, check), (fix.ran, repair))]
    failing, working = fix.bad.told(check), fix.ran.told(repair)
    is_again = failure_class is FailureClass.REPEATED_STEP
    return Finding(
        failure_class=failure_class,
        key=(("check", named[0]), ("fix", named[1])),
        sentence=f"`{working}` {'had to run again after edits' if is_again else 'alone was needed'} for `{failing}`.",
        quotes=(*quote(fix.bad.step, fix.bad.step.command), *quote(fix.ran.step, fix.ran.step.command)),
        failing_command=failing,
        working_command=working,
    )
