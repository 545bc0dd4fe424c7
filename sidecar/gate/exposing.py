"""Two files in one rule: one that says what only the program may know, and one that lies where everybody reads."""

import re

_PATH = re.compile(r"[\w@.*-]+(?:/[\w@.*-]+)+|[\w-]+\.[a-z]{1,5}\b")
_OPEN = re.compile(r"(?:^|/)(?:public|static|www|htdocs|dist|assets)/")
_PRIVATE = re.compile(
    r"(?:^|[/_.-])(?:settings|secrets?|credentials?|passwords?|databases?|keys?|tokens?|env|private)(?=[/_.-])"
)
_SHOWN = re.compile(r"\.(?:s?css|less|svg|png|jpe?g|gif|ico|webp|html?)$")
"""What browsers are given: `tokens.css` holds colours."""


def exposing_reasons(canonical: str) -> list[str]:
    """Why no rule may speak of both; empty where it does not. Whatever it asks for: every language is read alike."""
    paths = [path for path in _PATH.findall(canonical) if not _SHOWN.search(path)]
    shown = [path for path in paths if _OPEN.search(path)]
    private = [path for path in paths if _PRIVATE.search(path) and path not in shown]
    if not shown or not private:
        return []
    return [f"needs a human author: what {private[0]} says may come to lie in {shown[0]}, where everybody reads it"]
