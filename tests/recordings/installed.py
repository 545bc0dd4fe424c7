"""The agents' executables, installed from npm by name and version."""

import fcntl
import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.recordings.script import Agent
from tests.recordings.stage import CannotRecord, Place

PACKAGES = {
    Agent.CLAUDE_CODE: ("@anthropic-ai/claude-code", "2.1.330", "@anthropic-ai/claude-code-*/claude"),
    Agent.CLINE: ("cline", "3.0.65", "@cline/cli-*/bin/cline"),
    Agent.CODEX: ("@openai/codex", "0.169.0", "@openai/codex-*/vendor/*/bin/codex"),
    Agent.GEMINI_CLI: ("@google/gemini-cli", "0.61.0", "@google/gemini-cli/bundle/gemini.js"),
    Agent.OPENCODE: ("opencode-ai", "1.18.33", "opencode-linux-*[0-9]/bin/opencode"),
}
"""Package, version, and where in node_modules the platform's executable lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executable:
    """One agent's program."""

    path: Path
    version: str
    sha256: str


def installed(agent: Agent, folder: Path) -> Executable:
    """The agent's program, installed into `folder` unless it is there already.

    Raises:
        CannotRecord: npm is missing or failed, or the package brings no program for this platform.
    """
    package, version, pattern = PACKAGES[agent]
    prefix = folder / f"{agent}-{version}"
    modules = prefix / "node_modules"
    prefix.mkdir(parents=True, exist_ok=True)
    with (prefix / "lock").open("w") as lock:
        # two test workers may both find it missing
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not any(modules.glob(pattern)):
            _install(f"{package}@{version}", prefix)
    found = sorted(modules.glob(pattern))
    if not found:
        raise CannotRecord(f"{package} {version} brought no program for this platform; record on Linux")
    with found[0].open("rb") as program:
        digest = hashlib.file_digest(program, "sha256").hexdigest()
    return Executable(path=found[0], version=version, sha256=digest)


def command_on(place: Place, executable: Executable, name: str) -> list[str]:
    """How to start a program whose telemetry tells its path and its host: by a plain name, on a host of no name."""
    program = place.hook.parent / name
    program.symlink_to(executable.path)
    nameless = 'hostname recorder && exec "$@"'
    return ["unshare", "--map-root-user", "--uts", "sh", "-c", nameless, "sh", str(program)]


def _install(package: str, prefix: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise CannotRecord("npm is not on PATH; install Node 20 or newer with npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--no-save", "--prefix", str(prefix), package]
    run = subprocess.run(command, cwd=prefix, capture_output=True, text=True, check=False)
    if run.returncode:
        raise CannotRecord(f"npm could not install {package}: {run.stderr.strip()[-500:]}")
