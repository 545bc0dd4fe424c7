"""Cuts shell text into words, operators, redirections and here-documents, or says that it cannot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATORS = ("&&", "||", "|&", ";", "|", "&", "(", ")", "\n")
_REDIRECTION = re.compile(r"(?:\d*|&)(?:>>|>\||>|<)&?")
_HEREDOC = re.compile(r"\d*<<(?P<strips>-?)(?!<)[ \t]*")
_HERE_STRING = re.compile(r"\d*<<<")
_RUNS_INSIDE = re.compile(r"\$\(|`")


@dataclass(frozen=True, slots=True)
class Word:
    """One argument."""

    text: str
    is_literal: bool
    """False when the shell would replace a part of it."""


@dataclass(frozen=True, slots=True)
class Redirection:
    """A redirection with its target."""

    sign: str
    """As written: `>`, `2>>`, `>&`."""
    target: Word


@dataclass(frozen=True, slots=True)
class Heredoc:
    """Text given to a command on its standard input."""

    text: str


Token = Word | Redirection | Heredoc | str
"""A string is an operator."""


class UnparsableError(Exception):
    """The text means something that is not understood here."""


def require(is_understood: bool) -> None:
    """Stop when something is not understood.

    Raises:
        UnparsableError: it is not.
    """
    if not is_understood:
        raise UnparsableError


def tokens(text: str) -> Iterator[Token]:
    """The tokens of shell text, in order.

    Raises:
        UnparsableError: a quote does not close, or a here-document would run something.
    """
    at = 0
    line_end, body_end = -1, -1
    sign: str | None = None
    while at < len(text):
        if text[at] in " \t\r" or text.startswith("\\\n", at):
            at += 2 if text[at] == "\\" else 1
        elif text[at] == "#":
            at = next((end for end in (text.find("\n", at),) if end >= 0), len(text))
        elif at == line_end:
            yield "\n"
            at, line_end = body_end, -1
        elif _HERE_STRING.match(text, at):
            raise UnparsableError
        elif heredoc := _HEREDOC.match(text, at):
            delimiter, at = _word(text, heredoc.end())
            is_quoted = text[heredoc.end() : heredoc.end() + 1] in ("'", '"', "\\")
            if line_end < 0:
                line_end = body_end = text.find("\n", at)
                body_end += 1
            body, body_end = _body(text, line_end, body_end, delimiter.text)
            require(is_quoted or not _RUNS_INSIDE.search(body))
            yield Heredoc(body)
        elif redirection := _REDIRECTION.match(text, at):
            at, sign = redirection.end(), redirection[0]
        elif operator := next((one for one in _OPERATORS if text.startswith(one, at)), None):
            at += len(operator)
            # A redirection without a target ends here.
            yield ";" if operator == "\n" and sign is not None else operator
        else:
            word, at = _word(text, at)
            yield word if sign is None else Redirection(sign, word)
            sign = None


def _body(text: str, line_end: int, start: int, delimiter: str) -> tuple[str, int]:
    """A here-document's text, and where what follows it begins."""
    require(line_end >= 0 and delimiter != "")
    at = start
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text[at:end].strip() == delimiter:
            return text[start:at], min(end + 1, len(text))
        at = end + 1
    raise UnparsableError


def _word(text: str, at: int) -> tuple[Word, int]:
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
    return Word("".join(parts), is_literal), at


def _closing(text: str, at: int) -> int:
    """Where the quote that opens at a place closes."""
    quote, end = text[at], at + 1
    while end < len(text) and text[end] != quote:
        end += 2 if quote == '"' and text[end] == "\\" else 1
    require(end < len(text))
    return end
