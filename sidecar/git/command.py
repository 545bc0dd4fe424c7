"""Runs git on our own bare clone so that nothing in a repository, its remote or the user's setup can run anything.

The environment leaves no configuration but ours: no hooks, file monitors, filters, credential helpers, prompts or
redirects, and one transport. A token reaches git through the environment, never through its arguments or a file.
"""

import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sidecar.errors import GitError, GitUnavailableError
from sidecar.git.address import Remote

if TYPE_CHECKING:
    from git.cmd import Git
    from git.exc import GitCommandNotFound

_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.symlinks": "false",
    "core.attributesFile": os.devnull,
    "core.logAllRefUpdates": "false",
    "credential.helper": "",
    "fetch.recurseSubmodules": "false",
    "push.recurseSubmodules": "no",
    "fetch.writeCommitGraph": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.followRedirects": "false",
    "safe.bareRepository": "explicit",
}
_TRANSIENT = (
    "Timeout: the command",
    "Could not resolve host",
    "Could not resolve hostname",
    "Temporary failure in name resolution",
    "Connection refused",
    "Connection reset",
    "Connection timed out",
    "Operation timed out",
    "Failed to connect",
    "Couldn't connect to server",
    "Empty reply from server",
    "early EOF",
    "the remote end hung up unexpectedly",
    "returned error: 429",
    "returned error: 5",
)
"""Git's own words, in English by LC_ALL=C, for what may pass by itself."""
NO_GIT = "git is not on PATH; install git 2.38 or newer"
_KILLED = -9
"""What a process that was ended by SIGKILL gives back."""
_SHOWN_ERROR = 2_000
"""Characters of git's words that an error keeps; a remote may send any amount."""


class GitCommand:
    """git with one folder, one remote and one set of secrets."""

    def __init__(self, folder: Path, remote: Remote, *, authorization: str | None, timeout_s: float) -> None:
        self._folder = folder
        self._timeout_s = timeout_s
        self._secret = authorization
        if authorization is not None and not authorization.isprintable():
            raise GitError("the token for the remote holds a line end or another control character; set it again")
        self._environment = _environment(folder, remote, authorization)

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        good: tuple[int, ...] = (0,),
    ) -> bytes:
        """What git prints.

        Args:
            good: Exit codes that are answers rather than failures.
        Raises:
            GitUnavailableError: the remote did not answer, or not in time.
            GitError: git failed; the text holds its words.
        """
        code, output, words = self.answer(*arguments, stdin=stdin, environment=environment)
        if code not in good:
            raise self.error(arguments[0], words)
        return output

    def answer(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> tuple[int, bytes, str]:
        """Exit code, output and git's words, whatever they are.

        Args:
            timeout_s: Seconds until git is ended, where that is sooner than usual.
        Raises:
            GitError: there is no git to run.
        """
        command = ["git", f"--git-dir={self._folder}", *arguments]
        program, missing = _program(self._folder.parent)
        limit_s = min(self._timeout_s, timeout_s or self._timeout_s)
        with tempfile.TemporaryFile() as typed:
            typed.write(stdin)
            typed.seek(0)
            try:
                code, output, words = program.execute(
                    command,
                    istream=typed,
                    env={**self._environment, **(environment or {})},
                    with_extended_output=True,
                    with_exceptions=False,
                    stdout_as_string=False,
                    strip_newline_in_stdout=False,
                    kill_after_timeout=limit_s,
                )
            except missing as exc:
                raise GitError(NO_GIT) from exc
            except KeyboardInterrupt:
                _end_time_limits()
                raise
        if code == _KILLED and not words.strip():
            # GitPython ends git before it notes that it did, and so may forget to say it
            words = f"Timeout: the command did not end within {limit_s:g} s"
        return code, output, words

    def error(self, act: str, words: str) -> GitError:
        """The error for git's words about an act, without the secret."""
        shown = words.replace(self._secret, "[REDACTED]") if self._secret else words
        is_transient = any(sign in words for sign in _TRANSIENT)
        kind = GitUnavailableError if is_transient else GitError
        return kind(f"git {act} failed: {shown.strip()[-_SHOWN_ERROR:] or 'without a word'}")


def _end_time_limits() -> None:
    """End GitPython's timers: of a wait that was cut short nobody ends them, and they hold up the exit for minutes."""
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()


def _program(folder: Path) -> "tuple[Git, type[GitCommandNotFound]]":
    """git at work in a folder, and what it raises where there is none."""
    try:
        from git.cmd import Git  # noqa: PLC0415 # this import looks for git and fails without one
        from git.exc import GitCommandNotFound  # noqa: PLC0415
    except ImportError as exc:
        raise GitError(NO_GIT) from exc
    return Git(folder), GitCommandNotFound


def _environment(folder: Path, remote: Remote, authorization: str | None) -> dict[str, str]:
    """Every variable that could lead git astray, made harmless: the caller may itself run inside a git hook."""
    variables = {
        "GIT_DIR": str(folder),
        "GIT_COMMON_DIR": str(folder),
        "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
        "GIT_INDEX_FILE": str(folder / "no-index"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
        "GIT_NAMESPACE": "",
        "GIT_PREFIX": "",
        "GIT_GRAFT_FILE": str(folder / "no-grafts"),
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "SSH_ASKPASS": "/bin/false",
        "GIT_ALLOW_PROTOCOL": remote.protocol,
        "GIT_PROTOCOL_FROM_USER": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes"),
    }
    if "GIT_WORK_TREE" in os.environ:
        variables["GIT_WORK_TREE"] = str(folder)
    settings = list(_SETTINGS.items())
    if authorization is not None:
        settings.append((f"http.{remote.url}.extraHeader", f"Authorization: {authorization}"))
    for number, (key, value) in enumerate(settings):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables | {"GIT_CONFIG_COUNT": str(len(settings))}
