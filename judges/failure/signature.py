"""When two failures teach the same: class, the folder they hold for, and what the test said without its values.

Words that a model chose freely differ from session to session, so they come in only where no test said anything. The
key is coarse on purpose: what it throws together is read side by side when a rule is drafted, and may come apart there;
what it keeps apart never meets.
"""

import json
import re

from sidecar.domain import FailureClass

_FOLDERS = 2
"""Levels of the scope that count: `src/shop/money.py` and `src/shop/**` are one place."""
_LONGEST = 80
_MOST_WORDS = 5
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_PATH = re.compile(r"(?:[\w.-]*/)+[\w.-]+|\b\w+\.(?:py|js|mjs|ts|tsx|go|rs|java|rb|c|h|cpp|json|toml|yaml|yml)\b")
_NUMBER = re.compile(r"0x[0-9a-f]+|\d+(?:[.,:]\d+)*")
_SMALL_WORDS = frozenset({"a", "an", "the", "of", "in", "to", "for", "and", "or", "as", "is", "are", "be", "with"})


def lesson_signature(failure_class: FailureClass, scope: str | None, symptom: str | None, convention: str) -> str:
    """Canonical JSON; equal for lessons that are counted as one.

    Args:
        symptom: One line of the runner; None where no test said anything.
        convention: The model's own words; used only then.
    """
    slots = {"class": str(failure_class), "scope": _folder(scope), "symptom": skeleton(symptom or "")}
    if not slots["symptom"]:
        slots["convention"] = _key_words(convention)
    return json.dumps(slots, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def skeleton(symptom: str) -> str:
    """A runner's line with everything that differs from run to run taken out."""
    text = _QUOTED.sub("_", symptom.lower())
    text = _NUMBER.sub("#", _PATH.sub("path", text))
    return " ".join(text.split())[:_LONGEST]


def _folder(scope: str | None) -> str:
    """The first folders of a glob, as far as they are plain names."""
    plain: list[str] = []
    for part in (scope or "").split("/")[:-1]:
        if any(sign in part for sign in "*?["):
            break
        plain.append(part)
    return "/".join(plain[:_FOLDERS])


def _key_words(convention: str) -> str:
    words = re.findall(r"[^\W_]+", convention.lower())
    # A plural and its singular are one word; that it also shortens `class` does no harm to a key.
    stems = {word.removesuffix("s") for word in words if word not in _SMALL_WORDS}
    return " ".join(sorted(stems)[:_MOST_WORDS])
