"""Owners: two processes never share a name, and a dead one on this machine is known to be dead."""

import socket
import subprocess
import sys

from sidecar.owner import is_dead, this_process


def test_living_process_is_not_dead() -> None:
    assert not is_dead(this_process())


def test_two_names_of_one_process_differ() -> None:
    assert this_process() != this_process()


def test_ended_process_of_this_machine_is_dead() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from sidecar.owner import this_process; print(this_process())"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert is_dead(ended.stdout.strip())


def test_process_of_a_container_with_our_host_name_is_not_taken_for_dead() -> None:
    machine, _, _ = this_process().partition(":")
    other = f"{socket.gethostname()}/{machine.partition('/')[2]}0"

    assert not is_dead(f"{other}:{2**22 - 1}:ab")


def test_nothing_is_known_of_another_machine_or_of_a_name_that_is_none() -> None:
    assert not is_dead("elsewhere.example:1:ab")
    assert not is_dead("test")
