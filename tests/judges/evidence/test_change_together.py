"""Files that had to change together."""

import pytest

from judges.attempts import attempts
from judges.evidence.change_together import change_together_findings
from judges.evidence.finding import Finding
from sidecar.domain import Step
from tests.judges.acts import checked, edited, looked, packet_of, ran

_FIRST = "src/discounts.py"
_SECOND = "src/registry.py"
_FAILED = checked(
    "make check", "AssertionError: Items in the first set but not the second:\n'bulk'\n1 failed", ok=False
)
_ADDED = edited(_FIRST, "x = 1", "x = 1\ndef bulk(): ...")
_OFFERED = edited(_SECOND, "{}", "{'bulk': bulk}")


def _found(*steps: Step, written: frozenset[str] = frozenset()) -> list[Finding]:
    packet = packet_of(*steps)
    return change_together_findings(packet, attempts(packet.steps, packet.cwd), written=written)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((_ADDED, _FAILED, _OFFERED, checked("make check")), id="a new name in both"),
        pytest.param((_FAILED, _ADDED, _FAILED, _OFFERED, checked("make check")), id="tests first"),
        pytest.param(
            (_ADDED, _FAILED, looked(_SECOND, "{}"), _OFFERED, ran("ls"), checked("make check -s")), id="more"
        ),
        pytest.param(
            (
                edited(_FIRST, new="a = 1"),
                checked("make check", "src/registry.py: nothing offers it\n1 failed", ok=False),
                edited(_SECOND, new="b = 2"),
                checked("make check"),
            ),
            id="the check names the second file",
        ),
        pytest.param((_ADDED, _FAILED, edited("notes.txt", new="y"), _OFFERED, checked("make check")), id="others too"),
    ],
)
def test_the_pair_is_found(steps: tuple[Step, ...]) -> None:
    (finding,) = _found(*steps)

    assert finding.paths == (_FIRST, _SECOND)


def test_the_signature_is_the_pair() -> None:
    (first,) = _found(_ADDED, _FAILED, _OFFERED, checked("make check"))
    (second,) = _found(
        edited(_FIRST, new="def loyal(): ..."), _FAILED, edited(_SECOND, new="loyal"), checked("make check")
    )

    assert first.signature == second.signature


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((_ADDED, _OFFERED, checked("make check")), id="nothing failed"),
        pytest.param((_ADDED, _FAILED, _OFFERED, _FAILED), id="still failing"),
        pytest.param((_ADDED, _FAILED, _OFFERED), id="never checked again"),
        pytest.param((_ADDED, _FAILED, _OFFERED, checked("other check-all")), id="another check"),
        pytest.param((_ADDED, _FAILED, _OFFERED, _ADDED, checked("make check")), id="the first was wrong"),
        pytest.param((_OFFERED, _ADDED, _FAILED, _OFFERED, checked("make check")), id="both touched before"),
        pytest.param((_FAILED, _ADDED, _OFFERED, checked("make check")), id="both after"),
        pytest.param((_ADDED, _FAILED, edited(_SECOND, new="z = 9"), checked("make check")), id="unrelated fix"),
        pytest.param(
            (_ADDED, _FAILED, edited("tests/test_bulk.py", new="bulk"), checked("make check")), id="a test was changed"
        ),
        pytest.param(
            (edited("tests/test_bulk.py", new="bulk"), _FAILED, _OFFERED, checked("make check")), id="a test came first"
        ),
        pytest.param(
            (looked(_SECOND, "# generated, do not edit"), _ADDED, _FAILED, _OFFERED, checked("make check")),
            id="generated",
        ),
        pytest.param((edited(_FIRST, None), _FAILED, _OFFERED, checked("make check")), id="a new file first"),
        pytest.param((_ADDED, _FAILED, edited(_SECOND, None, "bulk"), checked("make check")), id="a new file then"),
        pytest.param(
            (edited(_FIRST, new="return a"), _FAILED, edited(_SECOND, new="return b"), checked("make check")),
            id="only words of the language",
        ),
        pytest.param(
            (looked(_SECOND, "bulk = 1"), _ADDED, _FAILED, _OFFERED, checked("make check")), id="a name that was there"
        ),
        pytest.param((_ADDED, _FAILED, edited("/etc/x", new="bulk"), checked("make check")), id="outside"),
        pytest.param((_ADDED, _FAILED, _OFFERED, checked("make check | tail", "1 failed")), id="hidden failure"),
    ],
)
def test_no_pair_is_taught_without_that_shape(steps: tuple[Step, ...]) -> None:
    assert _found(*steps) == []


def test_files_known_as_written_by_a_command_are_left_to_that_lesson() -> None:
    assert _found(_ADDED, _FAILED, _OFFERED, checked("make check"), written=frozenset({_FIRST})) == []
