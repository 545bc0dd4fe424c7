"""What Claude Code's settings shall hold.

Measured with 2.1.330 on 2026-11-23: settings of a project can set neither the exporter nor its address, so those go
into the user's; resource attributes and the repository's name work from a project. HTTP hooks never deliver
SessionStart, so every hook is a command. Content switches stay off: the session files carry the content.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sidecar.attach.changing import content_at
from sidecar.attach.project import Repository
from sidecar.attach.record import Record
from sidecar.attach.settings import Entry, commands_at, value_at
from sidecar.attach.wish import Asked, Wish, Wishes
from sidecar.errors import DecodeError, InputError

NAME = "claude_code"
EVENTS = ("SessionStart", "UserPromptSubmit", "PostToolUseFailure", "Stop", "SessionEnd")
"""The start, the prompts, failing output, and the ends of turns and sessions; all else stands in the session files."""
HOOK_LIMIT_S = 5
LOCAL_SETTINGS = ".claude/settings.local.json"
SHARED_SETTINGS = ".claude/settings.json"
_SHARED_SCRIPT = '"${XDG_DATA_HOME:-$HOME/.local/share}/agent-sidecar/hooks/hook.sh"'
"""Where each colleague's own copy lies; one who has not attached has none, and nothing happens."""
_PLUGIN = "agent-sidecar@"
_HEADERS = "OTEL_EXPORTER_OTLP_HEADERS"
_EXPORTER = (
    "BETA_TRACING_ENDPOINT",
    "CLAUDE_CODE_ENABLE_TELEMETRY",
    "OTEL_EXPORTER_OTLP_",
    "OTEL_LOGS_EXPORTER",
    "OTEL_METRICS_EXPORTER",
    "OTEL_TRACES_EXPORTER",
)
"""Beginnings of the variables that say whether and where telemetry goes."""


def wishes(asked: Asked) -> Wishes:
    """What attaching shall write.

    Raises:
        InputError: a repository is needed and there is none, or settings in the way cannot be read.
    """
    user_settings = _user_settings(asked)
    _check_reach(asked)
    told = telemetry(asked)
    (user,), notes = told.files, told.notes
    hooks = _hooks(shlex.quote(str(asked.places.scripts / "hook.sh")))
    if asked.reach.is_user:
        if has_plugin(user_settings):
            hooks, notes = (), (*notes, "the plugin agent-sidecar brings the hooks already, so none went in here")
        user = replace(user, entries=(*user.entries, *_tags(user_settings, None), *hooks))
        return Wishes(files=(user,), notes=notes)
    repository = asked.needed_repository()
    tags = _tags(user_settings, repository)
    already = _attached_elsewhere(user_settings, repository.root / SHARED_SETTINGS, asked.record)
    if asked.reach.is_shared:
        shared = Wish(
            path=repository.root / SHARED_SETTINGS,
            entries=(*tags, *_hooks(_SHARED_SCRIPT)),
            project=repository.root,
        )
        return Wishes(files=(user, shared), notes=notes)
    local = Wish(
        path=repository.root / LOCAL_SETTINGS,
        entries=tags if already else (*tags, *hooks),
        project=repository.root,
    )
    hidden = _hidden(repository, LOCAL_SETTINGS, asked.record)
    return Wishes(files=(user, local, *hidden), notes=(*notes, *((already,) if already else ())))


def _check_reach(asked: Asked) -> None:
    """Refuse a second place for the hooks, where they would run twice."""
    for written in asked.record.files:
        has_hooks = any(entry.key is None for entry in written.entries)
        is_here = asked.repository is not None and written.project == asked.repository.root
        is_local = written.path.name == Path(LOCAL_SETTINGS).name
        if has_hooks and written.project and (asked.reach.is_user or (asked.reach.is_shared and is_here and is_local)):
            raise InputError(
                f"the hooks stand in {written.path} already and would run twice; first: sidecar detach claude-code"
            )


def _hooks(script: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            path=("hooks", event),
            key=None,
            value={"hooks": [{"type": "command", "command": hook_command(script, event), "timeout": HOOK_LIMIT_S}]},
        )
        for event in EVENTS
    )


def hook_command(script: str, event: str) -> str:
    """What Claude Code hands to a shell; a script that was taken away is no error."""
    return f"[ ! -f {script} ] || sh {script} {NAME} {event}"


def exporter_environment(url: str) -> Mapping[str, str]:
    """The variables that send Claude Code's telemetry to a sidecar."""
    return {
        "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
        "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA": "1",
        "OTEL_METRICS_EXPORTER": "otlp",
        "OTEL_LOGS_EXPORTER": "otlp",
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT": url,
        # its own 2 s at the end of each session are a long time to wait for a sidecar that hangs
        "CLAUDE_CODE_OTEL_SHUTDOWN_TIMEOUT_MS": "1000",
    }


