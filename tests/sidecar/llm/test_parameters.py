"""What is sent: the stable part is marked for the provider's cache where any model would keep it."""

import pytest

from judges.failure.prompt import SYSTEM
from sidecar.llm.parameters import SMALLEST_CACHED_TOKENS, parameters
from sidecar.metaprompt import draft_request
from tests.sidecar.drafting import draft_case
from tests.sidecar.llm.asking import question


def is_marked(system: str) -> bool:
    (block,) = list(parameters("m", question(system=system)).get("system", []))
    assert isinstance(block, dict)
    return "cache_control" in block


@pytest.mark.parametrize(
    ("characters", "marked"), [(10, False), (2 * SMALLEST_CACHED_TOKENS - 1, False), (2 * SMALLEST_CACHED_TOKENS, True)]
)
def test_a_part_too_short_for_any_cache_is_not_marked(characters: int, marked: bool) -> None:
    assert is_marked("x" * characters) == marked


def test_the_prompts_that_are_asked_often_are_marked() -> None:
    assert is_marked(SYSTEM)
    assert is_marked(draft_request(draft_case(), draw_mark=lambda: "mark").system)


def test_only_the_stable_part_is_marked() -> None:
    sent = parameters("m", question("packet", system="x" * 5000))

    assert list(sent["messages"]) == [{"role": "user", "content": "packet"}]
