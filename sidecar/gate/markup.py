"""Markup: nothing that a Markdown reader, an agent's loader or a forge would act on instead of show."""

import re

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        ("an import or a mention (`@…`)", r"(?:^|[\s(,;:\"'\[{>])@[\w./~\-]"),
        ("an image or a link", r"!?\[[^\]]*\]\s*[(\[:]|!\[|\]\("),
        ("an HTML tag, comment or entity", r"<[!/?a-z][^>]*>?|&(?:#x?[0-9a-f]+|[a-z]{2,8});|-->"),
        ("a heading, quote, list or rule line", r"^\s*(?:#{1,6}(?:\s|$)|>|[-*+]\s|\d+[.)]\s|-{3,}|={3,}|\|)"),
        ("front matter", r"^\s*(?:---|\+\+\+)|\balwaysapply\b|\bglobs\s*:"),
        ("a code fence", r"```|~~~"),
        ("bold, struck or doubled marks", r"\*\*|__\w|~~|\|\||\$\$|\{\{|\}\}|\{%"),
        (
            "a slash command",
            r"^\s*[/!][a-z]|(?:^|\s)/(?:merge|approve|lgtm|close|assign|label|retest|rebase|run|deploy|ok)\b",
        ),
        (
            "a closing keyword",
            r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|implement(?:s|ed)?)\s*:?\s+(?:[\w.\-]+/[\w.\-]+)?#\d+",
        ),
        ("a closing keyword", r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\s+(?:https?:|gh-\d)"),
        ("an escape that hides letters", r"\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[0-7]{3})|%[0-9a-f]{2}|=\?utf-8\?"),
        ("a prompt or role marker", r"\b(?:system|assistant|user|human|developer)\s*:|<\||\[/?inst\]|###|<<"),
    )
)
_CODE_SPAN = re.compile(r"`[^`]*`")


def markup_reasons(text: str) -> list[str]:
    """Why the markup of `text` is refused. Code spans may hold signs, since readers show them as they are."""
    outside = _CODE_SPAN.sub("`code`", text)
    reasons = [f"markup: {reason} is not allowed" for reason, pattern in _RULES if pattern.search(outside)]
    if outside.replace("`code`", "").count("`"):
        reasons.append("markup: a backtick is never closed")
    if "``" in text:
        reasons.append("markup: an empty or doubled code span")
    return list(dict.fromkeys(reasons))
