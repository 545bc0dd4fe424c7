"""How the command line speaks: results on standard output, errors, progress and the log on standard error.

Every line is out before the next one is made, so that a pipe shows progress; what cannot be written is an error.
Whatever is printed as a line stays one: words of reviewers, sessions and models must not be able to begin another.
"""

import json
import logging
import sys
from typing import BinaryIO, TextIO, cast

from sidecar.errors import InputError, OutputError

EXIT_FOUND = 1
EXIT_COULD_NOT_RUN = 2
_MOST_SHOWN = 200
"""Characters of somebody's words on a line: enough for a reason, too little to push what follows off the screen."""
_LINE_SIGN = " / "
"""Stands where a line ended."""


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    _write(_json(document, indent=2))


def print_json_line(document: object) -> None:
    """One JSON document on one line."""
    _write(_json(document, indent=None))


def print_json_text(text: str) -> None:
    """One JSON document that is text already."""
    _write(_escaped(text))


def print_line(text: str) -> None:
    """One line of result, whatever line ends the text has, with nothing in it that a terminal would obey."""
    print_text(_joined(text))


def print_text(text: str) -> None:
    """Lines of result that are meant to be several: a diff, a packet, settings."""
    encoding = sys.stdout.encoding if _is_open(sys.stdout) else "utf-8"
    _write((harmless(text) + "\n").encode(encoding, "backslashreplace"))


def print_bytes(content: bytes) -> None:
    """Bytes as they are."""
    _write(content)


def print_progress(text: str) -> None:
    """One line about work under way, on standard error; lost where that is closed."""
    if _is_open(sys.stderr):
        sys.stderr.write(f"{harmless(_joined(text))}\n")
        sys.stderr.flush()


def print_error(text: str) -> None:
    """One error, further lines of it set in; lost where standard error is closed, for nobody is left to tell."""
    if _is_open(sys.stderr):
        sys.stderr.write(f"sidecar: {_set_in(text)}\n")


class LogLines(logging.Formatter):
    """A record of the log as one line, what it failed by below it, set in: nothing in either begins another record."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The record but its stack."""
        return _joined(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """The record."""
        return _set_in(super().format(record))


def log_to_standard_error(words: str, level: int) -> None:
    """Log there, in place of where the process logged before.

    Args:
        words: What stands of a record, as `logging` takes it in style `%`.
        level: Below it nothing is logged.
    """
    shown = logging.StreamHandler()
    shown.setFormatter(LogLines(words))
    logging.basicConfig(level=level, handlers=[shown], force=True)


def typed_bytes() -> BinaryIO:
    """Standard input, undecoded.

    Raises:
        InputError: it is closed.
    """
    if not _is_open(sys.stdin):
        raise InputError("standard input is closed; pipe the text in, or name a file with < FILE")
    return sys.stdin.buffer


def one_line(words: str, *, at_most: int = _MOST_SHOWN) -> str:
    """Somebody's words as a part of a line: ` / ` for line ends of every kind, cut after so many characters."""
    joined = _joined(words).strip()
    return joined if len(joined) <= at_most else f"{joined[:at_most].rstrip()}…"


def harmless(text: str) -> str:
    """The text with control characters shown instead of obeyed; tab and newline stay."""
    return "".join(ch if ch in "\t\n" or ch.isprintable() else f"\\x{ord(ch):02x}" for ch in text)


def _set_in(text: str) -> str:
    """The text with its further lines set in, and nothing in it that a terminal would obey."""
    first, *rest = text.split("\n")
    lines = [first, *(line if not line or line.startswith((" ", "\t")) else f"  {line}" for line in rest)]
    return harmless("\n".join(lines))


def _joined(text: str) -> str:
    """The text without line ends, also those that only some terminals and readers take for one."""
    first, *rest = text.splitlines() or [""]
    return _LINE_SIGN.join([first, *(line.strip() for line in rest if line.strip())])


def _json(document: object, *, indent: int | None) -> bytes:
    return _escaped(json.dumps(document, indent=indent, ensure_ascii=False))


def _escaped(text: str) -> bytes:
    """JSON as a line of UTF-8 in which everything that is not printable, lone surrogates included, is an escape."""
    if not text.replace("\n", "").isprintable():
        text = "".join(ch if ch == "\n" or ch.isprintable() else json.dumps(ch)[1:-1] for ch in text)
    return f"{text}\n".encode()


def _is_open(stream: TextIO) -> bool:
    # Python sets a standard stream to None when the process was started without it.
    return cast("TextIO | None", stream) is not None


def _write(content: bytes) -> None:
    if not _is_open(sys.stdout):
        raise OutputError("standard output is closed, so the result cannot be printed; open it, or send it to a file")
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as exc:
        raise OutputError(f"standard output cannot be written: {exc.strerror}; send it elsewhere") from exc
