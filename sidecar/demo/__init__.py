"""The whole loop on recorded sessions of real agents: build a team's repository, play its sessions in over HTTP,
judge, draft, sync, and say at every station what happened.

Nothing is faked: the same receivers, store, judge, gate and git that a team uses, in a folder of their own.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import Progress

from judges.registry import judge as judge_named
from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.demo.saying import (
    Place,
    Say,
    counted,
    proposal_url,
    say_drafted,
    say_hijacked,
    say_proposal,
    sessions_that_ran_what_they_fetched,
)
from sidecar.domain import LOCAL_TEAM, ProjectId
from sidecar.engine import draft_project, sync_project
from sidecar.errors import InputError, StoreError
from sidecar.flows import mirror_now
from sidecar.installation import Installation
from sidecar.jobs.judging import judge_sessions
from sidecar.owner import this_process
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.install import PhoenixEnvironment
from sidecar.phoenix.server import phoenix_running, stopped
from sidecar.printing import print_json, print_line, print_progress
from sidecar.recordings import RecordedRequest, load_recording, recordings
from sidecar.recordings.repositories import REMOTES, build_remote, repository_names
from sidecar.serve import Address, running

SENDERS = 4
"""Requests in flight while playing; agents' hooks send a few at a time."""


def run_demo(repository: str, keep: Path | None, viewer: PhoenixEnvironment | None, *, as_json: bool) -> None:
    """Run the loop once and print it.

    Args:
        viewer: An installed Phoenix to mirror into; None for none.
    Raises:
        InputError: no such fixture repository, or the folder to keep is in use.
        StoreError: a session that was played in did not arrive; never expected.
    """
    if repository not in repository_names():
        raise InputError(f"--repository {repository!r}: there are {' and '.join(repository_names())}")
    started = time.monotonic()
    with _folder(keep) as root:
        project = ProjectId(REMOTES[repository].removeprefix("https://").removesuffix(".git"))
        place = Place(root=root, remote=root / f"{repository}.git", project=project, is_kept=keep is not None)
        say = _silent if as_json else print_line
        base = build_remote(repository, place.remote)
        say(f"1  repository  {project} at {base[:12]}, a bare remote in {place.remote}")
        (place.root / "data").mkdir(exist_ok=True)
        settings = f'[projects."{project}"]\nforge = "local"\nurl = "{place.remote}"\n'
        (place.data / "sidecar.toml").write_text(settings, encoding="utf-8")
        config = load_config(place.data / "sidecar.toml", {})
        with Installation.open(DataDir.open(place.data), config, owner=this_process()) as installation:
            document = _loop(installation, place, repository, viewer, say)
    document["seconds"] = round(time.monotonic() - started, 1)
    say(f"\n{document['seconds']} s in all")
    if as_json:
        print_json(document)


def _loop(
    installation: Installation, place: Place, repository: str, viewer: PhoenixEnvironment | None, say: Say
) -> dict[str, object]:
    received = _received(installation, place, repository, say)
    judge = judge_named("evidence")
    judged = asyncio.run(judge_sessions(installation.store, judge, now_ns=time.time_ns))
    say(f"4  judge       {len(judged.verdicts)} verdicts without a model, nothing found in {len(judged.silent)}")
    poisoned = sessions_that_ran_what_they_fetched(installation, place.project)
    if poisoned:
        say(f"               {len(poisoned)} sessions ran a program they had just fetched, as a planted text said:")
        say(f"               nothing is learned from {' and '.join(poisoned)}")
    drafted = draft_project(installation, place.project, judge, now_ns=time.time_ns())
    say_drafted(drafted, say)
    if poisoned:
        say_hijacked(installation, place, say)
    synced = sync_project(installation, place.project, now_ns=time.time_ns())
    proposal = next((one for one in synced.proposals), None)
    if proposal is not None:
        say(f"6  sync        branch {proposal.branch}, proposal {proposal_url(proposal)}")
        say_proposal(installation, place, proposal, say)
    shown = {} if viewer is None else asyncio.run(_shown(installation, place, viewer, say))
    return {
        **received,
        "verdicts": len(judged.verdicts),
        "rules": [edit.rule.text for edit in proposal.edits] if proposal else [],
        "refused": [{"text": one.text, "reasons": list(one.reasons)} for one in drafted.refusals],
        "branch": proposal.branch if proposal else None,
        **shown,
    }


