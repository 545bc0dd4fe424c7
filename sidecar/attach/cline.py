"""What Cline's hooks folder shall hold: one executable for each event.

Measured with 3.0.65 on 2026-11-23: it runs executables named by event in the project's `.clinerules/hooks` and in the
user's `~/.cline/hooks`; its telemetry cannot be redirected. Where `.clinerules` is a file, there is no such folder.
"""

import shlex
from pathlib import Path

from sidecar.attach.project import Repository
from sidecar.attach.record import Record
from sidecar.attach.wish import Asked, Wish, Wishes
from sidecar.errors import InputError

NAME = "cline"
EVENTS = ("TaskStart", "TaskResume", "PreToolUse", "PostToolUse", "TaskComplete", "TaskError", "TaskCancel")
PROJECT_HOOKS = ".clinerules/hooks"
_SHARED_SCRIPT = '"${XDG_DATA_HOME:-$HOME/.local/share}/agent-sidecar/hooks/hook.sh"'
_NO_ANSWER = "printf '{\"cancel\":false}'"


def wishes(asked: Asked) -> Wishes:
    """What attaching shall write.

    Raises:
        InputError: a repository is needed and there is none.
    """
    script = shlex.quote(str(asked.places.scripts / "hook.sh"))
    user_hooks = asked.places.cline / "hooks"
    in_project = next((one.path for one in asked.record.files if one.path.parent.name == "hooks" and one.project), None)
    if asked.reach.is_user and in_project is not None:
        raise InputError(
            f"the hooks stand in {in_project.parent} already and would run twice; first: sidecar detach cline"
        )
    if asked.reach.is_user:
        return Wishes(files=_files(user_hooks, script, None))
    repository = asked.needed_repository()
    rules = repository.root / ".clinerules"
    if rules.is_file():
        note = (
            f"{rules} is a file, so this project can have no hooks folder beside it; the hooks went into {user_hooks}, "
            "which runs them for every repository of yours"
        )
        return Wishes(files=_files(user_hooks, script, None), notes=(note,))
    if any(one.path.parent == user_hooks.resolve() for one in asked.record.files):
        note = f"the hooks stand in {user_hooks} already, for every repository; in the project each would run twice"
        return Wishes(files=(), notes=(note,))
    folder = repository.root / PROJECT_HOOKS
    if asked.reach.is_shared:
        return Wishes(files=_files(folder, _SHARED_SCRIPT, repository.root))
    files = _files(folder, script, repository.root)
    lines = tuple(
        f"/{PROJECT_HOOKS}/{event}"
        for event in EVENTS
        if not repository.tracks(f"{PROJECT_HOOKS}/{event}") and not _is_ignored(repository, event, asked.record)
    )
    hidden = (Wish(path=repository.exclude, lines=lines, project=repository.root),) if lines else ()
    return Wishes(files=(*files, *hidden))


def hook_line(script: str, event: str) -> str:
    """What a hook's executable does; a script that was taken away is no error, and the agent goes on."""
    return f"[ -f {script} ] && exec sh {script} {NAME} {event}; {_NO_ANSWER}"


def _files(folder: Path, script: str, project: Path | None) -> tuple[Wish, ...]:
    return tuple(
        Wish(
            path=folder / event,
            lines=(hook_line(script, event),),
            opening="#!/bin/sh\n",
            project=project,
            mode=0o755,
            is_whole=True,
        )
        for event in EVENTS
    )


def _is_ignored(repository: Repository, event: str, record: Record) -> bool:
    """By somebody else than us: our own lines in the exclude file are wished for again, or they would go."""
    written = record.written(repository.exclude)
    ours = written.lines if written else ()
    path = f"{PROJECT_HOOKS}/{event}"
    return f"/{path}" not in ours and repository.ignores(path)
