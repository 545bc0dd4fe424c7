"""Whether a model answered in English."""

import pytest

from judges.words import is_english


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The test demands the total in cents, and the change keeps it as a float.", True),
        ("Never sort an input list in place; return a new list.", True),
        ("Do not call retry loops inside request handlers under load.", True),
        ("Float amounts", True),
        ("Der Test verlangt Cent und die Änderung rechnet mit Gleitkommazahlen weiter.", False),
        ("Нельзя сортировать входной список на месте; верните новый список.", False),
        ("Never нельзя сортировать входной список на месте; верните новый.", False),
    ],
)
def test_english_is_told_by_small_words_letters_and_how_a_lesson_begins(text: str, expected: bool) -> None:
    assert is_english(text) is expected
