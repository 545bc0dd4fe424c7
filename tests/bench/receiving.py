"""Receiving against the bare loop: spans a second at both capture levels, and what too much of it does.

Every figure is taken beside its yardstick, turn by turn in one run, and the better turn of each counts.
"""

import resource
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.phoenix import phoenix_spans_per_s
from tests.bench.servers import CONNECTIONS, Answers, Server, free_port, load, server
from tests.bench.telemetry import different_gzips, request

LARGE, SMALL = 512, 5
SESSION = "0b1f6a7e-52c8-4f0e-9d3f-6f6a2f0f8f11"
SECONDS = 4.0
WARM_S = 1.0
TURNS = 2
TIMES_TOO_MANY = 100
"""Senders for each one that is needed to fill the server; none waits after a refusal, as a decent one would."""
RECOVERY_LIMIT_S = 5
FULL_SPEED = 0.9
"""Of the speed before; the rest is what one second differs from the next by."""
MEMORY_LIMIT_MB = 512 * 2**20 / 1e6
BARE = "the bare loop (uvicorn with uvloop and httptools, gunzip, parse, one SQLite row)"
PHOENIX = "what Phoenix stores of them"
RAW = "the same with raw uvicorn (asyncio, h11)"
FILTERING = "the bare loop that also filters attributes and compresses what is left"


@dataclass(slots=True)
class _Speeds:
    """The best of all turns."""

    per_s: dict[int, float] = field(default_factory=dict[int, float])
    """By spans a request."""
    ready_s: float = float("inf")
    resident_mb: float = float("inf")

    def measure(self, found: Server, sizes: tuple[int, ...], service: str, session: str | None = None) -> None:
        """Take one turn with each size."""
        time.sleep(0.5)
        self.ready_s = min(self.ready_s, found.ready_s)
        self.resident_mb = min(self.resident_mb, found.resident_mb())
        for spans in sizes:
            bodies = different_gzips(request(spans, service=service, session=session))
            load(found.port, bodies, seconds=WARM_S)
            answers = load(found.port, bodies, seconds=SECONDS)
            if answers.others or answers.refused:
                raise AssertionError(f"{answers.refused} refused, others: {answers.others[:1]}")
            self.per_s[spans] = max(self.per_s.get(spans, 0), answers.per_s)


def receiving(folder: Path) -> list[Figure]:
    """All figures of receiving."""
    full, bare, raw, evidence, filtering = _Speeds(), _Speeds(), _Speeds(), _Speeds(), _Speeds()
    for turn in range(TURNS):
        with _bare(folder / f"bare-{turn}") as found:
            bare.measure(found, (LARGE, SMALL), "benchmark")
        with _bare(folder / f"raw-{turn}", "raw") as found:
            raw.measure(found, (SMALL,), "benchmark")
        with _ours(folder / f"full-{turn}", "full") as found:
            full.measure(found, (LARGE, SMALL), "benchmark")
        with _bare(folder / f"filtering-{turn}", "filtering") as found:
            filtering.measure(found, (LARGE,), "claude-code", SESSION)
        with _ours(folder / f"evidence-{turn}", "evidence") as found:
            evidence.measure(found, (LARGE,), "claude-code", SESSION)
    stored = phoenix_spans_per_s(folder / "phoenix")
    return [
        *_compared("full", full, bare, BARE, (LARGE, SMALL)),
        *_compared("full", full, raw, RAW, (SMALL,)),
        _figure(_acknowledged(LARGE, "full"), full.per_s[LARGE] * LARGE, "spans/s", PHOENIX, stored),
        *_compared("evidence", evidence, filtering, FILTERING, (LARGE,)),
        _figure("time to ready on a fresh folder", evidence.ready_s, "s", BARE, bare.ready_s),
        _figure("idle memory", evidence.resident_mb, "MB", BARE, bare.resident_mb),
        *_overloaded(folder / "overload"),
    ]


def _compared(level: str, ours: _Speeds, bare: _Speeds, name: str, sizes: tuple[int, ...]) -> Iterator[Figure]:
    for spans in sizes:
        yield _figure(
            _acknowledged(spans, level),
            ours.per_s[spans] * spans,
            "spans/s",
            name,
            bare.per_s[spans] * spans,
        )


def _acknowledged(spans: int, level: str) -> str:
    return f"acknowledged, {spans} spans a request, {level}"


def _overloaded(folder: Path) -> Iterator[Figure]:
    bodies = different_gzips(request(LARGE))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4 * TIMES_TOO_MANY * CONNECTIONS), most))
    with _ours(folder, "full") as found:
        load(found.port, bodies, seconds=WARM_S)
        before = load(found.port, bodies, seconds=SECONDS).per_s
        over = load(found.port, bodies, seconds=2 * SECONDS, connections=TIMES_TOO_MANY * CONNECTIONS)
        recovery_s = _recovery_s(found, bodies, FULL_SPEED * before)
        most_mb = found.resident_mb(at_most=True)
    if over.others:
        raise AssertionError(f"only 503 with Retry-After of 1 to 3 s may refuse: {over.others[0]}")
    name = f"{TIMES_TOO_MANY * CONNECTIONS} senders that never wait"
    yield _figure(f"{name}: most memory", most_mb, "MB", "what it may take", MEMORY_LIMIT_MB)
    yield _figure(f"{name}: acknowledged meanwhile", over.per_s, "requests/s", f"{CONNECTIONS} senders", before)
    yield _figure(f"{name}: refused, all by 503", over.refused, "requests", "all their requests", _asked(over))
    yield _figure("full speed after them", recovery_s, "s", "what it may take", RECOVERY_LIMIT_S)


def _recovery_s(found: Server, bodies: Iterator[bytes], wanted: float) -> float:
    began = time.perf_counter()
    while time.perf_counter() < began + 4 * RECOVERY_LIMIT_S:
        passed_s = time.perf_counter() - began
        if load(found.port, bodies, seconds=1.0).per_s >= wanted:
            return passed_s
    return time.perf_counter() - began


def _asked(answers: Answers) -> int:
    return answers.acknowledged + answers.refused


@contextmanager
def _bare(folder: Path, *arguments: str) -> Generator[Server]:
    folder.mkdir()
    port = free_port()
    with server(["tests.bench.bare", str(port), str(folder), *arguments], port=port, path="/") as found:
        yield found


@contextmanager
def _ours(folder: Path, level: str) -> Generator[Server]:
    folder.mkdir()
    (folder / "sidecar.toml").write_text(f'[capture]\nlevel = "{level}"\n', encoding="utf-8")
    port = free_port()
    arguments = ["sidecar", "serve", "--data", str(folder), "--http", f"127.0.0.1:{port}"]
    with server([*arguments, "--grpc", f"127.0.0.1:{free_port()}"], port=port, path="/readyz") as found:
        yield found


def _figure(name: str, value: float, unit: str, yardstick: str, yardstick_value: float) -> Figure:
    return Figure(name=name, value=value, unit=unit, yardstick=yardstick, yardstick_value=yardstick_value)
