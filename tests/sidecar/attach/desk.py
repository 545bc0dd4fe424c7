"""A developer's home and clone in a temporary folder, and the commands run as that developer."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from typer.testing import CliRunner

from sidecar.cli.app import app

REMOTE = "https://robin:secret@forge.example/Acme/Shop.git"
URL = "http://127.0.0.1:4318"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a developer works."""

    home: Path
    repository: Path

    @property
    def user_settings(self) -> Path:
        """Claude Code's settings of the user."""
        return self.home / ".claude" / "settings.json"

    @property
    def local_settings(self) -> Path:
        """Claude Code's settings of this clone."""
        return self.repository / ".claude" / "settings.local.json"

    @property
    def shared_settings(self) -> Path:
        """Claude Code's settings that the team commits."""
        return self.repository / ".claude" / "settings.json"

    @property
    def scripts(self) -> Path:
        """Where the hook scripts are installed."""
        return self.home / ".local" / "share" / "agent-sidecar" / "hooks"

    def run(self, *arguments: str, accepts: int = 0) -> str:
        """Run a command; gives what it printed.

        Raises:
            SidecarError: as the command does; `main` makes words of it.
        """
        environment = {"HOME": str(self.home), "XDG_DATA_HOME": "", "XDG_STATE_HOME": "", "CLAUDE_CONFIG_DIR": ""}
        place = ("--project", str(self.repository)) if arguments[0] == "attach" else ()
        result = CliRunner().invoke(app, [*arguments, *place], env=environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert accepts == result.exit_code, result.output
        return result.output

    def git(self, *arguments: str) -> str:
        """What git prints in the clone."""
        run = subprocess.run(["git", *arguments], cwd=self.repository, capture_output=True, text=True, check=True)
        return run.stdout

    def files(self) -> dict[str, bytes]:
        """Every file and link of the desk but git's own objects."""
        found: dict[str, bytes] = {}
        for folder in (self.home, self.repository):
            for path in sorted(folder.rglob("*")):
                if ".git" in path.parts and path.name != "exclude":
                    continue
                if path.is_symlink():
                    found[str(path)] = str(path.readlink()).encode()
                elif path.is_file():
                    found[str(path)] = path.read_bytes() + oct(path.stat().st_mode).encode()
        return found


def made_desk(folder: Path) -> Desk:
    """A fresh desk; names with spaces, quotes and letters beyond ASCII are usual ones."""
    home, repository = folder / "hôme o'robin", folder / 'the "shop"'
    home.mkdir()
    repository.mkdir()
    desk = Desk(home=home, repository=repository)
    desk.git("init", "--quiet", "--initial-branch", "main")
    desk.git("remote", "add", "origin", REMOTE)
    return desk


def settings_in(path: Path) -> dict[str, dict[str, object]]:
    """A settings file's value."""
    return cast("dict[str, dict[str, object]]", json.loads(path.read_bytes()))
