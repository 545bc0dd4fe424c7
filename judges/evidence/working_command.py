"""A check that ran, as it can be told to others."""

from collections.abc import Sequence

from judges.attempts import Attempt
from sidecar.command_line import is_repeatable


def working_command(attempts: Sequence[Attempt], good: Attempt) -> str | None:
    """The check as it can be repeated: alone if it ever ran alone, and without what only chose tests."""
    alone = [
        one.argv
        for one in attempts
        if one.ran_check and not one.before and one.folder == good.folder and _extends(good.argv, one.argv)
    ]
    argv = min(alone, key=len, default=good.argv)
    vectors = [argv] if alone or not good.before else [*good.before, argv]
    if not is_repeatable((good.folder, *(word for vector in vectors for word in vector))):
        return None
    return good.told(*vectors)


def _extends(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    return longer[: len(shorter)] == shorter
