"""The table of readers, and reading a report by format name or by content."""

import re
from collections.abc import Callable, Mapping

from collectors.outcomes.console import ConsoleReader
from collectors.outcomes.ctrf import CtrfReader
from collectors.outcomes.form import Form, decoded_head, form_of
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

_OTHER_JSON = re.compile(
    r'(?P<dart>^\{"protocolVersion":)'
    r'|(?P<mocha>"stats"\s*:\s*\{\s*"suites"\s*:)'
    r'|(?P<rspec>"examples"\s*:\s*\[|"summary_line"\s*:)'
    r'|(?P<playwright>"suites"\s*:\s*\[.{0,4000}?"specs"\s*:)'
    r'|(?P<pytest>"exitcode"\s*:\s*\d,\s*"root"\s*:)'
    r'|(?P<allure>"(?:historyId|testCaseId)"\s*:)'
    r'|(?P<cucumber>"elements"\s*:\s*\[)',
    re.S,
)
_INSTEAD = {
    "dart": "the events of Dart's or Flutter's tests; pipe them through `tojunit` of the package junitreport",
    "mocha": "mocha's own JSON; run it with --reporter xunit or tap",
    "rspec": "RSpec's own JSON; run it with the formatter of the gem rspec_junit_formatter",
    "playwright": "Playwright's own JSON; run it with --reporter=junit",
    "pytest": "JSON of a pytest plug-in; run pytest with --junitxml=FILE",
    "allure": "a result of Allure; have the runner write JUnit XML too",
    "cucumber": "Cucumber's own JSON; run it with the format junit",
}
"""JSON of runners that write a form which is read, too."""


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
    other = _OTHER_JSON.search(decoded_head(report)) if form_of(report) is Form.JSON else None
    if other is not None and other.lastgroup is not None:
        return f"this report of {len(report)} bytes is {_INSTEAD[other.lastgroup]}"
    known = "; ".join(f"{name}: {make().expected}" for name, make in READERS.items())
    return f"no reader recognises this report of {len(report)} bytes: {shown}. Expected one of {known}"


def _names() -> str:
    return ", ".join(repr(name) for name in READERS)
