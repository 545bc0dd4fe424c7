"""Reads the shell text an agent ran as plain argument vectors, or says that it cannot.

Only what can be told without running it is accepted: words, quotes, `&&`, `;`, newlines, `cd`, groups in brackets,
assignments, redirections, texts written into files and pipes into text filters. Everything else (substitutions, loops,
background jobs, pipes into programs) gives None, because a command that is not fully understood must never be repeated
to anybody.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sidecar.shell_programs import ASSIGNMENT, EMITTERS, FILTERS, SILENT, edited_in_place
from sidecar.shell_words import Heredoc, Redirection, Token, UnparsableError, Word, require, tokens

_BRACKETS = frozenset({"(", ")"})
_RESERVED = frozenset({"!", "[[", "case", "for", "function", "if", "select", "until", "while", "{"})
"""Words that begin something other than a simple command."""
_SECRET = re.compile(r"(?i)key|token|secret|passw|credential|auth|\[REDACTED")
_SHELL = r"(?:\S*/)?(?:a|ba|c|da|fi|k|tc|z)?sh\b"
_FETCH_AND_RUN = (
    re.compile(rf"://[^\n;]*\|&?\s*(?:[\w=/.-]+\s+)*?{_SHELL}"),
    re.compile(rf"://[^\n;]*\|&?\s*(?!(?:{'|'.join(sorted(FILTERS))})\b)[^\s|;&]+(?:\s+-\S*)*\s*(?:$|[\n;&|>])"),
    re.compile(rf"(?:\b(?:eval|source|exec)\b|(?<!\S){_SHELL}|(?:^|[\n;&])\s*\.\s)[^\n;|]*[$<]\([^)]*://"),
)
"""A pipe from an address into a shell or a program given nothing else to run, or a substitution that does the same."""
_LONGEST_SEARCHED = 20_000
"""Characters; longer text is a program in itself and is not understood anyway."""
_DURATION = re.compile(r"\d+(?:\.\d+)?[smhd]?")
_OUTPUT = re.compile(r"[1&]?(?:>>|>\||>)")
"""Redirections that write what a command says into a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleCommand:
    """One program with its arguments."""

    argv: tuple[str, ...]
    """Assignments that are no secrets first, then program and arguments, without quotes."""
    folder: str | None
    """Where a `cd` before it led, as written; None for where the shell was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that a command line clearly writes."""

    path: str
    """As written, below the folder the line had moved to."""
    text: str | None
    """What was written; None when that cannot be told."""
    is_by_hand: bool
    """The text stands in the line, or an editor changed the file; False for the output of a program."""
    is_whole: bool = False
    """The file holds nothing else afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """What one piece of shell text runs, in order."""

    commands: tuple[SimpleCommand, ...]
    """Without `cd`, `echo`, what only writes a file by hand, and the like; may be empty."""
    hides_status: bool
    """The exit code is not that of the last command: a filter or `|| true` stands behind it."""
    folder: str | None
    """Where the shell stands afterwards, as written; None when no `cd` moved it."""
    writes: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    """One simple command with the operator before it."""

    operator: str
    words: tuple[Word, ...]
    outputs: tuple[tuple[str, bool], ...] = ()
    """Files that its output goes into, and whether it replaces what they held."""
    heredoc: str | None = None


@dataclass(slots=True)
class _Reading:
    """What has been read of a line so far."""

    commands: list[SimpleCommand] = field(default_factory=list[SimpleCommand])
    writes: list[Written] = field(default_factory=list[Written])
    exported: tuple[str, ...] = ()
    folder: str | None = None
    hides_status: bool = False
    said: str | None = None
    """Text that the clause before gave to the pipe; None when a program made it."""
    is_said_by_hand: bool = False
    outer: list[str | None] = field(default_factory=list[str | None])
    """Folders outside the open brackets."""


def parse_command_line(text: str) -> CommandLine | None:
    """What shell text runs; None when it cannot be told."""
    try:
        return _command_line(list(tokens(text)))
    except UnparsableError:
        return None


def simple_commands(text: str) -> list[tuple[str, ...]] | None:
    """The argument vectors that shell text runs, in order; None when it cannot be told."""
    line = parse_command_line(text)
    return None if line is None else [command.argv for command in line.commands]


def written_by_hand(text: str) -> tuple[Written, ...]:
    """The files that shell text clearly edits: by a text that stands in it, or by an editor told which file."""
    line = parse_command_line(text) if ">" in text or "tee" in text or " -" in text else None
    return () if line is None else tuple(one for one in line.writes if one.is_by_hand)


def runs_what_it_fetched(text: str) -> bool:
    """Whether shell text runs something that came from an address, understood or not."""
    return any(pattern.search(text[:_LONGEST_SEARCHED]) for pattern in _FETCH_AND_RUN)


def _command_line(read: list[Token]) -> CommandLine:
    reading = _Reading()
    for clause in _clauses(read):
        if clause.operator == "(":
            reading.outer.append(reading.folder)
        elif clause.operator == ")":
            require(bool(reading.outer))
            reading.folder = reading.outer.pop()
        else:
            _read(reading, clause)
    require(not reading.outer)
    return CommandLine(
        commands=tuple(reading.commands),
        hides_status=reading.hides_status,
        folder=reading.folder,
        writes=tuple(reading.writes),
    )


def _read(reading: _Reading, clause: _Clause) -> None:
    """Add one simple command to what has been read."""
    argv = _unwrapped(clause.words)
    program = argv[0] if argv else ""
    is_piped = clause.operator in ("|", "|&")
    is_by_hand = program in EMITTERS and (not is_piped or reading.is_said_by_hand)
    require(clause.heredoc is None or program in EMITTERS)
    written = _written(reading, clause, argv, is_by_hand)
    reading.said = clause.heredoc if clause.heredoc is not None else _spoken(argv, clause) or reading.said
    reading.is_said_by_hand = is_by_hand
    reading.writes += written
    if is_piped:
        require(program in FILTERS or program == "tee")
        reading.hides_status = True
    elif clause.operator == "||":
        require(program in SILENT)
        reading.hides_status = True
    elif program == "cd":
        require(len(argv) == 2 and argv[1] != "-" and all(word.is_literal for word in clause.words))
        reading.folder = posixpath.normpath(posixpath.join(reading.folder or "", argv[1]))
    elif program == "export" and all(ASSIGNMENT.match(word) for word in argv[1:]):
        reading.exported += _harmless(argv[1:])
    elif program and program not in SILENT and not any(one.is_by_hand for one in written):
        require(all(word.is_literal for word in clause.words) and program not in _RESERVED and clause.heredoc is None)
        reading.commands.append(SimpleCommand(argv=reading.exported + argv, folder=reading.folder))
        reading.hides_status = False


def _written(reading: _Reading, clause: _Clause, argv: tuple[str, ...], is_by_hand: bool) -> list[Written]:
    """The files that one simple command clearly writes."""
    outputs = [(path, is_whole) for path, is_whole in clause.outputs if not path.startswith(("/dev/", "&"))]
    if argv[:1] == ("tee",):
        is_whole = not any(word in ("-a", "--append") for word in argv)
        outputs += [(word, is_whole) for word in argv[1:] if not word.startswith("-")]
    text = (clause.heredoc if clause.heredoc is not None else _spoken(argv, clause) or reading.said) or None
    said = text if is_by_hand else None
    found = [Written(path=path, text=said, is_by_hand=is_by_hand, is_whole=whole) for path, whole in outputs]
    found += [Written(path=path, text=None, is_by_hand=True) for path in edited_in_place(argv)]
    folder = reading.folder or ""
    return [replace(one, path=posixpath.normpath(posixpath.join(folder, one.path))) for one in found]


def _spoken(argv: tuple[str, ...], clause: _Clause) -> str | None:
    """The words of a command that only says them."""
    is_told = argv[:1] in (("echo",), ("printf",)) and all(word.is_literal for word in clause.words)
    return " ".join(argv[1:]) if is_told else None


def _clauses(read: Sequence[Token]) -> Iterator[_Clause]:
    """Each simple command with the operator before it; brackets as clauses of their own."""
    operator = ";"
    words: list[Word] = []
    outputs: list[tuple[str, bool]] = []
    heredoc: str | None = None
    for piece in (*read, ";"):
        match piece:
            case Word():
                words.append(piece)
            case Redirection(sign=sign, target=target):
                is_output = _OUTPUT.fullmatch(sign) and target.is_literal
                outputs += [(target.text, ">>" not in sign)] if is_output else []
            case Heredoc(text=text):
                heredoc = text
            case str():
                require(piece != "&" and (piece != "(" or (not words and operator not in ("|", "|&", "||"))))
                if words or heredoc is not None:
                    yield _Clause(operator=operator, words=tuple(words), outputs=tuple(outputs), heredoc=heredoc)
                if piece in _BRACKETS:
                    yield _Clause(operator=piece, words=())
                # A line break after an operator continues the command.
                operator = operator if not words and piece.isspace() else ";" if piece in _BRACKETS else piece
                words, outputs, heredoc = [], [], None


def _unwrapped(words: Sequence[Word]) -> tuple[str, ...]:
    """The words without what only times them and without assignments that look like secrets."""
    assignments: list[str] = []
    argv = [word.text for word in words]
    while argv and (ASSIGNMENT.match(argv[0]) or argv[0] in ("time", "timeout", "command", "env")):
        wrapper = argv.pop(0)
        if ASSIGNMENT.match(wrapper):
            assignments.append(wrapper)
            continue
        if wrapper == "command" and argv[:1] in (["-v"], ["-V"]):
            return (wrapper, *argv)
        # An option of `timeout` may have a value: the limit is the first word that is a time.
        limit = next((at for at, word in enumerate(argv[:5]) if _DURATION.fullmatch(word)), None)
        if wrapper == "timeout" and limit is not None:
            del argv[: limit + 1]
        while argv and argv[0].startswith("-"):
            argv.pop(0)
    return (*_harmless(assignments), *argv) if argv else ()


def _harmless(assignments: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in assignments if not _SECRET.search(word))
