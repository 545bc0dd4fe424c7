"""Entries go into settings and out again without touching anything else."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from sidecar.attach.settings import Entry, added, commands_at, removed, value_at
from sidecar.errors import DecodeError

OUR_HOOK: JsonValue = {"type": "command", "command": "sh hook.sh Stop", "timeout": 5}
HOOK: JsonValue = {"hooks": [OUR_HOOK]}
ENTRIES = (
    Entry(path=("env",), key="OTEL_LOGS_EXPORTER", value="otlp"),
    Entry(path=("hooks", "Stop"), key=None, value=HOOK),
    Entry(path=("hooks", "SessionEnd"), key=None, value=HOOK),
)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
groups = st.lists(st.fixed_dictionaries({"matcher": st.text(), "hooks": st.lists(st.dictionaries(st.text(), values))}))
documents = st.fixed_dictionaries(
    {},
    optional={
        "model": values,
        "env": st.dictionaries(st.text(min_size=1), st.text(), max_size=4),
        "hooks": st.dictionaries(st.sampled_from(["Stop", "SessionEnd", "PreToolUse"]), groups),
        "permissions": values,
    },
)
layouts = st.sampled_from(
    [
        {"indent": 2},
        {"indent": 4},
        {"indent": "\t"},
        {},
        {"separators": (",", ":")},
        {"indent": 2, "ensure_ascii": False},
    ]
)


def _bytes(document: object, layout: dict[str, object], line_end: str) -> bytes:
    text = json.dumps(document, **layout)  # pyright: ignore[reportArgumentType] # keywords of json.dumps
    return text.replace("\n", line_end).encode("utf-8", "surrogatepass")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@settings(max_examples=40)
@given(document=documents, layout=layouts, line_end=st.sampled_from(["\n", "\r\n"]))
def test_what_was_added_and_removed_again_leaves_every_value_in_its_order(
    document: dict[str, object], layout: dict[str, object], line_end: str
) -> None:
    content = _bytes(document, layout, line_end)
    if not _is_utf8(content):
        return

    with_ours = added(content, ENTRIES)
    without = removed(with_ours.content, with_ours.entries, with_ours.created)

    assert json.dumps(json.loads(content)) == json.dumps(json.loads(without.content))
    assert without.changed == ()


@settings(max_examples=40)
@given(document=documents, layout=layouts)
def test_adding_twice_is_adding_once(document: dict[str, object], layout: dict[str, object]) -> None:
    content = _bytes(document, layout, "\n")
    if not _is_utf8(content):
        return

    once = added(content, ENTRIES)

    assert once.content == added(once.content, ENTRIES).content


@settings(max_examples=40)
@given(document=documents, layout=layouts)
def test_foreign_values_stand_before_ours_and_unchanged(document: dict[str, object], layout: dict[str, object]) -> None:
    content = _bytes(document, layout, "\n")
    if not _is_utf8(content):
        return

    merged = json.loads(added(content, ENTRIES).content)

    before = json.loads(content)
    for name, value in before.get("env", {}).items():
        assert value == merged["env"][name]
    for event, foreign in before.get("hooks", {}).items():
        assert foreign == merged["hooks"][event][: len(foreign)]


def test_bytes_outside_the_insertion_stay_as_they_are() -> None:
    content = b'\xef\xbb\xbf{\r\n\t"n": 1.50,  "e": 1E5,\r\n\t"env": {\r\n\t\t"A": "\\u00e9"\r\n\t}\r\n}'

    result = added(content, ENTRIES[:1])

    expected = content.replace(b'"\\u00e9"', b'"\\u00e9",\r\n\t\t"OTEL_LOGS_EXPORTER": "otlp"')
    assert expected == result.content


def test_a_value_that_somebody_set_is_neither_replaced_nor_removed() -> None:
    content = b'{"env": {"OTEL_LOGS_EXPORTER": "console"}}'

    result = added(content, ENTRIES[:1])

    assert content == result.content
    assert result.entries == ()
    assert content == removed(content, ENTRIES[:1], ()).content
    assert ENTRIES[:1] == removed(content, ENTRIES[:1], ()).changed


def test_our_hook_is_found_where_somebody_moved_it() -> None:
    moved = {"hooks": {"Stop": [{"matcher": "x", "hooks": [{"type": "command", "command": "theirs"}, OUR_HOOK]}]}}

    result = removed(json.dumps(moved).encode(), ENTRIES[1:2], ())

    assert commands_at(result.content, "Stop") == ("theirs",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a": 1,\n  // comment\n}', "line 2, column 3"),
        (b'{"a": NaN}', "NaN is no number"),
        (b"[1]", "not a JSON object"),
        (b'{"env": "x"}', "env is no object"),
        (b'{"hooks": {"Stop": {}}}', "hooks.Stop is no array"),
        (b"\xff{}", "not UTF-8 at byte 0"),
        (b'{"a": ' + b"[" * 100_000, "nested too deep"),
    ],
    ids=["comment", "constant", "array", "env", "event", "encoding", "depth"],
)
def test_settings_that_cannot_be_edited_are_refused_with_the_place(content: bytes, words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        added(content, ENTRIES)


def test_an_empty_file_counts_as_no_settings() -> None:
    result = added(b"", ENTRIES[:1])

    assert value_at(result.content, "env", "OTEL_LOGS_EXPORTER") == "otlp"
