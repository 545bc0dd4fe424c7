"""What a clause says of what runs: a file that was never seen to run, or a command that is weighed, not told."""

import re
from itertools import pairwise

from sidecar.gate.parts import Part
from sidecar.gate.setting_up import is_of_unknown_program, only_sets_up, runs_no_tests
from sidecar.gate.slots import Token

_RUNNING = frozenset(("call", "load", "run", "start"))
_MAKING = frozenset(("build", "compile", "format", "generate", "lint", "run", "start", "test"))
_BY = frozenset(("with", "via", "through", "using"))
OUTDATED = frozenset(("dead", "late", "legacy", "old", "oldest", "optional"))
"""What a command or what follows a colon is set aside by."""


_CHECKING = re.compile(
    r"(?i)test|check|lint|verif|validat|suite|prüf|essai|prueba|провер|перевір|тест|テスト|检查|测试|검사|테스트|kiểm|\btes\b|uji"
)
"""What is done by commands that find faults, in the languages of whole sentences."""
_EXCUSES = frozenset(
    (
        "break",
        "breaks",
        "cannot",
        "fail",
        "fails",
        "missing",
        "need",
        "needs",
        "otherwise",
        "require",
        "requires",
        "without",
    )
)
"""Words of what is said of checks that want something first."""
_TESTING = re.compile(r"(?i)test|suite|essai|prueba|тест|テスト|测试|測試|테스트|kiểm|\btes\b|uji")
_RUN = frozenset(("run", "runs", "execute", "executed"))
_READING = frozenset(("analyze", "check", "format", "lint", "reformat", "type-check"))
"""What is done to tests, too, without one of them being run."""
_AT_A_TIME = frozenset(("after", "before", "if", "once", "otherwise", "until", "when", "whenever"))


def runs_a_file(tokens: tuple[Token, ...]) -> bool:
    """`Run tools/x.sh`, where only the file is known."""
    parts = {token.part for token in tokens}
    told = pairwise(token.text.lower() for token in tokens)
    is_told = any(verb in _RUNNING and thing in ("it", "them") for verb, thing in told)
    if is_told and Part.COMMAND not in parts and parts & {Part.PATH, Part.TEST_PATH}:
        return True
    is_made = bool(tokens) and tokens[0].text.lower() in _MAKING
    if is_made and any(by.text.lower() in _BY and thing.part is Part.PATH for by, thing in pairwise(tokens)):
        return True
    words = [token for token in tokens if token.part is not Part.FUNCTION]
    return any(
        verb.text.lower() in _RUNNING and thing.part in (Part.PATH, Part.TEST_PATH) and not thing.text.endswith("/")
        for verb, thing in pairwise(words)
    )


def belittles_a_command(tokens: tuple[Token, ...]) -> bool:
    """`The old command is make check`, `run make check or make docs`: a command is told to run, not weighed."""
    words = [token.text.lower() for token in tokens]
    is_named = any(token.part is Part.COMMAND for token in tokens)
    is_judged = any(
        first.part is Part.COMMAND and second.text.lower() in ("is", "was", "are", "has", "or")
        for first, second in pairwise(tokens)
    )
    return is_named and (is_judged or not OUTDATED.isdisjoint(words))


def checks_by_setting_up(clauses: list[tuple[Token, ...]]) -> bool:
    """Whether commands that find no fault stand in a text as what the checks are done with or replaced by.

    Args:
        clauses: All of the text, in order.
    """
    if any(_checks_by_it(clause) for clause in clauses):
        return True
    commands = [token.text for clause in clauses for token in clause if token.part is Part.COMMAND]
    if not commands or not all(map(only_sets_up, commands)):
        return False
    # `Tests: npm ci`, `run npm ci; it runs all tests`, `use npm ci, not make check`
    return any(_speaks_of_checks(clause) for clause in clauses)


def _speaks_of_checks(tokens: tuple[Token, ...]) -> bool:
    parts = {token.part for token in tokens}
    words = [word for token in tokens if token.part is not Part.COMMAND for word in token.text.lower().split()]
    if not (_AT_A_TIME | _EXCUSES).isdisjoint(words):
        return False
    return Part.COMMAND not in parts and any(map(_CHECKING.search, words))


def _checks_by_it(tokens: tuple[Token, ...]) -> bool:
    """`Run the tests with npm ci`, which finds no fault in anything; `run npm ci before the tests` is fine."""
    for at, token in enumerate(tokens):
        if token.part is not Part.COMMAND or not runs_no_tests(token.text):
            continue
        words = [other.text.lower() for other in tokens if other.part is not Part.COMMAND]
        is_by_it = at > 0 and tokens[at - 1].text.lower().rpartition(" ")[2] in (*_BY, "by")
        is_timed = not _AT_A_TIME.isdisjoint(" ".join(words).split())
        sets_up = only_sets_up(token.text)
        is_run = _READING.isdisjoint(words) or not _RUN.isdisjoint(words)
        is_of_checks = any(map(_CHECKING.search if sets_up else _TESTING.search, words)) and (sets_up or is_run)
        checks_less = only_sets_up if sets_up else runs_no_tests
        is_instead = any(
            other.part is Part.FAILING_COMMAND and not checks_less(other.text) and _may_check(other.text)
            for other in tokens
        )
        if (is_of_checks and (is_by_it or not is_timed)) or (is_instead and not is_timed):
            return True
    return False


def _may_check(command: str) -> bool:
    """`sphinx-build docs` finds no fault that `make docs` misses."""
    return _CHECKING.search(command) is not None or not is_of_unknown_program(command)
