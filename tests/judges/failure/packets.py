"""Packets of failed sessions, each saying only what a test speaks about."""

from sidecar.domain import Label, Packet, TestResult, TestStatus
from tests.judges.acts import ROOT, asked, checked, edited, packet_of

MESSAGE = "AssertionError: assert 12.5 == 1250"
BAD = TestResult(
    id="tests/test_sum.py::test_total", status=TestStatus.FAILED, message=MESSAGE, path="tests/test_sum.py"
)
OUTPUT = f"tests/test_sum.py F\nE   {MESSAGE}\n1 failed"


def failed_packet(*, output: str = OUTPUT, test: TestResult = BAD, path: str = f"{ROOT}/src/shop/money.py") -> Packet:
    """An edit, a failing check, and a test that decided."""
    return packet_of(
        asked("Add the total."),
        edited(path, "return cents", "return cents / 100"),
        checked("make check", output, ok=False),
        label=Label.CODE_FAIL,
        tests=[test],
    )


EDIT_STEP, CHECK_STEP = "step-1", "step-2"
