"""Settings: one `sidecar.toml`, overridden by `SIDECAR_*`; anything unknown in either is an error.

The file is looked for where `--config` says, else in the data folder, else in the user's configuration folder;
never in a watched repository, whose author could then steer us. Secrets come from the environment alone.
"""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from pathlib import Path
from typing import Annotated, cast

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from sidecar.errors import ConfigError

FILE_NAME = "sidecar.toml"
ENVIRONMENT_PREFIX = "SIDECAR_"
_STRICT = ConfigDict(extra="forbid")

Toml = Mapping[str, object]


def _named(value: object) -> object:
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_named)]
"""An array of the file; in the environment, which has none, names with commas between."""
Positive = Annotated[int, Field(ge=1)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class StoreConfig:
    """Where records are kept."""

    url: str | None = None
    """SQLAlchemy URL; None is SQLite in the data folder. PostgreSQL: `postgresql+psycopg://…`."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ReceiveConfig:
    """Limits of one request."""

    max_body_bytes: Positive = 64 * 1024 * 1024
    """As sent and after decompression; the default of the OTLP specification."""
    max_waiting_bytes: Positive = 256 * 1024 * 1024
    """Bodies held at once by all requests; over it the answer is 503."""
    allowed_hosts: Names = ()
    """Host headers accepted beside the loopback names."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class LearnConfig:
    """How much evidence a rule needs."""

    min_tasks: Positive = 2
    """Distinct Tasks that must support a lesson."""
    max_edits: Positive = 4
    """RuleEdits of one run."""
    judge: str = "evidence"
    """Who judges when the clock says so: `evidence` needs no model, `failure` asks one."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class PriceConfig:
    """What the operator pays for one model, USD per million tokens."""

    input_usd: NotNegative
    output_usd: NotNegative
    cache_write_usd: NotNegative | None = None
    """None: 1.25 times the input price."""
    cache_read_usd: NotNegative | None = None
    """None: a tenth of the input price."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ModelConfig:
    """The language model that judges ask, on Anthropic's Messages API or a gateway that speaks it."""

    judge: str | None = None
    """Model id for the judge `failure`."""
    draft: str | None = None
    """Model id that words rules from what `failure` found; None is the judge's."""
    base_url: str | None = None
    """A gateway; None is Anthropic's own, or ANTHROPIC_BASE_URL."""
    max_usd_per_day: NotNegative | None = 5.0
    """Reserved before a call and settled after; None is no limit."""
    max_usd_per_month: NotNegative | None = 50.0
    concurrency: Positive = 4
    timeout_s: Annotated[float, Field(gt=0)] = 120.0
    """For one attempt at a call."""
    prices: dict[str, PriceConfig] = field(default_factory=dict[str, PriceConfig])
    """Model id to the operator's own price, for models without a list price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Secrets for the model; from the environment alone, never from a file that is shown around."""

    api_key: str | None = field(default=None, repr=False)
    auth_token: str | None = field(default=None, repr=False)
    base_url: str | None = None


def load_credentials(environ: Mapping[str, str]) -> Credentials:
    """What `ANTHROPIC_*` of the environment says."""
    return Credentials(
        api_key=environ.get("ANTHROPIC_API_KEY") or None,
        auth_token=environ.get("ANTHROPIC_AUTH_TOKEN") or None,
        base_url=environ.get("ANTHROPIC_BASE_URL") or None,
    )


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ScheduleConfig:
    """How often a running sidecar starts its flows; periods are counted from 1970 in UTC."""

    is_on: bool = True
    """False: flows run by command only."""
    judge_every_s: Positive = 300
    draft_every_s: Positive = 86_400
    sync_every_s: Positive = 900
    mirror_every_s: Positive = 60
    """Only while a Phoenix runs over the data folder."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ProjectConfig:
    """One watched repository, by its normalised remote."""

    forge: str = "local"
    """Name of a member of `sidecar/forges`."""
    url: str
    """Remote that proposals are pushed to."""
    default_branch: str | None = None
    """Base of proposals; None asks the remote."""
    outcome_window_s: Annotated[int, Field(ge=0)] = 0
    """How long a closed session waits for an outcome before it is settled."""
    aliases: Names = ()
    """Other remotes of the same repository: forks, mirrors."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Config:
    """Everything that can be set."""

    store: StoreConfig = field(default_factory=StoreConfig)
    receive: ReceiveConfig = field(default_factory=ReceiveConfig)
    learn: LearnConfig = field(default_factory=LearnConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    projects: dict[str, ProjectConfig] = field(default_factory=dict[str, ProjectConfig])
    """Normalised remote (`github.com/acme/shop`) to its settings."""


_TABLES: Mapping[str, type] = {
    "store": StoreConfig,
    "receive": ReceiveConfig,
    "learn": LearnConfig,
    "model": ModelConfig,
    "schedule": ScheduleConfig,
}
"""Tables of the file by key."""
_NAMED_TABLES: Mapping[str, type] = {"projects": ProjectConfig, "prices": PriceConfig}
"""Tables that hold a table for each name."""


def find_config_file(given: Path | None, data_dir: Path, config_home: Path | None) -> Path | None:
    """The settings file in force, or None when there is none and the defaults hold.

    Raises:
        ConfigError: a file was named and is not there, or a folder may not be looked into.
    """
    if given is not None:
        if not _is_file(given):
            raise ConfigError(f"--config {given}: there is no such file")
        return given
    candidates = [data_dir / FILE_NAME]
    if config_home is not None:
        candidates.append(config_home / "agent-sidecar" / FILE_NAME)
    return next((path for path in candidates if _is_file(path)), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as exc:
        raise ConfigError(
            f"{path}: cannot be looked for ({exc.strerror}); give this user access to its folder"
        ) from exc


def load_config(file: Path | None, environ: Mapping[str, str]) -> Config:
    """Settings from a file and the environment, the environment winning.

    Raises:
        ConfigError: not TOML, an unknown key (the nearest known one is named), or a value of the wrong kind.
    """
    document = _read_toml(file) if file else {}
    if file is not None:
        # first without the environment, so that each error names the place it comes from
        parse_config(document, where=str(file))
    for path, value in _overrides(environ):
        _set(document, path, value)
    return parse_config(document, where="the environment")


def parse_config(document: Toml, *, where: str) -> Config:
    """Settings from a parsed document; see load_config for the errors."""
    _check_keys(Config, document, where, ())
    try:
        return TypeAdapter(Config).validate_python(document)
    except ValidationError as exc:
        first = exc.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        is_table = first["type"] in ("dataclass_type", "dict_type")
        wanted = "input should be a table" if is_table else first["msg"].lower()
        raise ConfigError(f"{where}: {key}: {wanted}, got {first['input']!r}") from exc


def _read_toml(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError(f"{file}: not TOML: {exc}") from exc
    except OSError as exc:
        raise ConfigError(f"{file}: cannot be read: {exc.strerror}") from exc


def _overrides(environ: Mapping[str, str]) -> list[tuple[tuple[str, ...], str]]:
    """`SIDECAR_LEARN__MIN_TASKS=3` as (("learn", "min_tasks"), "3"); names without `__` belong to other parts."""
    named = ((name, value) for name, value in sorted(environ.items()) if name.startswith(ENVIRONMENT_PREFIX))
    paths = ((tuple(name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")), value) for name, value in named)
    return [(path, value) for path, value in paths if len(path) > 1]


def _set(document: dict[str, object], path: Sequence[str], value: str) -> None:
    *parents, last = path
    for parent in parents:
        inner = document.setdefault(parent, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"{ENVIRONMENT_PREFIX}{'__'.join(path).upper()}: {parent} is not a table")
        document = cast("dict[str, object]", inner)
    document[last] = value


def _check_keys(record: type, document: Toml, where: str, path: tuple[str, ...]) -> None:
    known = {entry.name: entry for entry in fields(record)}
    for key, value in document.items():
        if key not in known:
            raise ConfigError(_unknown_key(where, (*path, key), list(known)))
        if not isinstance(value, Mapping):
            continue
        inner = cast("Toml", value)
        if key in _NAMED_TABLES:
            for name, table in inner.items():
                if isinstance(table, Mapping):
                    _check_keys(_NAMED_TABLES[key], cast("Toml", table), where, (*path, key, name))
        elif key in _TABLES:
            _check_keys(_TABLES[key], inner, where, (*path, key))


def _unknown_key(where: str, path: tuple[str, ...], known: list[str]) -> str:
    nearest = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"known here: {', '.join(known)}"
    return f"{where}: unknown key {'.'.join(path)!r}; {hint}"
