"""Reading an agent's JSON."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.payload import Payload, parse_payload, parse_time

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_any_json_can_be_asked_for_anything(value: object) -> None:
    payload = Payload(value)  # pyright: ignore[reportArgumentType] # it is JSON

    answers = (payload.text("a"), payload.flag("a", "b"), payload.whole("a"), list(payload.items("a")))

    assert answers is not None


@given(st.dictionaries(st.text(), st.integers()))
def test_digest_does_not_depend_on_the_order_of_fields(fields: dict[str, int]) -> None:
    backwards = dict(reversed(fields.items()))

    assert Payload(fields).digest() == Payload(backwards).digest()


def test_half_a_surrogate_pair_has_a_digest() -> None:
    assert Payload({"text": "\ud83d"}).digest() != Payload({"text": "?"}).digest()


@pytest.mark.parametrize(
    ("text", "stored"),
    [("plain", "plain"), ("größer 😀", "größer 😀"), ("cut \ud83d", "cut \ufffd"), ("a\0b", "a\ufffdb"), ("", "")],
)
def test_string_can_be_stored(text: str, stored: str) -> None:
    assert Payload({"text": text}).string("text") == stored


@pytest.mark.parametrize("number", [10**400, -(2**63), float("inf"), float("nan"), True, "3", None])
def test_what_is_no_number_is_none(number: float | str | None) -> None:
    assert Payload({"n": number}).whole("n") is None


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "nope"])
def test_what_is_no_json_is_none(text: str) -> None:
    assert parse_payload(text) is None


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_time_keeps_its_microseconds(moment: datetime) -> None:
    nanoseconds = parse_time(moment.isoformat().replace("+00:00", "Z"))

    assert nanoseconds is not None
    assert nanoseconds % 10**9 == moment.microsecond * 1000
    assert nanoseconds // 10**9 == int(moment.replace(microsecond=0).timestamp())


@pytest.mark.parametrize("text", [None, "", "yesterday", "2026-11-23T03:24:14"])
def test_time_without_offset_is_none(text: str | None) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize("text", ["1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"])
def test_time_that_64_bits_cannot_hold_is_none(text: str) -> None:
    assert parse_time(text) is None
