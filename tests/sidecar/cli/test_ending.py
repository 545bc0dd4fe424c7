"""SIGTERM ends a command as Ctrl-C does: what is to be cleaned up is, and the exit code says which it was."""

import signal
import sys
import time
from collections.abc import Generator

import pytest

from sidecar.cli.ending import EXIT_TERMINATED, ended_by_sigterm


@pytest.fixture(autouse=True)
def restored() -> Generator[None]:
    """SIGINT is as Python has it, whatever ran before; what the tests do to it and to finalizers' errors is undone."""
    before, hook = signal.signal(signal.SIGINT, signal.default_int_handler), sys.unraisablehook
    yield
    signal.signal(signal.SIGINT, before)
    sys.unraisablehook = hook


def test_sigterm_ends_what_a_script_started_in_the_background_with_sigint_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    with pytest.raises(SystemExit) as raised, ended_by_sigterm():
        signal.raise_signal(signal.SIGTERM)

    assert raised.value.code == EXIT_TERMINATED


@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGTERM, SystemExit(EXIT_TERMINATED)), (signal.SIGINT, KeyboardInterrupt())]
)
def test_both_end_the_block_and_run_what_cleans_up(number: signal.Signals, error: BaseException) -> None:
    before = signal.getsignal(signal.SIGTERM)
    cleaned: list[str] = []

    def ended() -> None:
        with ended_by_sigterm():
            try:
                signal.raise_signal(number)
            finally:
                cleaned.append("up")

    with pytest.raises(type(error)) as raised:
        ended()

    assert raised.value.args == error.args
    assert cleaned == ["up"]
    assert signal.getsignal(signal.SIGTERM) is before


class Finalized:
    """Is sent a signal while it is taken down, as a `Popen` may be; what that raises, Python swallows."""

    def __init__(self, number: signal.Signals) -> None:
        self.number = number

    def __del__(self) -> None:
        signal.raise_signal(self.number)


@pytest.mark.parametrize("waits_s", [0, 30], ids=["the block ends", "the block goes on"])
@pytest.mark.parametrize(
    ("number", "sigint", "error"),
    [
        (signal.SIGINT, signal.default_int_handler, KeyboardInterrupt()),
        (signal.SIGTERM, signal.default_int_handler, SystemExit(EXIT_TERMINATED)),
        (signal.SIGTERM, signal.SIG_IGN, SystemExit(EXIT_TERMINATED)),
    ],
)
def test_a_signal_that_a_finalizer_swallows_ends_the_block_all_the_same(
    number: signal.Signals, sigint: signal.Handlers, error: BaseException, waits_s: float
) -> None:
    signal.signal(signal.SIGINT, sigint)
    hook, handler = sys.unraisablehook, signal.getsignal(signal.SIGTERM)
    began_s = time.monotonic()

    def ended() -> None:
        with ended_by_sigterm():
            Finalized(number)
            time.sleep(waits_s)

    with pytest.raises(type(error)) as raised:
        ended()

    assert raised.value.args == error.args
    assert time.monotonic() - began_s < 20
    assert (sys.unraisablehook, signal.getsignal(signal.SIGTERM)) == (hook, handler)


def test_what_else_goes_wrong_in_a_finalizer_is_told_as_before() -> None:
    class Broken:
        def __del__(self) -> None:
            raise ValueError("torn")

    told: list[str] = []

    def tell(unraisable: "sys.UnraisableHookArgs") -> None:
        told.append(str(unraisable.exc_value))

    sys.unraisablehook = tell
    with ended_by_sigterm():
        Broken()

    assert told == ["torn"]
