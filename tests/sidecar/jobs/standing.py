"""A repository whose base holds rules of ours, and a store that has known them for a while."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sidecar.domain import (
    EditOperation,
    LoadedRules,
    Rule,
    RuleEdit,
    RuleKind,
    RulesSource,
    SessionState,
    Step,
    StepId,
    StepKind,
)
from sidecar.git import Clone
from sidecar.jobs.base_branch import Base, load_base
from sidecar.proposals import build_files
from sidecar.rules import rule_id
from sidecar.store import Store
from sidecar.targets import CLAUDE_CODE, PromptFile, Target
from tests.contracts.records import PROJECT, TEAM, make_decision, make_key, make_session
from tests.sidecar.remotes import commit, git, make_remote

DAY_NS = 24 * 3600 * 1_000_000_000
NOW_NS = 20_000 * DAY_NS


def rule(text: str, scope: str | None = None) -> Rule:
    return Rule(rule_id=rule_id(text, scope), text=text, scope=scope, kind=RuleKind.FACT, evidence=("s1",))


def edit(of: Rule, operation: EditOperation = EditOperation.ADD) -> RuleEdit:
    return RuleEdit(operation=operation, rule=of, reason="because", task_count=2, person_count=1)


CLAUDE_FILE = Target(path="CLAUDE.md", name="CLAUDE.md", agents=(CLAUDE_CODE,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One watched repository."""

    store: Store
    clone: Clone
    work: Path

    def base(self, *, prompt: PromptFile | None = None) -> Base:
        return load_base(self.clone, self.store, TEAM, PROJECT, prompt=prompt)

    def push(self, files: Mapping[str, str], *, removed: Sequence[str] = ()) -> None:
        """Ada commits these files to the base."""
        for path in removed:
            (self.work / path).unlink()
        commit(self.work, files, "Ada's")
        git(self.work, "push", "--quiet", "origin", "main")

    def merge(self, *rules: Rule, days_ago: int = 100, target: Target = CLAUDE_FILE) -> None:
        """Ada merges rules of ours, and a flow sees them."""
        files = {target.path: (self.work / target.path).read_bytes()}
        built = build_files(files, [edit(one) for one in rules], targets=[target])
        self.push({path: content.decode() for path, content in built.items() if content is not None})
        self.store.decisions.set_in_force(PROJECT, rules, now_ns=NOW_NS - days_ago * DAY_NS)

    def add_session(
        self, name: str, *, days_ago: int = 1, paths: Sequence[str] = ("README.md",), version: str | None = None
    ) -> None:
        """A session that was shown CLAUDE.md as it stands and read these paths."""
        shown = LoadedRules(
            path="CLAUDE.md", text=(self.work / "CLAUDE.md").read_text(), source=RulesSource.LOADED_TEXT
        )
        read = tuple(
            Step(step_id=StepId(path), kind=StepKind.TOOL_CALL, at_ns=number, path=path)
            for number, path in enumerate(paths)
        )
        made = make_session(make_key(name), state=SessionState.SETTLED, started_ns=NOW_NS - days_ago * DAY_NS)
        session = replace(made, rules=(shown,), steps=read, agent_version=version)
        self.store.set_session(session, make_decision(), now_ns=NOW_NS)


@contextmanager
def standing(folder: Path, files: Mapping[str, str]) -> Generator[Standing]:
    """A remote with these files on its base."""
    remote = make_remote(folder, files)
    store = Store.open(f"sqlite:///{folder / 'store.db'}")
    try:
        yield Standing(store=store, clone=Clone.open(folder / "clone.git", str(remote)), work=folder / "work")
    finally:
        store.close()
