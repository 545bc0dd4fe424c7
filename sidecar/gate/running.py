"""What a clause says of what runs: a file that was never seen to run, or a command that is weighed, not told."""

from itertools import pairwise

from sidecar.gate.parts import Part
from sidecar.gate.slots import Token

_RUNNING = frozenset(("call", "load", "run", "start"))
_MAKING = frozenset(("build", "compile", "format", "generate", "lint", "run", "start", "test"))
_BY = frozenset(("with", "via", "through", "using"))
OUTDATED = frozenset(("dead", "late", "legacy", "old", "oldest", "optional"))
"""What a command or what follows a colon is set aside by."""


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
