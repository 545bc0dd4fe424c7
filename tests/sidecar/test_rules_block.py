"""The managed block: every byte outside it survives, and broken markers are refused by line."""

from dataclasses import replace

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from sidecar.domain import Rule, RuleKind
from sidecar.errors import RulesFileError
from sidecar.rules import BEGIN, END, canonical, parse_rules_file, render_rules_file, rule_id

LINES = st.sampled_from(
    [
        "",
        "# Title",
        "- hand",
        "text",
        "text  ",
        "    code",
        "\ufeff",
        "caf\u00e9",
        "*",
        "> q",
        "\x0c",
        "a\rb",
        "  - nested",
    ]
)
OPENING = st.sampled_from(["```", "~~~~", "```md", "<!-- note", "<div>", "</div>", "-->", "---", "1. one", "| a |"])
"""Lines after which a file may end where no list can stand."""
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])
EXAMPLE = f"```md\n{BEGIN}\n- shown\n{END}\n```\n"
"""How a page about our block shows it."""
BLOCK = f"{BEGIN}\n- one\n- In `src/**`: two\n{END}\n"


def rule(text: str, scope: str | None = None) -> Rule:
    return Rule(rule_id=rule_id(text, scope), text=text, scope=scope, kind=RuleKind.CONSTRAINT)


def texts(content: bytes) -> list[str]:
    return [one.text for one in parse_rules_file(content).rules]


@st.composite
def files(draw: st.DrawFn, lines_of: st.SearchStrategy[str] = LINES) -> bytes:
    """Files as people write them: any encoding, mixed line ends, final or not, with an example or not."""
    lines = draw(st.lists(st.tuples(lines_of, NEWLINES), max_size=6))
    text = draw(st.sampled_from(["", EXAMPLE, EXAMPLE.replace("\n", "\r\n"), EXAMPLE.replace("\n", "\r")]))
    text += "".join(line + newline for line, newline in lines) + draw(st.sampled_from(["", "tail", "tail "]))
    return draw(
        st.sampled_from(
            [
                text.encode(),
                b"\xef\xbb\xbf" + text.encode(),
                b"\xff\xfe" + text.encode("utf-16-le"),
                b"\xfe\xff" + text.encode("utf-16-be"),
                text.encode() + b"\xff\xe9",
            ]
        )
    )


@given(files())
def test_rendering_what_was_parsed_changes_no_byte(content: bytes) -> None:
    assert render_rules_file(parse_rules_file(content)) == content


@given(st.binary(max_size=200))
def test_rendering_what_was_parsed_changes_no_byte_of_any_bytes(content: bytes) -> None:
    try:
        file = parse_rules_file(content)
    except RulesFileError:
        return

    assert render_rules_file(file) == content


@given(files(), st.integers(min_value=1, max_value=3))
def test_removing_every_rule_restores_the_file_as_it_was(content: bytes, count: int) -> None:
    added = tuple(rule(f"rule {number}") for number in range(count))

    with_rules = render_rules_file(replace(parse_rules_file(content), rules=added))
    without = render_rules_file(replace(parse_rules_file(with_rules), rules=()))

    assert parse_rules_file(with_rules).rules == added
    assert without == content


@given(files(st.one_of(LINES, OPENING)), st.integers(min_value=1, max_value=3))
def test_file_that_ends_in_something_open_is_restored_too(content: bytes, count: int) -> None:
    added = tuple(rule(f"rule {number}") for number in range(count))
    with_rules = render_rules_file(replace(parse_rules_file(content), rules=added))
    event(f"above the text: {not with_rules.startswith(content)}")
    assume(texts(with_rules) == [one.text for one in added])

    assert content.lstrip(b"\xef\xbb\xbf\xff\xfe") in with_rules or b"---" in content
    assert render_rules_file(replace(parse_rules_file(with_rules), rules=())) == content


@given(st.binary(max_size=120), st.sampled_from([b"", b"# T\n", b"\xff\xfe#\x00", b"\xef\xbb\xbf"]))
def test_any_bytes_are_restored(content: bytes, head: bytes) -> None:
    try:
        with_rules = render_rules_file(replace(parse_rules_file(head + content), rules=(rule("one"),)))
        without = render_rules_file(replace(parse_rules_file(with_rules), rules=()))
    except RulesFileError:
        return

    assert without == head + content or texts(with_rules) != ["one"]


@given(files())
def test_agents_read_the_file_with_the_rules_below_it(content: bytes) -> None:
    with_rules = render_rules_file(replace(parse_rules_file(content), rules=(rule("one"),)))
    encoding = parse_rules_file(content).encoding

    shown = canonical(with_rules.decode(encoding, "replace"))

    assert shown.split("\n")[-1] == "- one"
    assert shown.count("agent-sidecar") == canonical(content.decode(encoding, "replace")).count("agent-sidecar")


def test_file_without_final_newline_keeps_having_none() -> None:
    rendered = render_rules_file(replace(parse_rules_file(b"# T"), rules=(rule("one"),)))

    assert rendered == f"# T\n\n{BEGIN}\n- one\n{END}".encode()


def test_block_uses_the_line_ends_of_the_file() -> None:
    rendered = render_rules_file(replace(parse_rules_file(b"# T\r\n"), rules=(rule("one"),)))

    assert rendered == f"# T\r\n\r\n{BEGIN}\r\n- one\r\n{END}\r\n".encode()


def test_scope_is_read_back_from_the_words() -> None:
    file = parse_rules_file(BLOCK.encode())

    assert [(one.text, one.scope) for one in file.rules] == [("one", None), ("two", "src/**")]


def test_rule_that_the_ledger_knows_keeps_its_id() -> None:
    known = Rule(rule_id=rule_id("first words", None), text="one", kind=RuleKind.COMMAND, evidence=("s1",))

    assert parse_rules_file(BLOCK.encode(), [known]).rules[0] == known


