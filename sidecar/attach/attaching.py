"""Plans what attaching or detaching an agent changes; `carry_out` writes it. Planning reads and writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sidecar.attach.changing import (
    Change,
    apply_change,
    apply_changes,
    check_way,
    content_at,
    missing_folders,
    remove_empty_folders,
)
from sidecar.attach.record import Record, Written, record_bytes, sha_of
from sidecar.attach.settings import Added, Entry, added, removed
from sidecar.attach.wish import Wish, Wishes
from sidecar.errors import DecodeError, InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What shall change."""

    changes: tuple[Change, ...]
    """Only files that differ."""
    record: Record
    """What is written once all of it is done."""
    notes: tuple[str, ...] = ()
    """What was left alone and why, as sentences."""


def plan_wishes(wished: Wishes, record: Record, beside: Sequence[Path] = ()) -> Plan:
    """What to change so that every wish holds; nothing where they hold.

    Args:
        beside: Other files that will be written, whose folders are to go with ours.
    Raises:
        InputError: a file is no JSON, is in the way, or cannot be read.
    """
    changes: list[Change] = []
    notes = list(wished.notes)
    for wish in wished.files:
        path = resolved(wish.path)
        current = content_at(path)
        if wish.is_whole and current is not None and record.written(path) is None:
            notes.append(f"{path}: is somebody else's, so it was left alone; have it call the line: {wish.lines[0]}")
            continue
        written = _wished(replace(wish, path=path), current, record.written(path))
        if written is None:
            continue
        after, entry = written
        record = _with(record, entry)
        if after != current:
            check_way(path)
            changes.append(Change(path=path, before=current, after=after, mode=wish.mode))
    folders = missing_folders([*(change.path for change in changes), *(beside if changes else ())])
    known = tuple(folder for folder in folders if folder not in record.folders)
    return Plan(changes=tuple(changes), record=replace(record, folders=(*record.folders, *known)), notes=tuple(notes))


def plan_detach(record: Record) -> Plan:
    """What to change so that nothing of ours is left; what cannot be read stays in the record, with a note."""
    changes: list[Change] = []
    notes: list[str] = []
    left: list[Written] = []
    for written in record.files:
        try:
            current = content_at(written.path)
            after, note = _without(written, current)
            if after != current:
                check_way(written.path)
        except InputError as exc:
            left.append(written)
            notes.append(f"left as it is: {exc}")
            continue
        notes.append(f"{written.path}: {note}")
        if after != current:
            changes.append(Change(path=written.path, before=current, after=after))
    folders = record.folders if left else ()
    return Plan(changes=tuple(changes), record=Record(files=tuple(left), folders=folders), notes=tuple(notes))


def carry_out_attach(plans: Mapping[Path, Plan], programs: Sequence[Change]) -> None:
    """Write all or nothing: what the hooks call, then the records, so that whatever stops us can be taken back.

    Args:
        plans: By the file of their record.
    Raises:
        InputError: something cannot be written.
    """
    records = [
        Change(path=file, before=content_at(file), after=record_bytes(plan.record), mode=0o600)
        for file, plan in plans.items()
    ]
    settings = (change for plan in plans.values() for change in plan.changes)
    apply_changes((*programs, *(one for one in records if one.before != one.after), *settings))


def carry_out_detach(plan: Plan, record: Record, record_file: Path) -> None:
    """Write a plan; the record goes last, and stays while something is left."""
    for change in plan.changes:
        apply_change(change)
    after = record_bytes(plan.record) if plan.record.files else None
    apply_change(Change(path=record_file, before=content_at(record_file), after=after, mode=0o600))
    if not plan.record.files:
        remove_empty_folders(record.folders)


