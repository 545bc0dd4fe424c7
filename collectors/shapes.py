"""Counts the lines of a session file that no table of its agent knows, by shape: what a new version writes anew.

Such a line says nothing; at capture levels below `full` nothing of it is kept either.
"""

from collections import Counter
from collections.abc import Mapping

from collectors.payload import Payload, parse_payload
from sidecar.capture import AgentFields, Choice, FileForm, JsonObject

MOST_CHARACTERS = 80
_KINDS = ("type", "payload.type", "attachment.type", "subtype")
"""Members that say of which kind a line is, outermost first."""


def unknown_shapes(fields: AgentFields, part: str, text: str) -> Counter[str]:
    """Shape to number of lines of that shape: `type/inner type`, else the names of its members, else `no JSON`."""
    if fields.form is FileForm.DOCUMENT:
        return Counter() if _is_object(text) else Counter({"no JSON": 1})
    node = fields.part(part)
    found: Counter[str] = Counter()
    for line in text.split("\n"):
        if line.strip():
            value = parse_payload(line)
            if value is None or not isinstance(value.value, Mapping):
                found["no JSON" if value is None else "no JSON object"] += 1
            elif isinstance(node, Choice) and not node.choose(value.value):
                found[shape_of(value.value)] += 1
    return found


def shape_of(line: JsonObject) -> str:
    """A line's shape; never anything of what it says but the names of kinds and members."""
    payload = Payload(line)
    kinds = [kind for name in _KINDS if (kind := payload.text(*name.split("."))) is not None]
    shape = "/".join(kinds) if kinds else "{" + ", ".join(sorted(line)) + "}"
    printable = "".join(character if character.isprintable() else "?" for character in shape)
    return printable if len(printable) <= MOST_CHARACTERS else printable[: MOST_CHARACTERS - 1] + "…"


def _is_object(text: str) -> bool:
    value = parse_payload(text)
    return value is not None and value.is_object()
