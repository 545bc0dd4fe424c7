"""A question of these tests' own, and the store that keeps its money."""

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from sidecar.domain import ModelRequest, Purpose


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Shape:
    """What is asked for."""

    words: str
    is_so: bool


def question(
    user: str = "Is it so?", *, system: str = "You say whether it is so.", key: str = "k", max_tokens: int = 500
) -> ModelRequest[Shape]:
    """A request that defaults everything a test does not speak about."""
    return ModelRequest(
        purpose=Purpose.JUDGE, system=system, user=user, shape=Shape, max_tokens=max_tokens, request_key=key
    )
