"""Settings of learning: how much evidence a rule needs, models and their prices, watched repositories."""

from dataclasses import field
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from sidecar.config.fields import CENTURY_S, STRICT, Count, Names, Number, Positive, Usd, WebAddress
from sidecar.domain import LOCAL_TEAM, CaptureLevel


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LearnConfig:
    """How much evidence a rule needs."""

    min_tasks: Positive = 2
    """Distinct Tasks that must support a lesson."""
    max_edits: Positive = 4
    """RuleEdits of one run."""
    judge: str = "evidence"
    """Who judges when the clock says so: `evidence` needs no model, `failure` asks one."""
    min_kappa: Annotated[float, Number, Field(ge=-1, le=1, allow_inf_nan=False)] = 0.4
    """Agreement with the tests, beyond chance, that a model must reach before rules are drafted from what it says; it
    holds from 30 blind calls on, and until then such drafts are marked."""
    blind_sample: Count = 10
    """Sessions of which a model is asked each time, without being shown the result, whether the tests passed."""
    rerun_sample: Count = 3
    """Verdicts that are asked for a second time, to see whether the judge says the same."""
    adherence_sample: Count = 20
    """Sessions of which a model is asked which of our rules they followed."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PriceConfig:
    """What the operator pays for one model, USD per million tokens."""

    input_usd: Usd
    output_usd: Usd
    cache_write_usd: Usd | None = None
    """None: 1.25 times the input price."""
    cache_read_usd: Usd | None = None
    """None: a tenth of the input price."""
    batch_factor: Annotated[float, Number, Field(ge=0, le=10, allow_inf_nan=False)] | None = None
    """Of these prices, for what is asked in a batch; None: a half."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ModelConfig:
    """The language model that judges ask, on Anthropic's Messages API or a gateway that speaks it."""

    judge: str | None = None
    """Model id for the judge `failure`."""
    draft: str | None = None
    """Model id that words rules from what `failure` found; None is the judge's."""
    base_url: WebAddress | None = None
    """A gateway; None is Anthropic's own, or ANTHROPIC_BASE_URL."""
    provider: Literal["anthropic", "bedrock", "vertex"] = "anthropic"
    """Whose cloud the model is on; Bedrock and Vertex take region and credentials from their own environment."""
    batches: bool = True
    """Judging by the clock asks in batches, at half the price and with up to a day of waiting, where there are any."""
    max_usd_per_day: Usd | None = 5.0
    """Reserved before a call and settled after; None is no limit."""
    max_usd_per_month: Usd | None = 50.0
    concurrency: Positive = 4
    timeout_s: Annotated[float, Number, Field(gt=0, le=86_400, allow_inf_nan=False)] = 120.0
    """For one attempt at a call."""
    prices: dict[str, PriceConfig] = field(default_factory=dict[str, PriceConfig])
    """Model id to the operator's own price, for models without a list price."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ProjectConfig:
    """One watched repository, by its normalised remote."""

    forge: str = "local"
    """Name of a member of `sidecar/forges`."""
    url: Annotated[str, Field(min_length=1)]
    """Remote that proposals are pushed to."""
    default_branch: str | None = None
    """Base of proposals; None asks the remote."""
    outcome_window_s: Annotated[int, Number, Field(ge=0, le=CENTURY_S)] = 0
    """How long a closed session waits for an outcome before it is settled."""
    aliases: Names = ()
    """Other remotes of the same repository: forks, mirrors."""
    capture: CaptureLevel | None = None
    """How much is kept of its sessions; None is capture.level."""
    prompt_file: str | None = None
    """Markdown file of the repository that agents are given as their system prompt by a flag; it gets the rules."""
    prompt_file_agents: Names = ()
    """Agents that are given it, such as `claude_code`: they get no rules by another file."""
    team: Annotated[str, Field(min_length=1)] = LOCAL_TEAM
    """Team that it belongs to: whose sessions teach it, and who may read its rules."""
