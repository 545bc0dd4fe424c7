"""Bodies that leave the inbox: by what they speak of, and by age; what is emptied is still known."""

import asyncio
from dataclasses import replace

import pytest

from sidecar.store import Inbox, InboxState
from tests.contracts.records import make_entry

SECOND_NS = 1_000_000_000


def filled(inbox: Inbox, *bodies: bytes, observed_ns: int = 1) -> list[int]:
    """Done rows with these bodies, by name h0, h1 …; their ids."""
    for number, body in enumerate(bodies):
        entry = replace(make_entry(f"h{number}", body=body, observed_ns=observed_ns), parameters={"part": "main"})
        asyncio.run(inbox.add(entry))
    rows = inbox.claim(owner="p", now_ns=observed_ns, lease_ns=60 * SECOND_NS, limit=100)
    inbox.finish([row.row_id for row in rows], owner="p")
    return [row.row_id for row in rows]


def about(inbox: Inbox, *session_ids: str) -> list[int]:
    return [row_id for part in inbox.rows_about(session_ids) for row_id in part]


@pytest.mark.parametrize(
    ("session_id", "body"),
    [
        ("s-1", b'{"session_id":"s-1"}'),
        ("s-1", b"\x0a\x03s-1\x12\x00"),
        ('a"b', b'{"session_id":"a\\"b"}'),
        ("séance", "séance".encode()),
        ("séance", b'{"id":"s\\u00e9ance"}'),
    ],
)
def test_rows_are_found_by_an_id_however_it_is_written(inbox: Inbox, session_id: str, body: bytes) -> None:
    _, wanted = filled(inbox, b'{"session_id":"other"}', body)

    assert about(inbox, session_id) == [wanted]


def test_rows_are_found_by_their_parameters_and_among_very_many(inbox: Inbox) -> None:
    ids = filled(inbox, *(b"%d." % number for number in range(99)))

    assert about(inbox, "main") == ids
    assert about(inbox, "77.") == [ids[77]]


def test_what_nobody_has_read_yet_is_left_alone(inbox: Inbox) -> None:
    asyncio.run(inbox.add(make_entry(body=b"s-1")))
    (row,) = inbox.claim(owner="p", now_ns=1, lease_ns=1, limit=1)

    assert about(inbox, "s-1") == []
    assert inbox.empty([row.row_id]) == 0


def test_an_emptied_row_is_known_and_holds_nothing(inbox: Inbox) -> None:
    (row_id,) = filled(inbox, b"s-1 said it")

    assert inbox.empty([row_id]) == 1
    assert about(inbox, "s-1", "main") == []
    again = asyncio.run(inbox.add(replace(make_entry("h0", body=b"s-1 said it"), is_timed=True)))

    assert not again.is_new
    assert about(inbox, "s-1") == []


def test_a_row_is_emptied_as_it_is_finished(inbox: Inbox) -> None:
    asyncio.run(inbox.add(make_entry("h0", body=b"s-1")))
    asyncio.run(inbox.add(make_entry("h1", body=b"s-1 and s-2")))
    first, second = inbox.claim(owner="p", now_ns=1, lease_ns=1, limit=2)

    inbox.finish([first.row_id, second.row_id], owner="p", emptied={first.row_id})

    assert about(inbox, "s-1") == [second.row_id]
    assert inbox.counts()["done"] == 2


def test_an_emptied_hook_that_comes_again_is_read_with_what_came(inbox: Inbox) -> None:
    (row_id,) = filled(inbox, b'{"later":1}', observed_ns=1)
    inbox.empty([row_id])

    asyncio.run(inbox.add(make_entry("h0", body=b'{"later":1}', observed_ns=5)))

    (row,) = inbox.claim(owner="p", now_ns=9, lease_ns=1, limit=9)
    assert (row.body, row.parameters, row.last_observed_ns) == (b'{"later":1}', {"session": "s1"}, 5)


def test_rows_are_dropped_a_time_after_they_were_left(inbox: Inbox) -> None:
    filled(inbox, b"a", b"b", observed_ns=SECOND_NS)
    left_ns = 61 * SECOND_NS

    assert inbox.expire(InboxState.DONE, before_ns=left_ns) == 0
    assert inbox.expire(InboxState.FAILED, before_ns=left_ns + 1) == 0
    assert inbox.expire(InboxState.DONE, before_ns=left_ns + 1) == 2
    assert inbox.counts()["done"] == 0


def test_many_rows_are_dropped_in_parts(inbox: Inbox) -> None:
    filled(inbox, *(b"%d" % number for number in range(100)))

    assert inbox.expire(InboxState.DONE, before_ns=10**18) == 100


def test_failed_rows_have_a_time_of_their_own(inbox: Inbox) -> None:
    asyncio.run(inbox.add(make_entry(body=b"s-1")))
    (row,) = inbox.claim(owner="p", now_ns=1, lease_ns=1, limit=1)
    inbox.reject(row.row_id, owner="p", reason="no JSON")

    assert about(inbox, "s-1") == [row.row_id]
    assert inbox.expire(InboxState.DONE, before_ns=10**18) == 0
    assert inbox.expire(InboxState.FAILED, before_ns=10**18) == 1
