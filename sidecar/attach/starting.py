"""What `init` finds where one stands, and the settings file it makes of that."""

import json
import re
import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sidecar.attach.places import Places
from sidecar.attach.project import Repository
from sidecar.forges.registry import FORGES

_PROGRAMS = {"claude_code": "claude", "cline": "cline"}
_FORGES = {"github.com": "github", "gitlab.com": "gitlab", "codeberg.org": "gitea"}
"""Well-known hosts to the forge that serves them."""
_PACKAGE = TypeAdapter(dict[str, object])
_SCRIPTS = TypeAdapter(dict[str, str])
_USER = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<user>[^/]*)@")
_MAKE_TARGET = re.compile(r"^(test|check)\s*:(?!=)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What lies on this machine and in this repository."""

    agents: tuple[str, ...]
    """By the names of the table."""
    project: str | None
    """The repository's normalised remote; None outside of one, or without a remote."""
    remote: str | None
    forge: str | None
    """`local`, or by the host what the forge is; None where that tells nothing."""
    test_command: str | None
    """None where nothing told."""


def found(places: Places, repository: Repository | None) -> Found:
    """Look around without changing anything."""
    remote = repository.remote if repository else None
    return Found(
        agents=_agents(places),
        project=repository.project if repository else None,
        remote=_without_credentials(remote) if remote else None,
        forge=_forge(repository.project, remote) if repository and repository.project and remote else None,
        test_command=test_command(repository.root) if repository else None,
    )


def test_command(root: Path) -> str | None:
    """The command that runs a repository's tests, by what its build files say; None where they say nothing."""
    makefile = _text(root / "Makefile")
    target = _MAKE_TARGET.search(makefile)
    if target:
        return f"make {target[1]}"
    if _has_npm_test(_text(root / "package.json")):
        return "npm test"
    if "pytest" in _pyproject_tools(_text(root / "pyproject.toml")) or (root / "pytest.ini").is_file():
        return "python -m pytest"
    for file, command in (("go.mod", "go test ./..."), ("Cargo.toml", "cargo test"), ("pom.xml", "mvn test")):
        if (root / file).is_file():
            return command
    return None


def settings_text(seen: Found) -> str:
    """A first `sidecar.toml`: what was found, and what one may want to set."""
    lines = [
        "# Settings of this sidecar; every key is explained in the README. Secrets come from the environment alone.",
        "",
    ]
    if seen.project and seen.remote:
        lines += [
            f"[projects.{_quoted(seen.project)}]",
            f"url = {_quoted(seen.remote)}",
            *_forge_lines(seen.forge),
            "# how long a closed session waits for CI, in seconds; 0 where nothing posts test reports",
            "outcome_window_s = 0",
            *([f"# its tests: {seen.test_command}"] if seen.test_command else []),
        ]
    else:
        lines += ['# [projects."github.com/acme/shop"]', '# url = "…"']
    return "\n".join([*lines, ""])


def _agents(places: Places) -> tuple[str, ...]:
    folders = {"claude_code": places.claude, "cline": places.cline}
    return tuple(
        name for name, program in _PROGRAMS.items() if shutil.which(program) is not None or folders[name].is_dir()
    )


def _forge(project: str, remote: str) -> str | None:
    host = project.partition("/")[0]
    if remote.startswith(("/", "file:")):
        return "local"
    named = (forge for forge in _FORGES.values() if forge in host.split("."))
    return _FORGES.get(host) or next(named, None)


def _forge_lines(forge: str | None) -> Sequence[str]:
    if forge is not None and forge in FORGES:
        return (f"forge = {_quoted(forge)}",)
    known = ", ".join(FORGES)
    return (f"# proposals can go to: {known}; until its own forge is among them, name a bare remote on this machine",)


def _without_credentials(remote: str) -> str:
    """Without the password, and by HTTP without the user, which may be a token; by SSH it is part of the address."""
    found = _USER.match(remote)
    if found is None:
        return remote
    is_http = found["scheme"].lower().startswith("http")
    user = "" if is_http else f"{found['user'].partition(':')[0]}@"
    return f"{found['scheme']}{user}{remote[found.end() :]}"


def _has_npm_test(text: str) -> bool:
    try:
        scripts = _SCRIPTS.validate_python(_PACKAGE.validate_json(text).get("scripts"))
    except ValidationError:
        return False
    return bool(scripts.get("test")) and "no test specified" not in scripts["test"]


def _pyproject_tools(text: str) -> Sequence[str]:
    try:
        return list(tomllib.loads(text).get("tool", {}))
    except tomllib.TOMLDecodeError:
        return ()


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are among its own."""
    return json.dumps(text)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
