"""Sessions in which the opposite of a lesson went well."""

from dataclasses import replace

import pytest

from judges.evidence.contradicting import contradicts
from sidecar.domain import FailureClass, Label, Lesson, Step
from tests.judges.acts import ROOT, checked, edited, looked, ran

_WRONG = Lesson(
    failure_class=FailureClass.WRONG_COMMAND,
    signature="s",
    failing_command="make verify",
    working_command="pytest",
)
_TOGETHER = replace(_WRONG, failure_class=FailureClass.CHANGE_TOGETHER, failing_command=None, paths=("a.py", "b.py"))


@pytest.mark.parametrize(
    ("lesson", "steps", "label"),
    [
        pytest.param(_WRONG, (checked("make verify"),), Label.PASS, id="the wrong command worked"),
        pytest.param(_WRONG, (checked(f"cd {ROOT} && make verify 2>&1 | tail"),), Label.PASS, id="in other words"),
        pytest.param(_TOGETHER, (edited("a.py"), checked("pytest")), Label.PASS, id="one of the files was enough"),
    ],
)
def test_the_opposite_went_well(lesson: Lesson, steps: tuple[Step, ...], label: Label) -> None:
    assert contradicts(lesson, steps, ROOT, label)


@pytest.mark.parametrize(
    ("lesson", "steps", "label"),
    [
        pytest.param(_WRONG, (checked("make verify", "1 failed", ok=False),), Label.PASS, id="it failed"),
        pytest.param(_WRONG, (ran("cat make verify"), checked("pytest")), Label.PASS, id="only named"),
        pytest.param(_WRONG, (checked("make verify-all"),), Label.PASS, id="another command"),
        pytest.param(_TOGETHER, (edited("a.py"), edited("b.py"), checked("pytest")), Label.PASS, id="both"),
        pytest.param(_TOGETHER, (looked("a.py", "x"), checked("pytest")), Label.PASS, id="only read"),
        pytest.param(_TOGETHER, (edited("a.py"), checked("pytest")), Label.CODE_FAIL, id="the tests failed"),
    ],
)
def test_nothing_speaks_against_a_lesson(lesson: Lesson, steps: tuple[Step, ...], label: Label) -> None:
    assert not contradicts(lesson, steps, ROOT, label)
