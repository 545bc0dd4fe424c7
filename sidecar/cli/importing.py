"""The command that brings in session files that lie on this machine: import.

Files are told apart by what they hold, wherever they were copied to. Each is stored before the next is read, so an
import that was stopped is simply started again: what is here already is known by its bytes.
"""

import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collectors.collector import Collector, FoundFile
from collectors.registry import COLLECTORS, collector
from collectors.shapes import unknown_shapes
from sidecar.capture import FileForm
from sidecar.cli.import_report import Imported, OfAgent, import_document, print_import
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.domain import LOCAL_TEAM, Intake, SessionKey
from sidecar.errors import InputError
from sidecar.printing import EXIT_FOUND, print_json, print_progress

if TYPE_CHECKING:
    from sidecar.installation import Installation
    from sidecar.receive import Arrival


QUIET_NS = 6 * 3600 * 1_000_000_000
"""A session file that nobody wrote to for that long is of a session that is over; one that goes on reopens it."""
HEAD_BYTES = 64 * 1024
"""Read of every file to see whose it is."""
PROJECTED_AT_ONCE = 100
"""Files stored before they are read into sessions; an import that is stopped leaves at most so many unread."""
NO_SESSIONS = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv"})
"""Folders not looked into."""
PIECE_BYTES = 16 * 1024 * 1024
"""Of a file of lines: what is received at once, well below any bound of the receiver."""
COMPRESSED = frozenset({".gz", ".zst", ".xz", ".bz2", ".zip"})


def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Session files, or folders of them.")],
    agent: Annotated[str | None, typer.Option(help="Only this agent's files.")] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Bring in session files that lie on this machine; bringing the same again changes nothing."""
    collectors = [collector(agent)] if agent else [collector(name) for name in COLLECTORS]
    for path in paths:
        _require(path)
    imported = Imported(agents={one.name: OfAgent() for one in collectors})
    files = _files(paths, imported)
    if dry_run:
        for path in files:
            for _ in _found(path, collectors, imported):
                pass
    else:
        with opened(data, config) as installation:
            _import(installation, files, collectors, imported)
    if as_json:
        print_json(import_document(imported))
    else:
        print_import(imported, is_dry_run=dry_run)
    if not any(found.files for found in imported.agents.values()):
        raise typer.Exit(EXIT_FOUND)


def _require(path: Path) -> None:
    try:
        path.stat()
    except FileNotFoundError as exc:
        raise InputError(f"{path}: there is no such file or folder; name where the agent keeps its sessions") from exc
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror}); name a file or folder this user may read") from exc


def _files(paths: Sequence[Path], imported: Imported) -> list[Path]:
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


def _found(
    path: Path, collectors: Sequence[Collector], imported: Imported
) -> Iterator[tuple[Collector, FoundFile, bytes]]:
    """The sessions that a file holds, counted; a file that holds none is skipped with the reason."""
    is_anybodys = False
    try:
        head = _head(path)
        for one in collectors:
            for found in one.session_files(path, head):
                body = path.read_bytes() if found.body is None else found.body
                is_anybodys = True
                yield one, found, _counted(one, found, body, imported.agents[one.name])
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


def _counted(one: Collector, found: FoundFile, body: bytes, counts: OfAgent) -> bytes:
    """The body as it is sent: without a last line that is cut, which an agent that died may have left."""
    counts.files += 1
    counts.sessions.add(found.session_id)
    text = body.decode("utf-8", errors="replace")
    shapes = unknown_shapes(one.fields, found.part, text)
    counts.unknown_lines.update(shapes)
    if one.fields.form is FileForm.LINES and shapes["no JSON"]:
        last = body.rstrip(b"\n").rpartition(b"\n")
        if unknown_shapes(one.fields, found.part, last[2].decode("utf-8", errors="replace"))["no JSON"]:
            return last[0] + last[1]
    return body


def _import(
    installation: "Installation", files: Sequence[Path], collectors: Sequence[Collector], imported: Imported
) -> None:
    receiver = installation.receiver()
    told_s = time.monotonic()
    with asyncio.Runner() as runner:
        for number, path in enumerate(files, start=1):
            for one, found, body in _found(path, collectors, imported):
                key = SessionKey(team=LOCAL_TEAM, agent=one.name, session_id=found.session_id)
                at_most = PIECE_BYTES if one.fields.form is FileForm.LINES else len(body)
                try:
                    arrivals = [_arrival(path, key, found, piece) for piece in pieces(body, at_most=at_most)]
                    receipts = [runner.run(receiver.receive(arrival)) for arrival in arrivals]
                except InputError as exc:
                    imported.skipped.append((path, str(exc)))
                    continue
                imported.agents[one.name].new += any(receipt.is_new for receipt in receipts)
                imported.waiting.append((path, key))
            if len(imported.waiting) >= PROJECTED_AT_ONCE:
                _project(installation, imported)
            if time.monotonic() - told_s > 1:
                told_s = time.monotonic()
                print_progress(f"{number} of {len(files)} files")
    _project(installation, imported)
    for name, counts in imported.agents.items():
        for session_id in counts.sessions:
            stored = installation.store.session(SessionKey(team=LOCAL_TEAM, agent=name, session_id=session_id))
            counts.steps += len(stored.session.steps) if stored is not None else 0


def _project(installation: "Installation", imported: Imported) -> None:
    """Read what was stored into sessions; a file that gave none is skipped with the reason."""
    installation.projector().run(now_ns=time.time_ns())
    for path, key in imported.waiting:
        if installation.store.session(key) is None:
            reason = f"nothing in it is of a {key.agent} session; is it cut off or another program's file?"
            if installation.is_forgotten(key):
                reason = "its session was forgotten; nothing of it is taken any more"
            imported.skipped.append((path, reason))
            imported.agents[key.agent].sessions.discard(key.session_id)
    imported.waiting.clear()


def pieces(body: bytes, *, at_most: int) -> Iterator[tuple[int, bytes]]:
    """A file in pieces of whole lines, each with its offset; the whole where it is empty or one piece.

    Args:
        at_most: Bytes of a piece; a single line may be longer.
    """
    start = 0
    while len(body) - start > at_most:
        end = body.rfind(b"\n", start, start + at_most) + 1 or body.find(b"\n", start) + 1
        if end == 0:
            break
        yield start, body[start:end]
        start = end
    if start < len(body) or not body:
        yield start, body[start:]


def _arrival(path: Path, key: SessionKey, found: FoundFile, piece: tuple[int, bytes]) -> "Arrival":
    from sidecar.receive import Arrival

    written_ns = found.written_ns or path.stat().st_mtime_ns
    is_quiet = time.time_ns() - written_ns > QUIET_NS
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.TRANSCRIPT,
        body=piece[1],
        received_ns=written_ns,
        agent=key.agent,
        parameters={"session": key.session_id, "part": found.part, "offset": str(piece[0])}
        | ({"quiet_since": str(written_ns)} if is_quiet else {}),
    )
