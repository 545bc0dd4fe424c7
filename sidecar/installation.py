"""One opened data folder with the parts that work on it, put together by hand in plain sight."""

import hashlib
import hmac
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from judges.judge import Judge
from judges.registry import judge as judge_named
from sidecar.capturing import CaptureLevels, Reductions
from sidecar.config import Config, Credentials, ProjectConfig
from sidecar.data_dir import KEY_FILE_VARIABLE, DataDir
from sidecar.domain import LOCAL_TEAM, ProjectId, Rule, Session, SessionKey, TeamId
from sidecar.errors import ConfigError, DataDirError
from sidecar.llm import Bulk, Cloud, Model, ModelSettings, Quiet, configured_settings
from sidecar.naming import without_settings
from sidecar.projector import Projector
from sidecar.receive import Receiver
from sidecar.redact import Redactor
from sidecar.rules import rules_version_of
from sidecar.sessions import MergeContext
from sidecar.store import Fate, Inbox, Store, word

SECOND_NS = 1_000_000_000
MODELLESS_JUDGE = "evidence"
"""The judge that never costs anything, whatever is configured."""


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
    credentials: Credentials = field(default_factory=Credentials)
    """For the language model; none where no command may ask one."""
    quiet: Quiet = field(default_factory=Quiet)
    """What providers told this process to wait; all its models keep to it."""

    @classmethod
    @contextmanager
    def open(
        cls, data_dir: DataDir, config: Config, *, owner: str, credentials: Credentials | None = None
    ) -> Generator["Installation"]:
        """Open the store and the inbox, and close them after the block.

        Raises:
            StoreError: one of them cannot be used.
            DataDirError: the store's hashes were made by another key.
        """
        store = Store.open(data_dir.store_url(config))
        try:
            _check_key(store, data_dir)
            inbox = Inbox.open(data_dir.inbox_url(config))
            try:
                yield cls(
                    data_dir=data_dir,
                    config=config,
                    owner=owner,
                    store=store,
                    inbox=inbox,
                    redactor=Redactor(key=data_dir.key, note_unscannable=data_dir.note_unscannable),
                    credentials=credentials or Credentials(),
                )
            finally:
                inbox.close()
        finally:
            store.close()

    def receiver(self) -> Receiver:
        """The way into the inbox."""
        return Receiver(
            inbox=self.inbox,
            redactor=self.redactor,
            reductions=self._reductions(),
            key=self.data_dir.key,
            max_body_bytes=self.config.receive.max_body_bytes,
        )

    def _reductions(self) -> Reductions:
        default, projects = self.config.capture.level, self.config.projects
        of_project = {
            ProjectId(name): settings.capture or default
            for project, settings in projects.items()
            for name in (project, *settings.aliases)
        }
        levels = CaptureLevels(default=default, by_project=of_project)
        return Reductions(levels, self.keyed_hash, self._project_of_session)

    def _project_of_session(self, key: SessionKey) -> ProjectId | None:
        stored = self.store.session(key)
        return stored.session.project if stored else None

    def projector(self) -> Projector:
        """The way from the inbox into the store."""
        return Projector(
            store=self.store,
            inbox=self.inbox,
            owner=self.owner,
            redact=self.redactor.redact_bytes,
            context=self.merge_context,
            outcome_window_ns=self._outcome_window_ns,
            digest=self.forgotten_digest,
            idle_ns=self.config.sessions.idle_s * SECOND_NS,
        )

    def judge(self, name: str) -> Judge:
        """A judge of the registry, with the configured model where it asks one.

        Raises:
            NotFoundError: there is no judge of that name.
            ConfigError: it needs a model, and none is configured, or nobody knows its price.
        """
        return judge_named(name, self._model_for(name))

    @asynccontextmanager
    async def judging(self, name: str) -> AsyncGenerator[Judge]:
        """As `judge`, ready to be asked; what it opened is closed when the block ends."""
        model = self._model_for(name)
        try:
            yield judge_named(name, model)
        finally:
            if model is not None:
                await model.close()

    def judging_model(self, judge: str) -> Model | None:
        """The model that a judge asks; None for the judge that needs none. The caller closes it.

        Raises:
            ConfigError: nobody knows its price.
        """
        return self._model_for(judge)

    def drafting_model(self, judge: str) -> Model | None:
        """The model that words what a judge found; None for the judge that needs none. The caller closes it.

        Raises:
            ConfigError: none is configured, or nobody knows its price.
        """
        return self._model_for(judge, self.config.model.draft or self.config.model.judge)

    def bulk(self, judge: str) -> Bulk | None:
        """A judge's model to be asked in batches; None for the judge that needs none. The caller closes it.

        Raises:
            ConfigError: none is configured, or nobody knows its price.
        """
        settings = self._model_settings(judge)
        return Bulk.open(settings, self.store, self.redactor.redact) if settings else None

    @property
    def has_batches(self) -> bool:
        """Whether judging by the clock is to ask in batches."""
        return self.config.model.batches and Cloud(self.config.model.provider).has_batches

    def _model_for(self, judge: str, name: str | None = None) -> Model | None:
        settings = self._model_settings(judge, name)
        return None if settings is None else Model.open(settings, self.store, self.redactor.redact, quiet=self.quiet)

    def _model_settings(self, judge: str, name: str | None = None) -> ModelSettings | None:
        model = name or self.config.model.judge
        if judge == MODELLESS_JUDGE or model is None:
            return None
        return configured_settings(self.config.model, self.credentials, model)

    def keyed_hash(self, text: str) -> str:
        """Sixteen hex digits that stand for `text` here and nowhere else."""
        return hmac.new(self.data_dir.key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]

    def forgotten_digest(self, key: SessionKey) -> str:
        """What a forgotten session is known again by; the same for all agents, as outcomes name none."""
        return self.keyed_hash(f"forgotten\0{key.team}\0{word(key.session_id)}")

    def is_forgotten(self, key: SessionKey) -> bool:
        """Whether a session was forgotten on request."""
        return self.store.forgetting.fates_of([key], self.forgotten_digest).get(key) is Fate.FORGOTTEN

    def project(self, name: ProjectId) -> ProjectConfig:
        """The settings of a watched repository.

        Raises:
            ConfigError: none are given for it.
        """
        if name not in self.config.projects:
            raise ConfigError(without_settings(name, self.config.projects))
        return self.config.projects[name]

    def team_of(self, name: ProjectId) -> TeamId:
        """The Team that a watched repository belongs to; see `project` for the errors."""
        return TeamId(self.project(name).team)

    def owner_of(self, remote: ProjectId | None) -> TeamId:
        """The Team of a repository by any of its remotes; `local` where no settings name it."""
        name = self._aliases().get(remote, remote) if remote else None
        settings = self.config.projects.get(name or "")
        return TeamId(settings.team) if settings else LOCAL_TEAM

    def projects_of(self, team: TeamId) -> list[ProjectId]:
        """Watched repositories of a Team that it has sessions of; those that others claim to work on are not its."""
        owned = {name for name, settings in self.config.projects.items() if settings.team == team}
        return [name for name in self.store.projects(team) if name in owned]

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
            default_branches={
                ProjectId(name): settings.default_branch
                for name, settings in self.config.projects.items()
                if settings.default_branch
            },
            rules_version=lambda loaded: rules_version_of(loaded, rules_by_sha, known),
        )

    def known_rules(self, team: TeamId) -> tuple[Rule, ...]:
        """Every rule of a Team that was proposed or stood in a rules file, in every wording that a sync has seen."""
        known = [rule for project in self.projects_of(team) for rule in self._rules_of(project)]
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


def _check_key(store: Store, data_dir: DataDir) -> None:
    if store.nodes.agreed_key_print(data_dir.key_print) != data_dir.key_print:
        raise DataDirError(
            f"data folder {data_dir.path}: its key is not the one of this store, so nothing stored before would match; "
            f"copy the file `key` of the data folder that the store was begun with over {data_dir.path / 'key'}, "
            f"or name a copy of it with {KEY_FILE_VARIABLE}"
        )
