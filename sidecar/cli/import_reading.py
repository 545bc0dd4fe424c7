"""Session files that lie on this machine, told apart by what they hold, wherever they were copied to."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from collectors.collector import Collector, FoundFile, SessionFile
from collectors.shapes import unknown_shapes
from sidecar.capture import FileForm
from sidecar.cli.import_report import Imported
from sidecar.cli.import_repositories import Repositories
from sidecar.domain import LOCAL_TEAM, SessionKey
from sidecar.errors import InputError

HEAD_BYTES = 64 * 1024
"""Read of every file to see whose it is."""
PLACED_BYTES = 2**20
"""Of a file of lines: where its session's folder is looked for. All agents name it with the first prompt."""
NO_SESSIONS = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv"})
"""Folders not looked into."""
COMPRESSED = frozenset({".gz", ".zst", ".xz", ".bz2", ".zip"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What a file holds of one session."""

    path: Path
    collector: Collector
    found: FoundFile
    body: bytes
    """As it is sent: without a last line that is cut, which an agent that died may have left; never empty."""
    unknown: Counter[str]
    """Lines of kinds that are not read, by shape."""
    remote: str | None
    """Of the repository its folder is in, as measured now; None where that cannot be told."""
    names_remote: bool
    """It says itself which repository it is of."""

    @property
    def key(self) -> SessionKey:
        """The session's."""
        return SessionKey(team=LOCAL_TEAM, agent=self.collector.name, session_id=self.found.session_id)


def require(path: Path) -> None:
    """Refuse a path that is not there.

    Raises:
        InputError: it is not, or cannot be read.
    """
    try:
        path.stat()
    except FileNotFoundError as exc:
        raise InputError(f"{path}: there is no such file or folder; name where the agent keeps its sessions") from exc
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror}); name a file or folder this user may read") from exc


def files_at(paths: Sequence[Path], imported: Imported) -> list[Path]:
    """Every file at or below the paths once, in order; folders that cannot be opened are skipped with the reason."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue

        def refuse(error: OSError) -> None:
            imported.skipped.append((Path(str(error.filename)), f"cannot be opened: {error.strerror}"))

        for folder, names, files in os.walk(path, onerror=refuse):
            names[:] = sorted(name for name in names if name not in NO_SESSIONS)
            found.update(dict.fromkeys(Path(folder) / name for name in sorted(files)))
    return list(found)


def read_files(
    path: Path, collectors: Sequence[Collector], repositories: Repositories, imported: Imported
) -> Iterator[ReadFile]:
    """What a file holds of sessions; a file that holds nothing is skipped with the reason."""
    is_anybodys = False
    try:
        head = _head(path)
        for one in collectors:
            for found in one.session_files(path, head):
                is_anybodys = True
                yield _read(path, one, found, repositories)
            if is_anybodys:
                return
        reason = "is compressed; unpack it first" if path.suffix in COMPRESSED else "no session file of a known agent"
        imported.skipped.append((path, reason))
    except OSError as exc:
        imported.skipped.append((path, f"cannot be read: {exc.strerror}"))
    except InputError as exc:
        imported.skipped.append((path, str(exc)))


def _head(path: Path) -> str:
    if not path.is_file():
        raise InputError("is no regular file")
    with path.open("rb") as file:
        return file.read(HEAD_BYTES).decode("utf-8", errors="replace")


def _read(path: Path, one: Collector, found: FoundFile, repositories: Repositories) -> ReadFile:
    whole = path.read_bytes() if found.body is None else found.body
    unknown = unknown_shapes(one.fields, found.part, whole.decode("utf-8", errors="replace"))
    body = whole
    if one.fields.form is FileForm.LINES and unknown["no JSON"]:
        before, line_end, last = whole.rstrip(b"\n").rpartition(b"\n")
        if unknown_shapes(one.fields, found.part, last.decode("utf-8", errors="replace"))["no JSON"]:
            body = before + line_end
    if not body:
        raise InputError("its only line is cut off" if whole else "is empty")
    folder, names_remote = _place(one, found, body)
    return ReadFile(
        path=path,
        collector=one,
        found=found,
        body=body,
        unknown=unknown,
        remote=repositories.remote_at(folder) if folder else None,
        names_remote=names_remote,
    )


def _place(one: Collector, found: FoundFile, body: bytes) -> tuple[str | None, bool]:
    """The folder that a session began in, where its file names one; and whether it names a remote."""
    if one.fields.form is FileForm.LINES and len(body) > PLACED_BYTES:
        body = body[: body.rfind(b"\n", 0, PLACED_BYTES) + 1] or body
    text = body.decode("utf-8", errors="replace")
    file = SessionFile(session_id=found.session_id, part=found.part, text=text, received_ns=0)
    told = one.file_observations(file)
    return next((seen.cwd for seen in told if seen.cwd), None), any(seen.remote for seen in told)
