"""A port is one Phoenix's from its choice on."""

import os
import socket

import pytest

from sidecar.errors import PhoenixError
from sidecar.phoenix.ports import held_port, page_port


def test_a_port_that_a_starting_phoenix_chose_is_nobody_else_s() -> None:
    first = held_port(None)

    with pytest.raises(PhoenixError, match="another Phoenix starts there"):
        held_port(first.number)
    os.close(first.lock)
    again = held_port(first.number)
    os.close(again.lock)

    assert again.number == first.number


def test_where_the_usual_port_is_held_another_one_is_chosen() -> None:
    held = [page_port(None) for _ in range(3)]
    for one in held:
        os.close(one.lock)

    assert len({one.number for one in held}) == 3


def test_a_port_that_somebody_listens_on_is_refused_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PhoenixError, match="choose another"):
        held_port(other.getsockname()[1])
