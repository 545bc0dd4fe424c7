"""Which paths a scope means."""

import re
from collections.abc import Collection
from functools import lru_cache

from sidecar.domain import Rule

_CODE = re.compile(r"`([^`]+)`")
_NAME = re.compile(r"[\w.@+-]+(?:/[\w.@+-]+)*/?")
_PIECES = re.compile(r"\*\*/|\*\*|\*|\?|\{[^{}]*\}|.", re.DOTALL)
_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def missing_paths(rule: Rule, files: Collection[str]) -> tuple[str, ...]:
    """What may be a path among what a rule names, and is none of these files or their folders; its scope first.

    A word of a command may be taken for one: whether it ever was a path, only the history of the repository knows.
    """
    folders = {path[:end] for path in files for end in range(len(path)) if path[end] == "/"}
    missing: list[str] = []
    if rule.scope is not None and not any(is_in_scope(path, rule.scope) for path in files):
        missing.append(fixed_part(rule.scope))
    named = [word for code in _CODE.findall(rule.text) for word in code.split() if _NAME.fullmatch(word)]
    paths = [word.removeprefix("./").rstrip("/") for word in named if "/" in word or "." in word[1:-1]]
    missing += [path for path in paths if path not in files and path not in folders]
    return tuple(dict.fromkeys(path for path in missing if path))


def is_in_scope(path: str, scope: str) -> bool:
    """Whether a path lies in a scope: `**` is any folders, `*` anything in one name, `{a,b}` one of two.

    A scope without a pattern is a file, or a folder with all that is in it.
    """
    return _pattern(scope).fullmatch(path.removeprefix("./")) is not None


def fixed_part(scope: str) -> str:
    """The longest path that everything in a scope begins with; empty where there is none."""
    fixed = re.split(r"[*?\[{]", scope.removeprefix("./"), maxsplit=1)[0]
    return (fixed if fixed == scope.removeprefix("./") else fixed.rpartition("/")[0]).strip("/")


@lru_cache(maxsize=256)
def _pattern(scope: str) -> re.Pattern[str]:
    written = "".join(_piece(piece) for piece in _PIECES.findall(scope.removeprefix("./").rstrip("/")))
    return re.compile(written + r"(?:/.*)?", re.DOTALL)


def _piece(piece: str) -> str:
    if piece.startswith("{") and piece.endswith("}"):
        return "(?:" + "|".join(_alternative(one) for one in piece[1:-1].split(",")) + ")"
    return _WILD.get(piece) or re.escape(piece)


def _alternative(text: str) -> str:
    return "".join(_WILD.get(piece) or re.escape(piece) for piece in _PIECES.findall(text))
