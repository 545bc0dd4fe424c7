"""What holds for every test."""

import signal


def pytest_configure() -> None:
    """Take SIGINT as at a terminal: a run started in the background ignores it, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
