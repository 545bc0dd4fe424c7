"""Column types that take every value agents send, the same way on both databases."""

from typing import Protocol, TypeVar

from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from sidecar.store import codec

INT64_MAX = 2**63 - 1

T = TypeVar("T")


class _Words(Protocol):
    def __call__(self, value: str | None) -> str | None: ...


def word(value: str | None) -> str | None:
    """The text as both databases can hold it."""
    if value is None or (value.isascii() and "\0" not in value):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def time(value: int) -> int:
    """The time, at most what 64 bits hold."""
    return max(-INT64_MAX, min(value, INT64_MAX))


class Word(TypeDecorator[str]):
    """Text to look rows up by; what PostgreSQL or UTF-8 cannot hold (NUL, half a surrogate pair) becomes U+FFFD.

    The same replacement is made in every query, so a row is found by the very text it was stored under, and no message
    of a hostile agent can stop a flow.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy names it
        """The text as both databases can hold it."""
        return word(value)

    def bind_processor(self, dialect: Dialect) -> _Words:  # noqa: ARG002 - as above
        """The same without the two calls around it that SQLAlchemy would make for each value of each row."""
        return word


class Time(TypeDecorator[int]):
    """Nanoseconds to sort and compare by, held at the ends of 64 bits; the row's body keeps the number as it came."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy names it
        """The time, at most what 64 bits hold."""
        return None if value is None else time(value)


class Body(TypeDecorator[T]):
    """A record of one kind, stored by the codec."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: T | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - SQLAlchemy names it
        """The record's bytes."""
        return None if value is None else codec.encode(self.kind, value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> T | None:  # noqa: ARG002 - SQLAlchemy names it
        """The record of the bytes."""
        return None if value is None else codec.decode(self.kind, value)


def row_id() -> TypeEngine[int]:
    """An integer that the database counts up by itself; SQLite does that for INTEGER only."""
    return BigInteger().with_variant(Integer, "sqlite")
