"""What the lines of one runner mean: the record most families of runners are told by."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import TestResult, TestStatus

_NUMBER_WORD = re.compile(r"(?P<number>\d{1,9}) +(?:tests? )?(?P<word>[A-Za-z]+)")
_WORD_NUMBER = re.compile(r"(?P<word>[A-Za-z]+)(?: tests)?[:=]? *(?P<number>\d{1,9})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the lines of one runner mean. Every pattern is matched at the start of a line and takes linear time."""

    sign: re.Pattern[str]
    """Searched in the whole text (multi-line); without it this runner did not run."""
    words: Mapping[str, TestStatus]
    """The runner's words and signs, in lower case, for statuses: of results and of counts."""
    results: tuple[re.Pattern[str], ...] = ()
    """A test with `id`, and `word` and `directive` that name its status; without a word it failed."""
    totals: tuple[re.Pattern[str], ...] = ()
    """Summary lines, by preference. Named groups of statuses or `total`, else numbers beside `words`."""
    total_words: frozenset[str] = frozenset()
    """Words beside which a summary says how many tests there were."""
    section: re.Pattern[str] | None = None
    """Begins the tests of one `key`: a file, a package, a binary. The same key again is a rerun of it."""
    restart: re.Pattern[str] | None = None
    """Begins a run: what came before is another run's."""
    title: re.Pattern[str] | None = None
    """A suite's title `id` in a tree told by indentation."""
    separator: str = " > "
    """Between titles and the name of a test."""
    heading: re.Pattern[str] | None = None
    """Begins the details of the failed test `id`."""
    error: re.Pattern[str] | None = None
    """A section that could not run; `id` or the section's key names it."""
    kind: re.Pattern[str] | None = None
    """Says with `word` which status the headings below have."""
    message: re.Pattern[str] | None = None
    """First words of a failure, `message`, below its result or heading."""
    announcement: re.Pattern[str] | None = None
    """A line whose next line is the message."""
    place: re.Pattern[str] | None = None
    """A frame of a failure: `path` and `line`."""
    begun: re.Pattern[str] | None = None
    """A test `id` whose status follows, after what it prints, on a line of its own."""
    ended: re.Pattern[str] | None = None
    """That line, with `word`."""
    failed_holds_errors: bool = False
    """The summary's number of failures counts the tests that could not run too."""
    lists_once: bool = False
    """A name that comes again is another test and no rerun, as with TAP's assertions."""
    is_summed: bool = False
    """Summaries of one run add up (one per package); else the last one tells."""


def numbers_of(found: re.Match[str], line: str, table: Table) -> dict[str, int]:
    """What a summary line counts: `2 passed, 1 failed` or `Passed: 2, Failed: 1`, by the table's words only."""
    if found.re.groupindex:
        return {word: int(number) for word, number in found.groupdict().items() if number}
    for pattern in (_NUMBER_WORD, _WORD_NUMBER):
        numbers: dict[str, int] = {}
        for pair in pattern.finditer(line):
            word = pair.group("word").lower()
            if word in table.words or word in table.total_words:
                numbers.setdefault(word, int(pair.group("number")))
        if numbers:
            return numbers
    return {}


def counts_by(table: Table, totals: Mapping[str, int], tests: Sequence[TestResult]) -> dict[TestStatus, int]:
    """Counts of a run: as its summary says, never fewer bad or skipped tests than it lists."""
    said = dict.fromkeys(TestStatus, 0)
    for word, number in totals.items():
        status = next((status for status in TestStatus if status.value == word), table.words.get(word))
        if status is not None and word not in table.total_words:
            said[status] += number
    total = sum(number for word, number in totals.items() if word == "total" or word in table.total_words)
    listed = [test.status for test in tests]
    if table.failed_holds_errors:
        said[TestStatus.PASSED] = max(total - said[TestStatus.FAILED], 0)
        said[TestStatus.FAILED] = max(said[TestStatus.FAILED] - listed.count(TestStatus.ERRORED), 0)
    for status in (TestStatus.FAILED, TestStatus.ERRORED, TestStatus.SKIPPED):
        said[status] = max(said[status], listed.count(status))
    tells_passes = bool(total) or said[TestStatus.PASSED] > 0
    if not said[TestStatus.PASSED]:
        rest = total - said[TestStatus.FAILED] - said[TestStatus.ERRORED] - said[TestStatus.SKIPPED]
        said[TestStatus.PASSED] = max(rest, 0)
    if not tells_passes:
        # some runners sum up only what failed or was skipped
        said[TestStatus.PASSED] = listed.count(TestStatus.PASSED)
    return said
