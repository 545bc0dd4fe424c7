"""What every reader of test reports keeps, run over the registry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.outcomes.reader import outcome_as_json
from collectors.outcomes.registry import READERS, read_report, reader
from sidecar.domain import Label, Outcome, TestStatus
from sidecar.errors import DecodeError, InputError, UnknownFormatError

SAMPLES = {
    "junit": b"<testsuites><testsuite name='s'><testcase classname='a' name='good'/>"
    b"<testcase classname='a' name='bad'><failure message='2 != 3'/></testcase></testsuite></testsuites>",
    "console": b"FAILED tests/test_a.py::bad - 2 != 3\n1 failed, 1 passed in 0.01s\n",
}
"""A report of one passed and one failed test in each format."""


def test_every_reader_has_a_sample() -> None:
    assert set(SAMPLES) == set(READERS)


@pytest.mark.parametrize("name", READERS)
class TestEveryReader:
    def test_is_named_as_in_the_table(self, name: str) -> None:
        assert reader(name).name == name
        assert reader(name).read(SAMPLES[name]).format == name

    def test_counts_passed_and_failed(self, name: str) -> None:
        outcome = reader(name).read(SAMPLES[name])

        assert (outcome.passed, outcome.failed, outcome.errored, outcome.skipped) == (1, 1, 0, 0)
        assert [test.message for test in outcome.tests if test.status is TestStatus.FAILED] == ["2 != 3"]

    def test_recognises_its_own_and_no_other(self, name: str) -> None:
        assert [other for other, sample in SAMPLES.items() if reader(name).recognises(sample)] == [name]

    def test_is_chosen_by_content(self, name: str) -> None:
        assert read_report(SAMPLES[name]) == reader(name).read(SAMPLES[name])

    @pytest.mark.parametrize("report", [b"", b"\x00", b"On branch main\n", b"<html></html>", b"{}"])
    def test_refuses_what_it_does_not_know(self, name: str, report: bytes) -> None:
        with pytest.raises(DecodeError):
            reader(name).read(report)

    @given(cut=st.integers(min_value=0), flipped=st.integers(min_value=0), byte=st.integers(0, 255))
    def test_damage_is_read_or_refused_never_a_crash(self, name: str, cut: int, flipped: int, byte: int) -> None:
        report = bytearray(SAMPLES[name])
        report[flipped % len(report)] = byte

        try:
            outcome = reader(name).read(bytes(report[: cut % (len(report) + 1)]))
        except InputError as exc:
            assert str(exc)  # noqa: PT017 - a refusal is as good as an Outcome
        else:
            assert isinstance(outcome, Outcome)

    @given(report=st.binary(max_size=400))
    def test_any_bytes_are_read_or_refused(self, name: str, report: bytes) -> None:
        try:
            reader(name).read(report)
        except InputError as exc:
            assert str(exc)  # noqa: PT017 - see above


def test_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UnknownFormatError, match=r"'junt'.*'junit', 'console'"):
        read_report(b"<testsuite/>", "junt")


@pytest.mark.parametrize("report", [b"", b"hello\n", b"\x89PNG\r\n"])
def test_unrecognised_report_says_what_was_expected(report: bytes) -> None:
    with pytest.raises(UnknownFormatError, match=r"no reader recognises.*junit: .*console: "):
        read_report(report)


def test_damaged_report_is_refused_by_its_own_reader() -> None:
    with pytest.raises(DecodeError, match="line 1"):
        read_report(SAMPLES["junit"][:80])


def test_json_lists_every_test_with_its_status() -> None:
    shown = outcome_as_json(read_report(SAMPLES["junit"]), Label.CODE_FAIL)

    assert shown == {
        "format": "junit",
        "passed": 1,
        "failed": 1,
        "errored": 0,
        "skipped": 0,
        "label": "code_fail",
        "tests": [{"id": "a.good", "status": "passed"}, {"id": "a.bad", "status": "failed"}],
    }


def test_json_says_what_kept_tests_from_running() -> None:
    shown = outcome_as_json(read_report(b"bash: pytest: command not found\n"), Label.INFRA)

    assert shown["problem"] == "bash: pytest: command not found"
