r"""Strings in quotes at any depth of JSON escapes."""

import re

QUOTE = re.compile(rb"(\\{0,15})([\"'`])")
"""A quote, with the backslashes that say how deep it stands."""


def closing_quote(body: bytes, quote: re.Match[bytes], max_length: int) -> int | None:
    r"""Where the string opened by `quote` ends: at its quote with the same escapes, or where an outer string ends.

    None when it does not end within `max_length` bytes, or is cut off.

    At depth n a quote carries 2^n - 1 backslashes, and an escaped one inside carries 2n + 1 of them.
    """
    depth = len(quote.group(1))
    mark = quote.group(2)
    limit = min(len(body), quote.end() + max_length)
    position = quote.end()
    while (position := body.find(mark, position, limit)) >= 0:
        escapes = _backslashes_before(body, position, quote.end())
        if escapes < depth:
            break
        if (escapes - depth) % (2 * (depth + 1)) == 0:
            return position - depth
        position += 1
    return None


def _backslashes_before(body: bytes, end: int, start: int) -> int:
    position = end
    while position > start and body[position - 1] == 0x5C:
        position -= 1
    return end - position
