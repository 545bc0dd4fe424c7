"""One text for a rules file on disk and for the same file as an agent shows it to its model.

`canonical` is applied to both sides before they are compared. Claude Code 2.1.330 was measured on 2026-11-25 with nine
shapes and with 69 public rules files holding our block: it drops a comment that is a block of its own together with the
blank lines after it, the byte order mark, the outer white space and carriage returns; it keeps comments inside code
fences, lists, quotes and sentences.
"""

import hashlib
import re
import unicodedata
from functools import cache

from markdown_it import MarkdownIt

from sidecar.domain import RuleId

_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def canonical(text: str) -> str:
    """The text an agent would read: no block-level comments, no outer blanks, LF, no trailing spaces.

    Applying it twice changes nothing. Comments inside code fences, lists, quotes and sentences stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while True:
        # Dropping a comment can join what it kept apart (a list and a fence), which can free another one.
        trimmed = "\n".join(line.rstrip() for line in text.split("\n"))
        shorter = _without_comments(trimmed.strip().strip("\ufeff").strip())
        if shorter == text:
            return text
        text = shorter


def canonical_rule(text: str) -> str:
    """A rule's words for comparison: composed characters, every run of white space one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def rule_id(text: str, scope: str | None) -> RuleId:
    """Twelve hex digits of a rule's canonical text and scope."""
    named = f"{canonical_rule(text)}\0{scope or ''}"
    return RuleId(hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:12])


def text_hash(text: str) -> str:
    """Sixteen hex digits of a rule's canonical text."""
    return hashlib.sha256(canonical_rule(text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def comment_spans(text: str) -> list[tuple[int, int]]:
    """Line ranges (first, one past last) of the comments that are blocks of the document itself, in order.

    Lines are counted by LF; carriage returns must be gone.
    """
    if "<!--" not in text:
        return []
    return [
        (token.map[0], token.map[1])
        for token in _parser().parse(text)
        if token.type == "html_block" and token.level == 0 and token.map is not None and _is_comment(token.content)
    ]


def fence_spans(text: str) -> list[tuple[int, int]]:
    """Line ranges (first, one past last) of the fenced code blocks, in order, however deep; counted as comments are."""
    if "```" not in text and "~~~" not in text:
        return []
    found = [token.map for token in _parser().parse(text) if token.type == "fence" and token.map is not None]
    return [(first, past) for first, past in found]


def without_code(text: str) -> str:
    """The text without its fenced blocks and code spans, where agents follow no import."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for first, past in reversed(fence_spans("\n".join(lines))):
        del lines[first:past]
    return _CODE_SPAN.sub("", "\n".join(lines))


def _is_comment(content: str) -> bool:
    return content.lstrip().startswith("<!--") and "-->" in content


def _without_comments(text: str) -> str:
    lines = text.split("\n")
    kept: list[str] = []
    position = 0
    for first, past in comment_spans(text):
        kept += lines[position:first]
        position = past
        residue = _COMMENT.sub("", "\n".join(lines[first:past]))
        if residue.strip():
            kept.append(residue)
            continue
        while position < len(lines) and not lines[position].strip():
            position += 1
    return "\n".join(kept + lines[position:])


@cache
def _parser() -> MarkdownIt:
    """CommonMark blocks only: the words inside are nobody's business here."""
    return MarkdownIt("commonmark").disable("inline")
