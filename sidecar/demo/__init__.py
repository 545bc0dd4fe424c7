"""The whole loop on recorded sessions of real agents: build a team's repository, play its sessions in over HTTP,
judge, draft, sync, show them in Phoenix, and say at every station what happened.

Nothing is faked: the same receivers, store, judge, gate, git and Phoenix that a team uses, in a folder of their own.
"""

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.demo.choosing import Choice
from sidecar.demo.learning import learn
from sidecar.demo.playing import play
from sidecar.demo.saying import counted, say_choice, say_kept, say_spent
from sidecar.demo.stage import Place, Program, Say, Stage
from sidecar.demo.viewing import Viewer, view
from sidecar.domain import LOCAL_TEAM, ProjectId
from sidecar.errors import InputError, StoreError
from sidecar.installation import Installation
from sidecar.owner import this_process
from sidecar.printing import print_json, print_text
from sidecar.recordings import load_recording, recordings
from sidecar.recordings.repositories import REMOTES, build_remote, repository_names

__all__ = ["DemoOptions", "Program", "Viewer", "run_demo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What a demo is to do."""

    repository: str
    """Name of the fixture repository."""
    keep: Path | None
    """Folder to leave everything in; None leaves nothing."""
    choice: Choice
    viewer: Viewer | None
    """None leaves Phoenix out."""
    program: Program
    is_json: bool
    """Print one document at the end and nothing else."""


def run_demo(options: DemoOptions) -> list[str]:
    """Run the loop once and print it.

    Returns:
        What could not be done although the rest was, one sentence each.
    Raises:
        InputError: no such fixture repository, or the folder to keep is in use.
        StoreError: a session that was played in did not arrive; never expected.
    """
    if options.repository not in repository_names():
        raise InputError(f"--repository {options.repository!r}: there are {' and '.join(repository_names())}")
    say = _silent if options.is_json else print_text
    with _folder(options.keep) as root:
        say_choice(options.choice, say)
        project = ProjectId(REMOTES[options.repository].removeprefix("https://").removesuffix(".git"))
        remote = root / f"{options.repository}.git"
        place = Place(root=root, remote=remote, project=project, is_kept=options.keep is not None)
        with _installed(place, options, say) as installation:
            stage = Stage(
                installation=installation, place=place, choice=options.choice, say=say, program=options.program
            )
            document = _loop(stage, options)
    if options.is_json:
        print_json({**document, "problems": stage.problems})
    return stage.problems


@contextmanager
def _installed(place: Place, options: DemoOptions, say: Say) -> Generator[Installation]:
    """The remote and a data folder of its own, with settings that `serve` goes on with."""
    base = build_remote(options.repository, place.remote)
    say(f"1  repository  {place.project} at {base[:12]}, a bare remote in {place.remote}")
    place.data.mkdir(exist_ok=True)
    file = place.data / "sidecar.toml"
    file.write_text(_settings(place, options.choice), encoding="utf-8")
    # without the environment, which may name the user's own store
    config = replace(load_config(file, {}), model=options.choice.model)
    with Installation.open(
        DataDir.open(place.data), config, owner=this_process(), credentials=options.choice.credentials
    ) as installation:
        yield installation


def _settings(place: Place, choice: Choice) -> str:
    lines = [f'[projects."{place.project}"]', 'forge = "local"', f"url = {json.dumps(str(place.remote))}"]
    if choice.asks_model:
        model = {"judge": choice.model.judge, "draft": choice.model.draft, "max_usd_per_day": choice.cap_usd}
        lines += ["", "[learn]", f"judge = {json.dumps(choice.judge)}", "", "[model]"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in model.items() if value is not None]
    return "\n".join([*lines, ""])


def _loop(stage: Stage, options: DemoOptions) -> dict[str, object]:
    document = {**_received(stage, options.repository), **learn(stage)}

    def close() -> None:
        branch = document["branch"]
        document["cost_usd"] = say_spent(stage)
        say_kept(stage, str(branch) if branch else None)
        document["seconds"] = stage.seconds()
        stage.say(f"Took:  {document['seconds']} s{', installing Phoenix aside' if stage.aside_s > 1 else ''}")

    if options.viewer is not None:
        document |= view(stage, options.viewer, close)
    if "seconds" not in document:
        close()
    return document


def _received(stage: Stage, repository: str) -> dict[str, object]:
    """Play the recordings in and project them."""
    installation, say = stage.installation, stage.say
    names = [name for name in recordings() if load_recording(name).repository == repository]
    requests = sorted(
        (request for name in names for request in load_recording(name).requests), key=lambda request: request.at_ns
    )
    asyncio.run(play(installation, requests))
    say(f"2  receive     {len(requests)} requests of {len(names)} recorded sessions, each committed before its 200")
    installation.projector().run(now_ns=time.time_ns())
    stored = installation.store.sessions(LOCAL_TEAM, project=stage.place.project)
    if len(stored) != len(names):
        raise StoreError(f"{len(names)} sessions were played in and {len(stored)} arrived; please report this")
    labels = Counter(one.decision.label.value for one in stored)
    agents = Counter(str(one.session.key.agent) for one in stored)
    tasks = {one.session.task for one in stored}
    say(f"3  project     {len(stored)} sessions ({counted(agents)}) on {len(tasks)} tasks: {counted(labels)}")
    return {"repository": repository, "requests": len(requests), "sessions": len(stored), "labels": dict(labels)}


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
        (keep / "data").mkdir(mode=0o700)
    except OSError as exc:
        raise InputError(f"--keep {keep}: {exc.strerror}; name a folder that this user can make") from exc
    yield keep.resolve()
