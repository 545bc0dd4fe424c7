"""What Phoenix stores a second of the same requests: the other yardstick of receiving.

It answers before it stores, so its time runs until the last span can be counted. One sender, one core, as for the
program; each request has spans of its own, because Phoenix stores a span id once.
"""

import asyncio
import os
import time
from pathlib import Path

import httpx

from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.install import PhoenixEnvironment, install
from sidecar.phoenix.server import phoenix_running
from tests.bench.servers import SENDER_CORE, SERVER_CORE
from tests.bench.telemetry import different_gzips, request

REQUESTS, SPANS = 4, 512
"""Two thousand spans take it a quarter of a minute."""
STORED_WITHIN_S = 180
ENVIRONMENT = Path(os.environ.get("SIDECAR_PHOENIX", ".venv-phoenix"))


def phoenix_spans_per_s(folder: Path) -> float:
    """Spans a second, from the first byte sent to the last span stored; installs Phoenix where it is not."""
    environment = install(ENVIRONMENT)
    bodies = [next(different_gzips(request(SPANS, seed=seed))) for seed in range(REQUESTS)]
    return asyncio.run(_measured(environment, folder, bodies))


async def _measured(environment: PhoenixEnvironment, folder: Path, bodies: list[bytes]) -> float:
    cores = os.sched_getaffinity(0)
    last = (os.cpu_count() or 1) - 1
    os.sched_setaffinity(0, {min(SERVER_CORE, last)})  # for Phoenix, which inherits it
    try:
        async with phoenix_running(environment, folder) as phoenix:
            os.sched_setaffinity(0, {min(SENDER_CORE, last)})
            return await _stored_per_s(phoenix.url, bodies)
    finally:
        os.sched_setaffinity(0, cores)


async def _stored_per_s(url: str, bodies: list[bytes]) -> float:
    headers = {"content-type": "application/x-protobuf", "content-encoding": "gzip"}
    async with PhoenixClient.connect(url) as counting, httpx.AsyncClient(trust_env=False, timeout=60) as client:
        before = await counting.span_count()
        began = time.perf_counter()
        for body in bodies:
            (await client.post(f"{url}/v1/traces", content=body, headers=headers)).raise_for_status()
        while (stored := await counting.span_count() - before) < REQUESTS * SPANS:
            if time.perf_counter() > began + STORED_WITHIN_S:
                raise AssertionError(f"Phoenix stored {stored} of {REQUESTS * SPANS} spans in {STORED_WITHIN_S} s")
            await asyncio.sleep(0.25)
        return stored / (time.perf_counter() - began)
