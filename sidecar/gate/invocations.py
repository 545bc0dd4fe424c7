"""What an attested command does, read from its argument vector: only checks, builds and scripts of the repository pass.

That a command succeeded says nothing about what it does: `git push` succeeds as well as `make check` does. So every
word of it is accounted for, like every word of a sentence: a program of `programs`, a verb, target or script of the
repository, options of a closed list, plain paths inside the repository, settings of another closed list before it.
Other assignments (`CC=…`), configuration by option,
inline code, operators except `&&`, and everything nobody thought of are refused.

Not promised: that the repository's own targets and scripts are harmless; that is decided where they are reviewed.
"""

import re
import shlex

from sidecar.gate.arguments import is_inside, is_work
from sidecar.gate.assignments import assignment_fault, assignments_of
from sidecar.gate.calls import program_fault, targets_fault
from sidecar.gate.programs import OPTIONS, OWN_OPTIONS, WRAPPERS
from sidecar.gate.set_up import is_set_up
from sidecar.gate.valued import VALUED, without_values

_FREE = re.compile(r"[|;<>`$(){}\n\\#!~^]|(?<!&)&(?!&)|&&&")
_TAIL = re.compile(r"tail -n \d{1,3}")


def command_fault(command: str) -> str | None:
    """Why no rule may name `command`, attested or not; None when every word of it is accounted for."""
    if _TAIL.fullmatch(command):
        return None
    if _FREE.search(command):
        return "it holds an operator, an expansion or a comment"
    steps = command.split("&&")
    if steps[0].split()[:1] == ["cd"] and len(steps) > 1:
        folder = steps.pop(0).split()[1:]
        if len(folder) != 1 or not is_inside(folder[0]):
            return "it leaves the repository"
    return next((fault for step in steps if (fault := _step_fault(step.strip())) is not None), None)


def _step_fault(step: str) -> str | None:
    try:
        words = shlex.split(step)
    except ValueError:
        return "its quotes do not close"
    if not words:
        return "it is empty"
    if is_set_up(step):
        return None
    assignments = assignments_of(words)
    fault = next(filter(None, map(assignment_fault, assignments)), None)
    return fault or _wrapped_fault(words[len(assignments) :])


def _wrapped_fault(words: list[str]) -> str | None:
    wrapper = next((one for one in WRAPPERS if tuple(words[: len(one)]) == one), None)
    if wrapper is None:
        return program_fault(words)
    rest = words[len(wrapper) :]
    match wrapper[0]:
        case "xvfb-run":
            return _wrapped_fault(rest)
        case "docker":
            return program_fault(rest[1:])  # behind the service
        case "hatch" if len(rest) == 1 and (":" in rest[0] or is_work(rest[0])):
            return targets_fault("hatch", rest)
        case "uv":
            return _fault_behind_options("uv", rest)
        case _:
            return program_fault(rest)


def _fault_behind_options(wrapper: str, rest: list[str]) -> str | None:
    """The fault of a command behind options of what runs it."""
    options, at = OPTIONS | OWN_OPTIONS[wrapper], 0
    while at < len(rest) and rest[at].startswith("-") and rest[at] != "-m":
        at += 2 if rest[at] in VALUED[wrapper] else 1
    own, fault = without_values(wrapper, rest[:at])
    odd = next((word for word in own if word not in options), None)
    if odd is not None:
        return f"the option {odd!r} is on no list of harmless ones"
    behind = rest[at:]
    return fault or program_fault(["python", *behind] if behind[:1] == ["-m"] else behind)
