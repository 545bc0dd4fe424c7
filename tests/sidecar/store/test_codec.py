"""Bodies of rows: what goes in comes out, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import Observation, Session, Verdict
from sidecar.errors import StoreError
from sidecar.store.codec import compress, decode, decompress, encode, encode_plain
from tests.contracts.records import make_observation, make_session, make_verdict

# Hypothesis draws no half surrogate pairs and no NaN here: the first are replaced, the second no record holds.
words = st.text(st.characters(exclude_categories=["Cs"]))


@given(key=words, text=words)
def test_an_observation_comes_back(key: str, text: str) -> None:
    observation = make_observation(key, text=text)

    assert observation == decode(Observation, encode(Observation, observation))


def test_an_observation_of_when_starts_were_told_apart_comes_back() -> None:
    body = encode_plain(Observation, make_observation())
    told = body.replace(b'"is_start":false', b'"is_start":true')

    assert told != body
    assert decode(Observation, compress(told)).key == make_observation().key


def test_sessions_and_verdicts_come_back() -> None:
    assert make_session() == decode(Session, encode(Session, make_session()))
    assert make_verdict() == decode(Verdict, encode(Verdict, make_verdict()))


def test_half_an_emoji_is_replaced() -> None:
    observation = make_observation(text='a "quoted" \\ude00 \ud83d\n')

    again = decode(Observation, encode(Observation, observation))

    assert again == make_observation(text='a "quoted" \\ude00 \ufffd\n')


@given(st.binary())
def test_bytes_come_back(body: bytes) -> None:
    assert body == decompress(compress(body))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'"revision":1', b'"revision":"1"', id="another type"),
        pytest.param(b'"revision":1', b'"revision":1,"color":"red"', id="a field we do not know"),
        pytest.param(b'"started_ns":1,', b"", id="a field is missing"),
        pytest.param(b'"state":"closed"', b'"state":"paused"', id="a state we do not know"),
    ],
)
def test_another_shape_is_refused(old: bytes, new: bytes) -> None:
    body = encode_plain(Session, make_session())
    assert old in body

    with pytest.raises(StoreError, match="a stored Session does not read back"):
        decode(Session, compress(body.replace(old, new)))


def test_a_damaged_body_is_refused() -> None:
    body = bytearray(encode(Session, make_session()))
    body[-1] ^= 1

    with pytest.raises(StoreError, match="is damaged"):
        decode(Session, bytes(body))
