"""Lines that no table knows are counted by shape, and nothing of what they say is told."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.claude_code.fields import FIELDS as LINES
from collectors.cline.fields import FIELDS as DOCUMENT
from collectors.shapes import MOST_CHARACTERS, shape_of, unknown_shapes


def test_each_unknown_line_is_counted_under_its_kind() -> None:
    text = "\n".join(
        [
            '{"type":"user","message":{"content":"Fix it."}}',
            '{"type":"novel","secret":"hunter2"}',
            '{"type":"novel","secret":"hunter3"}',
            '{"type":"system","subtype":"stop_hook_summary"}',
            '{"b":1,"a":2}',
            "[1]",
            '{"type":"user","mess',
            "",
        ]
    )

    assert unknown_shapes(LINES, "main", text) == Counter(
        {"novel": 2, "system/stop_hook_summary": 1, "{a, b}": 1, "no JSON object": 1, "no JSON": 1}
    )


@pytest.mark.parametrize(("text", "count"), [("{}", 0), ('{"new": 1}', 0), ("{", 1), ("", 1), ("[]", 1)])
def test_document_is_known_or_it_is_none(text: str, count: int) -> None:
    assert unknown_shapes(DOCUMENT, "session", text).total() == count


@given(st.dictionaries(st.text(), st.text(), max_size=30))
def test_shape_is_short_and_can_be_printed(line: dict[str, str]) -> None:
    shape = shape_of(line)

    assert len(shape) <= MOST_CHARACTERS
    assert shape.isprintable()


@given(st.text(alphabet="abcdef", min_size=8, max_size=20))
def test_what_a_line_says_is_in_no_shape(secret: str) -> None:
    assert secret not in shape_of({"type": "x", "text": secret, "payload": {"type": "y", "text": secret}})
