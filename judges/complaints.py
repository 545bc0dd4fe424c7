"""What commands say when they could not run, in the plain words of shells, interpreters and runners."""

import re
from collections.abc import Iterator, Sequence

_DID_NOT_START = re.compile(
    r"(?i)no module named|cannot find (?:module|package)|module not found|command not found|is not recognized"
    r"|missing script|no rule to|no such (?:command|subcommand|option)|can'?t open file|cannot open"
    r"|(?:unknown|unrecognized|invalid) (?:sub)?(?:command|option|argument|flag|task|target)"
)
"""What is said when something could not start."""
_NOTHING_RAN = re.compile(
    r"(?i)no (?:sub)?tests? (?:\w+ ){0,2}(?:executed|ran|run|found|were|to run)|\b(?:ran|collected|found) 0\b"
    r"|\b0 tests?\b(?! (?:failed|skipped|pending|errors?))|\btests:? 0\b"
)
"""What is said when something started and found nothing to do."""
_BROKE_OFF = re.compile(
    r"(?i): not found\b|permission denied|timed out|not installed|could not (?:find|resolve|determine)|cannot execute"
    r"|(?:script|task|target|command|recipe|file|module|package)(?: .{1,60})? not (?:found|defined|exist)"
    r"|no such file or directory|failed to (?:spawn|start|load)|don'?t know how|does not contain"
)
"""What is said then too, but by tests that ran and failed as well."""
_TOO_LONG = re.compile(r"(?i)timed? ?out|killed|terminated")
_TROUBLE = re.compile(
    r"(?i)timed? ?out|no such host|name resolution|could not resolve (?:host|address)|network|connection reset"
    r"|\bENOTFOUND\b|\bEAI_AGAIN\b|\bETIMEDOUT\b|handshake|temporar|try again|too many requests|rate limit"
    r"|\b(?:429|50[234])\b|no space left"
    r"|resource busy|waiting for .{0,40}lock|could not lock|unavailable"
)
_MISSING_FILE = re.compile(r"(?i)no such file or directory")
_UNOPENED_SCRIPT = re.compile(r"(?i)can'?t open file|cannot open")
_SOME_PASSED = re.compile(
    r"(?im)\b[1-9]\d*%? (?:tests? )?(?:passed|passing|succeeded|ok)\b|^\s*(?:ok|pass)\b|^\s*[✓✔]|\.\.\. ok$"
    r"|\bpass(?:ed)?:? +[1-9]|\btests run: [1-9]\d*, failures: 0, errors: 0|^\.+[.FEsx]*\s*(?:\[|$)"
)
_COUNTED_FAILURES = re.compile(
    r"(?im)\b[1-9]\d* (?:tests? )?(?:failed|failing|fails|failures?)\b|\b(?:failures|fail|failed)[=:]? ?[1-9]"
    r"|^\s*--- FAIL"
)
_SOME_FAILED = re.compile(
    r"(?im)\b[1-9]\d* (?:tests? )?(?:failed|failing|fails|failures?|errors?)\b|^FAIL(?:ED)?\b|^not ok\b|^\s*[✖✗]"
    r"|\b(?:failures|errors|fail|failed)[=:]? ?[1-9]|^\s*--- FAIL"
)
_PLACE_IN_CODE = re.compile(r"[\w-]\.[A-Za-z]\w{0,9}(?::|\(|:\[|\", line )[1-9]\d{0,5}\b")
"""A line of a source file as compilers and interpreters name one: `src/a.rs:9`, `a.ts(9`, `A.java:[9`."""
_STATUS_LINE = re.compile(
    r"(?i)^\[?(?:std(?:out|err)\]|(?:error: )?(?:command failed with )?(?:exit|return) code:? \d+\.?)$"
)
_SPEAKER = re.compile(
    r"^(?:E\s{2,})?(?:(?:\S*[/\\])?[\w.+-]+: (?:(?:line )?\d+: )?|\w+ (?=error |ERR! ))?"
    r"(?:error:? |ERR! |\*{3} )?(?=\S)"
)
_NO_PROGRAM = re.compile(
    r"^(?:\S+: )?(?:(?:line )?\d+: )?"
    r"(?:(?P<before>[\w.+/-]+): (?:command )?not found|command not found: (?P<after>\S+))$"
)
"""How shells say that there is no such program."""
SIGNS = {
    _DID_NOT_START: (
        *("no module named", "cannot find", "module not found", "command not found", "is not recognized"),
        *("missing script", "no rule to", "no such", "open file", "cannot open", "unknown", "unrecognized", "invalid"),
    ),
    _NOTHING_RAN: ("no test", "no subtest", "ran 0", "collected 0", "found 0", "0 test", "tests 0", "tests: 0"),
    _BROKE_OFF: (
        *(" not found", " not defined", " not exist", "not installed", "does not contain", "could not"),
        *("permission denied", "timed out", "cannot execute", "no such file", "failed to", "know how"),
    ),
    _COUNTED_FAILURES: ("fail",),
}
"""Of patterns that are tried on long outputs: pieces of which every match holds one, and that are fast to look for.

None ends in a blank: what is looked for is tried wherever its last character stands.
"""
_FOLDED = re.compile("[\u0130\u0131\u017f\u212a]")
"""The characters outside ASCII that a pattern takes for a letter of ASCII."""
_SHORT_CHARACTERS = 1500
"""In longer output whose exit code is hidden, a complaint is not the reason for the end."""
_SHORT_LINES = 8
"""A check that fails in fewer lines and counts no test did not run any."""
_LONGEST_SYMPTOM = 160
_NOT_FOUND = 127
"""Exit code of a shell that found no such program."""


