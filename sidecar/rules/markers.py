"""The two marker lines, and where they mark a block.

A pair inside a fenced code block shows how a block looks and marks nothing. A rule of ours that stands between such a
pair was put into a fence by mistake: then the file is refused, for agents would read it as an example.
"""

import re
from collections.abc import Collection, Sequence

from sidecar.errors import RulesFileError
from sidecar.rules.canonical import comment_spans, fence_spans
from sidecar.rules.lines import markdown_lines

BEGIN = "<!-- agent-sidecar rules: begin; edit freely, removed rules stay removed -->"
END = "<!-- agent-sidecar rules: end -->"
MARKER = "agent-sidecar rules:"
"""In both, whatever the other words."""

_MARKER = re.compile(r"[ ]{0,3}<!--\s*agent-sidecar rules:\s*(begin|end)\b[^>]*-->\s*")

_FENCE = re.compile(r"[ ]{0,3}(?:```|~~~)")


def is_marker(line: str) -> bool:
    """Whether the line is one of the two, in whatever words."""
    return _MARKER.fullmatch(line) is not None


def block_span(lines: Sequence[str], known: Collection[str] = ()) -> tuple[int, int] | None:
    """The block's lines (first, one past last), markers included; None where nothing is marked.

    Args:
        known: List lines of ours, without their marks, that must not stand in a fenced pair.
    Raises:
        RulesFileError: the markers are not one begin and one end outside every other structure; names the line.
    """
    marks = [(number, match[1]) for number, line in enumerate(lines) if (match := _MARKER.fullmatch(line))]
    if not marks:
        return None
    text = markdown_lines(lines)
    fences = [(first, past) for first, past in fence_spans(text) if not _holds_known(lines[first:past], known)]
    comments = {first for first, _ in comment_spans(text)}
    # Markdown sees no fence inside HTML, and people write their examples there all the same
    fences += [span for span in _fences_in_html(lines) if not _holds_known(lines[span[0] : span[1]], known)]
    marks = [one for one in marks if one[0] in comments or not any(first < one[0] < past for first, past in fences)]
    if not marks:
        return None
    if [kind for _, kind in marks] != ["begin", "end"]:
        raise RulesFileError(_broken(marks))
    for number, kind in marks:
        if number not in comments:
            raise RulesFileError(
                f"line {number + 1}: the {kind} marker stands inside a code block, list or quote, where it marks "
                "nothing; move it to a line of its own outside, or delete it"
            )
    return marks[0][0], marks[1][0] + 1


def _fences_in_html(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Fences by their look alone; what Markdown calls a comment of its own is none of theirs."""
    edges = [number for number, line in enumerate(lines) if _FENCE.match(line)]
    return [(first, past) for first, past in zip(edges[::2], edges[1::2], strict=False)]


def _holds_known(lines: Sequence[str], known: Collection[str]) -> bool:
    return bool(known) and any(line.strip().lstrip("-*+ \t") in known for line in lines)


def _broken(marks: Sequence[tuple[int, str]]) -> str:
    """What is wrong with markers that are not one begin and one end, and how to mend it."""
    is_open = False
    for number, kind in marks:
        if kind == "begin" and is_open:
            return (
                f"line {number + 1}: a block begins inside a block; keep one pair of marker lines and delete the others"
            )
        if kind == "end" and not is_open:
            return f"line {number + 1}: the block ends here and never began; put `{BEGIN}` above its rules"
        is_open = kind == "begin"
    number = marks[-1][0] + 1
    if is_open:
        return (
            f"line {number}: the block begins here and never ends; put `{END}` after its last rule or delete this line"
        )
    return f"line {marks[2][0] + 1}: a second block begins; keep one pair of marker lines and delete the others"
