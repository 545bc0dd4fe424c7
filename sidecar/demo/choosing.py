"""Which judge a demo uses, why, and what it may cost: a model where the environment offers one, else none. Pure.

What a model fails at is said and makes the demo end with 1; the judge that needs none works beside it, not for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from judges.registry import check_judge
from sidecar.config import Credentials, ModelConfig, load_config, load_credentials
from sidecar.domain import ModelUsage
from sidecar.errors import ConfigError
from sidecar.prices import Price, cost_usd

WITH_MODEL = "failure"
WITHOUT_MODEL = "evidence"
MODEL = "claude-haiku-5-5"
"""Explains sessions; the cheapest with structured answers (list prices of 2026-11)."""
DRAFTING_MODEL = "claude-sonnet-5-5"
"""Words rules, of which a demo asks four at most."""
_OVERRIDES = "SIDECAR_MODEL__"
"""The only settings that a demo takes from the environment: it must never touch the user's own store."""
_DEFAULTS = {
    # a hundred times what a demo was seen to cost
    f"{_OVERRIDES}MAX_USD_PER_DAY": "1.0",
    # four attempts at a silent gateway end within three minutes and a half
    f"{_OVERRIDES}TIMEOUT_S": "45",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A judge with what it needs."""

    judge: str
    reason: str
    """Why this one; half a sentence."""
    model: ModelConfig
    credentials: Credentials
    """None for the judge without a model, so that nobody can be asked by mistake."""

    @property
    def asks_model(self) -> bool:
        """Whether it costs money."""
        return self.judge == WITH_MODEL

    @property
    def models(self) -> tuple[str, ...]:
        """Ids of the models that are asked; the one that explains comes first."""
        named = (self.model.judge, self.model.draft) if self.asks_model else ()
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def cap_usd(self) -> float:
        """What it may cost at most."""
        caps = (self.model.max_usd_per_day, self.model.max_usd_per_month)
        return min((cap for cap in caps if cap is not None), default=float("inf")) if self.asks_model else 0.0

    @property
    def where(self) -> str:
        """Host that is asked, without what an address may hide."""
        return _host(self.model.base_url or self.credentials.base_url)


def choose(asked: str | None, environ: Mapping[str, str], *, now_ns: int) -> Choice:
    """The judge of a demo.

    Args:
        asked: Name that the user gave; None lets the environment decide.
    Raises:
        NotFoundError: there is no judge of that name.
        ConfigError: the model's settings in the environment cannot be used, it has no key, or no known price.
    """
    if asked is not None:
        check_judge(asked)
    credentials = load_credentials(environ)
    offered = _offered(environ)
    if asked == WITHOUT_MODEL or (asked is None and not offered):
        reason = "as --judge says" if asked else "as the environment has no ANTHROPIC_API_KEY and no base URL"
        return Choice(judge=WITHOUT_MODEL, reason=reason, model=ModelConfig(), credentials=Credentials())
    if not offered:
        raise ConfigError(
            f"--judge {asked}: asks a model, and there is none; set ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN or "
            f"ANTHROPIC_BASE_URL in the environment, or take --judge {WITHOUT_MODEL}, which needs none"
        )
    model = _model(environ)
    _check_prices(model, now_ns)
    reason = "as --judge says" if asked else f"as the environment has {offered}"
    return Choice(judge=asked or WITH_MODEL, reason=reason, model=model, credentials=credentials)


def _offered(environ: Mapping[str, str]) -> str:
    """The variables that say a model can be asked; empty for none."""
    names = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", f"{_OVERRIDES}BASE_URL", "ANTHROPIC_BASE_URL")
    return " and ".join(name for name in names if environ.get(name))


def _model(environ: Mapping[str, str]) -> ModelConfig:
    given = {name: value for name, value in environ.items() if name.startswith(_OVERRIDES)}
    model = load_config(None, _DEFAULTS | given).model
    if model.judge is not None:
        return model
    return replace(model, judge=MODEL, draft=model.draft or DRAFTING_MODEL)


def _check_prices(model: ModelConfig, now_ns: int) -> None:
    """Before anything is built: a cost that nobody knows cannot be held under a cap."""
    own = {name: Price(input_usd=one.input_usd, output_usd=one.output_usd) for name, one in model.prices.items()}
    for name in (model.judge, model.draft):
        try:
            cost_usd(name or MODEL, ModelUsage(), at_ns=now_ns, prices=own)
        except ConfigError as exc:
            raise ConfigError(
                f"no price is known for the model {name!r}, so its cost cannot be kept under a cap; choose one that "
                f"has a list price, such as SIDECAR_MODEL__JUDGE={MODEL}, or go without: --judge {WITHOUT_MODEL}"
            ) from exc


def _host(url: str | None) -> str:
    if url is None:
        return "Anthropic"
    parts = urlsplit(url)
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = ""
    return f"{parts.hostname or 'an address without a host'}{port}"
