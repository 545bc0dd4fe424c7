"""Failing tests of a failed session, by place."""

from dataclasses import replace

import pytest

from judges.evidence.failing_assertion import failing_assertion_findings
from sidecar.domain import Label, TestResult, TestStatus
from tests.judges.acts import ROOT, checked, packet_of

_BAD = TestResult(
    id="tests/test_a.py::test_b",
    status=TestStatus.FAILED,
    message="assert 1 == 2\n + where",
    path=f"{ROOT}/tests/test_a.py",
    line=3,
)


def test_each_failing_test_is_named_with_its_place_and_first_words() -> None:
    run = checked("make check", "E assert 1 == 2\nFAILED tests/test_a.py::test_b", ok=False)

    (finding,) = failing_assertion_findings(packet_of(run, label=Label.CODE_FAIL, tests=[_BAD]))

    assert finding.sentence == "`tests/test_a.py::test_b` fails at tests/test_a.py:3: assert 1 == 2."
    assert (finding.paths, finding.symptom) == (("tests/test_a.py",), "assert 1 == 2")
    assert [quote.text for quote in finding.quotes] == ["assert 1 == 2"]


def test_other_words_of_the_same_failure_have_an_equal_signature() -> None:
    first, second = (
        failing_assertion_findings(packet_of(label=Label.CODE_FAIL, tests=[replace(_BAD, message=message)]))[0]
        for message in ("assert 1 == 2", "assert 3 == 4")
    )

    assert first.signature == second.signature


def test_a_test_that_no_output_speaks_of_has_no_quote() -> None:
    (finding,) = failing_assertion_findings(packet_of(label=Label.CODE_FAIL, tests=[_BAD]))

    assert finding.quotes == ()


@pytest.mark.parametrize("label", [Label.PASS, Label.INFRA, Label.UNKNOWN])
def test_other_sessions_have_none(label: Label) -> None:
    assert failing_assertion_findings(packet_of(label=label, tests=[_BAD])) == []


def test_passed_tests_are_no_failures() -> None:
    good = TestResult(id="good", status=TestStatus.PASSED)

    assert failing_assertion_findings(packet_of(label=Label.CODE_FAIL, tests=[good])) == []
