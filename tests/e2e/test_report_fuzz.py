"""Damaged, spliced and swollen test reports: each is read or refused with a reason, none crashes, none hangs.

Starts from the reports of real runners, so that damage reaches deep into each reader. SIDECAR_TEST_FUZZ_S is the time
box of the whole, in seconds, shared by the readers, and SIDECAR_TEST_FUZZ_SEED where it begins; a failure prints the
report that made it.
"""

import base64
import os
import random
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collectors.outcomes.reader import outcome_as_json
from collectors.outcomes.registry import READERS, read_report, reader
from sidecar.domain import Outcome
from sidecar.errors import InputError
from sidecar.labels import label_of_outcome
from tests.collectors.outcomes.runner_outputs import PRINTED

TIME_BOX_S = float(os.environ.get("SIDECAR_TEST_FUZZ_S", "300"))
SEED = os.environ.get("SIDECAR_TEST_FUZZ_SEED", "1")
"""The same damage each time, or what failed somewhere could not be repeated; another seed looks elsewhere."""
SHARE_S = TIME_BOX_S / len(READERS)
HANG_S = 5.0
"""Processor time for one report of at most MAX_BYTES, which takes milliseconds."""
MAX_BYTES = 200_000
REPORTS = Path(__file__).parents[1] / "collectors" / "outcomes" / "reports"
TOKENS = [
    b"<", b">", b"&", b"&#0;", b"]]>", b"<![CDATA[", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"&x;", b"<testcase>",
    b"</testsuite>", b"<failure/>", b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u0000", b"\\ud800", b"null", b"true",
    b"1e999", b"-1", b"9" * 400, b"ok ", b"not ok ", b"1..", b"1..999999999", b"    ", b"---\n", b"...\n", b"# SKIP",
    b"Bail out!", b"{\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\x1b[31m",
    "é\u202e\U0001f600".encode(),
]  # fmt: skip

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(int(SHARE_S) + 60)]


def seeds(name: str) -> list[bytes]:
    """Reports that this reader reads; for the console what each runner prints."""
    if name == "console":
        return [printed.text.encode() for printed in PRINTED.values()]
    reports = [path.read_bytes() for path in sorted(REPORTS.iterdir()) if path.name != "README.md"]
    return [report for report in reports if reader(name).recognises(report)]


def cut(chance: random.Random, report: bytes, _: list[bytes]) -> bytes:
    return report[: chance.randrange(len(report) + 1)]


def flip(chance: random.Random, report: bytes, others: list[bytes]) -> bytes:
    damaged = bytearray(report or b" ")
    for _ in range(chance.randint(1, 8)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def plant(chance: random.Random, report: bytes, _: list[bytes]) -> bytes:
    at = chance.randrange(len(report) + 1)
    return report[:at] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 50)) + report[at:]


def drop(chance: random.Random, report: bytes, _: list[bytes]) -> bytes:
    at, length = chance.randrange(len(report) + 1), chance.randint(1, 200)
    return report[:at] + report[at + length :]


def repeat(chance: random.Random, report: bytes, _: list[bytes]) -> bytes:
    at, length = chance.randrange(len(report) + 1), chance.choice((1, 5, 40, 400))
    piece = report[at : at + length]
    return report[:at] + piece * chance.choice((2, 10, 1000, 20_000)) + report[at + length :]


def splice(chance: random.Random, report: bytes, others: list[bytes]) -> bytes:
    other = chance.choice(others)
    at, start = chance.randrange(len(report) + 1), chance.randrange(len(other) + 1)
    return report[:at] + other[start : start + chance.randint(1, 2_000)] + report[at:]


def shuffle(chance: random.Random, report: bytes, _: list[bytes]) -> bytes:
    lines = report.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


DAMAGES: list[Callable[[random.Random, bytes, list[bytes]], bytes]] = [cut, flip, plant, drop, repeat, splice, shuffle]


class HungError(Exception):
    """A reader took longer than HANG_S."""


@contextmanager
def no_longer_than(seconds: float) -> Generator[None]:
    """Raise HungError in the block after that much processor time; only the main thread of a POSIX system can."""

    def on_alarm(*_: object) -> None:
        raise HungError

    before = signal.signal(signal.SIGPROF, on_alarm)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def read(name: str, report: bytes) -> None:
    """Read it by name and by content, and everything that is done with an Outcome after."""
    recognised = [one for one in READERS if reader(one).recognises(report)]
    assert len(recognised) <= 1, recognised
    for format in (name, "auto"):
        try:
            outcome = read_report(report, format)
        except InputError as exc:
            assert str(exc)  # noqa: PT017 - a refusal with a reason is as good as an Outcome
            continue
        assert isinstance(outcome, Outcome)
        assert min(outcome.passed, outcome.failed, outcome.errored, outcome.skipped) >= 0
        assert label_of_outcome(outcome).reason
        assert outcome_as_json(outcome, label_of_outcome(outcome).label)


@pytest.mark.parametrize("name", READERS)
def test_any_damage_is_read_or_refused_in_time(name: str) -> None:
    chance = random.Random(f"{name} {SEED}")
    sound = seeds(name)
    others = [path.read_bytes() for path in sorted(REPORTS.iterdir())] + sound
    deadline = time.monotonic() + SHARE_S
    rounds = 0

    while time.monotonic() < deadline:
        report = chance.choice(sound)
        for _ in range(chance.choice((1, 1, 2, 3, 6))):
            report = chance.choice(DAMAGES)(chance, report, others)[:MAX_BYTES]
        try:
            with no_longer_than(HANG_S):
                read(name, report)
        except BaseException as exc:
            raise AssertionError(f"{name}: {exc!r} for {base64.b64encode(report).decode()}") from exc
        rounds += 1

    assert rounds > SHARE_S
    print(f"{name}: {rounds} damaged reports")
