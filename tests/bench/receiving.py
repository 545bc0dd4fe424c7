"""Receiving against the bare loop: spans a second, requests a second; and what a server costs that does nothing."""

import time
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.servers import Server, free_port, requests_per_s, server
from tests.bench.telemetry import different_gzips, request

LARGE, SMALL = 512, 5
SECONDS = 4.0
WARM_S = 1.0
BARE = "the bare loop (uvicorn, gunzip, parse, one SQLite row)"


def receiving(folder: Path) -> list[Figure]:
    """Four figures; ours and the yardstick are measured in turn, twice, and the better of each counts."""
    ours: dict[int, float] = {LARGE: 0, SMALL: 0}
    bare: dict[int, float] = {LARGE: 0, SMALL: 0}
    starts: list[tuple[float, float]] = []
    bare_starts: list[tuple[float, float]] = []
    for turn in range(2):
        port = free_port()
        with server(["tests.bench.bare", str(port), str(_fresh(folder, f"bare-{turn}"))], port=port, path="/") as found:
            bare_starts.append(_idle(found))
            _measure(found, bare)
        port = free_port()
        data = _fresh(folder, f"ours-{turn}")
        arguments = ["sidecar", "serve", "--data", str(data), "--http", f"127.0.0.1:{port}"]
        with server([*arguments, "--grpc", f"127.0.0.1:{free_port()}"], port=port, path="/readyz") as found:
            starts.append(_idle(found))
            _measure(found, ours)
    ready_s, resident_mb = (min(values) for values in zip(*starts, strict=True))
    bare_ready_s, bare_mb = (min(values) for values in zip(*bare_starts, strict=True))
    return [
        Figure(
            name=f"spans acknowledged, {LARGE} a request",
            value=ours[LARGE] * LARGE,
            unit="spans/s",
            yardstick=BARE,
            yardstick_value=bare[LARGE] * LARGE,
        ),
        Figure(
            name=f"requests acknowledged, {SMALL} spans each",
            value=ours[SMALL],
            unit="requests/s",
            yardstick=BARE,
            yardstick_value=bare[SMALL],
        ),
        Figure(
            name="time to ready on a fresh folder",
            value=ready_s,
            unit="s",
            yardstick=BARE,
            yardstick_value=bare_ready_s,
        ),
        Figure(name="idle memory", value=resident_mb, unit="MB", yardstick=BARE, yardstick_value=bare_mb),
    ]


def _fresh(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


def _idle(found: Server) -> tuple[float, float]:
    time.sleep(0.5)
    return found.ready_s, found.resident_mb()


def _measure(found: Server, best: dict[int, float]) -> None:
    for spans in (LARGE, SMALL):
        bodies = different_gzips(request(spans))
        requests_per_s(found.port, bodies, seconds=WARM_S)
        best[spans] = max(best[spans], requests_per_s(found.port, bodies, seconds=SECONDS))