def resolved(path: Path) -> Path:
    """Where the bytes lie.

    Raises:
        InputError: a link leads in a circle.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as exc:
        raise InputError(f"{path}: is a link that never ends at a file; make it a file") from exc


def _wished(wish: Wish, current: bytes | None, written: Written | None) -> tuple[bytes, Written] | None:
    """The file's bytes as wished and what to remember of it; None where nothing of ours is needed in it."""
    if current is not None and written is not None and wish.lines and _stand(wish, current, written):
        return current, written
    base = _base(current, written)
    if wish.lines:
        after, lines = _with_lines(base, wish)
        entry = Written(path=wish.path, before=base, after_sha=sha_of(after), lines=lines, project=wish.project)
        return (after, entry) if lines else None
    result = _with_entries(base, _united(written.entries if written else (), wish), wish.path)
    entry = Written(
        path=wish.path,
        before=base,
        after_sha=sha_of(result.content),
        entries=result.entries,
        created=result.created,
        project=wish.project,
    )
    return (result.content, entry) if result.entries else None


def _stand(wish: Wish, current: bytes, written: Written) -> bool:
    """Whether each line is there, and ours: another agent's of ours may have come after it."""
    return wish.lines == written.lines and set(wish.lines) <= set(current.decode("utf-8", "replace").splitlines())


def _base(current: bytes | None, written: Written | None) -> bytes | None:
    """The file without anything of ours."""
    if written is None or current is None or current == written.before:
        return current
    after, _ = _without(written, current)
    return after


def _with_entries(base: bytes | None, entries: Sequence[Entry], path: Path) -> Added:
    try:
        return added(base if base is not None else b"{}\n", entries)
    except DecodeError as exc:
        raise InputError(f"{path}: {exc}; mend it first, nothing was written") from exc


def _united(old: Sequence[Entry], wish: Wish) -> tuple[Entry, ...]:
    """What an earlier attach put there stays unless it is dropped; the wish counts where both speak of the same."""
    entries = {entry.place(): entry for entry in old} | {entry.place(): entry for entry in wish.entries}
    return tuple(entry for place, entry in entries.items() if place not in wish.dropped)


def _with_lines(base: bytes | None, wish: Wish) -> tuple[bytes, tuple[str, ...]]:
    content = wish.opening.encode() if base is None else base
    present = content.decode("utf-8", "replace").splitlines()
    lines = tuple(line for line in wish.lines if line not in present)
    between = b"\n" if content and not content.endswith(b"\n") else b""
    return content + (between + "".join(f"{line}\n" for line in lines).encode() if lines else b""), lines


def _without(written: Written, current: bytes | None) -> tuple[bytes | None, str]:
    """A file without anything of ours, and what happened to it.

    Raises:
        InputError: it was edited since, and is no JSON now.
    """
    if current is None:
        return None, "was gone already"
    if current == written.before:
        return current, "holds nothing of ours"
    if written.is_as_written(current):
        return written.before, "removed, we had made it" if written.before is None else "restored byte for byte"
    if written.lines:
        after = b"".join(line for line in current.splitlines(keepends=True) if not _is_ours(line, written))
        is_bare = written.before is None and after.strip() in (b"", b"#!/bin/sh")
        # another agent's lines of ours may stand there too, so this says nothing of edits
        note = "our lines were taken out, all else stays"
        return (None, "removed, nothing but ours was in it") if is_bare else (after, note)
    try:
        result = removed(current, written.entries, written.created)
    except DecodeError as exc:
        raise InputError(f"{written.path}: {exc}; mend it and detach again") from exc
    if written.before is None and result.content.strip() in (b"{}", b""):
        return None, "removed, nothing but ours was in it"
    kept = ", ".join(".".join((*entry.path, entry.key or "")).strip(".") for entry in result.changed)
    changed = f"; changed or taken out by somebody, so left as it is: {kept}" if kept else ""
    return result.content, f"was edited since, so only our entries were taken out{changed}"


def _is_ours(line: bytes, written: Written) -> bool:
    return line.decode("utf-8", "replace").rstrip("\r\n") in written.lines


def _with(record: Record, written: Written) -> Record:
    if record.written(written.path) is None:
        return replace(record, files=(*record.files, written))
    return replace(record, files=tuple(written if one.path == written.path else one for one in record.files))
