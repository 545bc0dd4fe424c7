"""One worker of many that spend at once, as a process of its own: `URL SERVER CAP_USD NAME CALLS`."""

import asyncio
import sys
from dataclasses import replace

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from sidecar.domain import ModelRequest, Purpose
from sidecar.errors import SpendCapError
from sidecar.llm import Model, ModelSettings
from sidecar.store import Cap, Store

MODEL = "claude-haiku-5-5"
KEY = "a-key-of-the-tests"


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Shape:
    """What is asked for."""

    words: str


async def spend(url: str, server: str, cap_usd: float, name: str, calls: int) -> int:
    """Ask until the cap says no; gives how often it was asked."""
    store = Store.open(url)
    settings = ModelSettings(model=MODEL, api_key=KEY, base_url=server, cap=Cap(day_usd=cap_usd, month_usd=cap_usd))
    model = Model.open(settings, store, lambda text: text)
    request = ModelRequest(
        purpose=Purpose.JUDGE, system="You say words.", user="Say some.", shape=Shape, max_tokens=200, request_key=name
    )
    print("ready", flush=True)
    sys.stdin.readline()
    made = 0
    try:
        for number in range(calls):
            await model.complete(replace(request, request_key=f"{name}-{number}"))
            made += 1
    except SpendCapError:
        pass
    await model.close()
    store.close()
    return made


if __name__ == "__main__":
    _, database, address, cap, who, most = sys.argv
    print(asyncio.run(spend(database, address, float(cap), who, int(most))))
