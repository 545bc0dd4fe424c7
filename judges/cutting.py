"""Cuts long texts down to their head and tail, with a line between that says how much there was."""

BYTES_PER_TOKEN = 4
"""Of UTF-8: rough but the same everywhere; a tokenizer would tie a packet's bytes to one model."""


def token_estimate(text: str) -> int:
    """Tokens of a text, rounded up."""
    return -(-size(text) // BYTES_PER_TOKEN)


def size(text: str) -> int:
    """Bytes of a text in UTF-8; half of a surrogate pair counts as three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def cut(text: str, most: int, *, head: float) -> str:
    """A text of at most so many bytes: whole, else its head and its tail, each verbatim.

    Args:
        head: Share of what is kept that comes from the beginning.
    """
    if size(text) <= most:
        return text
    gap = f"\n[… {len(text)} characters in all …]\n"
    room = most - size(gap)
    if room <= 0:
        return _first(text, most)
    first = int(room * head)
    return _first(text, first) + gap + _last(text, room - first)


def _first(text: str, most: int) -> str:
    if text.isascii():
        return text[: max(0, most)]
    body = text[: max(0, most)].encode("utf-8", "surrogatepass")
    end = min(max(0, most), len(body))
    while 0 < end < len(body) and _is_inside(body[end]):
        end -= 1
    return body[:end].decode("utf-8", "surrogatepass")


def _last(text: str, most: int) -> str:
    if most <= 0:
        return ""
    if text.isascii():
        return text[-most:]
    body = text[-most:].encode("utf-8", "surrogatepass")
    start = max(0, len(body) - most)
    while start < len(body) and _is_inside(body[start]):
        start += 1
    return body[start:].decode("utf-8", "surrogatepass")


def _is_inside(byte: int) -> bool:
    """Whether a byte of UTF-8 goes on with a character rather than beginning one."""
    return byte & 0xC0 == 0x80
