"""All settings together."""

from dataclasses import field

from pydantic.dataclasses import dataclass

from sidecar.config.fields import STRICT
from sidecar.config.learning import LearnConfig, ModelConfig, ProjectConfig
from sidecar.config.receiving import (
    CaptureConfig,
    ListenConfig,
    ReceiveConfig,
    RetentionConfig,
    SessionsConfig,
    StoreConfig,
)
from sidecar.config.schedule import ScheduleConfig


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Config:
    """Everything that can be set."""

    store: StoreConfig = field(default_factory=StoreConfig)
    listen: ListenConfig = field(default_factory=ListenConfig)
    receive: ReceiveConfig = field(default_factory=ReceiveConfig)
    capture: CaptureConfig = field(default_factory=CaptureConfig)
    sessions: SessionsConfig = field(default_factory=SessionsConfig)
    retention: RetentionConfig = field(default_factory=RetentionConfig)
    learn: LearnConfig = field(default_factory=LearnConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    projects: dict[str, ProjectConfig] = field(default_factory=dict[str, ProjectConfig])
    """Normalised remote (`github.com/acme/shop`) to its settings."""
