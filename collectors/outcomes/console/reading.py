"""Reads the output of a test command, whichever runner wrote it.

Promises: None for output that is not of a test run; per-test statuses where the runner prints them; counts from its
summary. Of several runs in one output the last one tells. Which runner it was follows from its words, never from the
command.
"""

from collectors.outcomes.console.runners.log import Log, clean_log
from collectors.outcomes.console.runners.problems import why_cut_short, why_not_started
from collectors.outcomes.console.runners.registry import RUNNERS
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.form import Form, encoding_of, form_of
from sidecar.domain import Outcome, TestStatus
from sidecar.errors import DecodeError, TooLargeError

_HEAD_LINES, _TAIL_LINES = 3, 20
"""Where the words of whoever stopped a run stand; some agents put the exit code first."""
MAX_BYTES = 64 * 1024 * 1024
"""Larger outputs are refused unread."""


class ConsoleReader:
    """What a test command printed."""

    name = "console"
    expected = "the output of a test command such as pytest, jest, go test or cargo test"

    def recognises(self, report: bytes) -> bool:
        """Whether it is the output of a test run, and no report of a form that has its own reader."""
        return form_of(report) is Form.TEXT and read_console(_decoded(report[:MAX_BYTES])) is not None

    def read(self, report: bytes) -> Outcome:
        """The report as an Outcome.

        Raises:
            DecodeError: No runner's words are in it.
            TooLargeError: Over MAX_BYTES.
        """
        if len(report) > MAX_BYTES:
            raise TooLargeError(f"console output of {len(report)} bytes; the limit is {MAX_BYTES}. Send its tail")
        outcome = read_console(_decoded(report))
        if outcome is None:
            raise DecodeError(
                f"these {len(report)} bytes are not the output of a test run; known runners: {', '.join(RUNNERS)}. "
                f"If it is one of them, keep its summary line"
            )
        return outcome


def read_console(text: str, *, command: str | None = None) -> Outcome | None:
    """What a command's output says of tests; None when it is not the output of a test run.

    Args:
        text: Output as captured, colours and all.
        command: What was run, where known: tells a test command that could not start from any other one.
    """
    log = clean_log(text)
    runs = [run for read in RUNNERS.values() if (run := read(log)) is not None]
    if runs:
        return _outcome(max(runs, key=lambda run: (run.end, len(run.tests))), log)
    problem = why_not_started(log, command)
    return (
        None
        if problem is None
        else Outcome(format="console", tests=(), passed=0, failed=0, errored=0, skipped=0, problem=problem)
    )


def _outcome(run: Run, log: Log) -> Outcome:
    cut_short = why_cut_short((*log.lines[:_HEAD_LINES], *log.lines[-_TAIL_LINES:])) if run.problem else None
    return Outcome(
        format="console",
        tests=run.tests,
        passed=run.counts.get(TestStatus.PASSED, 0),
        failed=run.counts.get(TestStatus.FAILED, 0),
        errored=run.counts.get(TestStatus.ERRORED, 0),
        skipped=run.counts.get(TestStatus.SKIPPED, 0),
        problem=cut_short or run.problem,
    )


def _decoded(report: bytes) -> str:
    return report.decode(encoding_of(report), errors="replace")
