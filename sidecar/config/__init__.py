"""Settings: one `sidecar.toml`, overridden by `SIDECAR_*`; anything unknown in either is an error.

The file is looked for where `--config` says, else in the data folder, else in the user's configuration folder;
never in a watched repository, whose author could then steer us. Secrets come from the environment alone.
"""

from sidecar.config.credentials import WEBHOOK_SECRET, Credentials, load_credentials
from sidecar.config.learning import LearnConfig, ModelConfig, PriceConfig, ProjectConfig
from sidecar.config.reading import FILE_NAME, find_config_file, load_config, parse_config
from sidecar.config.receiving import (
    CaptureConfig,
    ListenConfig,
    ReceiveConfig,
    RetentionConfig,
    SessionsConfig,
    StoreConfig,
)
from sidecar.config.schedule import ScheduleConfig
from sidecar.config.whole import Config

__all__ = [
    "FILE_NAME",
    "WEBHOOK_SECRET",
    "CaptureConfig",
    "Config",
    "Credentials",
    "LearnConfig",
    "ListenConfig",
    "ModelConfig",
    "PriceConfig",
    "ProjectConfig",
    "ReceiveConfig",
    "RetentionConfig",
    "ScheduleConfig",
    "SessionsConfig",
    "StoreConfig",
    "find_config_file",
    "load_config",
    "load_credentials",
    "parse_config",
]
