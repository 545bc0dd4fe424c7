"""Where things lie for one user of this machine, from the environment alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sidecar.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Folders of one user; none of them needs to exist."""

    home: Path
    claude: Path
    """Claude Code's own folder."""
    share: Path
    """What we install, and the record of it."""
    state: Path
    """What the hook scripts remember."""

    @property
    def scripts(self) -> Path:
        """The folder of the hook scripts."""
        return self.share / "hooks"

    @property
    def cline(self) -> Path:
        """Cline's own folder."""
        return self.home / ".cline"

    def record(self, agent: str) -> Path:
        """The file that says what was written for an agent."""
        return self.share / "attached" / f"{agent}.json"


def places(environ: Mapping[str, str]) -> Places:
    """The folders of the user whose environment this is.

    Raises:
        InputError: the user has no home folder.
    """
    named = environ.get("HOME")
    if not named or not Path(named).is_absolute():
        raise InputError("this user has no home folder, where agents keep their settings; set HOME")
    home = Path(named)
    share = _folder(environ, "XDG_DATA_HOME", home / ".local" / "share")
    state = _folder(environ, "XDG_STATE_HOME", home / ".local" / "state")
    return Places(
        home=home,
        claude=_folder(environ, "CLAUDE_CONFIG_DIR", home / ".claude"),
        share=share / "agent-sidecar",
        state=state / "agent-sidecar",
    )


def _folder(environ: Mapping[str, str], variable: str, default: Path) -> Path:
    stated = environ.get(variable)
    return Path(stated) if stated else default
