"""Settings of what runs by the clock."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from sidecar.config.fields import CENTURY_S, STRICT, Number, Seconds


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ScheduleConfig:
    """How often a running sidecar starts its flows; periods are counted from 1970 in UTC."""

    is_on: bool = True
    """False: flows run by command only."""
    judge_every_s: Seconds = 300
    draft_every_s: Seconds = 86_400
    sync_every_s: Seconds = 900
    check_every_s: Seconds = 86_400
    """How often the judges are checked; only where one asks a model, see `blind_sample` of `[learn]`."""
    mirror_every_s: Seconds = 60
    """Only while a Phoenix runs over the data folder."""
    expire_every_s: Seconds = 86_400
    """How often what is kept too long is let go; see `[retention]`."""
    dead_after_s: Annotated[int, Number, Field(ge=2, le=CENTURY_S)] = 30
    """A process of which nothing was heard for so long is taken for dead: others do its work, and it may not write."""
