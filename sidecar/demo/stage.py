"""What every station of a demo works with."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sidecar.demo.choosing import Choice
from sidecar.domain import ProjectId
from sidecar.installation import Installation

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one demo keeps its things."""

    root: Path
    remote: Path
    project: ProjectId
    is_kept: bool

    @property
    def data(self) -> Path:
        """The data folder; any command opens it."""
        return self.root / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """How the user starts this program, for what is to be typed next."""

    name: str
    is_by_make: bool

    def run(self, arguments: str) -> str:
        """A command to type."""
        return f"{self.name} {arguments}"

    def demo(self, arguments: str) -> str:
        """The demo as it was started, with these arguments."""
        return f'make demo DEMO="{arguments}"' if self.is_by_make else f"{self.name} demo {arguments}"


@dataclass(slots=True, kw_only=True)
class Stage:
    """One demo while it runs."""

    installation: Installation
    place: Place
    choice: Choice
    say: Say
    program: Program
    problems: list[str] = field(default_factory=list[str])
    """What could not be done, one sentence each; the rest went on."""
    aside_s: float = 0.0
    """Spent on what is done once per machine."""
    _started_s: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """How long it took so far, without what is done once per machine."""
        return round(time.monotonic() - self._started_s - self.aside_s, 1)
