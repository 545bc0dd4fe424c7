"""Reads report.json of the SWE-bench harness: which demanded tests passed with a patch.

Promises: only demanded tests count (FAIL_TO_PASS, PASS_TO_PASS); a patch that is empty or did not apply ran nothing.
Source: swebench.harness.grading (get_eval_report), tests_status.
"""

from collections.abc import Iterator

from collectors.outcomes.form import Form, form_of
from collectors.outcomes.json_report import parse_json_report
from collectors.outcomes.verdicts import counted, one_per_test
from collectors.payload import Payload
from sidecar.domain import Outcome, TestResult, TestStatus
from sidecar.errors import DecodeError

_DEMANDED = ("FAIL_TO_PASS", "PASS_TO_PASS")
_LISTS = (("success", TestStatus.PASSED), ("failure", TestStatus.FAILED))


class SwebenchReader:
    """report.json of one SWE-bench instance."""

    name = "swebench"
    expected = 'report.json of one SWE-bench instance: {"<instance>": {"resolved": …, "tests_status": …}}'

    def recognises(self, report: bytes) -> bool:
        """JSON with the harness's own words."""
        return form_of(report) is Form.SWEBENCH

    def read(self, report: bytes) -> Outcome:
        """The report as an Outcome.

        Raises:
            DecodeError: Not a report of one instance; says what it is.
            TooLargeError: Over a limit of JSON reports.
        """
        document = parse_json_report(report, "SWE-bench", self.expected)
        if document.at("resolved_ids").is_array():
            raise DecodeError(
                "SWE-bench report sums up a run of many instances and names no test; send each instance's report.json"
            )
        instance = _instance(document)
        tests = one_per_test(("", test) for test in _tests(instance))
        return counted("swebench", tests, problem=_problem(instance, len(tests)))


def _instance(document: Payload) -> Payload:
    if document.at("tests_status").is_object() or document.flag("patch_is_None") is not None:
        return document
    named = list(document.value) if isinstance(document.value, dict) else []
    if len(named) != 1 or document.flag(named[0], "resolved") is None:
        raise DecodeError(
            f'SWE-bench report holds {len(named)} entries; expected one instance with "resolved": '
            f"{SwebenchReader.expected}"
        )
    return document.at(named[0])


def _tests(instance: Payload) -> Iterator[TestResult]:
    for group in _DEMANDED:
        for key, status in _LISTS:
            for at, name in enumerate(instance.items("tests_status", group, key)):
                if not isinstance(name.value, str) or not name.value.strip():
                    raise DecodeError(f'SWE-bench report: "tests_status.{group}.{key}[{at}]" is no test name')
                text = name.text() or ""
                yield TestResult(id=text, status=status)


def _problem(instance: Payload, listed: int) -> str | None:
    if instance.flag("patch_is_None") or instance.flag("patch_exists") is False:
        return "the patch is empty"
    if instance.flag("patch_successfully_applied") is False:
        return "the patch could not be applied"
    return "the report names no demanded test" if listed == 0 else None
