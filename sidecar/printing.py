"""How the command line speaks: results on standard output, errors and progress on standard error."""

import sys

import orjson

EXIT_DONE = 0
EXIT_FOUND = 1
EXIT_COULD_NOT_RUN = 2


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")


def print_json_line(document: object) -> None:
    """One JSON document on one line."""
    sys.stdout.write(orjson.dumps(document).decode() + "\n")


def print_line(text: str) -> None:
    """One line of result, with nothing in it that a terminal would obey."""
    sys.stdout.write(harmless(text) + "\n")


def print_error(text: str) -> None:
    """One error."""
    sys.stderr.write(f"sidecar: {harmless(text)}\n")


def harmless(text: str) -> str:
    """The text with control characters shown instead of obeyed; tab and newline stay."""
    return "".join(ch if ch in "\t\n" or ch.isprintable() else f"\\x{ord(ch):02x}" for ch in text)
