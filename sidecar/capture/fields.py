"""The language in which a collector says what its agent's fields are.

A table maps names of JSON members to what they hold. Arrays are looked through: a table speaks of their elements.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from sidecar.domain import Matter

JsonValue: TypeAlias = "Mapping[str, JsonValue] | Sequence[JsonValue] | str | int | float | bool | None"
JsonObject: TypeAlias = "Mapping[str, JsonValue]"

Node: TypeAlias = "Matter | Mapping[str, Node] | Text | Each | Inside | Choice"
"""What a value is: a text, number or flag of one matter, an object with named members, or one of the forms below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A person's words in a frame that the agent puts around them."""

    frame: re.Pattern[str]
    """Three groups over the whole text: before, the words, after."""
    is_kept: bool = True
    """The frame stays as it is; else the words alone stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """A member that is text in some messages and an object or array in others."""

    text: Matter | None = None
    """Of a string; None drops it."""
    fields: Node = field(default_factory=dict[str, "Node"])
    """Of an object, or of an array's elements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """JSON within a string; what is no JSON is dropped."""

    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An object whose own members say what it is."""

    choose: Callable[[JsonObject], Node]


class FileForm(StrEnum):
    """How a session file is built."""

    LINES = "lines"
    """One JSON object a line."""
    DOCUMENT = "document"
    """One JSON document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFields:
    """What the messages of one agent hold."""

    hook: Node
    """Of a hook's JSON."""
    form: FileForm = FileForm.LINES
    file: Mapping[str, Node] = field(default_factory=dict[str, Node])
    """Of a line, or of the document, by part; `""` stands for every part that is not named."""
    attributes: Mapping[str, Node] = field(default_factory=dict[str, Node])
    """Of OTLP attributes by name, on resources, spans, events and data points."""

    def part(self, name: str) -> Node:
        """What a line, or the document, of a part of the session file is."""
        return self.file.get(name, self.file.get("", {}))
