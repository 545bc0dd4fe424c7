"""SIGTERM ends a command as Ctrl-C does: what is to be cleaned up is, and the exit code says which it was."""

import signal
from collections.abc import Generator

import pytest

from sidecar.cli.ending import EXIT_TERMINATED, ended_by_sigterm


@pytest.fixture(autouse=True)
def restored() -> Generator[None]:
    """What the tests do to SIGINT is undone."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


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
