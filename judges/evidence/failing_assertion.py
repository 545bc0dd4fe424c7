"""Names the tests that decided a failed session, by place; it explains, and teaches no rule."""

from judges.attempts import relative_path
from judges.evidence.finding import Finding, quote
from sidecar.domain import EvidenceQuote, FailureClass, Label, Packet, StepKind, TestResult

_MOST_TESTS = 10


def failing_assertion_findings(packet: Packet) -> list[Finding]:
    """One per failing test of a session that failed by its code, in report order."""
    if packet.label is not Label.CODE_FAIL:
        return []
    return [_finding(packet, test) for test in packet.tests[:_MOST_TESTS]]


def _finding(packet: Packet, test: TestResult) -> Finding:
    path = None if test.path is None else relative_path(test.path, packet.cwd)
    message = (test.message or "").strip().splitlines()[:1]
    place = "" if path is None else f" at {path}" + (f":{test.line}" if test.line is not None else "")
    return Finding(
        failure_class=FailureClass.FAILING_ASSERTION,
        key=(("path", path or ""), ("test", test.id)),
        sentence=f"`{test.id}` fails{place}" + (f": {message[0]}." if message else "."),
        quotes=_quotes(packet, test.id, message[0] if message else None),
        paths=() if path is None else (path,),
        symptom=message[0] if message else None,
    )


def _quotes(packet: Packet, test_id: str, message: str | None) -> tuple[EvidenceQuote, ...]:
    """The newest line of a test run that says the message, else the one that names the test."""
    for words in (message, test_id):
        for step in reversed(packet.steps):
            if words and step.kind is StepKind.TEST_RUN and words in (step.output or ""):
                return quote(step, words)
    return ()