def test_lines_that_people_put_into_the_block_stay() -> None:
    content = f"{BEGIN}\n\n## Ours\n\n* one\n  goes on\n\nProse.\n- two\n{END}\n".encode()
    file = parse_rules_file(content)

    rendered = render_rules_file(replace(file, rules=(file.rules[0], rule("three"))))

    assert texts(content) == ["one goes on", "two"]
    assert rendered == f"{BEGIN}\n\n## Ours\n\n* one\n  goes on\n\nProse.\n- three\n{END}\n".encode()


def test_block_with_words_of_people_outlives_its_last_rule() -> None:
    content = f"{BEGIN}\nProse.\n- one\n{END}\n".encode()

    assert render_rules_file(replace(parse_rules_file(content), rules=())) == f"{BEGIN}\nProse.\n{END}\n".encode()


def test_text_below_the_block_stays_apart_from_the_text_above() -> None:
    content = f"above\n\n{BLOCK}below\n".encode()

    assert render_rules_file(replace(parse_rules_file(content), rules=())) == b"above\n\nbelow\n"


def test_markers_with_other_words_are_still_ours() -> None:
    content = b"<!--agent-sidecar rules: begin (please keep)-->\r\n- one\r\n<!-- agent-sidecar rules: end -->\r\n"

    assert texts(content) == ["one"]


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (f"a\n{BEGIN}\n- x\n", 2, "never ends"),
        (f"a\n\n{END}\n", 3, "never began"),
        (f"{BEGIN}\n{END}\n\n{BEGIN}\n{END}\n", 4, "second block"),
        (f"{BEGIN}\n- a\n{BEGIN}\n{END}\n", 3, "inside a block"),
        (f"{BEGIN}\n{END}\n{END}\n", 3, "never began"),
        (f"<div>\n{BEGIN}\n- x\n{END}\n</div>\n", 2, "code block, list or quote"),
        (f"{BEGIN}\n```\n{END}\n```\n", 1, "never ends"),
        (f"- item\n\n  {BEGIN}\n  - x\n  {END}\n", 3, "code block, list or quote"),
    ],
)
def test_broken_markers_are_refused_by_line(content: str, line: int, what: str) -> None:
    with pytest.raises(RulesFileError, match=rf"line {line}: .*{what}"):
        parse_rules_file(content.encode())


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x00a\x00\x00\x00", b"\xff\xfea"])
def test_file_that_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(RulesFileError, match="save it as UTF-8"):
        parse_rules_file(content)


def test_file_of_any_size_is_not_read() -> None:
    with pytest.raises(RulesFileError, match="no rules file is longer"):
        parse_rules_file(b"a" * 2_000_000)


def test_marker_words_in_a_sentence_are_no_marker() -> None:
    content = f"Our rules stand between `{BEGIN}` and the end.\n".encode()

    assert not parse_rules_file(content).has_block


@pytest.mark.parametrize(
    "example",
    [
        EXAMPLE,
        f"~~~\n{BEGIN}\n~~~\n",
        f"- item\n  ```\n  {END}\n  ```\n",
        f"> ```\n> {BEGIN}\n> ```\n",
        f"<b>\n{EXAMPLE}",
    ],
)
def test_markers_in_a_code_fence_are_an_example_and_mark_nothing(example: str) -> None:
    content = f"# T\n\n{example}\n".encode()

    with_rules = render_rules_file(replace(parse_rules_file(content), rules=(rule("one"),)))

    assert not parse_rules_file(content).has_block
    assert with_rules == content + f"\n{BEGIN}\n- one\n{END}\n".encode()
    assert texts(with_rules) == ["one"]


def test_rule_of_ours_that_got_into_a_code_fence_is_said_and_not_taken_for_deleted() -> None:
    content = f"# T\n\n```\n{BEGIN}\n- one\n{END}\n```\n".encode()

    with pytest.raises(RulesFileError, match="line 4: the begin marker stands inside a code block"):
        parse_rules_file(content, [rule("one")])


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ending", ["```\ncode", "<!-- open", "<script>\n", "~~~~\n\n", "```\rcode\r"])
def test_rules_stand_above_a_text_that_never_closes(ending: str, mark: str) -> None:
    content = f"{mark}# T\n\n{ending}".encode()

    with_rules = render_rules_file(replace(parse_rules_file(content), rules=(rule("one"),)))

    assert with_rules == f"{mark}{BEGIN}\n- one\n{END}\n\n# T\n\n{ending}".encode()
    assert render_rules_file(replace(parse_rules_file(with_rules), rules=())) == content


@pytest.mark.parametrize("gap", ["", "\n"])
def test_rules_above_a_text_that_never_closes_stand_below_its_front_matter(gap: str) -> None:
    head, rest = "---\nname: x\n---\n", f"{gap}# T\n```\n"

    with_rules = render_rules_file(replace(parse_rules_file(f"{head}{rest}".encode()), rules=(rule("one"),)))

    assert with_rules == f"{head}{gap}{BEGIN}\n- one\n{END}\n{rest}".encode()
    assert render_rules_file(replace(parse_rules_file(with_rules), rules=())) == f"{head}{rest}".encode()


def test_block_whose_line_ends_became_carriage_returns_is_still_ours() -> None:
    content = f"# T\n\n{BLOCK}".replace("\n", "\r").encode()

    assert texts(content) == ["one", "two"]
    assert render_rules_file(replace(parse_rules_file(content), rules=())) == b"# T\r"


def test_numbered_lines_of_the_block_are_rules() -> None:
    assert texts(f"{BEGIN}\n1. one\n2) two\n   goes on\n{END}\n".encode()) == ["one", "two goes on"]
