"""What form a report has, told from its first bytes, so that no two readers claim the same one.

Cheap and total: any bytes have exactly one form, a damaged report has the form of the whole one.
"""

import re
from enum import StrEnum

_HEAD_BYTES = 65_536
_XML = re.compile(r"<(?:\?xml|!|[A-Za-z][\w:.-]*(?:[\s/>]|$))")
_TAP = re.compile(
    r"(?:TAP version \d+[ \t\r]*$"
    r"|1\.\.\d+(?:[ \t]+todo\b[\d \t]*;?)?[ \t\r]*(?:#.*)?$"
    r"|(?:not )?ok\b(?:[ \t]+\d+\b.*|[ \t]*)$)",
    re.M,
)
_JSON_SIGN = re.compile(
    r'(?P<ctrf>"reportFormat"\s*:\s*"CTRF"|"results"\s*:\s*\{\s*"(?:tool|summary|tests|environment)")'
    r'|(?P<jest>"(?:numTotalTestSuites|numFailedTestSuites|numRuntimeErrorTestSuites|numTotalTests)"\s*:)'
    r'|(?P<swebench>"(?:patch_is_None|patch_exists|patch_successfully_applied|tests_status|resolved_ids)"\s*:)'
)
"""Words that stand first in each format; the first one decides."""
_GO_EVENT = re.compile(r'^\{(?=[^\n]*"Action":\s*"(?:start|run|pause|cont|pass|bench|fail|output|skip|build-))', re.M)
_GO_NOISE = re.compile(r"^(?:# \S+|go: |\S+\.go:\d+:|note: |\s+\S)")


class Form(StrEnum):
    """How a report is written."""

    XML = "xml"
    CTRF = "ctrf"
    JEST = "jest"
    """JSON of jest or vitest."""
    SWEBENCH = "swebench"
    JSON = "json"
    """Any other JSON."""
    GO_EVENTS = "go_events"
    """One JSON object a line, as `go test -json` writes them."""
    TAP = "tap"
    TEXT = "text"


def form_of(report: bytes) -> Form:
    """The form of a report; TEXT where nothing tells another."""
    head = decoded_head(report)
    if _XML.match(head):
        return Form.XML
    if _is_go(head):
        return Form.GO_EVENTS
    if head.startswith(("{", "[")) and not _is_bracketed_word(head):
        return _json_form(head)
    return Form.TAP if _TAP.match(_without_comments(head)) else Form.TEXT


def decoded_head(report: bytes) -> str:
    """The first bytes of a report as text, without byte order mark and leading blanks."""
    return report[:_HEAD_BYTES].decode(encoding_of(report), errors="replace").lstrip()


def encoding_of(report: bytes) -> str:
    """`utf-16` where a byte order mark says so, which PowerShell's `>` writes; else UTF-8, its mark left out."""
    return "utf-16" if report[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _json_form(head: str) -> Form:
    found = _JSON_SIGN.search(head)
    return Form(found.lastgroup) if found is not None and found.lastgroup else Form.JSON


def _is_go(head: str) -> bool:
    """An event in the first line, or after lines that a build prints before its events."""
    for line in head.splitlines()[:50]:
        if _GO_EVENT.match(line):
            return True
        if line.strip() and not _GO_NOISE.match(line):
            return False
    return False


def _is_bracketed_word(head: str) -> bool:
    """`[INFO] Scanning` of a log is no JSON array."""
    return re.match(r"\[\s*[A-Za-z]+\s*\]|\[\d[\d:.,/ -]*\] ?\S|\[[A-Za-z]+ ", head) is not None


def _without_comments(head: str) -> str:
    """The first line that is neither blank nor a comment."""
    return next((line for line in head.splitlines() if line.strip() and not line.startswith("#")), "")