def complaint(
    output: str, argv: Sequence[str], *, is_check: bool, has_failed: bool | None, exit_code: int | None
) -> str | None:
    """The line of an output that says why a command could not run; None when it ran.

    Args:
        is_check: It is known to be a check, so that a failure that counts no test is a complaint in itself.
        has_failed: By its status; None where a filter hides that. What ended well may still have found nothing to do.
    """
    patterns = [_NOTHING_RAN]
    if has_failed is not False:
        has_counted = is_said(_COUNTED_FAILURES, output)
        patterns += [_DID_NOT_START] if has_counted else [_DID_NOT_START, _BROKE_OFF]
    is_worth_reading = any(is_said(pattern, output) for pattern in patterns)
    lines = _informative_lines(output) if is_worth_reading or output.count("\n") <= 2 * _SHORT_LINES else []
    for line in lines:
        if any(pattern.search(line) for pattern in patterns) and not _names_its_input(line, argv, exit_code):
            return None if _SOME_PASSED.search(output) else line
    says_nothing = 0 < len(lines) <= _SHORT_LINES and not says_failed(output) and not _SOME_PASSED.search(output)
    return lines[0] if has_failed and is_check and says_nothing else None


def is_said(pattern: re.Pattern[str], output: str) -> bool:
    """Whether one of the patterns with signs is found in an output; the same as its search, on long outputs faster."""
    if not output.isascii() and _FOLDED.search(output):
        return pattern.search(output) is not None
    return any(pattern.search(output, start, end) for start, end in _lines_with(SIGNS[pattern], output.lower()))


def _lines_with(signs: Sequence[str], lowered: str) -> Iterator[tuple[int, int]]:
    """Where the lines that hold one of the signs begin and end; a line may come several times."""
    for sign in signs:
        at = lowered.find(sign)
        while at >= 0:
            end = lowered.find("\n", at)
            end = len(lowered) if end < 0 else end
            yield lowered.rfind("\n", 0, at) + 1, end
            at = lowered.find(sign, end)


def is_short(output: str) -> bool:
    """Whether a complaint in an output is the reason for its end, where the exit code is not known."""
    return len(output) <= _SHORT_CHARACTERS


def says_failed(output: str) -> bool:
    """Whether an output reports failures."""
    return _SOME_FAILED.search(output) is not None


def counts_failures(output: str) -> bool:
    """Whether an output says how many tests failed."""
    return is_said(_COUNTED_FAILURES, output)


def ran_out_of_time(line: str) -> bool:
    """Whether a complaint is that something took too long."""
    return _TOO_LONG.search(line) is not None


def is_passing_trouble(line: str) -> bool:
    """Whether a complaint is of the network or the moment: the same command works later, whatever runs between."""
    return _TROUBLE.search(line) is not None


def symptom(line: str) -> str:
    """A runner's line without the program that spoke it, for showing; shells that say the same say it alike."""
    words = _SPEAKER.sub("", line.strip(), count=1)[:_LONGEST_SYMPTOM].strip()
    found = _NO_PROGRAM.search(line.strip())
    return words if found is None else f"{found['before'] or found['after']}: command not found"


def says_why(output: str, argv: Sequence[str], exit_code: int | None) -> bool:
    """Whether a failed command says in known words that it could not run.

    A few lines without any test may as well be what a check of the code complains of: a format, a type, a licence.
    """
    return complaint(output, argv, is_check=False, has_failed=True, exit_code=exit_code) is not None


def points_at_code(line: str) -> bool:
    """Whether a line names a line of a source file, and not as shells do that miss a program there."""
    return _PLACE_IN_CODE.search(line) is not None and _NO_PROGRAM.search(line) is None


def _informative_lines(output: str) -> list[str]:
    """The lines of an output that say something, without the agent's own line about the exit code."""
    lines = (line.strip() for line in output.splitlines())
    return [line for line in lines if re.search(r"\w", line) and not _STATUS_LINE.match(line)]


def _names_its_input(line: str, argv: Sequence[str], exit_code: int | None) -> bool:
    """Whether a program that did run says that a file given to it is not there."""
    if not _MISSING_FILE.search(line) or exit_code == _NOT_FOUND:
        return False
    return not _UNOPENED_SCRIPT.search(line) and any(word in line for word in argv[1:])
