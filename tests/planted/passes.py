"""Learning passes over the planted world: judged once, then drafted, published and merged by a person, each day."""

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sidecar.config import Credentials, load_config
from sidecar.data_dir import DataDir
from sidecar.domain import Rule
from sidecar.engine import draft_project, judge_all, sync_project
from sidecar.installation import Installation
from sidecar.jobs.drafting import Drafted
from sidecar.rules import parse_rules_file
from tests.planted.lessons import FILES
from tests.planted.world import PROJECT, SECOND_NS, START_NS, settings
from tests.scripted_model import KEY
from tests.sidecar.remotes import git, make_remote

DAY_NS = 86_400 * SECOND_NS


class Learning:
    """One installation over the world's repository."""

    def __init__(self, installation: Installation, remote: Path) -> None:
        self.installation = installation
        self.remote = remote
        self._passes = 0

    def judge(self) -> int:
        """Judge every session; how many verdicts."""
        judged = asyncio.run(judge_all(self.installation, "failure"))
        assert judged.stopped_by is None
        return len(judged.verdicts)

    def draft(self) -> Drafted:
        """The next draft by the clock."""
        self._passes += 1
        judge = self.installation.judge("failure")
        return draft_project(self.installation, PROJECT, judge, now_ns=self.now_ns)

    @property
    def now_ns(self) -> int:
        """A day after the pass before."""
        return START_NS + (40 + self._passes) * DAY_NS

    def sync(self) -> None:
        """Bring forge and store into step."""
        sync_project(self.installation, PROJECT, now_ns=self.now_ns)

    def merge(self) -> None:
        """What a person's squash button does to every open proposal."""
        branches = git(self.remote, "for-each-ref", "--format=%(refname:short)", "refs/heads/sidecar").splitlines()
        for branch in branches:
            commit = git(self.remote, "commit-tree", f"{branch}^{{tree}}", "-p", "main", "-m", "Squashed by a person")
            git(self.remote, "update-ref", "refs/heads/main", commit)
            git(self.remote, "update-ref", "-d", f"refs/heads/{branch}")

    def whole_pass(self) -> Drafted:
        """Draft, publish, merge, notice."""
        drafted = self.draft()
        self.sync()
        self.merge()
        self.sync()
        return drafted

    def rules_file(self) -> str:
        """The rules file on main."""
        return git(self.remote, "show", "main:CLAUDE.md")

    def rules(self) -> tuple[Rule, ...]:
        """Our rules on main."""
        return parse_rules_file(self.rules_file().encode()).rules


@contextmanager
def learning(folder: Path, url: str, files: Mapping[str, str] = FILES) -> Generator[Learning]:
    """An installation in a folder that asks the model at an address."""
    remote = make_remote(folder / "git", dict(files))
    data = folder / "data"
    data.mkdir()
    (data / "sidecar.toml").write_text(settings(remote, url))
    config = load_config(data / "sidecar.toml", {})
    with Installation.open(DataDir.open(data), config, owner="test", credentials=Credentials(api_key=KEY)) as one:
        yield Learning(one, remote)
