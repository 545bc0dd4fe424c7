"""Our entries in an agent's JSON settings: added beside what is there, taken out again without touching the rest.

Pure. An entry that somebody set to something else is theirs: it is neither replaced nor removed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from sidecar.attach.json_text import Node, parse_text, value_of, with_element, with_member, without_child
from sidecar.errors import DecodeError

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One value of ours."""

    path: tuple[str, ...]
    """Names down to the object or array that holds it."""
    key: str | None
    """Its name in that object; None for an element of that array."""
    value: JsonValue

    def place(self) -> tuple[object, ...]:
        """What two versions of the same entry share: one hook of ours at most runs at an event."""
        return (*self.path, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Settings with our entries."""

    content: bytes
    entries: tuple[Entry, ...]
    """Those that were not there before."""
    created: tuple[tuple[str, ...], ...]
    """Objects and arrays that were made for them, outer ones first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Settings without our entries."""

    content: bytes
    changed: tuple[Entry, ...]
    """Entries that somebody changed or took out; what stands there now stays."""


def added(content: bytes, entries: Sequence[Entry]) -> Added:
    """Add entries where nothing of that name, or no element with that command, is there.

    Raises:
        DecodeError: not JSON, not an object, or something else stands where our entries belong.
    """
    text = _decoded(content)
    created: list[tuple[str, ...]] = []
    new: list[Entry] = []
    for entry in entries:
        for depth in range(1, len(entry.path) + 1):
            path = entry.path[:depth]
            is_array = depth == len(entry.path) and entry.key is None
            parent = _container(text, path[:-1], is_array=False)
            if parent.member(path[-1]) is None:
                text = with_member(text, parent, path[-1], [] if is_array else {})
                created.append(path)
        holder = _container(text, entry.path, is_array=entry.key is None)
        if _stands(text, holder, entry):
            continue
        new.append(entry)
        if entry.key is None:
            text = with_element(text, holder, entry.value)
        else:
            text = with_member(text, holder, entry.key, entry.value)
    used = {path for entry in new for path in _above(entry.path)}
    text = _without_empty(text, [path for path in created if path not in used])
    return Added(
        content=_encoded(content, text), entries=tuple(new), created=tuple(path for path in created if path in used)
    )


def removed(content: bytes, entries: Sequence[Entry], created: Sequence[tuple[str, ...]]) -> Removed:
    """Take entries out, and what was created for them where it is empty now; see added for the errors."""
    text = _decoded(content)
    changed: list[Entry] = []
    for entry in entries:
        before = text
        text = _without_member(text, entry) if entry.key is not None else _without_hook(text, entry)
        if text == before:
            changed.append(entry)
    return Removed(content=_encoded(content, _without_empty(text, created)), changed=tuple(changed))


def value_at(content: bytes, *path: str) -> JsonValue:
    """The value at a path of names; None where there is none. See added for the errors."""
    value: JsonValue = value_of(text := _decoded(content), parse_text(text))
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def is_empty(content: bytes) -> bool:
    """Whether nothing is set in there."""
    return not value_at(content)


def commands_at(content: bytes, event: str) -> tuple[str, ...]:
    """Every command that runs at an event."""
    groups = value_at(content, "hooks", event)
    return tuple(one for group in _items(groups) for one in commands_of(group))


def _decoded(content: bytes) -> str:
    try:
        text = content.decode().removeprefix(_BOM)
    except UnicodeDecodeError as exc:
        raise DecodeError(f"not UTF-8 at byte {exc.start}") from exc
    text = text if text.strip() else "{}\n"
    if parse_text(text).members is None:
        raise DecodeError("not a JSON object; settings were expected")
    return text


def _encoded(original: bytes, text: str) -> bytes:
    bom = _BOM.encode()
    return (bom if original.startswith(bom) else b"") + text.encode()


def _container(text: str, path: Sequence[str], *, is_array: bool) -> Node:
    node = parse_text(text)
    for depth, name in enumerate(path):
        member = node.member(name)
        if member is None:
            raise DecodeError(f"{'.'.join(path[: depth + 1])} is not there")
        node = member.value
        wants_array = is_array and depth == len(path) - 1
        if (node.elements if wants_array else node.members) is None:
            kind = "array" if wants_array else "object"
            raise DecodeError(f"{'.'.join(path[: depth + 1])} is no {kind}; make it one, or take it out")
    return node


def _stands(text: str, holder: Node, entry: Entry) -> bool:
    if entry.key is not None:
        return holder.member(entry.key) is not None
    present = {one for element in holder.elements or () for one in commands_of(value_of(text, element))}
    return bool(present & set(commands_of(entry.value)))


def _without_member(text: str, entry: Entry) -> str:
    holder = _found(text, entry.path)
    member = holder.member(entry.key or "") if holder else None
    if holder is None or member is None or value_of(text, member.value) != entry.value:
        return text
    return without_child(text, holder, holder.index(member.key))


def _without_hook(text: str, entry: Entry) -> str:
    """Without each hook that runs the entry's command, wherever in the event's groups somebody moved it."""
    ours = set(commands_of(entry.value))
    while (found := _hook_at(text, entry.path, ours)) is not None:
        text = without_child(text, *found)
    return text


def _hook_at(text: str, path: Sequence[str], ours: set[str]) -> tuple[Node, int] | None:
    holder = _found(text, path)
    for index, group in enumerate(holder.elements or () if holder else ()):
        commands = commands_of(value_of(text, group))
        hooks = group.member("hooks")
        if not ours & set(commands) or hooks is None or holder is None:
            continue
        if set(commands) <= ours and len(hooks.value.elements or ()) == len(commands):
            return holder, index
        for position, hook in enumerate(hooks.value.elements or ()):
            value = value_of(text, hook)
            if isinstance(value, Mapping) and value.get("command") in ours:
                return hooks.value, position
    return None


def _without_empty(text: str, created: Sequence[tuple[str, ...]]) -> str:
    for path in reversed(created):
        parent, holder = _found(text, path[:-1]), _found(text, path)
        if parent is not None and holder is not None and not holder.children() and _is_container(holder):
            text = without_child(text, parent, parent.index(path[-1]))
    return text


def _is_container(node: Node) -> bool:
    return node.members is not None or node.elements is not None


def _found(text: str, path: Sequence[str]) -> Node | None:
    node = parse_text(text)
    for name in path:
        member = node.member(name)
        if member is None:
            return None
        node = member.value
    return node


def _above(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for depth in range(1, len(path) + 1):
        yield path[:depth]


def commands_of(group: JsonValue) -> tuple[str, ...]:
    """The commands that a group of hooks runs."""
    hooks = group.get("hooks") if isinstance(group, Mapping) else None
    found = (hook.get("command") for hook in _items(hooks) if isinstance(hook, Mapping))
    return tuple(command for command in found if isinstance(command, str))


def _items(value: JsonValue) -> Sequence[JsonValue]:
    return cast("Sequence[JsonValue]", value) if isinstance(value, list | tuple) else ()
