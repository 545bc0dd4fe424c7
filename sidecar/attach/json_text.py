"""Edits of JSON as text: what is not edited keeps every byte, order, indentation and spelling of numbers included.

Pure. A document is scanned into spans; an edit cuts or inserts text at them.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from pydantic import JsonValue

from sidecar.errors import DecodeError

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCALAR = re.compile(r"[^ \t\n\r,\]}]+")
_DEFAULT_INDENT = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One value and where it stands."""

    start: int
    """Of its first character."""
    end: int
    """Past its last character."""
    members: "tuple[Member, ...] | None" = None
    """Of an object; None for anything else."""
    elements: "tuple[Node, ...] | None" = None
    """Of an array; None for anything else."""

    def member(self, key: str) -> "Member | None":
        """The last member of that name, which is the one that counts."""
        return next((one for one in reversed(self.members or ()) if one.key == key), None)

    def index(self, key: str) -> int:
        """Where that member stands.

        Raises:
            ValueError: there is none.
        """
        members = self.members or ()
        return len(members) - 1 - [one.key for one in reversed(members)].index(key)

    def children(self) -> "Sequence[Member | Node]":
        """Members or elements, in order."""
        return self.members if self.members is not None else self.elements or ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One name and its value."""

    start: int
    """Of the name's quote."""
    end: int
    key: str
    value: Node


def parse_text(text: str) -> Node:
    """The spans of a JSON document.

    Raises:
        DecodeError: it is no JSON; the text says at which line and column.
    """
    try:
        json.loads(text, parse_constant=_refuse_constant)
        return _scan(text, _SPACE.match(text, 0).end())  # pyright: ignore[reportOptionalMemberAccess] # matches always
    except json.JSONDecodeError as exc:
        raise DecodeError(f"not JSON at line {exc.lineno}, column {exc.colno}: {exc.msg.lower()}") from exc
    except RecursionError as exc:
        raise DecodeError("nested too deep to be settings") from exc


def value_of(text: str, node: Node) -> JsonValue:
    """The value at a span."""
    value: JsonValue = json.loads(text[node.start : node.end])
    return value


def with_member(text: str, parent: Node, key: str, value: JsonValue) -> str:
    """The document with one more member at an object's end."""
    return _with_child(text, parent, value, f"{json.dumps(key, ensure_ascii=False)}: ")


def with_element(text: str, parent: Node, value: JsonValue) -> str:
    """The document with one more element at an array's end."""
    return _with_child(text, parent, value, "")


def without_child(text: str, parent: Node, index: int) -> str:
    """The document without one member or element, and without the comma beside it."""
    children = parent.children()
    if index + 1 < len(children):
        return text[: children[index].start] + text[children[index + 1].start :]
    if index:
        return text[: children[index - 1].end] + text[children[index].end :]
    return text[: parent.start + 1] + text[parent.end - 1 :]


def _with_child(text: str, parent: Node, value: JsonValue, name: str) -> str:
    children = parent.children()
    line_end = "\r\n" if "\r\n" in text else "\n"
    if not children:
        outer = _indent_at(text, parent.start)
        inner = outer + _indent_unit(text)
        added = line_end + inner + name + _rendered(text, value, inner, line_end) + line_end + outer
        return text[: parent.start + 1] + added + text[parent.end - 1 :]
    opening = text[parent.start + 1 : children[0].start]
    if "\n" not in opening:
        added = f", {name}{json.dumps(value, ensure_ascii=False)}"
    else:
        indent = opening[opening.rindex("\n") + 1 :]
        added = f",{line_end}{indent}{name}{_rendered(text, value, indent, line_end)}"
    return text[: children[-1].end] + added + text[children[-1].end :]


def _rendered(text: str, value: JsonValue, indent: str, line_end: str) -> str:
    lines = json.dumps(value, ensure_ascii=False, indent=_indent_unit(text)).split("\n")
    return f"{line_end}{indent}".join(lines)


def _indent_unit(text: str) -> str:
    found = re.match(r"\s*\{[ \t]*\r?\n([ \t]+)\S", text)
    return found[1] if found else _DEFAULT_INDENT


def _indent_at(text: str, position: int) -> str:
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _scan(text: str, start: int) -> Node:
    match text[start]:
        case "{":
            return _scan_object(text, start)
        case "[":
            return _scan_array(text, start)
        case '"':
            return Node(start=start, end=_end(_STRING, text, start))
        case _:
            return Node(start=start, end=_end(_SCALAR, text, start))


def _scan_object(text: str, start: int) -> Node:
    members: list[Member] = []
    at = _end(_SPACE, text, start + 1)
    while text[at] != "}":
        key_end = _end(_STRING, text, at)
        colon = _end(_SPACE, text, key_end)
        value = _scan(text, _end(_SPACE, text, colon + 1))
        members.append(Member(start=at, end=value.end, key=json.loads(text[at:key_end]), value=value))
        at = _after_child(text, value.end)
    return Node(start=start, end=at + 1, members=tuple(members))


def _scan_array(text: str, start: int) -> Node:
    elements: list[Node] = []
    at = _end(_SPACE, text, start + 1)
    while text[at] != "]":
        elements.append(_scan(text, at))
        at = _after_child(text, elements[-1].end)
    return Node(start=start, end=at + 1, elements=tuple(elements))


def _after_child(text: str, end: int) -> int:
    at = _end(_SPACE, text, end)
    return _end(_SPACE, text, at + 1) if text[at] == "," else at


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    if found is None:
        raise DecodeError(f"not JSON at character {start}")  # cannot be: json.loads took this text
    return found.end()


def _refuse_constant(name: str) -> NoReturn:
    raise DecodeError(f"not JSON: {name} is no number there")
