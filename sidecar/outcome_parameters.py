"""What the sender of a test report says of it: whose it is, and where it was run. Checked before anything is stored."""

import re
from collections.abc import Callable, Mapping

from sidecar.domain import Outcome
from sidecar.errors import InputError
from sidecar.sessions import project_of
from sidecar.sessions.added_lines import HASH_DIGITS, SKETCH_SIZE

MAX_NAME = 200
"""Characters of a session id; the longest seen in agents is 36."""
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
"""Git's hashes, SHA-1 or SHA-256; shorter ones are joined to no session, because they would fit by accident."""
_ADDED = re.compile(rf"[0-9a-f]{{{HASH_DIGITS}}}(?:\.[0-9a-f]{{{HASH_DIGITS}}}){{0,{SKETCH_SIZE - 1}}}")


def outcome_parameters(given: Mapping[str, str], outcome: Outcome) -> dict[str, str]:
    """The parameters as they are stored, those not given left out.

    Args:
        given: `session` or `commit`, unless the report itself names one; `branch`, `repository` (a remote URL) and
            `added` (a sketch of the commit's lines) help where no session made the commit.
        outcome: What the report says.
    Raises:
        InputError: nobody says whom the report is about, or a parameter is not what it should be.
    """
    parameters = {name: check(given[name]) for name, check in _CHECKS.items() if given.get(name)}
    subject = outcome.subject
    names_itself = subject is not None and (subject.session_id or subject.commit)
    if not names_itself and not parameters.keys() & {"session", "commit"}:
        raise InputError(
            "say whom the report is about with --session ID or --commit SHA; over HTTP ?session=ID or ?commit=SHA"
        )
    return parameters


def _session(value: str) -> str:
    if len(value) > MAX_NAME or not value.isprintable() or ".." in value:
        raise InputError(f"session= must be 1 to {MAX_NAME} printable characters without '..', got {value[:60]!r}")
    return value


def _commit(value: str) -> str:
    if not _COMMIT.fullmatch(value.lower()):
        raise InputError(f"commit= must be 7 to 64 hex digits of the commit's hash, got {value[:60]!r}")
    return value.lower()


def _branch(value: str) -> str:
    name = value.removeprefix("refs/heads/")
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise InputError(f"branch= must be 1 to {MAX_NAME} printable characters, got {value[:60]!r}")
    return name


def _repository(value: str) -> str:
    project = project_of(value)
    if project is None or not value.isprintable() or len(value) > 5 * MAX_NAME:
        raise InputError(f"repository= must be the URL of a git remote, got {value[:60]!r}")
    # without user and password, which a CI's remote may hold
    return f"https://{project}"


def _added(value: str) -> str:
    if not _ADDED.fullmatch(value):
        raise InputError(
            f"added= must be at most {SKETCH_SIZE} hashes of {HASH_DIGITS} hex digits with dots between, as "
            f"`sidecar outcomes add --diff` makes them, got {value[:60]!r}"
        )
    return value


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "session": _session,
    "commit": _commit,
    "branch": _branch,
    "repository": _repository,
    "added": _added,
}
