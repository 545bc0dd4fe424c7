"""Checks that fail until another command has run."""

import pytest

from judges.attempts import attempts
from judges.evidence.missing_setup import unblocked_findings
from sidecar.domain import Step
from tests.judges.acts import checked, edited, looked, packet_of, ran

_REFUSED = checked("make check", "FAIL: store\nconnection refused\n1 failed, 2 passed", ok=False)
_UNKNOWN = ran("make check", "Unchecked dependencies: * json\n", ok=False)
_UP = ran("tool up -d db", "Started")


def _found(*steps: Step) -> list[tuple[str | None, str | None]]:
    packet = packet_of(*steps)
    found = unblocked_findings(packet, attempts(packet.steps, packet.cwd))
    return [(one.working_command, one.failing_command) for one in found]


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((_REFUSED, _UP, checked("make check")), id="it ran and failed"),
        pytest.param((_UNKNOWN, _UP, checked("make check")), id="it did not run and nobody knows its words"),
        pytest.param(
            (_REFUSED, ran("ls"), looked("a.py", ""), _UP, ran("git status"), checked("make check")), id="looks"
        ),
        pytest.param((edited("a.py"), _REFUSED, _UP, checked("make check")), id="an edit before"),
        pytest.param((_REFUSED, checked("tool up -d db && make check")), id="in the line of the check"),
        pytest.param((_REFUSED, _REFUSED, _UP, checked("make check")), id="tried twice"),
        pytest.param(
            (
                checked("make check", "FAIL: no such file: tests/data.json\n1 failed", ok=False),
                ran("tool up -d db", "wrote tests/data.json"),
                checked("make check"),
            ),
            id="a file of the tests was missing",
        ),
    ],
)
def test_the_one_command_between_was_missing(steps: tuple[Step, ...]) -> None:
    assert _found(*steps) == [("tool up -d db", "make check")]


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((_REFUSED, checked("make check")), id="flaky"),
        pytest.param((_REFUSED, ran("git stash"), checked("make check")), id="work put away"),
        pytest.param((_REFUSED, ran("tool list"), checked("make check")), id="a look"),
        pytest.param((_REFUSED, _UP, ran("tool seed"), checked("make check")), id="two commands"),
        pytest.param((_REFUSED, _UP, edited("a.py"), checked("make check")), id="an edit"),
        pytest.param((_REFUSED, _UP, ran("fix $(list)"), checked("make check")), id="something not understood"),
        pytest.param((_UP, _REFUSED, _UP, checked("make check")), id="done before"),
        pytest.param((_REFUSED, _UP, checked("make check-all")), id="another check"),
        pytest.param((_REFUSED, checked("make check -u"), checked("make check")), id="a check between"),
        pytest.param(
            (_REFUSED, edited("fix.py", None), ran("py fix.py"), checked("make check")), id="a script of its own"
        ),
        pytest.param((_REFUSED, ran("py -c 'go on'"), checked("make check")), id="an inline program"),
        pytest.param(
            (
                checked("make check", "FAIL: tests/out.snap and new/tests/out.snap differ\n1 failed", ok=False),
                ran("tool accept", "Promoting new/tests/out.snap to tests/out.snap"),
                checked("make check"),
            ),
            id="what is expected was changed",
        ),
        pytest.param(
            (checked("make check", "no such host\n1 failed", ok=False), _UP, checked("make check")), id="the network"
        ),
    ],
)
def test_other_ways_to_pass_teach_nothing(steps: tuple[Step, ...]) -> None:
    assert _found(*steps) == []
