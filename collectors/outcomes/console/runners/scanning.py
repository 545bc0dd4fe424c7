"""Reads any runner that can be told by its lines, in one pass over a log by the runner's Table."""

from collections.abc import Mapping
from dataclasses import replace

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.sections import Failure, Section
from collectors.outcomes.console.runners.table import Table, counts_by, numbers_of
from collectors.outcomes.verdicts import gravest_per_name, numbered, one_per_test
from sidecar.domain import TestResult, TestStatus

_BAD = (TestStatus.FAILED, TestStatus.ERRORED)
_MESSAGE_CHARS = 2_000


def read_table(table: Table, log: Log) -> Run | None:
    """The last run that the table finds in the log."""
    if table.sign.search(log.text) is None:
        return None
    reading = _Reading(table)
    for index, line in enumerate(log.lines):
        if line and reading.take(line):
            reading.end = index
    return reading.run()


class _Reading:
    """One pass over the lines."""

    def __init__(self, table: Table) -> None:
        self.end = 0
        self._table = table
        self._begin()

    def _begin(self) -> None:
        self._sections = [Section(key="")]
        self._failures: dict[str, Failure] = {}
        self._current: Failure | None = None
        self._titles: list[tuple[int, str, int]] = []
        self._heading_status = TestStatus.FAILED
        self._begun: str | None = None

    def take(self, line: str) -> bool:
        """Reads one line; whether it meant anything but detail."""
        table = self._table
        if table.restart and table.restart.match(line):
            self._begin()
            return True
        if self._take_total(line) or self._take_section(line) or self._take_heading_kind(line):
            return True
        if self._section.is_closed and self._take_heading(line):
            return True
        if self._take_error(line) or self._take_result(line) or self._take_heading(line) or self._take_ended(line):
            return True
        self._take_title(line)
        self._take_detail(line)
        return False

    @property
    def _section(self) -> Section:
        return self._sections[-1]

    def _take_total(self, line: str) -> bool:
        for rank, pattern in enumerate(self._table.totals):
            found = pattern.match(line)
            if found is None:
                continue
            numbers = numbers_of(found, line, self._table)
            known = self._section.totals.setdefault(rank, {})
            for word, number in numbers.items():
                known[word] = number + (known.get(word, 0) if self._table.is_summed else 0)
            self._section.is_closed = True
            self._current = None
            return True
        return False

    def _take_section(self, line: str) -> bool:
        found = self._table.section.match(line) if self._table.section else None
        if found is None:
            return False
        self._reopen()
        key = found.groupdict().get("key") or f"#{len(self._sections)}"
        self._sections = [section for section in self._sections if section.key != key]
        self._sections.append(Section(key=key))
        self._titles = []
        return True

    def _reopen(self) -> None:
        """After a summary something runs again: unless summaries add up, it is another run."""
        if self._section.is_closed and not self._table.is_summed:
            self._begin()

    def _take_heading_kind(self, line: str) -> bool:
        found = self._table.kind.match(line) if self._table.kind else None
        if found is not None:
            self._heading_status = self._table.words.get(found.group("word").lower(), TestStatus.FAILED)
        return found is not None

    def _take_heading(self, line: str) -> bool:
        found = self._table.heading.match(line) if self._table.heading else None
        if found is None:
            return False
        name = found.group("id").strip()
        groups = found.groupdict()
        self._detail(name, groups)
        known = self._known(name)
        if known is None and self._heading_status in (*_BAD, TestStatus.SKIPPED):
            self._section.tests.append(TestResult(id=name, status=self._heading_status))
        elif known is not None:
            self._failures[known.id] = self._failures[name]
        return True

    def _known(self, name: str) -> TestResult | None:
        """The test a heading speaks of: by name, or a failed one by the end of its name."""
        tests = [test for section in self._sections for test in section.tests]
        bad = [test for test in tests if test.status in _BAD]
        tail = self._table.separator
        same = [test for test in bad if test.id == name or name.endswith((tail + test.id, " " + test.id))]
        same += [test for test in bad if test.id.endswith(tail + name)]
        return next((test for test in [*same, *tests] if test in same or test.id == name), None)

    def _take_error(self, line: str) -> bool:
        found = self._table.error.match(line) if self._table.error else None
        if found is None:
            return False
        name = found.groupdict().get("id") or self._section.key or line.strip()
        self._section.tests.append(TestResult(id=name, status=TestStatus.ERRORED))
        self._detail(name, found.groupdict())
        return True

    def _take_result(self, line: str) -> bool:
        for pattern in self._table.results:
            found = pattern.match(line)
            if found is None:
                continue
            groups = found.groupdict()
            status = self._status(groups)
            if status is None:
                continue
            if self._section.is_closed and not self._table.is_summed:
                self._begin()
            name = self._full_name(line, found.group("id").strip())
            if name is not None:
                self._section.tests.append(TestResult(id=name, status=status))
                self._current = None
                if status in _BAD:
                    self._detail(name, groups)
            return True
        return False

    def _take_ended(self, line: str) -> bool:
        """A test that begins here, or the status of the one that began before."""
        table = self._table
        begun = table.begun.match(line) if table.begun else None
        if begun is not None:
            self._begun = begun.group("id").strip()
            return True
        ended = table.ended.match(line) if table.ended and self._begun is not None else None
        status = self._status(ended.groupdict()) if ended else None
        if status is None or self._begun is None:
            return False
        self._section.tests.append(TestResult(id=self._begun, status=status))
        self._begun = None
        return True

    def _status(self, groups: Mapping[str, str | None]) -> TestStatus | None:
        words = [word.lower() for word in (groups.get("word"), groups.get("directive")) if word]
        if not words:
            return TestStatus.FAILED
        return self._table.words.get(" ".join(words)) or self._table.words.get(words[0])

    def _full_name(self, line: str, name: str) -> str | None:
        """The name under its titles; None for the line that only closes a suite."""
        if self._table.title is None:
            return name
        indent = _indent(line)
        if self._titles and self._titles[-1][0] > indent:
            self._titles = [title for title in self._titles if title[0] <= indent]
        if self._titles and self._titles[-1][:2] == (indent, name):
            *_, count = self._titles.pop()
            if len(self._section.tests) > count:
                return None
        self._titles = [title for title in self._titles if title[0] < indent]
        return self._table.separator.join([*(title[1] for title in self._titles), name])

    def _take_title(self, line: str) -> None:
        found = self._table.title.match(line) if self._table.title else None
        if found is not None:
            indent = _indent(line)
            self._titles = [title for title in self._titles if title[0] < indent]
            self._titles.append((indent, found.group("id").strip(), len(self._section.tests)))

    def _take_detail(self, line: str) -> None:
        failure, table = self._current, self._table
        if failure is None:
            return
        place = table.place.search(line) if table.place else None
        if place is not None:
            failure.see((place.group("path"), int(place.group("line"))))
        if failure.is_announced and failure.message is None:
            failure.message = line.strip()[:_MESSAGE_CHARS]
            return
        failure.is_announced = table.announcement is not None and table.announcement.match(line) is not None
        if failure.is_announced:
            return
        message = table.message.match(line) if table.message and failure.message is None else None
        if message is not None:
            words = next((text for text in message.groupdict().values() if text), "").strip()
            failure.message = words[:_MESSAGE_CHARS] or None

    def _detail(self, name: str, groups: Mapping[str, str | None]) -> None:
        self._current = self._failures.setdefault(name, Failure(id=name))
        if groups.get("message") and self._current.message is None:
            self._current.message = (groups["message"] or "").strip()
        path, line = groups.get("path"), groups.get("line")
        if path and line:
            self._current.see((path, int(line)))

    def run(self) -> Run | None:
        """What was read; None when no line meant anything."""
        listed = ((section.key, self._detailed(test)) for section in self._sections for test in section.tests)
        tests = one_per_test(numbered(listed)) if self._table.lists_once else gravest_per_name(listed)
        totals: dict[str, int] = {}
        rank = min((rank for section in self._sections for rank in section.totals), default=None)
        if not tests and rank is None:
            return None
        for section in self._sections:
            for word, number in section.totals.get(-1 if rank is None else rank, {}).items():
                totals[word] = totals.get(word, 0) + number
        counts = counts_by(self._table, totals, tests)
        problem = None if any(counts.values()) else "no tests ran"
        return Run(tests=tests, counts=counts, problem=problem, end=self.end)

    def _detailed(self, test: TestResult) -> TestResult:
        failure = self._failures.get(test.id)
        if failure is None or test.status not in _BAD:
            return test
        path, line = failure.place
        return replace(test, message=failure.message, path=path, line=line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
