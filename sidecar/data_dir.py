"""The data folder: everything this product writes on the machine it runs on lies in it."""

import contextlib
import fcntl
import hashlib
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sidecar.config import Config
from sidecar.domain import ProjectId
from sidecar.errors import DataDirError, DataDirInUseError

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDir:
    """A data folder that exists, is ours to write and has its key."""

    path: Path
    key: bytes
    """Secret of this installation: keys the hashes that stand for secrets, prompts and people."""

    @classmethod
    def open(cls, path: Path) -> "DataDir":
        """Create the folder where missing and read its key.

        Raises:
            DataDirError: it cannot be created, written or read.
        """
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(path=path.resolve(), key=_read_or_make_key(path / "key"))
        except FileExistsError as exc:
            raise DataDirError(f"data folder {path}: is a file; give a folder with --data DIR") from exc
        except OSError as exc:
            raise DataDirError(
                f"data folder {path}: {exc.strerror or exc}; give a folder you can write with --data DIR"
            ) from exc

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
    def held(self) -> Generator[None]:
        """Hold the folder for one serve; the lock goes with the process, however it ends.

        Raises:
            DataDirInUseError: another serve holds it.
            DataDirError: it cannot be written.
        """
        with self._lock_file() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                lock.seek(0)
                owner = lock.read().strip() or "unknown"
                raise DataDirInUseError(
                    f"data folder {self.path}: already served by process {owner}; "
                    "stop that one, or give this one another --data DIR"
                ) from exc
            self._sign(lock)
            yield

    def _lock_file(self) -> TextIO:
        try:
            return (self.path / "serve.lock").open("a+")
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


def _read_or_make_key(file: Path) -> bytes:
    if not file.exists():
        # linked into place whole: a reader never sees half a key, and two first starts agree on one
        draft = file.with_name(f".key.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(KEY_BYTES))
            os.fsync(descriptor)
            with contextlib.suppress(FileExistsError):
                file.hardlink_to(draft)
        finally:
            os.close(descriptor)
            draft.unlink()
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise DataDirError(f"{file}: {KEY_BYTES} bytes were expected, got {len(key)}; restore it from a backup")
    return key
