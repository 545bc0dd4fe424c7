"""The canonical text is one for the file on disk and for what an agent shows of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.rules import canonical, canonical_rule, rule_id

# Each pair: a file as written, and its text in the `instructions` attachment of Claude Code 2.1.330 (2026-11-25).
MEASURED = [
    ("# T\n\ntext\n\n<!-- B -->\n- rule a\n- rule b\n<!-- E -->\n", "# T\n\ntext\n\n- rule a\n- rule b"),
    ("text\n<!-- B -->\n\n- rule a  \n\n<!-- E -->\n\n\n\nafter\n", "text\n- rule a  \n\nafter"),
    (
        "text\n\n<!-- X --> residue here\n\n<!-- Y --><!-- Z -->\n\nend <!-- inline --> of\n   <!-- three -->\n",
        "text\n\n residue here\n\nend <!-- inline --> of\n   <!-- three -->",
    ),
    (
        "```html\n<!-- fence -->\n```\n\n- item\n  <!-- item -->\n\n> <!-- quote -->\n\n<!-- multi\n\nline -->\ntail\n",
        "```html\n<!-- fence -->\n```\n\n- item\n  <!-- item -->\n\n> <!-- quote -->\n\ntail",
    ),
    ("\ufeff\n\n  lead  \r\n\r\n<!-- B -->\r\n- r\r\n<!-- E -->\r\n\r\npost\r\n", "lead  \n\n- r\npost"),
    ("a\n<!-- never closed\nb\n", "a\n<!-- never closed\nb"),
    (
        "- item\n <!-- one -->\nlazy\n<!-- zero -->\n  - nested\n    <!-- n4 -->\n",
        "- item\nlazy\n  - nested\n    <!-- n4 -->",
    ),
    ("<div>\n<!-- in div -->\n</div>\n\nx\n", "<div>\n<!-- in div -->\n</div>\n\nx"),
    (
        "|a|b|\n|-|-|\n|1|2|\n<!-- t -->\n- z\n\n@docs/extra.md\n<!-- i -->\n\n\n\nq\n",
        "|a|b|\n|-|-|\n|1|2|\n- z\n\n@docs/extra.md\nq",
    ),
]
PIECES = st.sampled_from(
    [
        "<!-- c -->",
        "<!--",
        "-->",
        "\n",
        "\n\n",
        "\r\n",
        "- a",
        "  ",
        "    ",
        "```",
        "> ",
        "text",
        "<div>",
        "\ufeff",
        "\t",
        "\r",
    ]
)


@pytest.mark.parametrize(("written", "shown"), MEASURED)
def test_file_and_what_claude_code_shows_of_it_are_one_text(written: str, shown: str) -> None:
    assert canonical(written) == canonical(shown)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_canonical_twice_is_canonical_once(text: str) -> None:
    once = canonical(text)

    assert canonical(once) == once


@pytest.mark.parametrize(
    "kept", ["a <!-- inline --> b", "```\n<!-- fenced -->\n```", "- x\n  <!-- listed -->", "a\n\n\nb", "a\n<!-- open"]
)
def test_text_that_agents_read_is_kept(kept: str) -> None:
    assert canonical(kept) == kept


@pytest.mark.parametrize("other", ["Run  `x`", "Run `x` ", "\tRun\n`x`"])
def test_rule_id_does_not_depend_on_white_space(other: str) -> None:
    assert rule_id(other, None) == rule_id("Run `x`", None)


def test_rule_id_is_twelve_hex_digits_of_text_and_scope() -> None:
    ids = {rule_id("a", None), rule_id("a", "src/**"), rule_id("b", None)}

    assert len(ids) == 3
    assert all(len(one) == 12 and int(one, 16) >= 0 for one in ids)


def test_rule_text_is_composed() -> None:
    assert canonical_rule("cafe\u0301") == "caf\u00e9"
