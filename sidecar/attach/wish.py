"""What an agent's settings shall hold of ours, file by file."""

from dataclasses import dataclass, field
from pathlib import Path

from sidecar.attach.places import Places
from sidecar.attach.project import Repository
from sidecar.attach.record import Record
from sidecar.attach.settings import Entry
from sidecar.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one file shall hold: entries of its JSON, or lines."""

    path: Path
    """As the agent names it; it may be a link."""
    entries: tuple[Entry, ...] = ()
    dropped: tuple[tuple[object, ...], ...] = ()
    """Places of entries that an earlier attach may have written and that shall go."""
    lines: tuple[str, ...] = ()
    opening: str = ""
    """First line of a new file of lines."""
    project: Path | None = None
    """Root of the repository it belongs to."""
    mode: int = 0o644
    """Permission bits where the file is new."""
    is_whole: bool = False
    """The file is ours alone: where somebody else's stands, nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Everything that attaching an agent asks for."""

    files: tuple[Wish, ...]
    notes: tuple[str, ...] = field(default=())
    """What a person should know, as sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """For whom an agent is attached."""

    is_user: bool = False
    """For every repository of this user."""
    is_shared: bool = False
    """In files that the team commits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked for, and where they stand."""

    places: Places
    url: str
    """Where the sidecar receives."""
    repository: Repository | None
    """None outside of one, or where it does not matter."""
    reach: Reach
    record: Record
    """What was written for this agent before."""
    folder: Path
    """Where the repository was looked for."""
    token: str | None = field(default=None, repr=False)
    """That lets one send; None for a sidecar on this machine."""

    def needed_repository(self) -> Repository:
        """The repository one stands in.

        Raises:
            InputError: there is none.
        """
        if self.repository is None:
            raise InputError(
                f"{self.folder}: is in no git repository; name one with --project DIR, or attach for every repository "
                "of yours with --user"
            )
        return self.repository
