"""Which Observation to believe: by channel, then by whether the sender said when, then the earliest."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sidecar.domain import Channel, Observation

_RANK = {Channel.TRANSCRIPT: 0, Channel.HOOK: 1, Channel.OTLP: 2}

T = TypeVar("T")


def by_trust(observations: Iterable[Observation]) -> list[Observation]:
    """The set of Observations, most trusted first; the same list for the same set."""
    unique = set(observations)
    claims = Counter(seen.key for seen in unique)
    # No collector gives one key to two Observations; if it happens, the order must still not depend on the caller's.
    return sorted(unique, key=lambda seen: (*_trust(seen), repr(seen) if claims[seen.key] > 1 else ""))


def _trust(observation: Observation) -> tuple[int, bool, int, str]:
    return _RANK[observation.channel], not observation.is_timed, observation.at_ns, observation.key


def by_time(observations: Iterable[Observation]) -> list[Observation]:
    """Earliest first, of one time in the order given. Those without a time of their own come last: their receipts say
    too little.
    """
    return sorted(observations, key=lambda seen: (not seen.is_timed, seen.at_ns))


def first(observations: Sequence[Observation], field: Callable[[Observation], T | None]) -> T | None:
    """The first value that an Observation in this order has for a field."""
    return next((value for seen in observations if (value := field(seen)) is not None), None)
