"""A model of ours that speaks to the scripted one, with a clock that moves only when it sleeps."""

from dataclasses import dataclass, field

from sidecar.llm import Model, ModelSettings, Pace
from sidecar.store import Cap, Store
from tests.scripted_model.server import KEY

MODEL = "claude-haiku-5-5"
NOW_NS = 1_790_000_000_000_000_000
"""In September 2026."""


@dataclass(slots=True)
class Clock:
    """Time that passes by sleeping alone."""

    slept: list[float] = field(default_factory=list[float])

    async def sleep(self, seconds: float) -> None:
        """Note it and go on."""
        self.slept.append(seconds)

    def pace(self) -> Pace:
        """As the model takes it, with chance always in the middle."""
        return Pace(random=lambda: 0.5, sleep=self.sleep, now_s=lambda: sum(self.slept))


def open_model(
    url: str, store: Store, *, clock: Clock | None = None, cap: Cap | None = None, timeout_s: float = 5.0
) -> Model:
    """The scripted model as ours sees it."""
    settings = ModelSettings(
        model=MODEL, api_key=KEY, base_url=url, cap=cap or Cap(), timeout_s=timeout_s, concurrency=8
    )
    return Model.open(settings, store, lambda text: text, now_ns=lambda: NOW_NS, pace=(clock or Clock()).pace())
