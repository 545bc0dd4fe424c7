"""What an attested command does, read from its argument vector: only checks, builds and scripts of the repository pass.

That a command succeeded says nothing about what it does: `git push` succeeds as well as `make check` does. So every
word of it is accounted for, like every word of a sentence: a program of `programs`, a verb, target or script of the
repository, options of a closed list, plain paths inside the repository, settings of another closed list before it.
Other assignments (`CC=…`), configuration by option, inline code, operators except `&&`, and everything nobody thought
of are refused.

Not promised: that the repository's own targets and scripts are harmless; that is decided where they are reviewed.
"""

import re
import shlex

from sidecar.gate.arguments import is_folder, is_work
from sidecar.gate.assignments import assignment_fault, assignments_of
from sidecar.gate.calls import program_fault, targets_fault
from sidecar.gate.programs import FETCHED, OPTIONS, OWN_OPTIONS, VERBS, WRAPPERS
from sidecar.gate.set_up import is_set_up
from sidecar.gate.valued import VALUED, without_values

_FREE = re.compile(r"[|;<>`$(){}\n\\#!~^]|(?<!&)&(?!&)|&&&")
_SERVICE = re.compile(r"[a-z][\w-]*")
_END_OF_NAME = re.compile(r"^[\w.-]+:(?!run$)|:run$")
"""All of `environment:command` but the command; where that is `run`, all but the environment."""
_TAIL = re.compile(r"tail -n \d{1,3}")


def command_fault(command: str) -> str | None:
    """Why no rule may name `command`, attested or not; None when every word of it is accounted for."""
    if _TAIL.fullmatch(command):
        return None
    if _FREE.search(command):
        return "it holds an operator, an expansion or a comment"
    if not command.isascii():
        return "letters beyond ASCII may stand for others"
    steps = command.split("&&")
    if steps[0].split()[:1] == ["cd"] and len(steps) > 1:
        folder = steps.pop(0).split()[1:]
        if len(folder) != 1 or not is_folder(folder[0]):
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
            is_service = rest[:1] != [] and _SERVICE.fullmatch(rest[0]) is not None
            return program_fault(rest[1:]) if is_service else "it names no service of the repository"
        case "nyc":
            is_own = rest[:1] != [] and rest[0] in VERBS["nyc"]
            return program_fault(words) if is_own else _fault_behind_options("nyc", rest)
        case "hatch" if len(rest) == 1 and is_work(_END_OF_NAME.sub("", rest[0])):
            return targets_fault("hatch", rest)
        case "npx" if rest[:1] and rest[0] not in FETCHED:
            return f"npx may get {rest[0]!r} from anyone"
        case _ if rest[:1] == ["nyc"]:
            return _wrapped_fault(rest)
        case "uv":
            return _fault_behind_options("uv", rest)
        case _:
            return program_fault(rest)


def _fault_behind_options(wrapper: str, rest: list[str]) -> str | None:
    """The fault of a command behind options of what runs it."""
    options, at, valued = OPTIONS | OWN_OPTIONS.get(wrapper, frozenset()), 0, VALUED.get(wrapper, {})
    while at < len(rest) and rest[at].startswith("-") and rest[at] != "-m":
        at += 2 if rest[at] in valued else 1
    own, fault = without_values(wrapper, rest[:at])
    odd = next((word for word in own if word.partition("=")[0] not in options), None)
    if odd is not None:
        return f"the option {odd!r} is on no list of harmless ones"
    behind = rest[at:]
    return fault or program_fault(["python", *behind] if behind[:1] == ["-m"] else behind)
