"""Phoenix as a child process on loopback: started, waited for, stopped without losing what it has acknowledged.

One Phoenix per folder; the folder's lock lives and dies with the process. It ends with whoever started it, even when
that one is killed.
"""

import asyncio
import fcntl
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from sidecar.errors import PhoenixError, PhoenixUnavailableError
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.install import PhoenixEnvironment
from sidecar.phoenix.ports import HeldPort, held_port, page_port
from sidecar.phoenix.settings import HOST, phoenix_settings

READY_S = 300.0
"""Ready in 10 to 47 s as measured on two cores, the longest on a busy machine at the first start. One that ended is
told of at once, so this is for one that hangs."""
DRAIN_S = 60.0
"""How long stopping waits for spans that are still being written; Phoenix itself waits 5 s and drops the rest."""
STILL_S = 1.0
"""Its writer commits at least 50 spans a second: a count that stood still for this long says that none is waiting."""
STOP_S = 15.0
SAID_LINES = 15
"""How many of Phoenix's last lines an error shows."""

_LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPhoenix:
    """A Phoenix that answers."""

    url: str
    """Its page, and what everything is sent to."""
    grpc_port: int
    """Bound on every interface, and closed by TLS to everybody."""
    pid: int
    """Also its process group."""
    ended: asyncio.Future[int]
    """Done when the process has ended."""


@asynccontextmanager
async def phoenix_running(
    environment: PhoenixEnvironment,
    folder: Path,
    *,
    port: int | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> AsyncGenerator[RunningPhoenix]:
    """Phoenix over `folder` while the block runs.

    Args:
        folder: What it keeps and its log; created where missing.
        port: Of its page; None is the usual one, or any where that is taken.
        progress: Told the seconds waited, twice a second until it is ready.
    Raises:
        PhoenixError: it runs already, the port is taken, or it does not start; with its own last words.
    """
    folder = folder.absolute()  # noqa: ASYNC240 - looks at no file
    process, url, grpc_port = await _started(environment, folder, port)
    ended = asyncio.ensure_future(process.wait())
    try:
        await _ready(url, ended, environment, folder / "phoenix.log", progress)
        yield RunningPhoenix(url=url, grpc_port=grpc_port, pid=process.pid, ended=ended)
        await _drained(url, ended)
    finally:
        await _stop(process, ended)


def running_at(folder: Path) -> str | None:
    """The address of the Phoenix that runs over a folder; None when none does."""
    try:
        with (folder / "running.lock").open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read().strip() or None
            return None
    except OSError:
        return None


async def stopped(running: RunningPhoenix) -> None:
    """Return when somebody asks us to stop, by Ctrl-C or SIGTERM.

    Raises:
        PhoenixError: Phoenix ended by itself.
    """
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, asked.set)
    asking = asyncio.ensure_future(asked.wait())
    try:
        await asyncio.wait([asking, running.ended], return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            raise PhoenixError(f"Phoenix at {running.url} ended with code {running.ended.result()}; start it again")
    finally:
        asking.cancel()
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            # removing leaves the system's own way, in which SIGTERM would leave children behind
            signal.signal(number, handler)


async def _started(environment: PhoenixEnvironment, folder: Path, port: int | None) -> tuple[Process, str, int]:
    """The process over a folder made ready for it, with the address of its page and its port for gRPC."""
    try:
        (folder / "work").mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)  # noqa: ASYNC240 - once, before anything runs
        page, grpc = page_port(port), held_port(None)
        url = f"http://{HOST}:{page.number}"
        settings = phoenix_settings(
            os.environ, environment.certificates, folder, http_port=page.number, grpc_port=grpc.number
        )
        try:
            return await _start(environment, folder, url, settings, (page, grpc)), url, grpc.number
        finally:
            for held in (page, grpc):
                os.close(held.lock)  # the process has its own copy
    except OSError as exc:
        raise PhoenixError(
            f"Phoenix cannot be started in {folder}: {exc.strerror or exc}; make room there, and let this user write"
        ) from exc


async def _start(
    environment: PhoenixEnvironment, folder: Path, url: str, settings: dict[str, str], ports: tuple[HeldPort, HeldPort]
) -> Process:
    """The process, which alone keeps the locks of the folder and its ports: our own copies are closed at once."""
    lock = os.open(folder / "running.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            running = os.read(lock, 200).decode().strip() or "an address it has not told yet"
            raise PhoenixError(f"{folder}: Phoenix runs over it already, at {running}; use that one") from exc
        os.ftruncate(lock, 0)
        os.write(lock, url.encode())
        log = os.open(folder / "phoenix.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            return await asyncio.create_subprocess_exec(
                str(environment.python),
                *("-P", str(_LAUNCH), str(os.getpid())),
                cwd=folder,
                env=settings,
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock, *(held.lock for held in ports)),
                start_new_session=True,  # a Ctrl-C at the terminal is ours to translate into a gentle stop
            )
        except OSError as exc:
            raise PhoenixError(
                f"{environment.python}: cannot be run ({exc.strerror or exc}); {_made_anew(environment)}"
            ) from exc
        finally:
            os.close(log)
    finally:
        os.close(lock)


async def _ready(
    url: str,
    ended: asyncio.Future[int],
    environment: PhoenixEnvironment,
    log: Path,
    progress: Callable[[float], None],
) -> None:
    import httpx  # noqa: PLC0415 - as in client.py

    started = time.monotonic()
    async with httpx.AsyncClient(base_url=url, timeout=5, trust_env=False) as client:
        while (waited := time.monotonic() - started) < READY_S:
            if ended.done():
                code = ended.result()
                raise PhoenixError(
                    f"Phoenix ended with code {code} while it started; its words, from {log}:\n{_tail(log)}\n"
                    f"If a package is missing or damaged, {_made_anew(environment)}"
                )
            progress(waited)
            with suppress(httpx.HTTPError):
                answer = await client.get("/healthz")
                # what answers must be ours, not a program that took the port meanwhile
                if answer.status_code == HTTPStatus.OK and f"{url} " in _read(log):
                    return
            await asyncio.sleep(0.5)
    raise PhoenixError(f"Phoenix did not answer at {url} within {READY_S:.0f} s; its words, from {log}:\n{_tail(log)}")


async def _drained(url: str, ended: asyncio.Future[int]) -> None:
    """Wait until it has written what it acknowledged."""
    deadline = time.monotonic() + DRAIN_S
    async with PhoenixClient.connect(url) as client:
        before = -1
        with suppress(PhoenixUnavailableError):
            while not ended.done() and time.monotonic() < deadline:
                count = await client.span_count()
                if count == before:
                    return
                before = count
                await asyncio.sleep(STILL_S)


async def _stop(process: Process, ended: asyncio.Future[int]) -> None:
    try:
        if not ended.done():
            process.terminate()
            await asyncio.wait([ended], timeout=STOP_S)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await ended


def _made_anew(environment: PhoenixEnvironment) -> str:
    return f"install it anew with: sidecar phoenix install --again --environment {environment.path}"


def _tail(log: Path) -> str:
    return "\n".join(_read(log).strip().splitlines()[-SAID_LINES:]) or "(none)"


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")
