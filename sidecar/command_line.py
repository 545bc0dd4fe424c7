"""Compares argument vectors: which words name the command and which only choose what it runs on.

It knows no program. A word chooses tests when it is shaped like the place of tests (`tests/test_a.py::test_b`,
`tests.test_a`), and every other word names the command, so that two commands are called the same too rarely
rather than too often.
"""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence

_TEST_FOLDERS = frozenset({"test", "tests", "spec", "specs", "check", "checks", "__tests__", "testing"})
_TEST_FILE = re.compile(r"(?:^|[._-])(?i:tests?|specs?|checks?)(?:[._-]|$)|(?:Test|Tests|Spec)\.\w+$")
_BARE_FOLDERS = frozenset({"tests", "specs", "checks", "__tests__", "."})
_DOTTED = re.compile(r"\w+(?:\.\w+)+")
_LONGEST_WORD = 80
"""Characters; longer arguments are inline programs or contents, not something to repeat."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f$`;|&<>\"\\]|://|\[REDACTED")


def render_command(argv: Sequence[str]) -> str:
    """An argument vector as shell text."""
    return shlex.join(argv)


def parse_command(text: str) -> tuple[str, ...]:
    """The argument vector that `render_command` wrote."""
    return tuple(shlex.split(text))


def is_test_path(path: str) -> bool:
    """Whether a path lies where tests lie, by the words in it."""
    *folders, name = path.split("::", maxsplit=1)[0].rstrip("/").split("/")
    return bool(_TEST_FILE.search(name)) or any(folder.lower() in _TEST_FOLDERS for folder in folders)


def is_selector(word: str) -> bool:
    """Whether an argument only chooses which tests run."""
    if word.startswith("-"):
        return False
    if "::" in word or word.rstrip("/") in _BARE_FOLDERS:
        return True
    if "/" in word:
        return is_test_path(word)
    return bool(_DOTTED.fullmatch(word)) and is_test_path(word)


def stem(argv: Sequence[str]) -> tuple[str, ...]:
    """The words that name a command: equal for runs of it that choose other tests or options."""
    named = [word for at, word in enumerate(argv) if at == 0 or not (word.startswith("-") or is_selector(word))]
    return tuple(named)


def options(argv: Sequence[str]) -> frozenset[str]:
    """The options of a command."""
    return frozenset(word for word in argv if word.startswith("-") and word != "--")


def is_repeatable(argv: Sequence[str]) -> bool:
    """Whether a command may be told to others.

    Short literal words, nothing fetched or outside the repository, nothing the
    shell would act on.
    """
    if any(word.startswith(("/", "~")) for word in argv):
        return False
    return bool(argv) and all(0 < len(word) <= _LONGEST_WORD and not _UNSAFE.search(word) for word in argv)


def agreed_command(commands: Iterable[tuple[str, str]], *, least: int = 2) -> str | None:
    """The command that several tasks used, without the arguments in which they differ.

    Args:
        commands: Pairs of task and command text, newest first.
        least: Number of distinct tasks that must agree word for word; with fewer, the words that all begin with.
    Returns:
        None when they have no command in common.
    """
    pairs = list(commands)
    counts = Counter(text for _, text in dict.fromkeys(pairs))
    shared = [text for text, count in counts.items() if count >= least]
    if shared:
        return min(shared, key=lambda text: (-counts[text], len(text), text))
    vectors = [parse_command(text) for text in counts]
    if any("&&" in vector for vector in vectors):
        return None
    prefix = _without_dangling_option(_common_prefix(vectors))
    is_same = prefix and all(stem(vector) == stem(prefix) for vector in vectors)
    return render_command(prefix) if is_same else None


def _common_prefix(vectors: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    length = 0
    while vectors and all(len(vector) > length and vector[length] == vectors[0][length] for vector in vectors):
        length += 1
    return vectors[0][:length] if vectors else ()


def _without_dangling_option(prefix: tuple[str, ...]) -> tuple[str, ...]:
    """Without a short option at the end, whose value may have been what differed; empty when only a program is left."""
    end = len(prefix)
    while end and re.fullmatch(r"-\w", prefix[end - 1]):
        end -= 1
    return () if end == 1 < len(prefix) else prefix[:end]
