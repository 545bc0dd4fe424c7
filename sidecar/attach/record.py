"""What was written where, so that it can be taken back byte for byte; one file for each attached agent."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import orjson
from pydantic import BeforeValidator, PlainSerializer, TypeAdapter, ValidationError

from sidecar.attach.settings import Entry
from sidecar.errors import InputError


def _bytes(value: object) -> object:
    return base64.b64decode(value) if isinstance(value, str) else value


Base64 = Annotated[
    bytes, BeforeValidator(_bytes), PlainSerializer(lambda value: base64.b64encode(value).decode(), return_type=str)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file that we changed or made."""

    path: Path
    """Links resolved."""
    before: Base64 | None
    """Its bytes without anything of ours; None where there was no file."""
    after_sha: str
    """SHA-256 of what we wrote."""
    entries: tuple[Entry, ...] = ()
    """What of its JSON is ours; empty for a file of lines."""
    created: tuple[tuple[str, ...], ...] = ()
    """Objects and arrays of its JSON that we made."""
    lines: tuple[str, ...] = ()
    """What of its lines is ours; empty for JSON."""
    project: Path | None = None
    """Root of the repository it belongs to; None for a file of the user's."""

    def is_as_written(self, content: bytes | None) -> bool:
        """Whether nobody has edited it since."""
        return content is not None and sha_of(content) == self.after_sha


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that was written for one agent."""

    version: int = 1
    files: tuple[Written, ...] = ()
    folders: tuple[Path, ...] = ()
    """Folders that we made, outer ones first."""

    def written(self, path: Path) -> Written | None:
        """What was written to a path."""
        return next((one for one in self.files if one.path == path), None)


def sha_of(content: bytes) -> str:
    """The hash that stands for what we wrote."""
    return hashlib.sha256(content).hexdigest()


def read_record(file: Path) -> Record:
    """The record in a file; an empty one where there is no file.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return _RECORD.validate_json(file.read_bytes())
    except FileNotFoundError:
        return Record()
    except (ValidationError, OSError) as exc:
        raise InputError(
            f"{file}: is no record of what was attached; restore it from a backup, or remove the entries by hand"
        ) from exc


def record_bytes(record: Record) -> bytes:
    """A record as a file's bytes."""
    return orjson.dumps(_RECORD.dump_python(record, mode="json"), option=orjson.OPT_INDENT_2) + b"\n"


_RECORD = TypeAdapter(Record)
