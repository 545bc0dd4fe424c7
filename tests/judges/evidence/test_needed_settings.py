"""Checks that pass with settings before them and fail without, and what only looks like it."""

import pytest

from judges.attempts import attempts
from judges.evidence.commands import command_findings
from judges.evidence.finding import Finding
from sidecar.domain import Step
from tests.judges.acts import asked, checked, edited, packet_of, ran

FAILED = "FAIL src/date.test.js\n  ✕ formats dates (3 ms)\n\nTests: 1 failed, 7 passed, 8 total"
PASSED = "PASS src/date.test.js\n\nTests: 8 passed, 8 total"


def found(*steps: Step) -> list[Finding]:
    packet = packet_of(asked("Fix it."), edited("src/date.js"), *steps)
    return command_findings(packet, attempts(packet.steps, packet.cwd))


@pytest.mark.parametrize(
    "settings", ["TZ=UTC", "CI=1 TZ=UTC", "QT_QPA_PLATFORM=offscreen", "DJANGO_SETTINGS_MODULE=shop.settings.test"]
)
def test_settings_that_made_a_check_pass_are_learned(settings: str) -> None:
    (lesson,) = found(checked("npm test", FAILED, ok=False), checked(f"{settings} npm test", PASSED))

    assert (lesson.failing_command, lesson.working_command) == ("npm test", f"{settings} npm test")


def test_looking_around_in_between_changes_nothing() -> None:
    steps = (checked("npm test", FAILED, ok=False), ran("git status"), checked("TZ=UTC npm test", PASSED))

    assert [one.working_command for one in found(*steps)] == ["TZ=UTC npm test"]


@pytest.mark.parametrize(
    "steps",
    [
        (checked("npm test", FAILED, ok=False), edited("src/date.js"), checked("TZ=UTC npm test", PASSED)),
        (checked("npm test", FAILED, ok=False), ran("npm ci", "added 8 packages"), checked("TZ=UTC npm test", PASSED)),
        (checked("npm test", FAILED, ok=False), checked("TZ=UTC npm test", FAILED, ok=False)),
        (checked("npm test", PASSED), checked("npm test", FAILED, ok=False), checked("TZ=UTC npm test", PASSED)),
        (checked("npm test", FAILED, ok=False), checked("TZ=UTC npm test -- date", PASSED)),
        (checked("TZ=UTC npm test", FAILED, ok=False), checked("npm test", PASSED)),
        (checked("npm test", FAILED, ok=False), checked("npm test", PASSED)),
        (checked("npm test", FAILED, ok=False), checked("TEST_FILTER=date npm test", PASSED)),
        (checked("npm test", FAILED, ok=False), checked("UPDATE_SNAPSHOTS=1 npm test", PASSED)),
        (checked("npm test", FAILED, ok=False), checked("SKIP=date npm test", PASSED)),
    ],
    ids=[
        "edit",
        "other step",
        "still fails",
        "plain passed",
        "fewer tests",
        "less",
        "flaky",
        "filter",
        "update",
        "skip",
    ],
)
def test_what_else_may_explain_it_teaches_no_settings(steps: tuple[Step, ...]) -> None:
    assert found(*steps) == []
