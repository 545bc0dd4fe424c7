"""Checks of the judge that judges by the clock: is there one of that name, can its model be asked, and paid."""

import time
from dataclasses import asdict
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from judges import registry
from judges.failure import FailureJudge
from judges.failure.prompt import prompt_version
from sidecar.config import Config, Credentials
from sidecar.config.fields import is_web_address
from sidecar.doctor.finding import Finding, ok, problem, unchecked
from sidecar.domain import ModelUsage
from sidecar.errors import ConfigError, NotFoundError
from sidecar.installation import MODELLESS_JUDGE
from sidecar.llm import Cloud
from sidecar.prices import Price, cost_usd
from sidecar.store import Store

_LIMIT_S = 5.0
_ANTHROPIC = "https://api.anthropic.com"
_GATEWAY_IS_DOWN = (502, 503, 504)


def check_judge(config: Config, credentials: Credentials, store: Store | None) -> list[Finding]:
    """Whether the judge of the schedule can be asked, without asking it."""
    try:
        registry.check_judge(config.learn.judge)
    except NotFoundError as exc:
        return [problem("judge", str(exc), "correct learn.judge")]
    if config.learn.judge == MODELLESS_JUDGE:
        return [ok("judge", "evidence, which needs no model and no money")]
    model = config.model.judge
    if model is None:
        step = "set model.judge, or learn.judge to 'evidence'"
        return [problem("judge", f"{config.learn.judge} asks a model, and none is named", step)]
    return [
        _reachable(config, credentials, model),
        _priced(config, model),
        _money(config, store),
        *_given_up(config, store, model),
    ]


def _reachable(config: Config, credentials: Credentials, model: str) -> Finding:
    """By the list of models, which is free."""
    hop = "judge: reachable"
    cloud = Cloud(config.model.provider)
    if cloud is not Cloud.ANTHROPIC:
        return _library(hop, cloud)
    base_url = config.model.base_url or credentials.base_url
    if not (credentials.api_key or credentials.auth_token or base_url):
        return problem(hop, f"no key for {model}", "set ANTHROPIC_API_KEY where serve runs, or model.base_url")
    if base_url is not None and not is_web_address(base_url):
        step = "correct it: an address such as https://models.example was expected"
        return problem(hop, "not reachable: ANTHROPIC_BASE_URL is no address", step)
    headers = {"anthropic-version": "2023-06-01"}
    if credentials.api_key:
        headers["x-api-key"] = credentials.api_key
    if credentials.auth_token:
        headers["authorization"] = f"Bearer {credentials.auth_token}"
    asked = f"{(base_url or _ANTHROPIC).rstrip('/')}/v1/models/{model}"
    url = _without_user(asked)
    try:
        answer = httpx.get(asked, headers=headers, timeout=_LIMIT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        step = "look at the network, the proxy, and model.base_url"
        return problem(hop, f"not reachable: {url} does not answer ({type(exc).__name__})", step)
    match answer.status_code:
        case 200:
            return ok(hop, f"{model} is there and takes our key")
        case 401 | 403:
            return problem(hop, f"{url} refuses our key ({answer.status_code})", "set a key that may use this model")
        case 404 if base_url is None:
            return problem(hop, f"there is no model {model!r}", "correct model.judge")
        case status if status in _GATEWAY_IS_DOWN:
            return problem(hop, f"not reachable: {url} says {status}", "look whether what stands behind it runs")
        case status:
            return unchecked(hop, f"it answers {status} to the list of models, which a gateway need not have")


def _without_user(url: str) -> str:
    """What may be shown of an address, which may hold a password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _library(hop: str, cloud: Cloud) -> Finding:
    try:
        cloud.require_library()
    except ConfigError as exc:
        return problem(hop, str(exc), "install it, or set model.provider to 'anthropic'")
    return unchecked(hop, f"{cloud.value} has no list of models that costs nothing to ask for")


def _priced(config: Config, judge: str) -> Finding:
    """Of every model that would be asked: without a price none is, as its cost could not be kept under a cap."""
    hop = "judge: price known"
    prices = {name: Price(**asdict(price)) for name, price in config.model.prices.items()}
    provider = Cloud(config.model.provider).price_list
    models = list(dict.fromkeys((judge, config.model.draft or judge)))
    for model in models:
        try:
            cost_usd(model, ModelUsage(), at_ns=time.time_ns(), prices=prices, provider=provider)
        except ConfigError as exc:
            return problem(hop, str(exc), "until then `sidecar judge` ends with 2, and `sidecar serve` does not start")
    return ok(hop, f"of {' and '.join(models)}")


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


def _given_up(config: Config, store: Store | None, model: str) -> list[Finding]:
    """Sessions whose tries are used up; nothing where there are none, as on most days."""
    if store is None or config.learn.judge != FailureJudge.name:
        return []
    keys = store.given_up_sessions(FailureJudge.name, prompt_version(model))
    words = f"sessions given up after several answers of no use: {len(keys)}"
    step = "mend the gateway or the model, then `sidecar judge --again`"
    return [problem("judge: answers", words, step)] if keys else []