def _received(installation: Installation, place: Place, repository: str, say: Say) -> dict[str, object]:
    """Play the recordings in and project them."""
    names = [name for name in recordings() if load_recording(name).repository == repository]
    requests = sorted(
        (request for name in names for request in load_recording(name).requests), key=lambda request: request.at_ns
    )
    asyncio.run(_play(installation, requests))
    say(f"2  receive     {len(requests)} requests of {len(names)} recorded sessions, each committed before its 200")
    installation.projector().run(now_ns=time.time_ns())
    stored = installation.store.sessions(LOCAL_TEAM, project=place.project)
    if len(stored) != len(names):
        raise StoreError(f"{len(names)} sessions were played in and {len(stored)} arrived; please report this")
    labels = Counter(one.decision.label.value for one in stored)
    agents = Counter(str(one.session.key.agent) for one in stored)
    tasks = {one.session.task for one in stored}
    say(f"3  project     {len(stored)} sessions ({counted(agents)}) on {len(tasks)} tasks: {counted(labels)}")
    return {"repository": repository, "requests": len(requests), "sessions": len(stored), "labels": dict(labels)}


async def _shown(installation: Installation, place: Place, viewer: PhoenixEnvironment, say: Say) -> dict[str, object]:
    """Mirror into a Phoenix of the demo's own; at a terminal, leave it up until Ctrl-C."""
    began_ns = min(one.session.started_ns for one in installation.store.sessions(LOCAL_TEAM, project=place.project))
    print_progress("starting Phoenix")
    async with phoenix_running(viewer, installation.data_dir.path / "phoenix") as phoenix:
        mirrored, _ = await mirror_now(installation, phoenix.url, now_ns=time.time_ns())
        async with PhoenixClient.connect(phoenix.url) as client:
            page = await client.sessions_page(mirrored.projects[0], began_ns)
        say(f"\n7  phoenix     {len(mirrored.sessions)} sessions with {mirrored.spans} spans, scored by their tests")
        if sys.stdin.isatty():
            say(f"               open {page}\n               Ctrl-C ends it")
            await stopped(phoenix)
        elif place.is_kept:
            say(f"               look at them with: sidecar phoenix --data {place.data}")
    return {"phoenix_sessions": len(mirrored.sessions), "phoenix_spans": mirrored.spans}


async def _play(installation: Installation, requests: Sequence[RecordedRequest]) -> None:
    """Post every request to a real server and stop it again."""
    waiting = list(reversed(requests))
    console = Console(stderr=True)
    async with running(installation, Address(host="127.0.0.1", port=0), None) as sidecar:
        url = f"http://127.0.0.1:{sidecar.http_port}"
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
                task = progress.add_task("playing sessions in", total=len(requests))

                async def send() -> None:
                    while waiting:
                        request = waiting.pop()
                        answer = await client.post(request.target, content=request.body, headers=dict(request.headers))
                        if answer.status_code != 200:
                            raise StoreError(f"the demo's sidecar answered {answer.status_code}: {answer.text.strip()}")
                        progress.advance(task)

                await asyncio.gather(*(send() for _ in range(SENDERS)))


def _silent(_: str) -> None:
    return None


@contextmanager
def _folder(keep: Path | None) -> Generator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="sidecar-demo-") as folder:
            yield Path(folder)
        return
    try:
        if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
            raise InputError(f"--keep {keep}: is in use; name a new or an empty folder")
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise InputError(f"--keep {keep}: {exc.strerror}; name a folder that this user can make") from exc
    yield keep.resolve()
