"""The JUnit report that continuous integration would send: the repository's real tests, run once more."""

import subprocess
import sys
from pathlib import Path

from tests.recordings.stage import CannotRecord, Place

JUNIT_FROM_UNITTEST = Path(__file__).with_name("junit_from_unittest.py")
COMMANDS = {
    "shop": ["python", str(JUNIT_FROM_UNITTEST), "tests"],
    "parcel": ["node", "--test", "--test-reporter=junit"],
}


def junit_report(repository: str, place: Place) -> bytes:
    """JUnit XML of the repository's tests as they stand in the work tree.

    Raises:
        CannotRecord: the tests could not be run.
    """
    command = COMMANDS[repository]
    if repository == "parcel":
        command = [*command, *sorted(str(path.relative_to(place.workspace)) for path in _checks(place))]
    environment = {**place.environment(), "PYTHONPATH": "src"}
    run = subprocess.run(command, cwd=place.workspace, env=environment, capture_output=True, check=False)
    if b"<testsuite" not in run.stdout:
        print(run.stderr.decode(errors="replace"), file=sys.stderr)
        raise CannotRecord(f"the tests of {repository} gave no report; see above")
    return run.stdout


def all_passed(report: bytes) -> bool:
    """Whether a report by `junit_report` holds tests and no failed or broken one."""
    return b"<testcase" in report and b"<failure" not in report and b"<error" not in report


def _checks(place: Place) -> list[Path]:
    return list(place.workspace.glob("checks/*.check.mjs"))
