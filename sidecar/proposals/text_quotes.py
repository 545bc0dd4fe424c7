"""A rule's evidence as a reader sees it: whose words, in which step, after which command."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sidecar.domain import RuleEdit, RuleQuote

_MOST_QUOTES = 6
_LONGEST_QUOTE = 600
"""Characters of one quote: enough for a failing assertion, too little for a log."""
_MOST_LINES = 12
_LONGEST_COMMAND = 200
"""Characters; what follows is a script's text."""
_SHORTEST_ID = 8


def quote_texts(edit: RuleEdit) -> list[str]:
    """Each quote with its session, its step, and what was run or changed there; untrusted text of several lines."""
    ids = {*edit.rule.evidence, *(quote.session for quote in edit.all_quotes if quote.session)}
    size = _telling_length(sorted(ids))
    return [_quote_text(quote, size) for quote in edit.all_quotes[:_MOST_QUOTES]]


def with_redacted_quotes(edit: RuleEdit, redact: Callable[[str], str]) -> RuleEdit:
    """The edit as it may leave the store: quotes were redacted when they came, by the rules of that day."""
    quotes = tuple(
        replace(
            quote,
            text=redact(quote.text),
            command=None if quote.command is None else redact(quote.command),
            path=None if quote.path is None else redact(quote.path),
        )
        for quote in edit.placed_quotes
    )
    return replace(edit, placed_quotes=quotes, quotes=tuple(map(redact, edit.quotes)))


def _quote_text(quote: RuleQuote, size: int) -> str:
    where = [f"session {quote.session[:size]}"] if quote.session else []
    where += [f"step {quote.step_id}"] if quote.step_id else []
    lines = [", ".join(where)] if where else []
    text = quote.text.strip("\n")
    if quote.command is not None:
        lines.append(f"$ {_cut(quote.command.strip(), 3, _LONGEST_COMMAND)}")
        if quote.is_command:
            return "\n".join(lines)
    elif quote.path is not None:
        lines.append(f"changed {quote.path}:")
    return "\n".join([*lines, _cut(text, _MOST_LINES, _LONGEST_QUOTE)])


def _telling_length(ids: Sequence[str]) -> int:
    """Characters by which no two of the ids are alike."""
    size = _SHORTEST_ID
    while len({one[:size] for one in ids}) < len(set(ids)):
        size += 1
    return size


def _cut(text: str, most_lines: int, longest: int) -> str:
    lines = text.splitlines()
    kept = "\n".join(lines[:most_lines])[:longest]
    return kept if kept == "\n".join(lines) else f"{kept}\n…"
