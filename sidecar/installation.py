"""One opened data folder with the parts that work on it, put together by hand in plain sight."""

import hashlib
import hmac
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sidecar.config import Config, ProjectConfig
from sidecar.data_dir import DataDir
from sidecar.domain import ProjectId, Rule, Session, TeamId
from sidecar.errors import ConfigError
from sidecar.projector import Projector
from sidecar.receive import Receiver
from sidecar.redact import Redactor
from sidecar.rules import rules_version_of
from sidecar.sessions import MergeContext
from sidecar.store import Inbox, Store

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Everything a command needs of one data folder."""

    data_dir: DataDir
    config: Config
    owner: str
    """Who claims and leases: unique among the processes that share the store."""
    store: Store
    inbox: Inbox
    redactor: Redactor

    @classmethod
    @contextmanager
    def open(cls, data_dir: DataDir, config: Config, *, owner: str) -> Generator["Installation"]:
        """Open the store and the inbox, and close them after the block.

        Raises:
            StoreError: one of them cannot be used.
        """
        store = Store.open(data_dir.store_url(config))
        try:
            inbox = Inbox.open(data_dir.inbox_url(config))
            try:
                yield cls(
                    data_dir=data_dir,
                    config=config,
                    owner=owner,
                    store=store,
                    inbox=inbox,
                    redactor=Redactor(key=data_dir.key),
                )
            finally:
                inbox.close()
        finally:
            store.close()

    def receiver(self) -> Receiver:
        """The way into the inbox."""
        limit = self.config.receive.max_body_bytes
        return Receiver(inbox=self.inbox, redactor=self.redactor, key=self.data_dir.key, max_body_bytes=limit)

    def projector(self) -> Projector:
        """The way from the inbox into the store."""
        return Projector(
            store=self.store,
            inbox=self.inbox,
            owner=self.owner,
            redact=self.redactor.redact_bytes,
            context=self.merge_context,
            outcome_window_ns=self._outcome_window_ns,
        )

    def keyed_hash(self, text: str) -> str:
        """Sixteen hex digits that stand for `text` here and nowhere else."""
        return hmac.new(self.data_dir.key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]

    def project(self, name: ProjectId) -> ProjectConfig:
        """The settings of a watched repository.

        Raises:
            ConfigError: none are given for it.
        """
        if name not in self.config.projects:
            raise ConfigError(
                f"no settings for project {name!r}; add to sidecar.toml: "
                f'[projects."{name}"] with url = "…" of the remote that proposals go to'
            )
        return self.config.projects[name]

    def _outcome_window_ns(self, session: Session) -> int:
        settings = self.config.projects.get(session.project or "")
        return settings.outcome_window_s * SECOND_NS if settings else 0

    def merge_context(self, team: TeamId) -> MergeContext:
        """What merging needs to know of a Team."""
        known = self.known_rules(team)
        rules_by_sha = self.store.rules_files()
        return MergeContext(
            keyed_hash=self.keyed_hash,
            project_aliases=self._aliases(),
            rules_version=lambda loaded: rules_version_of(loaded, rules_by_sha, known),
        )

    def known_rules(self, team: TeamId) -> tuple[Rule, ...]:
        """Every rule of a Team that was proposed or stood in a rules file, in every wording that a sync has seen."""
        known = [rule for project in self.store.projects(team) for rule in self._rules_of(project)]
        stood = [rule for rules in self.store.rules_files().values() for rule in rules]
        return tuple({(rule.rule_id, rule.text, rule.scope): rule for rule in (*known, *stood)}.values())

    def _rules_of(self, project: ProjectId) -> list[Rule]:
        base = self.store.base_rules(project)
        proposed = [edit.rule for proposal in self.store.proposals(project=project) for edit in proposal.edits]
        return [*(base[1] if base else []), *proposed]

    def _aliases(self) -> Mapping[ProjectId, ProjectId]:
        return {
            ProjectId(alias): ProjectId(name)
            for name, settings in self.config.projects.items()
            for alias in settings.aliases
        }
