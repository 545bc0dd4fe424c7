"""Which rules are the same but for small words, and which are only worth comparing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.likeness import is_same_rule, key_words, likeness, nearest, word_weights

FLOATS = "Do not keep amounts as floats."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FLOATS, "Do not keep an amount as a float."),
        (
            FLOATS,
            "do not use floats to keep amounts".replace("use floats to keep amounts", "keep the amounts as floats"),
        ),
        ("Run `make check` before `make all`.", "Always run `make check` before `make all`"),
    ],
)
def test_small_words_and_endings_make_no_other_rule(one: str, other: str) -> None:
    assert is_same_rule(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FLOATS, "Keep amounts as floats."),
        ("Use npm, not pnpm.", "Use pnpm, not npm."),
        ("Keep lines under 40 letters.", "Keep lines under 80 letters."),
        ("When you change `a.py`, change `b.py` with it.", "When you change `a.py`, change `c.py` with it."),
        ("When you change `a.py`, change `b.py` with it.", "When you change `b.py`, change `a.py` with it."),
        (FLOATS, "Amounts are integer cents."),
    ],
)
def test_a_denial_a_number_a_name_or_the_order_makes_another_rule(one: str, other: str) -> None:
    assert not is_same_rule(one, other)


def test_the_nearest_come_first_and_the_unrelated_not_at_all() -> None:
    others = [("Dates are ISO strings.", 1), ("Never keep an amount as a float.", 2), ("Amounts are integer cents.", 3)]

    assert nearest(FLOATS, others, most=5) == [2, 3]
    assert nearest(FLOATS, others, most=1) == [2]


def test_words_of_every_text_tell_less_than_rare_ones() -> None:
    texts = [key_words(text) for text in ("amount float", "amount date", "amount tax")]
    weights = word_weights(texts)

    assert weights["amount"] < weights["tax"]
    assert likeness(texts[0], texts[1], weights) < 0.5


@given(st.text(), st.text())
def test_likeness_is_symmetric_and_a_share(one: str, other: str) -> None:
    words = key_words(one), key_words(other)
    weights = word_weights(words)

    assert likeness(*words, weights) == pytest.approx(likeness(words[1], words[0], weights))
    assert -1e-9 <= likeness(*words, weights) <= 1 + 1e-9


@given(st.text())
def test_a_rule_is_the_same_as_itself(text: str) -> None:
    assert is_same_rule(text, text)
