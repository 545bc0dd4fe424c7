"""What the schedule of two workers names exists, and whole units are given out, the dearest first."""

from pathlib import Path

from tests.scheduling import DEAREST, UNITS, unit_of

ROOT = Path(__file__).parents[1]


def test_every_file_that_is_named_is_there() -> None:
    named = {*UNITS, *(unit for unit in DEAREST if unit.endswith(".py"))}

    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
    assert {unit for unit in DEAREST if not unit.endswith(".py")} <= set(UNITS.values())


def test_a_test_stays_with_its_file_and_with_the_files_of_its_unit() -> None:
    assert unit_of("tests/e2e/test_demo.py::test_one[a@b::c]") == unit_of("tests/e2e/test_phoenix.py::test_two")
    assert unit_of("tests/sidecar/test_gate.py::test_one") == "tests/sidecar/test_gate.py"
