"""Finds checks that could not run and the command that ran them instead."""

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath

from judges.attempts import Attempt
from judges.complaints import is_passing_trouble, points_at_code, ran_out_of_time, says_why, symptom
from judges.edits import is_hand_edit
from judges.evidence.finding import Finding, quote
from judges.evidence.generated_file import names_path
from judges.evidence.missing_setup import missing_setup, unblocked_findings
from judges.evidence.needed_settings import settings_findings
from judges.evidence.working_command import working_command
from sidecar.command_line import bare_stem, is_repeatable, is_selector, is_within, options, parse_command, stem
from sidecar.domain import FailureClass, Packet, Step

_OF_ONE_SHELL = ("source", ".")
"""What helps only in the line it stands in: most agents run each line in a shell of its own."""


def command_findings(packet: Packet, attempts: Sequence[Attempt], *, explained: Collection[int] = ()) -> list[Finding]:
    """Wrong commands and missing set-up steps, in time order, each once.

    Args:
        explained: Places of failed checks of which it is known what they lacked; they teach nothing here.
    """
    found: dict[tuple[str, tuple[str, ...]], Finding] = {}
    for bad, complaint, good in _pairs(attempts):
        if bad.at in explained:
            continue
        finding = _finding(packet, attempts, bad, complaint, good)
        if finding is not None:
            found.setdefault((finding.signature, bad.stem), finding)
    for finding in unblocked_findings(packet, attempts, explained=explained):
        found.setdefault((finding.signature, ()), finding)
    told = {signature for signature, _ in found}
    for finding in settings_findings(packet, attempts, explained=explained):
        if finding.signature not in told:
            found.setdefault((finding.signature, ()), finding)
    return list(found.values())


def _pairs(attempts: Sequence[Attempt]) -> Iterator[tuple[Attempt, str, Attempt]]:
    """Each check that could not run, with its complaint, and the next command that ran a check."""
    waiting: list[tuple[Attempt, str]] = []
    for attempt in attempts:
        if attempt.complaint is not None:
            waiting.append((attempt, attempt.complaint))
        elif attempt.ran_check or any(_is_wrapped(bad, attempt) for bad, _ in waiting):
            yield from ((bad, words, attempt) for bad, words in waiting)
            waiting.clear()


def _finding(
    packet: Packet, attempts: Sequence[Attempt], bad: Attempt, complaint: str, good: Attempt
) -> Finding | None:
    """What a pair teaches; None when something else explains why the second one ran."""
    between = packet.steps[bad.at + 1 : good.at + 1]
    # In a line of several commands another one may have complained.
    if bad.before and not any(len(word) > 2 and word in complaint for word in bad.argv):
        return None
    if any(_explains(step, complaint) for step in between) or complaint in (good.step.output or ""):
        return None
    if _complains_of_selector(bad, complaint):
        return None
    if _is_same_check(bad, good) and any(argv[0] in _OF_ONE_SHELL for argv in good.before):
        return _wrong_command(attempts, bad, complaint, good)
    if _is_same_check(bad, good):
        return missing_setup(packet, attempts, bad, complaint, good)
    if _is_about_code(attempts, bad, complaint):
        return None
    # What took too long was not wrong where a part of it took less, nor what could not be reached for a while.
    is_wrong = not is_within(bad.argv, good.argv) if ran_out_of_time(complaint) else not is_passing_trouble(complaint)
    is_meant_alike = bad.looks_like_check or bad.stem == good.stem or _shares_word(bad, good)
    if not is_wrong or not is_meant_alike:
        return None
    return _wrong_command(attempts, bad, complaint, good)


def _is_about_code(attempts: Sequence[Attempt], bad: Attempt, complaint: str) -> bool:
    """Whether a check may have run and found fault with the code, which a narrower or another one leaves out."""
    is_known = not bad.has_failed or says_why(bad.step.output or "", bad.argv, bad.step.exit_code)
    has_worked = any(one.passed_check and (one.folder, one.argv) == (bad.folder, bad.argv) for one in attempts)
    return has_worked or not is_known or points_at_code(complaint)


def _wrong_command(attempts: Sequence[Attempt], bad: Attempt, complaint: str, good: Attempt) -> Finding | None:
    working = working_command(attempts, good)
    # Where the program lies on one machine says nothing to others.
    argv = (PurePosixPath(bad.argv[0]).name, *bad.argv[1:]) if bad.argv[0].startswith("/") else bad.argv
    failing = bad.told(argv)
    if working is None or not is_repeatable((*argv, bad.folder)) or working == failing:
        return None
    return Finding(
        failure_class=FailureClass.WRONG_COMMAND,
        key=(("working", " ".join(_name(bad, good, working))),),
        sentence=f"`{failing}` could not run here; `{working}` ran the check.",
        quotes=(*quote(bad.step, complaint), *quote(good.step, good.step.command)),
        failing_command=failing,
        working_command=working,
        symptom=symptom(complaint),
    )


def _name(bad: Attempt, good: Attempt, working: str) -> tuple[str, ...]:
    """What the working command is called: with its settings where these are all that made it run."""
    argv = parse_command(working)
    return stem(argv) if bare_stem(bad.argv) == bare_stem(good.argv) else bare_stem(argv)


def _is_same_check(bad: Attempt, good: Attempt) -> bool:
    return bad.stem == good.stem and options(bad.argv) == options(good.argv)


def _is_wrapped(bad: Attempt, good: Attempt) -> bool:
    """Whether the second command is the first one behind other words, and went well."""
    size = len(bad.argv)
    is_longer = len(good.argv) > size >= 2 and good.argv[-size:] == bad.argv
    return is_longer and good.has_succeeded


def _shares_word(bad: Attempt, good: Attempt) -> bool:
    """Whether both name the same thing besides one program that both are run by."""
    wanted = [word for at, word in enumerate(bad.argv) if at == 0 or len(word) > 3]
    named = {PurePosixPath(word).name.lower() for word in wanted} & {
        PurePosixPath(word).name.lower() for word in good.argv if not word.startswith("-")
    }
    runner = {bad.argv[0].lower()} & {good.argv[0].lower()}
    return bool(named - runner)


def _complains_of_selector(bad: Attempt, complaint: str) -> bool:
    return any(is_selector(word) and len(word) > 3 and names_path(complaint, word) for word in bad.argv[1:])


def _explains(step: Step, complaint: str) -> bool:
    """Whether an edit may be why the next command ran: what was complained of names the file."""
    if not is_hand_edit(step) or step.path is None:
        return False
    path = PurePosixPath(step.path)
    is_word = re.search(rf"(?<!\w){re.escape(path.stem)}(?!\w)", complaint) is not None
    return path.name in complaint or (path.stem in complaint if len(path.stem) > 3 else len(path.stem) > 1 and is_word)
