"""What every reader of test reports keeps, run over the registry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.outcomes.reader import outcome_as_json
from collectors.outcomes.registry import READERS, read_report, reader
from sidecar.domain import Label, Outcome, TestStatus
from sidecar.errors import DecodeError, InputError, TooLargeError, UnknownFormatError

SAMPLES = {
    "junit": b"<testsuites><testsuite name='s'><testcase classname='a' name='good'/>"
    b"<testcase classname='a' name='bad'><failure message='2 != 3'/></testcase></testsuite></testsuites>",
    "ctrf": b'{"reportFormat": "CTRF", "results": {"tests": [{"name": "good", "status": "passed"},'
    b'{"name": "bad", "status": "failed", "message": "2 != 3"}]}}',
    "go_json": b'{"Action":"pass","Package":"p","Test":"TestGood"}\n'
    b'{"Action":"output","Package":"p","Test":"TestBad","Output":"    a_test.go:3: 2 != 3\\n"}\n'
    b'{"Action":"fail","Package":"p","Test":"TestBad"}\n{"Action":"fail","Package":"p"}\n',
    "jest_json": b'{"numTotalTests": 2, "testResults": [{"name": "a.test.js", "assertionResults": ['
    b'{"fullName": "good", "status": "passed"}, '
    b'{"fullName": "bad", "status": "failed", "failureMessages": ["2 != 3"]}]}]}',
    "tap": b"TAP version 14\nok 1 - good\nnot ok 2 - bad\n  ---\n  message: 2 != 3\n  ...\n1..2\n",
    "swebench": b'{"a__b-1": {"patch_exists": true, "resolved": false, "tests_status": {"FAIL_TO_PASS": '
    b'{"success": ["good"], "failure": ["bad"]}}}}',
    "console": b"FAILED tests/test_a.py::bad - 2 != 3\n1 failed, 1 passed in 0.01s\n",
}
"""A report of one passed and one failed test in each format."""
SAYS_WHY = READERS.keys() - {"swebench"}
"""Formats with room for what a failure said."""


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
        (bad,) = [test for test in outcome.tests if test.status is TestStatus.FAILED]
        assert bad.message == ("2 != 3" if name in SAYS_WHY else None)

    def test_recognises_its_own_and_no_other(self, name: str) -> None:
        assert [other for other, sample in SAMPLES.items() if reader(name).recognises(sample)] == [name]

    def test_is_chosen_by_content(self, name: str) -> None:
        assert read_report(SAMPLES[name]) == reader(name).read(SAMPLES[name])

    @pytest.mark.parametrize(
        "report", [b"", b"\x00", b"On branch main\n", b"<html></html>", b"{}", b"[]", b"[" * 99_999]
    )
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


@pytest.mark.parametrize("name", sorted(READERS.keys() - {"console", "tap"}))
def test_a_report_that_is_cut_off_is_refused_with_the_place(name: str) -> None:
    with pytest.raises(DecodeError, match=r"line \d+, column \d+"):
        read_report(SAMPLES[name].rstrip()[:-2])


@pytest.mark.parametrize("name", ["junit", "ctrf", "jest_json", "go_json", "tap", "swebench"])
def test_a_report_over_the_limit_is_refused_unread(name: str) -> None:
    with pytest.raises(TooLargeError, match="limit is 20971520"):
        reader(name).read(b" " * (20 * 1024 * 1024 + 1))


@pytest.mark.parametrize("name", ["ctrf", "jest_json", "swebench"])
def test_a_report_of_millions_of_values_is_refused_before_it_is_built(name: str) -> None:
    with pytest.raises(TooLargeError, match="more than 2000000 values"):
        reader(name).read(b'{"results": {"tests": [' + b"[]," * 1_100_000 + b"[]]}}")


def test_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UnknownFormatError, match=r"'junt'.*'junit', 'ctrf'.*'console'"):
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