def telemetry(asked: Asked) -> Wishes:
    """What the user's settings shall say of the exporter; nothing where telemetry goes somewhere else already.

    Raises:
        InputError: a token would be written where others can read it, or the settings cannot be read.
    """
    settings, url, wanted = _user_settings(asked), asked.url, dict(exporter_environment(asked.url))
    if asked.token is not None:
        if settings.exists() and settings.stat().st_mode & 0o077:
            raise InputError(f"{settings}: others can read it, and a token goes in there; first: chmod 600 {settings}")
        wanted[_HEADERS] = f"Authorization=Bearer {asked.token}"
    present = _environment(settings)
    written = asked.record.written(settings.resolve())
    ours = {entry.key: entry.value for entry in (written.entries if written else ())}
    foreign = sorted(
        name
        for name, value in present.items()
        if name.startswith(_EXPORTER) and value not in (wanted.get(name), ours.get(name))
    )
    wish = Wish(path=settings, mode=0o600)
    token = (("env", _HEADERS),)
    if foreign:
        note = (
            f"{settings} sets {', '.join(foreign)} already, so Claude Code's telemetry goes elsewhere and was left as "
            f"it is; to have it here too, let that collector forward to {url}. Hooks and session files do not need it"
        )
        # what stands is one address with its token, unless somebody has written another address beside our token
        dropped = token if any("ENDPOINT" in name for name in foreign) else ()
        return Wishes(files=(replace(wish, dropped=dropped),), notes=(note,))
    entries = tuple(Entry(path=("env",), key=name, value=value) for name, value in wanted.items())
    return Wishes(files=(replace(wish, entries=entries, dropped=token if asked.token is None else ()),))


def _user_settings(asked: Asked) -> Path:
    return asked.places.claude / "settings.json"


def _tags(user_settings: Path, repository: Repository | None) -> tuple[Entry, ...]:
    """What tells on every record which repository it is of."""
    entries = [Entry(path=("env",), key="OTEL_METRICS_INCLUDE_REPOSITORY", value="1")]
    has_own = "OTEL_RESOURCE_ATTRIBUTES" in _environment(user_settings)
    if repository is not None and repository.project and not has_own:
        # a project's variable would replace the user's own attributes as a whole
        value = f"sidecar.project={_attribute(repository.project)}"
        entries.append(Entry(path=("env",), key="OTEL_RESOURCE_ATTRIBUTES", value=value))
    return tuple(entries)


def _attribute(text: str) -> str:
    """As OTEL_RESOURCE_ATTRIBUTES spells a value: its separators and what is not ASCII percent-encoded."""
    plain = {*range(0x21, 0x7F)} - set(b'%,;="\\')
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def _environment(settings: Path) -> Mapping[str, object]:
    content = content_at(settings)
    try:
        present = value_at(content, "env") if content is not None else None
    except DecodeError as exc:
        raise InputError(f"{settings}: {exc}; mend it first, nothing was written") from exc
    return present if isinstance(present, Mapping) else {}


def has_plugin(user_settings: Path) -> bool:
    """Whether our plugin is switched on for the user; settings that cannot be read say no."""
    content = content_at(user_settings)
    try:
        plugins = value_at(content, "enabledPlugins") if content is not None else None
    except DecodeError:
        return False
    return isinstance(plugins, Mapping) and any(
        name.startswith(_PLUGIN) and is_on is True for name, is_on in plugins.items()
    )


def _attached_elsewhere(user_settings: Path, shared_settings: Path, record: Record) -> str:
    """Why hooks are not put into this clone's own settings too: each would run twice."""
    if has_plugin(user_settings):
        return "the plugin agent-sidecar brings the hooks already; only telemetry and tags went in here"
    written = record.written(user_settings.resolve())
    if written and any(entry.key is None for entry in written.entries):
        return f"the hooks stand in {user_settings} already, for every repository; only the tags went in here"
    content = content_at(shared_settings)
    wanted = hook_command(_SHARED_SCRIPT, EVENTS[0])
    try:
        stands = content is not None and wanted in commands_at(content, EVENTS[0])
    except DecodeError as exc:
        raise InputError(f"{shared_settings}: {exc}; mend it first, nothing was written") from exc
    if stands:
        return f"the hooks stand in {shared_settings} already, which the team shares; only the tags went in here"
    return ""


def _hidden(repository: Repository, path: str, record: Record) -> Sequence[Wish]:
    """This clone's exclude file, where git would else show, and an agent commit, what is new."""
    written = record.written(repository.exclude)
    is_ours = written is not None and f"/{path}" in written.lines
    if not is_ours and (repository.tracks(path) or repository.ignores(path)):
        return ()
    return (Wish(path=repository.exclude, lines=(f"/{path}",), project=repository.root),)
