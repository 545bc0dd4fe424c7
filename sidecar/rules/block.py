"""The managed block: a rules file split at our two marker lines, and put together again.

`render_rules_file(parse_rules_file(x)) == x` for every file that parses, whatever its encoding and line endings. Inside
the block only list lines are rules; headings, blank lines and prose that people put there stay where they are.
Rules removed to the last take the block with them, which restores the file as it was before the first one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sidecar.domain import Rule, RuleKind, RulesFile
from sidecar.errors import RulesFileError
from sidecar.rules.canonical import canonical_rule, rule_id
from sidecar.rules.lines import decoded, decoded_part, encoded, newline_of, split_lines, without_end
from sidecar.rules.markers import BEGIN, END, block_span, is_marker

UNSTATED_KIND = RuleKind.CONSTRAINT
"""Kind of a rule that the ledger does not know: whatever a person writes, agents must hold to."""
BYTES_PER_TOKEN = 4
"""Estimate for English and shell words; errs on the high side for other scripts, whose letters take more bytes."""

_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?=\S)(.*)", re.DOTALL)
"""Numbered lines as well, for some people like their rules counted, and nested ones, for some sort them."""
_SCOPED = re.compile(r"In `([^`]+)`: (.+)")


def parse_rules_file(content: bytes, ledger: Sequence[Rule] = ()) -> RulesFile:
    """Split a rules file at our markers.

    Args:
        ledger: Rules known by id; a line that says the same as one of them is that rule.
    Raises:
        RulesFileError: markers are broken; the text names the line and what to do.
    """
    text, encoding = decoded(content)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = split_lines(text[len(mark) :])
    span = block_span(lines, {rule_words(rule.text, rule.scope) for rule in ledger})
    first, past = span or (len(lines), len(lines))
    block = lines[first:past]
    return RulesFile(
        before=encoded(mark + "".join(lines[:first]), encoding),
        block=encoded("".join(block), encoding),
        after=encoded("".join(lines[past:]), encoding),
        rules=tuple(_named(item.text, ledger) for item in _items(block)),
        has_block=span is not None,
        newline=newline_of(text).encode("ascii"),
        encoding=encoding,
    )


def render_rules_file(file: RulesFile) -> bytes:
    """The file's bytes with exactly its rules in the block; lines whose words did not change keep their bytes."""
    lines = split_lines(decoded_part(file.block, file.encoding))
    items = _items(lines)
    wanted = [rule_words(rule.text, rule.scope) for rule in file.rules]
    if wanted == [item.text for item in items]:
        return file.before + file.block + file.after
    newline = file.newline.decode("ascii")
    if not file.has_block:
        return _with_new_block(file, wanted, newline)
    edited = _edited(lines, items, wanted, newline)
    if not wanted and not any(line.strip() for line in edited[1:-1]):
        return _without_block(file, newline)
    return file.before + encoded("".join(edited), file.encoding) + file.after


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSize:
    """What a block costs every session that loads it."""

    rules: int
    lines: int
    """Marker lines included."""
    tokens: int
    """Estimate of what agents are shown: every line but the markers, words of people too."""


def block_size(content: bytes) -> BlockSize:
    """Size of a file's block; zeros without one; see parse_rules_file for the errors."""
    file = parse_rules_file(content)
    lines = split_lines(decoded_part(file.block, file.encoding))
    shown = [without_end(line) for line in lines[1:-1]]
    return BlockSize(rules=len(file.rules), lines=len(lines), tokens=sum(line_tokens(line) for line in shown))


def numbered_block_lines(content: bytes) -> list[tuple[int, str]]:
    """The lines between a file's markers without what ends them, each with its number in the file, from 1.

    Raises:
        RulesFileError: markers are broken.
    """
    file = parse_rules_file(content)
    above = len(split_lines(decoded_part(file.before, file.encoding)))
    lines = split_lines(decoded_part(file.block, file.encoding))
    return [(above + number, without_end(line)) for number, line in enumerate(lines, 1)][1:-1]


