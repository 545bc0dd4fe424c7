"""How far the console reader agrees with graders, on rows of graded sessions that a folder of the reader's own holds.

`SIDECAR_TEST_DATA` names the folder; in it `sessions_with_outcomes.jsonl.gz`, one JSON object a line with
`test_output`, `tests_status` (lists of names under FAIL_TO_PASS and PASS_TO_PASS, by success and failure), `resolved`.
"""

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from collectors.outcomes.console import read_console
from collectors.payload import Payload
from sidecar.demanded_tests import Demand, decision_for, demanded_tests
from sidecar.domain import Label, TestStatus

VARIABLE = "SIDECAR_TEST_DATA"
FILE = "sessions_with_outcomes.jsonl.gz"
LEAST = 0.98
BAD = (TestStatus.FAILED, TestStatus.ERRORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    output: str
    lists: dict[str, dict[str, list[str]]]
    """By group, then `success` or `failure`."""
    is_resolved: bool

    def names(self, key: str) -> list[str]:
        return [name for group in self.lists.values() for name in group[key]]


@pytest.fixture(scope="module")
def rows() -> list[Graded]:
    folder = os.environ.get(VARIABLE)
    if folder is None or not (Path(folder) / FILE).is_file():
        pytest.skip(f"NOT MEASURED: {VARIABLE} names no folder with {FILE}")
    return list(_rows(Path(folder) / FILE))


def _rows(path: Path) -> Iterator[Graded]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = Payload(cast("dict[str, None]", json.loads(line)))
            output = row.text("test_output")
            if output is not None and row.at("tests_status").is_object():
                lists = {group: _lists(row.at("tests_status", group)) for group in ("FAIL_TO_PASS", "PASS_TO_PASS")}
                yield Graded(output=output, lists=lists, is_resolved=bool(row.flag("resolved")))


def _lists(group: Payload) -> dict[str, list[str]]:
    return {key: [name for one in group.items(key) if (name := one.text())] for key in ("success", "failure")}


@pytest.mark.parametrize(("key", "statuses"), [("success", (TestStatus.PASSED,)), ("failure", BAD)])
def test_graded_tests_are_found_with_their_status(
    rows: list[Graded], key: str, statuses: tuple[TestStatus, ...]
) -> None:
    told = Counter[str]()
    for row in rows:
        outcome = read_console(row.output)
        names = [*row.names("success"), *row.names("failure")]
        found = {test.name: test.status for test in demanded_tests(outcome, names)} if outcome else {}
        for name in row.names(key):
            told["found" if found.get(name) in statuses else "missed"] += 1

    print(f"{key}: {dict(told)}")
    assert told["found"] >= LEAST * told.total()


def test_label_by_the_lists_is_the_graders(rows: list[Graded]) -> None:
    told = Counter[str]()
    for row in rows:
        outcome = read_console(row.output)
        demand = Demand(fail_to_pass=tuple(row.names("success")), pass_to_pass=tuple(row.names("failure")))
        label = decision_for(outcome, demand).label if outcome else Label.UNKNOWN
        told["equal" if (label is Label.PASS) == row.is_resolved else "other"] += 1

    print(f"labels: {dict(told)}")
    assert told["equal"] >= LEAST * told.total()
