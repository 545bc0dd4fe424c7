"""Finds files that had to change together: the check failed until a second file was changed."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from judges.attempts import Attempt
from judges.edits import created_files, is_hand_edit
from judges.evidence.finding import Finding, quote
from judges.evidence.generated_file import generated_marker, names_path
from sidecar.command_line import is_test_path
from sidecar.domain import EvidenceQuote, FailureClass, Packet, Step

_FAILURE = re.compile(r"(?i)\b(?:assert\w*|error|fail\w*)\b.*\w|\w.*\b(?:error|fail\w*)\b")
"""A word for failing with something beside it that says what."""
_LONGEST_LINE = 200
_TOKEN = re.compile(r"[A-Za-z0-9_]{3,}(?:[.-][A-Za-z0-9_]+)*")
_PART = re.compile(r"[A-Za-z0-9_]{3,}")
_KEYWORDS = frozenset(
    {
        *("and", "any", "async", "await", "bool", "break", "case", "catch", "class", "const", "continue"),
        *("data", "def", "default", "del", "elif", "else", "end", "enum", "export", "extends", "extern"),
        *("false", "final", "float", "fmt", "fn", "for", "from", "func", "function", "get", "if", "impl"),
        *("import", "include", "int", "interface", "is", "let", "long", "main", "match", "mod", "module"),
        *("mut", "name", "namespace", "new", "nil", "none", "null", "number", "object", "package"),
        *("private", "protected", "pub", "public", "raise", "readonly", "require", "return", "returns"),
        *("self", "set", "static", "str", "string", "struct", "super", "switch", "test", "this", "throw"),
        *("throws", "todo", "true", "try", "type", "undefined", "use", "using", "val", "value", "var"),
        *("void", "when", "where", "while", "with", "yield", "None", "True", "False", "String", "List"),
        *("Map", "Self"),
    }
)
"""Words that mean the same in every file."""


def change_together_findings(
    packet: Packet, attempts: Sequence[Attempt], *, written: frozenset[str] = frozenset()
) -> list[Finding]:
    """One per pair of files, in time order.

    Args:
        written: Files known to be generated, and their sources; they teach another lesson.
    """
    found: dict[str, Finding] = {}
    # A new file is not one that has to be changed with another.
    left_out = written | created_files(packet.steps)
    for failed, passed in _repaired(attempts):
        for first, second in _pairs(packet, failed, passed):
            finding = _finding(packet, failed, first, second)
            if finding is not None and not left_out & set(finding.paths):
                found.setdefault(finding.signature, finding)
    return list(found.values())


def _repaired(attempts: Sequence[Attempt]) -> Iterator[tuple[Attempt, Attempt]]:
    """Each failed check with the next run of the same check, where that one passed."""
    failed: Attempt | None = None
    for attempt in attempts:
        if not attempt.ran_check:
            continue
        if failed is not None and attempt.passed_check and attempt.stem == failed.stem:
            yield failed, attempt
        failed = attempt if attempt.has_failed else None


def _pairs(packet: Packet, failed: Attempt, passed: Attempt) -> Iterator[tuple[Step, Step]]:
    """Edits of a file before the failure with edits of another, untouched until then, after it."""
    # A line that edits a file and then runs the check is an edit before that check.
    before = [step for step in packet.steps[: failed.at + 1] if is_hand_edit(step)]
    after = [step for step in packet.steps[failed.at + 1 : passed.at + 1] if is_hand_edit(step)]
    touched = {step.path for step in before}
    # A file that is changed again after the failure was simply wrong the first time.
    mistaken = {step.path for step in after}
    for second in after:
        if second.path not in touched:
            yield from ((first, second) for first in before if first.path not in mistaken)


def _finding(packet: Packet, failed: Attempt, first: Step, second: Step) -> Finding | None:
    one, other = first.path, second.path
    if one is None or other is None or one.startswith("/") or other.startswith("/"):
        return None
    if is_test_path(one) or is_test_path(other) or any(generated_marker(packet, path) for path in (one, other)):
        return None
    shared = (_new_tokens(first) & _new_tokens(second)) - _known_tokens(packet, failed, one, other)
    mention = _mention(failed, other)
    if not shared and mention is None:
        return None
    quotes: tuple[EvidenceQuote, ...] = quote(failed.step, mention or _telling_line(failed) or _last_line(failed))
    return Finding(
        failure_class=FailureClass.CHANGE_TOGETHER,
        key=(("first", one), ("second", other)),
        sentence=f"After `{one}` had changed the check failed until `{other}` was changed too.",
        quotes=(*quotes, *quote(first, first.new_text), *quote(second, second.new_text)),
        paths=(one, other),
    )


def _new_tokens(step: Step) -> frozenset[str]:
    """The names an edit brought in."""
    return _tokens(step.new_text or "") - _tokens(step.old_text or "")


def _tokens(text: str) -> frozenset[str]:
    """The names in a text, and the parts of composed ones."""
    names = set(_TOKEN.findall(text))
    return frozenset(part for name in names for part in (name, *_PART.findall(name)) if not part.isdigit())


def _known_tokens(packet: Packet, failed: Attempt, one: str, other: str) -> frozenset[str]:
    """Words that stood in either file before: a language's own, and names that are no news."""
    shown = (step.output or "" for step in packet.steps if step.path in (one, other) and not step.is_write)
    replaced = (step.old_text or "" for step in packet.steps[: failed.at] if step.path in (one, other))
    return _tokens("\n".join((*shown, *replaced))) | _KEYWORDS


def _mention(failed: Attempt, path: str) -> str | None:
    """The line of a failed check that names a file."""
    name = PurePosixPath(path).name
    output = failed.step.output or ""
    lines = output.splitlines() if name in output else []
    return next((line for line in lines if names_path(line, path) or ("." in name and names_path(line, name))), None)


def _telling_line(failed: Attempt) -> str | None:
    """The first line that says what failed; the last one often says only that something did."""
    lines = (failed.step.output or "").splitlines()
    return next((line for line in lines if _FAILURE.search(line) and len(line) <= _LONGEST_LINE), None)


def _last_line(failed: Attempt) -> str | None:
    lines = [line for line in (failed.step.output or "").splitlines() if line.strip()]
    return lines[-1] if lines else None
