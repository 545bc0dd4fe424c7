"""What a made-up session did, act by act, before it is put into an agent's format."""

from dataclasses import dataclass
from typing import Literal

ROOT = "/home/dev/"
"""Where every made-up work tree lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One tool call with what came back."""

    kind: Literal["ran", "edited", "wrote", "looked"]
    subject: str
    """The command, or the path relative to the repository."""
    out: str = ""
    """Standard output of a command, text of a file that was read."""
    err: str = ""
    code: int = 0
    old: str = ""
    new: str = ""


def ran(command: str, out: str = "", *, err: str = "", code: int = 0) -> Act:
    """A command."""
    return Act(kind="ran", subject=command, out=out, err=err, code=code)


def edited(path: str, old: str, new: str) -> Act:
    """A piece of a file replaced."""
    return Act(kind="edited", subject=path, old=old, new=new)


def wrote(path: str, text: str) -> Act:
    """A whole file written."""
    return Act(kind="wrote", subject=path, new=text)


def looked(path: str, text: str) -> Act:
    """A file read."""
    return Act(kind="looked", subject=path, out=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """One made-up session."""

    prompt: str
    branch: str
    acts: tuple[Act, ...]
    label: str = "pass"
    """What the session must be labelled."""


def session(prompt: str, branch: str, *acts: Act, label: str = "pass") -> Foreign:
    """A session of these acts."""
    return Foreign(prompt=prompt, branch=branch, acts=acts, label=label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecosystem:
    """A repository in some language, the sessions in it, and what they must teach."""

    name: str
    files: tuple[str, ...]
    """Paths at the base; their contents do not matter."""
    sessions: tuple[Foreign, ...]
    rules: frozenset[str]
    """Texts of the rules that must be drafted, and no others."""
    may_be_refused: frozenset[str] = frozenset()
    """Those whose commands the gate may leave to a person, because their names show no harmlessness."""

    @property
    def remote(self) -> str:
        """The `origin` that sessions name."""
        return f"https://forge.example/acme/{self.name}.git"
