"""The data folder: everything this product writes on the machine it runs on lies in it."""

import contextlib
import fcntl
import hashlib
import hmac
import os
import secrets
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from sidecar.config import Config
from sidecar.domain import ProjectId
from sidecar.errors import DataDirError, DataDirInUseError

KEY_BYTES = 32
KEY_FILE_VARIABLE = "SIDECAR_KEY_FILE"
"""Environment variable that names the key's file, for nodes that share a store but no folder."""


_UNSCANNABLE = "unscannable"


class Role(StrEnum):
    """What one process at a time does with a data folder."""

    SERVE = "serve"
    """Receives for it."""
    WORK = "work"
    """Runs its flows: they share its clones and are one node of the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDir:
    """A data folder that exists, is ours to write and has its key."""

    path: Path
    key: bytes
    """Secret of this installation: keys the hashes that stand for secrets, prompts and people. Every process on one
    store must have the same, or nothing that one of them stored is found by another."""

    @classmethod
    def open(cls, path: Path, *, key_file: Path | None = None, is_made: bool = True) -> "DataDir":
        """Create the folder where missing and read its key.

        Args:
            key_file: Where the key lies; None is the folder's own, made where missing.
            is_made: False: only a folder that is one already, as nothing can be found in a new one.
        Raises:
            DataDirError: it cannot be created, written or read, or is no data folder.
        """
        try:
            if not is_made and not path.is_file() and not is_installed(path, key_file):
                what = "it has no key" if path.is_dir() else "there is no such folder"
                raise DataDirError(
                    f"no installation at {path}: {what}; `sidecar init` or `sidecar serve` makes one, and --data DIR "
                    f"names another"
                )
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            key = _read_or_make_key(path / "key") if key_file is None else _read_key(key_file)
            return cls(path=path.resolve(), key=key)
        except FileExistsError as exc:
            raise DataDirError(f"data folder {path}: is a file; give a folder with --data DIR") from exc
        except OSError as exc:
            raise DataDirError(
                f"data folder {path}: {exc.strerror or exc}; give a folder you can write with --data DIR"
            ) from exc

    @property
    def key_print(self) -> str:
        """Sixteen hex digits by which two keys are told apart, and from which none can be had."""
        return hmac.new(self.key, b"agent-sidecar key", hashlib.sha256).hexdigest()[:16]

    def note_unscannable(self) -> None:
        """Count one more string that could not be looked through for secrets; for ever, and for every process here.

        The count is a file's length, since appending a byte is one act that no other process comes between. A disk
        that is full keeps the string out of the count, not out of the store.
        """
        with contextlib.suppress(OSError), (self.path / _UNSCANNABLE).open("ab") as file:
            file.write(b".")

    @property
    def unscannable(self) -> int:
        """Strings that were replaced since the folder was made, as they could not be looked through for secrets."""
        try:
            return (self.path / _UNSCANNABLE).stat().st_size
        except OSError:
            return 0

    def node(self) -> str:
        """The name under which this folder's flows are known in the store; it stays over restarts.

        Raises:
            DataDirError: it cannot be read or written.
        """
        file = self.path / "node"
        try:
            if not file.exists():
                _put_in_place(file, _new_node().encode())
            return file.read_text().strip()
        except OSError as exc:
            raise self._unwritable(exc) from exc

    def rename_node(self) -> str:
        """A new name for this folder's flows: the old one came with a copy of the folder, and is another's.

        Raises:
            DataDirError: it cannot be written.
        """
        try:
            (self.path / "node").unlink(missing_ok=True)
        except OSError as exc:
            raise self._unwritable(exc) from exc
        return self.node()

    def store_url(self, config: Config) -> str:
        """SQLAlchemy URL of the store."""
        return config.store.url or f"sqlite:///{self.path / 'store.db'}"

    def inbox_url(self, config: Config) -> str:
        """SQLAlchemy URL of the inbox: its own file, or the PostgreSQL database of the store."""
        return config.store.url or f"sqlite:///{self.path / 'inbox.db'}"

    def engine_url(self, config: Config) -> str:
        """SQLAlchemy URL of the engine's own records: its own file, or the PostgreSQL database of the store."""
        return config.store.url or f"sqlite:///{self.path / 'engine.db'}"

    def clone_folder(self, project: ProjectId) -> Path:
        """Where our own clone of a project's repository lies."""
        return self.path / "clones" / hashlib.sha256(project.encode()).hexdigest()[:16]

    @contextmanager
    def held(self, role: Role = Role.SERVE) -> Generator[None]:
        """Hold the folder for one process in a role; the lock goes with the process, however it ends.

        Raises:
            DataDirInUseError: another one has it.
            DataDirError: it cannot be written.
        """
        with self._lock_file(role) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                lock.seek(0)
                owner = lock.read().strip() or "unknown"
                raise DataDirInUseError(
                    f"data folder {self.path}: already {_DONE[role]} by process {owner}; "
                    "stop that one, or give this one another --data DIR"
                ) from exc
            self._sign(lock)
            yield

    def _lock_file(self, role: Role) -> TextIO:
        try:
            return (self.path / f"{role}.lock").open("a+")
        except OSError as exc:
            raise self._unwritable(exc) from exc

    def _sign(self, lock: TextIO) -> None:
        """Say who holds the lock."""
        try:
            # past the file object, which would try a failed write once more when it is closed
            os.ftruncate(lock.fileno(), 0)
            os.write(lock.fileno(), str(os.getpid()).encode())
        except OSError as exc:
            raise self._unwritable(exc) from exc

    def _unwritable(self, cause: OSError) -> DataDirError:
        return DataDirError(f"data folder {self.path}: {cause.strerror}; make room and let this user write in it")


def is_installed(path: Path, key_file: Path | None = None) -> bool:
    """Whether a folder was made one by an earlier command; with a key of elsewhere it only has to be there.

    Raises:
        OSError: it cannot be looked into.
    """
    return path.is_dir() if key_file is not None else (path / "key").exists()


_DONE = {Role.SERVE: "served", Role.WORK: "worked on"}


def _read_or_make_key(file: Path) -> bytes:
    if not file.exists():
        _put_in_place(file, secrets.token_bytes(KEY_BYTES))
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise DataDirError(f"{file}: {KEY_BYTES} bytes were expected, got {len(key)}; restore it from a backup")
    return key


def _read_key(file: Path) -> bytes:
    try:
        key = file.read_bytes()
    except OSError as exc:
        raise DataDirError(
            f"{KEY_FILE_VARIABLE}={file}: {exc.strerror}; name the copy of a data folder's file `key`"
        ) from exc
    if len(key) != KEY_BYTES:
        raise DataDirError(
            f"{KEY_FILE_VARIABLE}={file}: {KEY_BYTES} bytes were expected, got {len(key)}; "
            "name the copy of a data folder's file `key`"
        )
    return key


def _put_in_place(file: Path, content: bytes) -> None:
    """Make a file unless it is there; linked whole: a reader never sees half of it, and two first starts agree."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(draft)
    finally:
        os.close(descriptor)
        draft.unlink()


def _new_node() -> str:
    return f"{socket.gethostname()}-{secrets.token_hex(4)}"
