"""The judge `failure` asking a scripted model in batches, run by run, as the clock would."""

import time
from itertools import count

from judges.failure import FailureJudge
from sidecar.jobs.judging import Judged
from sidecar.jobs.judging_in_batches import BatchJudging
from sidecar.llm import Bulk, ModelSettings
from sidecar.llm.batch_state import BatchState
from sidecar.llm.bulk import NotBegun
from sidecar.store import Cap, Store
from tests.scripted_model import KEY, ScriptedModel, open_model
from tests.scripted_model.opening import MODEL

HOUR_NS = 3600 * 1_000_000_000


class KilledError(BaseException):
    """Ends a run as a kill would: nothing after it is done."""


class Mortal(Bulk):
    """Asks in batches, and dies just before or just after one is created."""

    dies: str | None = None

    async def create(self, asked: object) -> BatchState | NotBegun:
        """As its kind, unless it dies."""
        if self.dies == "before":
            raise KilledError
        begun = await super().create(asked)  # type: ignore[arg-type]
        if self.dies == "after":
            raise KilledError
        return begun


class Desk:
    """One node's judging by batches; `later_ns` moves its clock."""

    def __init__(self, store: Store, server: ScriptedModel, *, cap: Cap | None = None) -> None:
        self.later_ns = 0
        self.store = store
        self.server = server
        settings = ModelSettings(model=MODEL, api_key=KEY, base_url=server.url, cap=cap or Cap(), timeout_s=5.0)
        self.bulk = Mortal.open(settings, store, lambda text: text, now_ns=self.now_ns)
        self._model = open_model(server.url, store)
        self.judge = FailureJudge(self._model)
        self._keys = count(1)

    def now_ns(self) -> int:
        """The real time and what a test adds to it; the scripted model's batches carry the real one."""
        return time.time_ns() + self.later_ns

    async def run(self, *, is_asking: bool = True) -> Judged:
        """One period; a run that dies says so by what it raises."""
        return await BatchJudging(
            self.store, self.judge, self.bulk, now_ns=self.now_ns, draw_key=lambda: f"batch-{next(self._keys)}"
        ).run(is_asking=is_asking)

    @property
    def created(self) -> int:
        """Batches that the provider has begun."""
        return len(self.server.batches.begun)

    async def close(self) -> None:
        """Close the connections."""
        await self.bulk.close()
        await self._model.close()
