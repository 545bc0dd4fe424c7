"""Reduces messages to a capture level, field by field; whatever no table names is dropped below `full`.

Pure: nothing is written here. Each collector says what its agent's fields are (`AgentFields`); the levels say which
matters stay. What learning needs of a dropped text is derived while it is still there: the hash that names a Task, the
sentence that corrects.
"""

from sidecar.capture.corrections import MOST_CORRECTION, corrections_in
from sidecar.capture.fields import AgentFields, Choice, Each, FileForm, Inside, JsonObject, JsonValue, Node, Text
from sidecar.capture.reducing import DROPPED, Reduction, reduce_json
from sidecar.capture.words import (
    Mark,
    corrections_of,
    is_program_text,
    mark_of,
    normalised_words,
    shown_words,
    words_after_mark,
)

__all__ = [
    "DROPPED",
    "MOST_CORRECTION",
    "AgentFields",
    "Choice",
    "Each",
    "FileForm",
    "Inside",
    "JsonObject",
    "JsonValue",
    "Mark",
    "Node",
    "Reduction",
    "Text",
    "corrections_in",
    "corrections_of",
    "is_program_text",
    "mark_of",
    "normalised_words",
    "reduce_json",
    "shown_words",
    "words_after_mark",
]
