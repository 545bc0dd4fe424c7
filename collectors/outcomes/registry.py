"""The table of readers, and reading a report by format name or by content."""

from collections.abc import Callable, Mapping

from collectors.outcomes.console import ConsoleReader
from collectors.outcomes.ctrf import CtrfReader
from collectors.outcomes.go_json import GoJsonReader
from collectors.outcomes.jest_json import JestJsonReader
from collectors.outcomes.junit import JUnitReader
from collectors.outcomes.reader import Reader
from collectors.outcomes.swebench import SwebenchReader
from collectors.outcomes.tap import TapReader
from sidecar.domain import Outcome
from sidecar.errors import UnknownFormatError

READERS: Mapping[str, Callable[[], Reader]] = {
    "junit": JUnitReader,
    "ctrf": CtrfReader,
    "go_json": GoJsonReader,
    "jest_json": JestJsonReader,
    "tap": TapReader,
    "swebench": SwebenchReader,
    "console": ConsoleReader,
}
"""Format name to reader. Of any report at most one of them says that it recognises it."""

AUTO = "auto"


def reader(name: str) -> Reader:
    """The reader of a format.

    Raises:
        UnknownFormatError: No reader has that name; names those that exist.
    """
    try:
        return READERS[name]()
    except KeyError:
        raise UnknownFormatError(f"no reader for format {name!r}; expected one of {_names()} or {AUTO!r}") from None


def read_report(report: bytes, format: str = AUTO) -> Outcome:
    """A test report as an Outcome.

    Args:
        format: Name of a reader, or `auto` to go by content.
    Raises:
        UnknownFormatError: No such format, or with `auto` no reader recognises the content.
        DecodeError: The content is not what its format says.
        TooLargeError: Over a limit of the reader.
    """
    if format != AUTO:
        return reader(format).read(report)
    for name in READERS:
        candidate = reader(name)
        if candidate.recognises(report):
            return candidate.read(report)
    raise UnknownFormatError(_unrecognised(report))


def _unrecognised(report: bytes) -> str:
    shown = "it is empty" if not report.strip() else f"it begins with {report.strip()[:60]!r}"
    known = "; ".join(f"{name}: {make().expected}" for name, make in READERS.items())
    return f"no reader recognises this report of {len(report)} bytes: {shown}. Expected one of {known}"


def _names() -> str:
    return ", ".join(repr(name) for name in READERS)
