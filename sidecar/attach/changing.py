"""Changes of files: planned first, shown as a diff, then written whole or not at all."""

import difflib
import os
import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sidecar.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file from what it is to what it shall be."""

    path: Path
    """Links resolved, so that a link stays one."""
    before: bytes | None
    """None: there is no file."""
    after: bytes | None
    """None: the file goes."""
    mode: int = 0o644
    """Permission bits of a new file; one that is there keeps its own."""


def content_at(path: Path) -> bytes | None:
    """A file's bytes; None where there is none.

    Raises:
        InputError: something stands there that cannot be read.
    """
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        raise InputError(
            f"{path}: cannot be read ({(exc.strerror or str(exc)).lower()}); let this user read it"
        ) from exc


def unified_diff(change: Change) -> str:
    """The change as `diff -u` prints it; empty where nothing changes."""
    before, after = _lines(change.before), _lines(change.after)
    old = "/dev/null" if change.before is None else str(change.path)
    new = "/dev/null" if change.after is None else str(change.path)
    lines = difflib.unified_diff(before, after, old, new)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def apply_change(change: Change) -> None:
    """Write one file.

    Raises:
        InputError: it has changed since it was read, or cannot be written.
    """
    _put(change, _drafted(change))


def apply_changes(changes: Sequence[Change]) -> None:
    """Write several files or none: each is drafted beside its place before the first is put there.

    Raises:
        InputError: one has changed since it was read, or cannot be written; it says whether any of them stands.
    """
    made = missing_folders([change.path for change in changes if change.after is not None])
    drafts: list[Path | None] = []
    done: list[Change] = []
    try:
        for change in changes:
            drafts.append(_drafted(change))
        for change, draft in zip(changes, drafts, strict=True):
            _put(change, draft)
            done.append(change)
    except BaseException as exc:
        for draft in drafts:
            if draft is not None:
                draft.unlink(missing_ok=True)
        left = _put_back(done)
        remove_empty_folders(made)
        if isinstance(exc, InputError):
            stands = f"written and not put back: {', '.join(map(str, left))}" if left else "nothing was changed"
            raise InputError(f"{exc}; {stands}") from exc
        raise


def check_way(path: Path) -> None:
    """Refuse a place that no file can have.

    Raises:
        InputError: what should be a folder on the way there is a file, or no file may be made in it.
    """
    first = next((folder for folder in path.parents if folder.exists()), None)
    if first is not None and not first.is_dir():
        raise InputError(f"{first}: is a file, and a folder is needed there for {path.name}; move it away first")
    if first is not None and not os.access(first, os.W_OK | os.X_OK):
        raise InputError(f"{path}: cannot be written; let this user write in {first}, then run the same again")


def missing_folders(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The folders that writing these files will make, outer ones first."""
    found = {folder for path in paths for folder in path.parents if not folder.exists()}
    return tuple(sorted(found))


def remove_empty_folders(folders: Sequence[Path]) -> None:
    """Remove those folders in which nothing is."""
    for folder in sorted(folders, reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _drafted(change: Change) -> Path | None:
    """The new content beside its place; renamed over it, a reader or a crash sees the old bytes or the new ones."""
    path, content, mode = change.path, change.after, change.mode
    _check_unchanged(change)
    if content is None:
        return None
    with _said_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            mode = path.stat().st_mode & 0o7777
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
                os.fchmod(descriptor, mode)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    return draft


def _put(change: Change, draft: Path | None) -> None:
    try:
        _check_unchanged(change)
        with _said_of(change.path):
            if draft is None:
                change.path.unlink(missing_ok=True)
            else:
                draft.replace(change.path)
    except BaseException:
        if draft is not None:
            draft.unlink(missing_ok=True)
        raise


def _put_back(done: Sequence[Change]) -> Sequence[Path]:
    """Undo changes, the last first; gives those that stand, since the first of them could not be undone."""
    for count in range(len(done), 0, -1):
        change = done[count - 1]
        try:
            apply_change(Change(path=change.path, before=change.after, after=change.before, mode=change.mode))
        except InputError:
            return [one.path for one in done[:count]]
    return ()


def _check_unchanged(change: Change) -> None:
    if content_at(change.path) != change.before:
        raise InputError(f"{change.path}: was changed just now by somebody else; run the same command again")


@contextmanager
def _said_of(path: Path) -> Generator[None]:
    """A failure of the system's in words."""
    try:
        yield
    except OSError as exc:
        why = (exc.strerror or str(exc)).lower()
        raise InputError(f"{path}: cannot be written ({why}); let this user write there") from exc


def _lines(content: bytes | None) -> list[str]:
    # only at line feeds: a form feed or U+2028 inside a line is part of it
    *whole, rest = (content or b"").decode("utf-8", "replace").split("\n")
    return [f"{line}\n" for line in whole] + ([rest] if rest else [])
