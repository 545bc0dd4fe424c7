"""The scripts that agents call, put into a folder of the user's; they need sh, git and curl and nothing of ours."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sidecar.attach.changing import Change, content_at, remove_empty_folders
from sidecar.attach.places import Places
from sidecar.attach.record import read_record

SCRIPTS = Path(__file__).parent / "scripts"
NAMES = ("hook.sh", "send.sh")
_HEADERS = "headers"
"""A file of curl's, so that no token stands in a process list."""
_UNSENT = ("spool", "draft.*")
"""Hooks in the scripts' state folder that no sidecar has taken yet."""
_STATE = ("start.*", "sessions.*", "lock", "lock.*", "breaker", "breaker.new", "pause", "wake", "piece", "piece.lines")
"""Everything else the scripts leave there."""


def programs(places: Places, url: str, token: str | None) -> tuple[Change, ...]:
    """What to write so that the scripts of this version are there and know where to send and as whom."""
    wanted: dict[str, bytes | None] = {name: (SCRIPTS / name).read_bytes() for name in NAMES}
    wanted["url"] = f"{url}\n".encode()
    wanted[_HEADERS] = f"Authorization: Bearer {token}\n".encode() if token is not None else None
    changes = (
        Change(path=places.scripts / name, before=content_at(places.scripts / name), after=content, mode=0o600)
        for name, content in wanted.items()
    )
    return tuple(change for change in changes if change.before != change.after)


def installed_headers(places: Places, url: str) -> Mapping[str, str]:
    """The headers the installed scripts send with to an address; none to another than theirs."""
    if url != installed_url(places):
        return {}
    content = content_at(places.scripts / _HEADERS)
    name, colon, value = (content or b"").decode("utf-8", "replace").strip().partition(": ")
    return {name: value} if colon else {}


def installed_url(places: Places) -> str | None:
    """The address the installed scripts send to; None where none are installed."""
    content = content_at(places.scripts / "url")
    return content.decode("utf-8", "replace").strip() if content is not None else None


def attached_agents(places: Places, agents: Sequence[str]) -> tuple[str, ...]:
    """Those agents of which something is recorded."""
    return tuple(agent for agent in agents if read_record(places.record(agent)).files)


def unsent_hooks(places: Places) -> int:
    """Hooks that wait for a sidecar that was away."""
    spool = places.state / "spool"
    drafts = sum(1 for _ in places.state.glob("draft.*"))
    return drafts + (sum(1 for _ in spool.iterdir()) if spool.is_dir() else 0)


def remove_programs(places: Places) -> None:
    """Take the scripts and what they remember away, but for unsent hooks; for when no agent calls them any more."""
    for name in (*NAMES, "url", _HEADERS):
        (places.scripts / name).unlink(missing_ok=True)
    for pattern in _STATE if unsent_hooks(places) else (*_STATE, *_UNSENT):
        for path in places.state.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    remove_empty_folders((places.scripts, places.share / "attached", places.share, places.state))
