"""The command that brings in session files that lie on this machine: import.

Each file is stored before the next is read, so an import that was stopped is simply started again: what is here already
is known by its bytes.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collectors.collector import Collector
from collectors.registry import COLLECTORS, collector
from sidecar.capture import FileForm
from sidecar.cli.import_reading import ReadFile, files_at, read_files, require
from sidecar.cli.import_report import Imported, OfAgent, import_document, print_import
from sidecar.cli.import_repositories import Repositories
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened
from sidecar.domain import LOCAL_TEAM, Intake, ProjectId, SessionKey
from sidecar.errors import InputError
from sidecar.printing import EXIT_FOUND, print_json, print_progress
from sidecar.remotes import project_named

if TYPE_CHECKING:
    from sidecar.installation import Installation
    from sidecar.receive import Arrival


QUIET_NS = 6 * 3600 * 1_000_000_000
"""A session file that nobody wrote to for that long is of a session that is over; one that goes on reopens it."""
PROJECTED_AT_ONCE = 100
"""Files stored before they are read into sessions; an import that is stopped leaves at most so many unread."""
PIECE_BYTES = 16 * 1024 * 1024
"""Of a file of lines: what is received at once, well below any bound of the receiver."""


def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Session files, or folders of them.")],
    agent: Annotated[str | None, typer.Option(help="Only this agent's files.")] = None,
    repository: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Remote of the sessions whose repository neither git nor the file tells."),
    ] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Bring in session files that lie on this machine; bringing the same again changes nothing.

    The remote of the repository that each session worked in is asked of git, in the folder that the session names.
    """
    collectors = [collector(agent)] if agent else [collector(name) for name in COLLECTORS]
    named = _named(repository)
    for path in paths:
        require(path)
    imported = Imported(agents={one.name: OfAgent() for one in collectors}, is_dry_run=dry_run)
    files = files_at(paths, imported)
    if dry_run:
        _look(files, collectors, imported, named)
    else:
        with opened(data, config, is_made=True) as installation:
            _Import(installation=installation, collectors=collectors, imported=imported, named=named).run(files)
    if as_json:
        print_json(import_document(imported))
    else:
        print_import(imported)
    if not any(found.files for found in imported.agents.values()):
        raise typer.Exit(EXIT_FOUND)


def _named(repository: str | None) -> ProjectId | None:
    """The Project that a person names; the text is not shown, as it may hold a password.

    Raises:
        InputError: it is no remote.
    """
    project = project_named(repository) if repository is not None else None
    if repository is not None and (project is None or not repository.isprintable()):
        raise InputError(
            "--repository: the URL of a git remote was expected, such as https://github.com/acme/shop.git; "
            "`git remote get-url origin` in a clone tells it"
        )
    return project


def _look(files: Sequence[Path], collectors: Sequence[Collector], imported: Imported, named: ProjectId | None) -> None:
    """Count what is there; the store, which may not be there yet, is not asked."""
    repositories, placed = Repositories(), set[SessionKey]()
    for path in files:
        for one in read_files(path, collectors, repositories, imported):
            imported.count(one.key, one.unknown, is_new=False)
            if one.remote or one.names_remote or named:
                placed.add(one.key)
    imported.unplaced = sum(key not in placed for key in imported.sessions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Import:
    """One import into an opened data folder."""

    installation: "Installation"
    collectors: Sequence[Collector]
    imported: Imported
    named: ProjectId | None
    """Repository of the sessions of which nothing else is known."""
    waiting: list[tuple[Path, SessionKey, bool]] = field(default_factory=list[tuple[Path, SessionKey, bool]])
    """Files that were stored and not yet read into sessions, each with its session, and whether it is new."""

    def run(self, files: Sequence[Path]) -> None:
        """Store all files, and read them into sessions."""
        receiver, repositories, told_s = self.installation.receiver(), Repositories(), time.monotonic()
        with asyncio.Runner() as runner:
            for number, path in enumerate(files, start=1):
                for one in read_files(path, self.collectors, repositories, self.imported):
                    try:
                        receipts = [runner.run(receiver.receive(arrival)) for arrival in self._arrivals(one)]
                    except InputError as exc:
                        self.imported.skipped.append((path, str(exc)))
                        continue
                    is_new = any(receipt.is_new for receipt in receipts)
                    self.imported.count(one.key, one.unknown, is_new=is_new)
                    self.waiting.append((path, one.key, is_new))
                if len(self.waiting) >= PROJECTED_AT_ONCE:
                    self._project()
                if time.monotonic() - told_s > 1:
                    told_s = time.monotonic()
                    print_progress(f"{number} of {len(files)} files")
        self._project()
        self._sum_up()

    def _arrivals(self, one: ReadFile) -> "list[Arrival]":
        from sidecar.receive import Arrival

        at_most = PIECE_BYTES if one.collector.fields.form is FileForm.LINES else len(one.body)
        written_ns = one.found.written_ns or one.path.stat().st_mtime_ns
        about = {"session": one.found.session_id, "part": one.found.part} | self._repository(one)
        if time.time_ns() - written_ns > QUIET_NS:
            about["quiet_since"] = str(written_ns)
        return [
            Arrival(
                team=LOCAL_TEAM,
                intake=Intake.TRANSCRIPT,
                body=body,
                received_ns=written_ns,
                agent=one.collector.name,
                parameters=about | {"offset": str(offset)},
            )
            for offset, body in pieces(one.body, at_most=at_most)
        ]

    def _repository(self, one: ReadFile) -> dict[str, str]:
        """What is sent of a session's repository: what was measured, else what the person named where none is known."""
        if one.remote is not None:
            return {"remote": one.remote}
        if self.named is None or one.names_remote:
            return {}
        stored = self.installation.store.session(one.key)
        known = stored.session.project if stored else None
        settings = self.installation.config.projects.get(known or "")
        # said once more, it is sent once more: the same request again is nothing new
        is_it = known in (None, self.named) or (settings is not None and self.named in settings.aliases)
        return {"repository": f"https://{self.named}"} if is_it else {}

    def _project(self) -> None:
        """Read what was stored into sessions; a file that gave none is skipped with the reason."""
        self.installation.projector().run(now_ns=time.time_ns())
        for path, key, is_new in self.waiting:
            if self.installation.store.session(key) is not None:
                continue
            if self.installation.is_forgotten(key):
                reason = "its session was forgotten; nothing of it is taken any more"
            else:
                reason = f"nothing in it is of a {key.agent} session; is it cut off or another program's file?"
                self.imported.uncount(key, is_new=is_new)
            self.imported.skipped.append((path, reason))
            self.imported.agents[key.agent].sessions.discard(key.session_id)
        self.waiting.clear()

    def _sum_up(self) -> None:
        for key in self.imported.sessions:
            stored = self.installation.store.session(key)
            if stored is not None:
                self.imported.agents[key.agent].steps += len(stored.session.steps)
                self.imported.unplaced += stored.session.project is None


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
