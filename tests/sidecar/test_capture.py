"""What is kept of messages at each capture level."""

import json
import re
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.capture import (
    Choice,
    Each,
    Inside,
    JsonValue,
    Node,
    Reduction,
    Text,
    mark_of,
    reduce_json,
    words_after_mark,
)
from sidecar.capture.corrections import MOST_CORRECTION, corrections_in
from sidecar.capture.reducing import OPENING_LINES
from sidecar.capture.words import marked
from sidecar.domain import CaptureLevel, Matter, strictest

METADATA, EVIDENCE, FULL = CaptureLevel.METADATA, CaptureLevel.EVIDENCE, CaptureLevel.FULL
LEVELS = (METADATA, EVIDENCE, FULL)
MEMBERS: Mapping[str, Node] = {
    "id": Matter.FRAME,
    "path": Matter.PLACE,
    "command": Matter.WORK,
    "file": Matter.OPENING,
    "prompt": Matter.WORDS,
    "thought": Matter.TALK,
}
MESSAGE: Mapping[str, JsonValue] = {
    "id": "7",
    "path": "src/a.py",
    "command": "make check",
    "file": "1\n" * 40,
    "prompt": "Fix SHOP-12. No, use make test.",
    "thought": "hm",
    "new": "unheard of",
}


def hashed(text: str) -> str:
    return f"{sum(text.encode()):016x}"


def reduced(value: JsonValue, node: Node, level: CaptureLevel = EVIDENCE) -> JsonValue:
    return cast("JsonValue", reduce_json(value, node, Reduction(level=level, keyed_hash=hashed)))


@pytest.mark.parametrize(
    ("level", "members"),
    [
        (METADATA, {"id", "prompt"}),
        (EVIDENCE, {"id", "path", "command", "file", "prompt"}),
        (FULL, set(MESSAGE)),
    ],
)
def test_a_level_keeps_its_matters_and_nothing_that_is_not_named(level: CaptureLevel, members: set[str]) -> None:
    kept = reduced(MESSAGE, MEMBERS, level)

    assert isinstance(kept, Mapping)
    assert set(kept) == members


def test_full_keeps_the_very_value() -> None:
    assert reduced(MESSAGE, {}, FULL) is MESSAGE


def test_of_a_file_the_first_lines_stay() -> None:
    kept = reduced(MESSAGE, MEMBERS)

    assert isinstance(kept, Mapping)
    assert str(kept["file"]).splitlines() == ["1"] * OPENING_LINES


@pytest.mark.parametrize(
    ("level", "prompt"),
    [
        (METADATA, f"[prompt {hashed('fix shop-12. no, use make test')} 31 SHOP-12]"),
        (EVIDENCE, f"[prompt {hashed('fix shop-12. no, use make test')} 31 SHOP-12] No, use make test."),
    ],
)
def test_of_a_prompt_the_mark_stays_and_what_corrects(level: CaptureLevel, prompt: str) -> None:
    kept = reduced(MESSAGE, MEMBERS, level)

    assert isinstance(kept, Mapping)
    assert kept["prompt"] == prompt


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Please add Austria. It is near.", ""),
        ("no, use npm run check instead", "no, use npm run check instead"),
        ("That works. But please don't touch rates.py!", "But please don't touch rates.py!"),
        ("Don't touch rates.py! Thanks.", "Don't touch rates.py!"),
        ("You should have run the migration first.", "You should have run the migration first."),
        ("The test is still failing", "The test is still failing"),
        ("Nein, nutze make check. Danke.", "Nein, nutze make check."),
        ("Secret plan for the merger.", ""),
    ],
)
def test_only_sentences_that_correct_are_kept(words: str, kept: str) -> None:
    assert corrections_in(words) == kept


def test_corrections_are_cut() -> None:
    assert len(corrections_in("No, " + "x" * 2000)) == MOST_CORRECTION


@pytest.mark.parametrize(
    "start", ["<task-notification>", "<command-name>", "[Request interrupted by user for tool use]"]
)
def test_what_the_agent_wrote_itself_says_so_and_no_more(start: str) -> None:
    kept = marked(f"{start}\nno, never say this", hashed, has_corrections=True)

    assert kept.startswith(start)
    assert "never" not in kept


@given(st.text("abC dé\n", min_size=1).filter(lambda words: words.strip()), st.sampled_from(["", ".", "!", " ?"]))
def test_words_and_the_same_words_typed_again_have_one_mark(words: str, end: str) -> None:
    first = mark_of(marked(words, hashed, has_corrections=False))
    again = mark_of(marked(f"  {words.upper()}{end} ", hashed, has_corrections=False))

    assert first is not None
    assert again is not None
    assert first.digest == again.digest


def test_a_prompt_that_was_kept_whole_has_no_mark() -> None:
    assert mark_of("Fix it") is None
    assert words_after_mark("Fix it") == "Fix it"
    assert words_after_mark(marked("No, not that.", hashed, has_corrections=True)) == "No, not that."


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
NODES: Node = {
    "a": Matter.WORK,
    "b": {"a": Matter.FRAME, "b": Matter.WORDS},
    "c": Each(text=Matter.OPENING, fields={"a": Matter.PLACE}),
    "d": Inside(node={"a": Matter.WORK}),
    "e": Choice(choose=lambda value: {"a": Matter.FRAME} if value.get("a") else {}),
}


@given(st.dictionaries(st.sampled_from("abcdef"), JSON), st.sampled_from(LEVELS))
def test_reducing_again_changes_nothing_but_marks_and_a_lower_level_keeps_no_more(
    value: dict[str, JsonValue], level: CaptureLevel
) -> None:
    without_words = {name: inner for name, inner in value.items() if name != "b"}

    once = reduced(without_words, NODES, level)

    assert reduced(once, NODES, level) == once
    assert len(json.dumps(once)) <= len(json.dumps(without_words))


@given(JSON)
def test_a_value_that_no_table_names_is_gone(value: JsonValue) -> None:
    assert reduced({"unknown": value, "b": {"unknown": value}, "c": [{"unknown": value}]}, NODES) == {
        "b": {},
        "c": [{}],
    }


def test_json_in_a_string_is_looked_into() -> None:
    node = {"input": Inside(node={"command": Matter.WORK})}

    kept = reduced({"input": '{"command": "make", "secret plan": "x"}'}, node)

    assert kept == {"input": '{"command":"make"}'}
    assert reduced({"input": "{cut"}, node) == {}


def test_words_keep_the_frame_that_the_agent_puts_around_them() -> None:
    node = {"text": Text(frame=re.compile("(<user>)(.*)(</user>)"))}

    kept = reduced({"text": "<user>plan</user>"}, node)

    assert kept == {"text": f"<user>[prompt {hashed('plan')} 4]</user>"}


def test_the_strictest_of_several_levels_keeps_least() -> None:
    assert strictest([FULL, METADATA, EVIDENCE]) is METADATA
    assert strictest([FULL, EVIDENCE]) is EVIDENCE
