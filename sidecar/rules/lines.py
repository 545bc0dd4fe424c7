"""A rules file's bytes as text and lines, so that every byte comes back: encodings, byte order marks, line ends.

A line ends with LF, CR LF or a lone CR, as Markdown has it; other characters that Unicode calls line ends do not end
one, for no agent and no formatter takes them so.
"""

import re
from collections.abc import Sequence

from sidecar.errors import RulesFileError

MAX_FILE_BYTES = 1_048_576
"""Seven times the longest rules file seen; a longer one only costs time."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_UTF32_MARKS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_ENCODING_ERRORS = {"utf-8": "surrogateescape", "utf-16-le": "surrogatepass", "utf-16-be": "surrogatepass"}
"""How each codec carries bytes that are not text, so that they come back unchanged."""


def decoded(content: bytes) -> tuple[str, str]:
    """A whole file as text and the codec it is in.

    Raises:
        RulesFileError: it is too long, or no text of an encoding that agents read.
    """
    if len(content) > MAX_FILE_BYTES:
        raise RulesFileError(
            f"the file has {len(content)} bytes; no rules file is longer than {MAX_FILE_BYTES}: name the right file"
        )
    encoding = _encoding(content)
    try:
        return decoded_part(content, encoding), encoding
    except UnicodeDecodeError as exc:
        raise RulesFileError(f"the file begins as {encoding} and is cut at byte {exc.start}; save it as UTF-8") from exc


def decoded_part(content: bytes, encoding: str) -> str:
    """Text of a part of a file whose codec is known."""
    return content.decode(encoding, _ENCODING_ERRORS[encoding])


def encoded(text: str, encoding: str) -> bytes:
    """The bytes that `decoded` made this text of."""
    return text.encode(encoding, _ENCODING_ERRORS[encoding])


def split_lines(text: str) -> list[str]:
    """Lines with their ends; joined they are the text again."""
    return _LINE.findall(text)


def without_end(line: str) -> str:
    """A line without what ends it."""
    return line.rstrip("\r\n")


def newline_of(text: str) -> str:
    """The line end that a text uses most; LF where none is ahead."""
    windows = text.count("\r\n")
    unix, mac = text.count("\n") - windows, text.count("\r") - windows
    if windows > max(unix, mac):
        return "\r\n"
    return "\r" if mac > max(unix, windows) else "\n"


def markdown_lines(lines: Sequence[str]) -> str:
    """The lines as one text that Markdown counts in the same way."""
    return "".join(f"{without_end(line)}\n" for line in lines)


def _encoding(content: bytes) -> str:
    if content.startswith(_UTF32_MARKS):
        raise RulesFileError("the file is UTF-32, which no agent reads; save it as UTF-8")
    if content.startswith(b"\xff\xfe"):
        return "utf-16-le"
    return "utf-16-be" if content.startswith(b"\xfe\xff") else "utf-8"
