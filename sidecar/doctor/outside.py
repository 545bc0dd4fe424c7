"""Checks of the world outside: the forge of each project, Phoenix; and what is kept of sessions. None writes."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from sidecar.config import Config, ProjectConfig
from sidecar.doctor.finding import Finding, ok, problem, unchecked
from sidecar.errors import ConfigError, NoBaseBranchError, SidecarError
from sidecar.forges.registry import check_forge
from sidecar.git import check_remote, default_branch
from sidecar.git.command import GitCommand
from sidecar.phoenix.server import running_at

_LIMIT_S = 5.0
_GIT_LIMIT_S = 20.0
_PROBE_BRANCH = "refs/heads/sidecar/doctor"
_WHO = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "sidecar doctor"), ("EMAIL", "doctor@localhost"))
}


def check_forges(projects: Mapping[str, ProjectConfig]) -> list[Finding]:
    """Whether each project's remote can be read and would take a branch of ours; nothing is pushed."""
    if not projects:
        step = 'add [projects."HOST/PATH"] with url = "…", or run: sidecar init'
        return [unchecked("forge", "no project is configured, so no proposal can go anywhere", step)]
    return [_forge(name, settings) for name, settings in projects.items()]


def _forge(name: str, settings: ProjectConfig) -> Finding:
    hop = f"forge: {name}"
    try:
        check_forge(settings.forge)
    except ConfigError as exc:
        return problem(hop, str(exc), f'correct forge under [projects."{name}"]')
    try:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "probe.git"
            git = GitCommand(folder, check_remote(settings.url), authorization=None, timeout_s=_GIT_LIMIT_S)
            git.run("init", "--bare", "--quiet", str(folder))
            heads = git.run("ls-remote", "--heads", settings.url).decode("utf-8", "replace").splitlines()
            branch = settings.default_branch or default_branch(git, settings.url)
            tree = git.run("mktree").decode().strip()
            date = {f"GIT_{who}_DATE": f"{int(time.time())} +0000" for who in ("AUTHOR", "COMMITTER")}
            commit = git.run("commit-tree", tree, stdin=b"probe\n", environment={**_WHO, **date}).decode().strip()
            git.run("push", "--dry-run", "--quiet", settings.url, f"{commit}:{_PROBE_BRANCH}")
    except NoBaseBranchError as exc:
        step = f'push a branch, or name one that is there as default_branch of [projects."{name}"] in sidecar.toml'
        return problem(hop, f"sync cannot tell where proposals go: {exc}", step)
    except SidecarError as exc:
        return problem(hop, str(exc), "give this user the right to read it and to push branches under sidecar/")
    if not any(line.endswith(f"\trefs/heads/{branch}") for line in heads):
        return problem(
            hop, f"{settings.url} has no branch {branch!r}", f'correct default_branch of [projects."{name}"]'
        )
    return ok(hop, f"{len(heads)} branches, proposals go to {branch}; a dry push to {settings.url} was taken")


def check_capture(config: Config) -> Finding:
    """What is kept of sessions."""
    own = [f"{settings.capture} of {name}" for name, settings in config.projects.items() if settings.capture]
    return ok("capture level", ", ".join([f"{config.capture.level}", *own]))


def check_phoenix(folder: Path) -> Finding:
    """Whether a Phoenix that runs over the data folder answers."""
    url = running_at(folder / "phoenix")
    if url is None:
        return unchecked("Phoenix", "none runs over this data folder", "start one, if you like: sidecar phoenix")
    try:
        answer = httpx.get(f"{url}/healthz", timeout=_LIMIT_S, trust_env=False)
    except httpx.HTTPError as exc:
        return problem("Phoenix", f"{url} does not answer ({type(exc).__name__})", "stop it and start: sidecar phoenix")
    if answer.status_code >= 500:
        return problem("Phoenix", f"{url} says {answer.status_code}", "look at phoenix/phoenix.log in the data folder")
    return ok("Phoenix", url)
