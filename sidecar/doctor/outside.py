"""Checks of the world outside: the judge's model, the forge of each project, Phoenix. None costs money or writes."""

import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx

from sidecar.config import Config, Credentials, ProjectConfig
from sidecar.data_dir import DataDir
from sidecar.doctor.finding import Finding, ok, problem, unchecked
from sidecar.errors import SidecarError
from sidecar.git import check_remote
from sidecar.git.command import GitCommand
from sidecar.phoenix.server import running_at
from sidecar.store import Store

_LIMIT_S = 5.0
_GIT_LIMIT_S = 20.0
_ANTHROPIC = "https://api.anthropic.com"
_PROBE_BRANCH = "refs/heads/sidecar/doctor"
_WHO = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "sidecar doctor"), ("EMAIL", "doctor@localhost"))
}


def check_judge(config: Config, credentials: Credentials, store: Store | None) -> list[Finding]:
    """Whether the judge of the schedule can be asked, without asking it."""
    if config.learn.judge == "evidence":
        return [ok("judge", "evidence, which needs no model and no money")]
    model = config.model.judge
    if model is None:
        step = "set model.judge, or learn.judge to 'evidence'"
        return [problem("judge", f"{config.learn.judge} asks a model, and none is named", step)]
    return [_reachable(config, credentials, model), _money(config, store)]


def _reachable(config: Config, credentials: Credentials, model: str) -> Finding:
    """By the list of models, which is free."""
    hop = "judge: reachable"
    base_url = config.model.base_url or credentials.base_url
    if not (credentials.api_key or credentials.auth_token or base_url):
        return problem(hop, f"no key for {model}", "set ANTHROPIC_API_KEY where serve runs, or model.base_url")
    headers = {"anthropic-version": "2023-06-01"}
    if credentials.api_key:
        headers["x-api-key"] = credentials.api_key
    if credentials.auth_token:
        headers["authorization"] = f"Bearer {credentials.auth_token}"
    url = f"{(base_url or _ANTHROPIC).rstrip('/')}/v1/models/{model}"
    try:
        answer = httpx.get(url, headers=headers, timeout=_LIMIT_S)
    except httpx.HTTPError as exc:
        step = "look at the network, the proxy, and model.base_url"
        return problem(hop, f"{url} does not answer ({type(exc).__name__})", step)
    match answer.status_code:
        case 200:
            return ok(hop, f"{model} is there and takes our key")
        case 401 | 403:
            return problem(hop, f"{url} refuses our key ({answer.status_code})", "set a key that may use this model")
        case 404 if base_url is None:
            return problem(hop, f"there is no model {model!r}", "correct model.judge")
        case status:
            return unchecked(hop, f"it answers {status} to the list of models, which a gateway need not have")


def _money(config: Config, store: Store | None) -> Finding:
    hop, now = "judge: within its money", datetime.now(UTC)
    if store is None:
        return unchecked(hop, "there is no store yet")
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    month = day.replace(day=1)
    parts: list[str] = []
    for name, since, cap in (
        ("today", day, config.model.max_usd_per_day),
        ("this month", month, config.model.max_usd_per_month),
    ):
        spent = store.spent_usd(int(since.timestamp()) * 1_000_000_000)
        parts.append(f"{spent:.2f} of {'any' if cap is None else f'{cap:.2f}'} USD {name}")
        if cap is not None and spent >= cap:
            return problem(hop, parts[-1], "wait, or raise the cap under [model]")
    return ok(hop, ", ".join(parts))


def check_forges(projects: Mapping[str, ProjectConfig]) -> list[Finding]:
    """Whether each project's remote can be read and would take a branch of ours; nothing is pushed."""
    if not projects:
        step = 'add [projects."HOST/PATH"] with url = "…", or run: sidecar init'
        return [unchecked("forge", "no project is configured, so no proposal can go anywhere", step)]
    return [_forge(name, settings) for name, settings in projects.items()]


def _forge(name: str, settings: ProjectConfig) -> Finding:
    hop = f"forge: {name}"
    try:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "probe.git"
            git = GitCommand(folder, check_remote(settings.url), authorization=None, timeout_s=_GIT_LIMIT_S)
            git.run("init", "--bare", "--quiet", str(folder))
            heads = git.run("ls-remote", "--heads", settings.url).decode("utf-8", "replace").splitlines()
            tree = git.run("mktree").decode().strip()
            date = {f"GIT_{who}_DATE": f"{int(time.time())} +0000" for who in ("AUTHOR", "COMMITTER")}
            commit = git.run("commit-tree", tree, stdin=b"probe\n", environment={**_WHO, **date}).decode().strip()
            git.run("push", "--dry-run", "--quiet", settings.url, f"{commit}:{_PROBE_BRANCH}")
    except SidecarError as exc:
        return problem(hop, str(exc), "give this user the right to read it and to push branches under sidecar/")
    branch = settings.default_branch
    if branch and not any(line.endswith(f"\trefs/heads/{branch}") for line in heads):
        return problem(hop, f"{settings.url} has no branch {branch!r}", "correct default_branch")
    return ok(hop, f"{len(heads)} branches; a dry push to {settings.url} was taken")


def check_capture(config: Config) -> Finding:
    """What is kept of sessions."""
    own = [f"{settings.capture} of {name}" for name, settings in config.projects.items() if settings.capture]
    return ok("capture level", ", ".join([f"{config.capture.level}", *own]))


def check_phoenix(data_dir: DataDir) -> Finding:
    """Whether a Phoenix that runs over the data folder answers."""
    url = running_at(data_dir.path / "phoenix")
    if url is None:
        return unchecked("Phoenix", "none runs over this data folder", "start one, if you like: sidecar phoenix")
    try:
        answer = httpx.get(f"{url}/healthz", timeout=_LIMIT_S, trust_env=False)
    except httpx.HTTPError as exc:
        return problem("Phoenix", f"{url} does not answer ({type(exc).__name__})", "stop it and start: sidecar phoenix")
    if answer.status_code >= 500:
        return problem("Phoenix", f"{url} says {answer.status_code}", "look at phoenix/phoenix.log in the data folder")
    return ok("Phoenix", url)
