"""Compares argument vectors: which words name the command and which only choose what it runs on.

It knows no program. A word chooses tests when it is shaped like the place of tests (`tests/test_a.py::test_b`,
`tests.test_a`), and every other word names the command, so that two commands are called the same too rarely
rather than too often.
"""

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from sidecar.shell_programs import program_at

_TEST_FOLDERS = frozenset({"test", "tests", "spec", "specs", "check", "checks", "__tests__", "testing"})
_TEST_FILE = re.compile(r"(?:^|[._-])(?i:tests?|specs?|checks?)(?:[._-]|$)|(?:Test|Tests|Spec)\.\w+$")
_BARE_FOLDERS = frozenset({"tests", "specs", "checks", "__tests__", "."})
_DOTTED = re.compile(r"\w+(?:\.\w+)+")
_SHORTEST_MISTYPED = 3
"""Letters; shorter words are too much alike."""
_FIRST_IN_FOLDER = 3
"""Where a command stands behind `cd FOLDER &&`."""
_LONGEST_WORD = 80
"""Characters; longer arguments are inline programs or contents, not something to repeat."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f$`;|&<>\"\\]|://|\[REDACTED")


def render_command(argv: Sequence[str]) -> str:
    """An argument vector as shell text."""
    return shlex.join(argv)


@lru_cache(maxsize=8192)
def parse_command(text: str) -> tuple[str, ...]:
    """The argument vector that `render_command` wrote."""
    return tuple(shlex.split(text))


def without_folder(text: str) -> tuple[str, str | None]:
    """A command with the one folder it is to be run in taken out of it; None where it is run at the root."""
    argv = parse_command(text)
    is_placed = argv[:1] == ("cd",) and argv[2:3] == ("&&",) and argv.count("&&") == 1
    return (
        (render_command(argv[_FIRST_IN_FOLDER:]), argv[1])
        if is_placed and len(argv) > _FIRST_IN_FOLDER
        else (text, None)
    )


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
    program = program_at(argv)
    named = [word for at, word in enumerate(argv) if at <= program or not (word.startswith("-") or is_selector(word))]
    return tuple(named)


def bare_stem(argv: Sequence[str]) -> tuple[str, ...]:
    """The words that name a command without the settings it was given by assignments before it."""
    named = stem(argv)
    starts = [0, *(at + 1 for at, word in enumerate(named) if word == "&&")]
    settings = {at for start in starts for at in range(start, start + program_at(named[start:]))}
    return tuple(word for at, word in enumerate(named) if at not in settings)


def is_within(short: Sequence[str], longer: Sequence[str]) -> bool:
    """Whether a command is another one without some of its arguments, settings and what ran before it."""
    longer = longer if "&&" in short else _last_command(longer)
    one, other = program_at(short), program_at(longer)
    if not short or not longer or short[one] != longer[other]:
        return False
    rest = iter(longer[other:])
    return set(short[:one]) <= set(longer[:other]) and all(word in rest for word in short[one:])


def longer_by(commands: Iterable[tuple[str, ...]]) -> Callable[[tuple[str, ...]], list[tuple[str, ...]]]:
    """Which of the commands hold a given one within; found by its rarest word, as most have no word in common."""
    nothing: dict[tuple[str, ...], None] = {}
    holding: dict[str, dict[tuple[str, ...], None]] = {}
    for argv in commands:
        for word in argv:
            holding.setdefault(word, {})[argv] = None

    def longer(short: tuple[str, ...]) -> list[tuple[str, ...]]:
        if not short:
            return []
        rarest = min((holding.get(word, nothing) for word in short), key=len)
        return [argv for argv in rarest if is_within(short, argv)]

    return longer


def _last_command(argv: Sequence[str]) -> Sequence[str]:
    """The last of several commands of a line; all of it where the line only moved to a folder before."""
    at = len(argv) - next((back for back, word in enumerate(reversed(argv)) if word == "&&"), len(argv))
    return argv if argv[:1] == ("cd",) else argv[at:]


def is_slip(wrong: Sequence[str], right: Sequence[str]) -> bool:
    """Whether a command is another one with letters mistyped in one word."""
    if len(wrong) > len(right):
        wrong, right = right, wrong
    pairs = [(one, other) for one, other in zip(wrong, right, strict=False) if one != other]
    return len(pairs) == 1 and all(word.isalpha() for word in pairs[0]) and _is_near(*pairs[0])


def _is_near(one: str, other: str) -> bool:
    """Whether two words differ by one letter, or by two that changed places."""
    # Whoever mistypes a word begins it right; another first letter makes another program.
    if min(len(one), len(other)) < _SHORTEST_MISTYPED or one[0] != other[0]:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    tails = one[start:], other[start:]
    swapped = tails[1][1:2] + tails[1][:1] + tails[1][2:]
    return tails[0] == swapped or tails[0][1:] in (tails[1], tails[1][1:]) or tails[0] == tails[1][1:]


def options(argv: Sequence[str]) -> frozenset[str]:
    """The options of a command."""
    return frozenset(word for word in argv if word.startswith("-") and word != "--")


def is_repeatable(argv: Sequence[str]) -> bool:
    """Whether a command may be told to others.

    Short literal words, nothing fetched or outside the repository, nothing the
    shell would act on.
    """
    # Two slashes begin a label of a build, not a place on this machine.
    if any(word.startswith("~") or re.match(r"/(?!/[\w.:])", word) for word in argv):
        return False
    return bool(argv) and all(0 < len(word) <= _LONGEST_WORD and not _UNSAFE.search(word) for word in argv)


def agreed_command(commands: Iterable[tuple[str, str]], *, least: int = 2) -> str | None:
    """The command that several tasks used, without the arguments in which they differ.

    Args:
        commands: Pairs of task and command text, newest first.
        least: Number of distinct tasks that must agree: word for word, else on one that was run and that the others
            ran with more arguments, else on the words that all begin with.
    Returns:
        None when they have no command in common.
    """
    pairs = list(commands)
    counts = Counter(text for _, text in dict.fromkeys(pairs))
    shared = [text for text, count in counts.items() if count >= least]
    if shared:
        return _for_all(min(shared, key=lambda text: (-counts[text], len(text), text)))
    wider = _run_wider({text: {task for task, one in pairs if one == text} for text in counts}, least)
    if wider is not None:
        return _for_all(wider)
    vectors = [parse_command(text) for text in counts]
    if any("&&" in vector for vector in vectors):
        return None
    prefix = _without_dangling_option(_common_prefix(vectors))
    is_same = prefix and all(stem(vector) == stem(prefix) for vector in vectors)
    return render_command(prefix) if is_same else None


def _for_all(text: str) -> str:
    """A command without test files at its end, where it is plain that something is left to run."""
    before, joint, last = text.rpartition(" && ")
    argv = list(parse_command(last))
    program = program_at(argv)
    # a label of a build is what the command is about: without one nothing is left to run
    while len(argv) > program + 1 and "/" in argv[-1] and is_selector(argv[-1]) and not argv[-1].startswith("//"):
        argv.pop()
    while argv[-1:] == ["--"]:
        argv.pop()
    is_whole = len(bare_stem(argv)) > 1 or "/" in argv[program]
    return f"{before}{joint}{render_command(argv)}" if is_whole else text


def _run_wider(tasks: dict[str, set[str]], least: int) -> str | None:
    """The command that most tasks ran, some of them with more arguments; the longest of several."""
    ran: dict[tuple[str, ...], set[str]] = {}
    for text, those in tasks.items():
        ran.setdefault(parse_command(text), set()).update(those)
    longer = longer_by(ran)
    found: list[tuple[int, int, str]] = []
    for text in tasks:
        argv = parse_command(text)
        within = set[str]().union(*(ran[other] for other in longer(argv)))
        if len(within) >= least:
            found.append((-len(within), -len(argv), text))
    return min(found)[2] if found else None


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
