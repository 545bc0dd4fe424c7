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
from sidecar.rules.canonical import canonical_rule, comment_spans, rule_id

BEGIN = "<!-- agent-sidecar rules: begin; edit freely, removed rules stay removed -->"
END = "<!-- agent-sidecar rules: end -->"
MAX_FILE_BYTES = 1_048_576
"""Seven times the longest rules file seen; a longer one only costs time."""
UNSTATED_KIND = RuleKind.CONSTRAINT
"""Kind of a rule that the ledger does not know: whatever a person writes, agents must hold to."""

_MARKER = re.compile(r"[ ]{0,3}<!--\s*agent-sidecar rules:\s*(begin|end)\b[^>]*-->\s*")
_ITEM = re.compile(r"[ ]{0,3}[-*+][ \t]+(?=\S)(.*)", re.DOTALL)
_SCOPED = re.compile(r"In `([^`]+)`: (.+)")
_UTF32_MARKS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_ENCODING_ERRORS = {"utf-8": "surrogateescape", "utf-16-le": "surrogatepass", "utf-16-be": "surrogatepass"}
"""How each codec carries bytes that are not text, so that they come back unchanged."""


def parse_rules_file(content: bytes, ledger: Sequence[Rule] = ()) -> RulesFile:
    """Split a rules file at our markers.

    Args:
        ledger: Rules known by id; a line that says the same as one of them is that rule.
    Raises:
        RulesFileError: markers are broken; the text names the line and what to do.
    """
    if len(content) > MAX_FILE_BYTES:
        raise RulesFileError(f"the file has {len(content)} bytes; no rules file is longer than {MAX_FILE_BYTES}")
    encoding = _encoding(content)
    try:
        text = content.decode(encoding, _ENCODING_ERRORS[encoding])
    except UnicodeDecodeError as exc:
        raise RulesFileError(f"the file begins as {encoding} and is cut at byte {exc.start}; save it as UTF-8") from exc
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = _lines(text[len(mark) :])
    span = _block_span(lines)
    first, past = span or (len(lines), len(lines))
    block = lines[first:past]
    return RulesFile(
        before=_encoded(mark + "".join(lines[:first]), encoding),
        block=_encoded("".join(block), encoding),
        after=_encoded("".join(lines[past:]), encoding),
        rules=tuple(_named(item.text, ledger) for item in _items(block)),
        has_block=span is not None,
        newline=_newline(text),
        encoding=encoding,
    )


def render_rules_file(file: RulesFile) -> bytes:
    """The file's bytes with exactly its rules in the block; lines whose words did not change keep their bytes."""
    lines = _lines(file.block.decode(file.encoding, _ENCODING_ERRORS[file.encoding]))
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
    return file.before + _encoded("".join(edited), file.encoding) + file.after


def block_lines(content: bytes) -> int:
    """Lines of our block, markers included; 0 without one."""
    file = parse_rules_file(content)
    return len(_lines(file.block.decode(file.encoding, _ENCODING_ERRORS[file.encoding])))


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
    return [item.text for item in _items(_lines(text.replace("\r\n", "\n")))]


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
            if _MARKER.fullmatch(lines[position]) or _ITEM.match(lines[position]):
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


def _block_span(lines: Sequence[str]) -> tuple[int, int] | None:
    marks = [(number, match[1]) for number, line in enumerate(lines) if (match := _MARKER.fullmatch(line))]
    if not marks:
        return None
    if [kind for _, kind in marks] != ["begin", "end"]:
        raise RulesFileError(_broken(marks))
    # A lone carriage return is a line end to Markdown and not to us: it must not shift the line numbers.
    text = "".join(line.replace("\r\n", "\n").replace("\r", " ") for line in lines)
    blocks = {first for first, _ in comment_spans(text)}
    for number, kind in marks:
        if number not in blocks:
            raise RulesFileError(
                f"line {number + 1}: the {kind} marker stands inside a code block, list or quote, where it marks "
                "nothing; move it to a line of its own outside, or delete it"
            )
    return marks[0][0], marks[1][0] + 1


def _broken(marks: Sequence[tuple[int, str]]) -> str:
    """What is wrong with markers that are not one begin and one end, and how to mend it."""
    is_open = False
    for number, kind in marks:
        if kind == "begin" and is_open:
            return (
                f"line {number + 1}: a block begins inside a block; keep one pair of marker lines and delete the others"
            )
        if kind == "end" and not is_open:
            return f"line {number + 1}: the block ends here and never began; put `{BEGIN}` above its rules"
        is_open = kind == "begin"
    number = marks[-1][0] + 1
    if is_open:
        return (
            f"line {number}: the block begins here and never ends; put `{END}` after its last rule or delete this line"
        )
    return f"line {marks[2][0] + 1}: a second block begins; keep one pair of marker lines and delete the others"


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
    """Append the block so that `_without_block` can tell what stood before: no final newline in, none out."""
    text = file.before.decode(file.encoding, _ENCODING_ERRORS[file.encoding])
    block = newline.join([BEGIN, *(f"- {words}" for words in wanted), END])
    if not text.removeprefix("\ufeff"):
        joined = f"{text}{block}{newline}"
    elif text.endswith("\n"):
        joined = f"{text}{newline}{block}{newline}"
    else:
        joined = f"{text}{newline}{newline}{block}"
    return _encoded(joined, file.encoding)


def _without_block(file: RulesFile, newline: str) -> bytes:
    before = file.before.decode(file.encoding, _ENCODING_ERRORS[file.encoding])
    after = file.after.decode(file.encoding, _ENCODING_ERRORS[file.encoding])
    block = file.block.decode(file.encoding, _ENCODING_ERRORS[file.encoding])
    is_last_line_open = not after and not block.endswith("\n")
    if not after or after.startswith(("\n", "\r\n")):
        # The blank line before the block came with it; a line end too where the file had none.
        before = before.removesuffix(newline)
        before = before.removesuffix(newline) if is_last_line_open else before
    return _encoded(before + after, file.encoding)


def _encoding(content: bytes) -> str:
    if content.startswith(_UTF32_MARKS):
        raise RulesFileError("the file is UTF-32, which no agent reads; save it as UTF-8")
    if content.startswith(b"\xff\xfe"):
        return "utf-16-le"
    return "utf-16-be" if content.startswith(b"\xfe\xff") else "utf-8"


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, _ENCODING_ERRORS[encoding])


def _lines(text: str) -> list[str]:
    """Lines with their ends; only LF ends one, so that every other character survives."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _newline(text: str) -> bytes:
    windows = text.count("\r\n")
    return b"\r\n" if windows > text.count("\n") - windows else b"\n"