def line_tokens(line: str) -> int:
    """Estimated tokens of one line without its end; none for a blank one."""
    return -(-len(f"{line}\n".encode("utf-8", "surrogatepass")) // BYTES_PER_TOKEN) if line.strip() else 0


def rule_words(text: str, scope: str | None) -> str:
    """A rule as the file says it; a scope becomes words, for no target honours one in the root file."""
    words = canonical_rule(text)
    return words if scope is None else f"In `{scope}`: {words}"


def split_words(words: str) -> tuple[str, str | None]:
    """Text and scope of a rule as the file says it; the inverse of `rule_words`."""
    match = _SCOPED.fullmatch(canonical_rule(words))
    return (match[2], match[1]) if match else (canonical_rule(words), None)


def listed_words(text: str) -> list[str]:
    """Words of every top-level list line of a text, in order: where rules stand once the markers are gone."""
    return [item.text for item in _items(split_lines(text))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One list line with its indented continuation."""

    first: int
    past: int
    text: str


def _items(lines: Sequence[str]) -> list[_Item]:
    items: list[_Item] = []
    position = 0
    while position < len(lines):
        match = _ITEM.match(lines[position])
        first, position = position, position + 1
        if match is None:
            continue
        words = [match[1]]
        while position < len(lines) and lines[position][:1] in (" ", "\t") and lines[position].strip():
            if is_marker(lines[position]) or _ITEM.match(lines[position]):
                break
            words.append(lines[position])
            position += 1
        items.append(_Item(first=first, past=position, text=canonical_rule(_printable(" ".join(words)))))
    return items


def _printable(words: str) -> str:
    """Words without half characters, which no store or hash takes; the line itself keeps its bytes."""
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _named(words: str, ledger: Sequence[Rule]) -> Rule:
    text, scope = split_words(words)
    for rule in ledger:
        if rule_words(rule.text, rule.scope) == rule_words(text, scope):
            return rule
    return Rule(rule_id=rule_id(text, scope), text=text, kind=UNSTATED_KIND, scope=scope)


def _edited(lines: Sequence[str], items: Sequence[_Item], wanted: Sequence[str], newline: str) -> list[str]:
    """The block's lines with the wanted rules: new ones take the place of those they follow or replace."""
    edited: list[str] = []
    position = 0
    old = [item.text for item in items]
    for tag, first, past, new_first, new_past in SequenceMatcher(None, old, wanted, autojunk=False).get_opcodes():
        place = items[first].first if first < len(items) else position if items else len(lines) - 1
        edited += lines[position:place]
        position = place
        if tag == "equal":
            place = items[past - 1].past
            edited += lines[position:place]
            position = place
            continue
        edited += [f"- {words}{newline}" for words in wanted[new_first:new_past]]
        for item in items[first:past]:
            edited += lines[position : item.first]
            position = item.past
    return edited + list(lines[position:])


def _with_new_block(file: RulesFile, wanted: Sequence[str], newline: str) -> bytes:
    """The file with a block below its text; above it where the text ends inside something that never closes."""
    below = encoded(_block_below(decoded_part(file.before, file.encoding), wanted, newline), file.encoding)
    if _reads_back(below, wanted):
        return below
    return encoded(_block_above(decoded_part(file.before, file.encoding), wanted, newline), file.encoding)


def _block_below(text: str, wanted: Sequence[str], newline: str) -> str:
    """Append the block so that `_without_block` can tell what stood before: no final newline in, none out."""
    block = newline.join([BEGIN, *(f"- {words}" for words in wanted), END])
    if not text.removeprefix("\ufeff"):
        return f"{text}{block}{newline}"
    # a lone CR at the end of a file that uses LF would become one line end with ours
    if text.endswith("\n") or (newline == "\r" and text.endswith("\r")):
        return f"{text}{newline}{block}{newline}"
    return f"{text}{newline}{newline}{block}"


def _block_above(text: str, wanted: Sequence[str], newline: str) -> str:
    """Put the block above the text; below its front matter, which must stay the first thing in the file."""
    block = newline.join([BEGIN, *(f"- {words}" for words in wanted), END])
    first = _below_front_matter(text.removeprefix("\ufeff"))
    mark, rest = text[: len(text) - len(first)], first
    if len(mark) <= 1:
        return f"{mark}{block}{newline}{newline}{rest}"
    gap = newline if rest.startswith(("\n", "\r")) else ""
    return f"{mark}{gap}{block}{newline}{rest}"


def _below_front_matter(text: str) -> str:
    """What follows a text's front matter; the whole text where it has none."""
    lines = split_lines(text)
    if not lines or without_end(lines[0]) != "---":
        return text
    ends = (number for number, line in enumerate(lines[1:], start=2) if without_end(line) == "---")
    return "".join(lines[next(ends, 0) :])


def _reads_back(content: bytes, wanted: Sequence[str]) -> bool:
    try:
        return [rule_words(rule.text, rule.scope) for rule in parse_rules_file(content).rules] == list(wanted)
    except RulesFileError:
        return False


def _without_block(file: RulesFile, newline: str) -> bytes:
    before, after = decoded_part(file.before, file.encoding), decoded_part(file.after, file.encoding)
    block = decoded_part(file.block, file.encoding)
    is_last_line_open = not after and not block.endswith(("\n", "\r"))
    if after and not before.removeprefix("\ufeff"):
        return encoded(before + after.removeprefix(newline), file.encoding)
    if not after or after.startswith(("\n", "\r")):
        # The blank line before the block came with it; a line end too where the file had none.
        before = before.removesuffix(newline)
        before = before.removesuffix(newline) if is_last_line_open else before
    return encoded(before + after, file.encoding)
