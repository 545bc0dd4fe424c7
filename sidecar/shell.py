"""Reads the shell text an agent ran as plain argument vectors, or says that it cannot.

Only what can be told without running it is accepted: words, quotes, `&&`, `;`, newlines, `cd`, assignments,
redirections and pipes into text filters. Everything else (substitutions, loops, subshells, background jobs, pipes into
programs) gives None, because a command that is not fully understood must never be repeated to anybody.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

_FILTERS = frozenset(
    {"awk", "cat", "cut", "egrep", "fgrep", "grep", "head", "less", "more", "nl", "sed", "sort", "tail", "tr", "uniq"}
)
"""Programs that only shape the text of the command before them."""
_SILENT = frozenset((":", "clear", "echo", "exit", "printf", "pwd", "set", "sleep", "true", "unset", "wait"))
"""Shell builtins that do not change whether the next command works."""
_RESERVED = frozenset({"!", "[[", "case", "for", "function", "if", "select", "until", "while", "{"})
"""Words that begin something other than a simple command."""
_OPERATORS = ("&&", "||", "|&", ";", "|", "&", "(", ")", "\n")
_REDIRECTION = re.compile(r"(?:\d*|&)(?:>>|>\||>|<)&?")
_HEREDOC = re.compile(r"\d*<<")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_SECRET = re.compile(r"(?i)key|token|secret|passw|credential|auth|\[REDACTED")
_SHELL = r"(?:\S*/)?(?:a|ba|c|da|fi|k|tc|z)?sh\b"
_FETCH_AND_RUN = (
    re.compile(rf"://[^\n;]*\|&?\s*(?:[\w=/.-]+\s+)*?{_SHELL}"),
    re.compile(rf"://[^\n;]*\|&?\s*(?!(?:{'|'.join(sorted(_FILTERS))})\b)[^\s|;&]+(?:\s+-\S*)*\s*(?:$|[\n;&|>])"),
    re.compile(rf"(?:\b(?:eval|source|exec)\b|(?<!\S){_SHELL}|(?:^|[\n;&])\s*\.\s)[^\n;|]*[$<]\([^)]*://"),
)
"""A pipe from an address into a shell or a program given nothing else to run, or a substitution that does the same."""
_LONGEST_SEARCHED = 20_000
"""Characters; longer text is a program in itself and is not understood anyway."""
_DURATION = re.compile(r"\d+(?:\.\d+)?[smhd]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleCommand:
    """One program with its arguments."""

    argv: tuple[str, ...]
    """Assignments that are no secrets first, then program and arguments, without quotes."""
    folder: str | None
    """Where a `cd` before it led, as written; None for where the shell was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """What one piece of shell text runs, in order."""

    commands: tuple[SimpleCommand, ...]
    """Without `cd`, `echo` and the like; may be empty."""
    hides_status: bool
    """The exit code is not that of the last command: a filter or `|| true` stands behind it."""
    folder: str | None
    """Where the shell stands afterwards, as written; None when no `cd` moved it."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    is_literal: bool
    """False when the shell would replace a part of it."""


class _Unparsable(Exception):
    """The text means something that is not understood here."""


def parse_command_line(text: str) -> CommandLine | None:
    """What shell text runs; None when it cannot be told."""
    try:
        return _command_line(list(_tokens(text)))
    except _Unparsable:
        return None


def simple_commands(text: str) -> list[tuple[str, ...]] | None:
    """The argument vectors that shell text runs, in order; None when it cannot be told."""
    line = parse_command_line(text)
    return None if line is None else [command.argv for command in line.commands]


def only_shows_text(argv: tuple[str, ...]) -> bool:
    """Whether a command only shows or shapes text that is there already."""
    return bool(argv) and posixpath.basename(argv[0]) in _FILTERS


def runs_what_it_fetched(text: str) -> bool:
    """Whether shell text runs something that came from an address, understood or not."""
    return any(pattern.search(text[:_LONGEST_SEARCHED]) for pattern in _FETCH_AND_RUN)


def _command_line(tokens: list[_Word | str]) -> CommandLine:
    commands: list[SimpleCommand] = []
    exported: tuple[str, ...] = ()
    folder: str | None = None
    hides_status = False
    for operator, words in _clauses(tokens):
        argv = _unwrapped(words)
        program = argv[0] if argv else ""
        if operator in ("|", "|&"):
            _require(program in _FILTERS)
            hides_status = True
        elif operator == "||":
            _require(program in _SILENT)
            hides_status = True
        elif program == "cd":
            _require(len(argv) == 2 and argv[1] != "-" and all(word.is_literal for word in words))
            folder = posixpath.normpath(posixpath.join(folder or "", argv[1]))
        elif program == "export" and all(_ASSIGNMENT.match(word) for word in argv[1:]):
            exported += _harmless(argv[1:])
        elif program and program not in _SILENT:
            _require(all(word.is_literal for word in words) and program not in _RESERVED)
            commands.append(SimpleCommand(argv=exported + argv, folder=folder))
            hides_status = False
    return CommandLine(commands=tuple(commands), hides_status=hides_status, folder=folder)


def _clauses(tokens: list[_Word | str]) -> Iterator[tuple[str, list[_Word]]]:
    """Each run of words with the operator before it."""
    operator, words = ";", list[_Word]()
    for token in [*tokens, ";"]:
        if isinstance(token, _Word):
            words.append(token)
            continue
        _require(token not in ("&", "(", ")"))
        if words:
            yield operator, words
        # A line break after an operator continues the command.
        operator = operator if not words and token.isspace() else token
        words = []


def _unwrapped(words: list[_Word]) -> tuple[str, ...]:
    """The words without what only times them and without assignments that look like secrets."""
    texts = [word.text for word in words]
    first = next((at for at, text in enumerate(texts) if not _ASSIGNMENT.match(text)), len(texts))
    assignments, argv = texts[:first], texts[first:]
    while argv and argv[0] in ("time", "timeout", "command"):
        wrapper = argv.pop(0)
        while argv and argv[0].startswith("-"):
            argv.pop(0)
        if wrapper == "timeout" and argv and _DURATION.fullmatch(argv[0]):
            argv.pop(0)
    return (*_harmless(assignments), *argv) if argv else ()


def _harmless(assignments: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in assignments if not _SECRET.search(word))


def _tokens(text: str) -> Iterator[_Word | str]:
    """Words and operators; redirections are left out."""
    at, skip_target = 0, False
    while at < len(text):
        if text[at] in " \t\r" or text.startswith("\\\n", at):
            at += 2 if text[at] == "\\" else 1
        elif text[at] == "#":
            at = next((end for end in (text.find("\n", at),) if end >= 0), len(text))
        elif _HEREDOC.match(text, at):
            raise _Unparsable
        elif redirection := _REDIRECTION.match(text, at):
            at, skip_target = redirection.end(), True
        elif operator := next((sign for sign in _OPERATORS if text.startswith(sign, at)), None):
            at += len(operator)
            yield ";" if operator == "\n" and skip_target else operator
        else:
            word, at = _word(text, at)
            if not skip_target:
                yield word
            skip_target = False


def _word(text: str, at: int) -> tuple[_Word, int]:
    """The word that starts at a place, and where it ends."""
    parts: list[str] = []
    is_literal = True
    while at < len(text) and text[at] not in " \t\r\n;|&()<>":
        sign = text[at]
        if sign == "\\":
            parts.append(text[at + 1 : at + 2])
            at += 2
        elif sign in "'\"":
            end = _closing(text, at)
            inner = text[at + 1 : end]
            is_literal = is_literal and (sign == "'" or not re.search(r"[$`]", inner))
            parts.append(inner if sign == "'" else re.sub(r'\\(["\\$`])', r"\1", inner))
            at = end + 1
        else:
            is_literal = is_literal and sign not in "$`"
            parts.append(sign)
            at += 1
    return _Word("".join(parts), is_literal), at


def _closing(text: str, at: int) -> int:
    """Where the quote that opens at a place closes."""
    quote, end = text[at], at + 1
    while end < len(text) and text[end] != quote:
        end += 2 if quote == '"' and text[end] == "\\" else 1
    _require(end < len(text))
    return end


def _require(is_understood: bool) -> None:
    if not is_understood:
        raise _Unparsable
