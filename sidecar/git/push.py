"""Writes branches of ours on the remote, each under the condition that nobody else has written to it."""

from enum import StrEnum

from sidecar.errors import GitUnavailableError
from sidecar.git.address import check_branch
from sidecar.git.command import GitCommand
from sidecar.git.tree import EMAIL

_ATTEMPTS = 3
"""Pushes tried when somebody else writes the branch between our look and our push."""
_LOST_RACE = (b"stale info", b"(fetch first)", b"failed to update ref", b"reference already exists", b"cannot lock ref")
"""Git's own words, by LC_ALL=C, for a branch that is no longer what we saw."""
_BASE = "refs/remotes/origin/HEAD"


class PushResult(StrEnum):
    """What became of a push."""

    PUSHED = "pushed"
    UNCHANGED = "unchanged"
    """The remote has this very commit there."""
    FROZEN = "frozen"
    """Somebody else committed to the branch: theirs now, read and never rewritten."""


def remote_branches(git: GitCommand, url: str, prefix: str) -> dict[str, str]:
    """Head commits of the remote's branches under `prefix/`, or of the one branch of that name."""
    pattern = f"refs/heads/{prefix}*" if prefix.endswith("/") else f"refs/heads/{check_branch(prefix)}"
    listed = git.run("ls-remote", "--end-of-options", url, pattern).decode("utf-8", "surrogateescape")
    pairs = (line.split("\t", 1) for line in listed.splitlines() if "\t" in line)
    return {name.removeprefix("refs/heads/"): sha for sha, name in pairs if name.startswith("refs/heads/")}


def push_commit(git: GitCommand, url: str, commit: str, branch: str) -> PushResult:
    """Make the remote's branch this commit, unless somebody else has committed to it."""
    for _ in range(_ATTEMPTS):
        seen = _seen(git, url, branch)
        if seen == commit:
            return PushResult.UNCHANGED
        if seen is not None and _is_foreign(git, seen, (commit, _BASE)):
            return PushResult.FROZEN
        if _is_pushed(git, url, f"{commit}:refs/heads/{branch}", branch, seen or ""):
            return PushResult.PUSHED
    raise GitUnavailableError(f"others keep writing {branch}: tried {_ATTEMPTS} times; run again later")


def delete_branch(git: GitCommand, url: str, branch: str) -> bool:
    """Remove our branch; False when it was not there or holds somebody else's commits."""
    seen = _seen(git, url, branch)
    if seen is None or _is_foreign(git, seen, (_BASE,)):
        return False
    return _is_pushed(git, url, f":refs/heads/{branch}", branch, seen)


def is_theirs(git: GitCommand, branch: str) -> bool:
    """Whether somebody else has committed to a branch of ours, as of the last fetch; False where it was not there."""
    ours = f"refs/remotes/origin/{branch}"
    code, _, _ = git.answer("rev-parse", "--verify", "--quiet", ours)
    return code == 0 and _is_foreign(git, ours, (_BASE,))


def _seen(git: GitCommand, url: str, branch: str) -> str | None:
    """The branch's head commit on the remote, brought here; None when there is no such branch."""
    if branch not in remote_branches(git, url, branch):
        return None
    flags = ["--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--quiet"]
    ours = f"refs/remotes/origin/{branch}"
    git.run("fetch", *flags, "--end-of-options", url, f"+refs/heads/{branch}:{ours}")
    return git.run("rev-parse", "--verify", ours).decode("ascii").strip()


def _is_foreign(git: GitCommand, seen: str, known: tuple[str, ...]) -> bool:
    """Whether a branch's last commit is a new one that we did not write.

    We write one commit upon a base, so whoever works on a branch of ours commits on top of it or writes ours anew under
    their own name. What lies below is the base as it was, also where its history has been rewritten since.
    """
    listed = git.run("log", "--max-count=1", "--format=%ce", "--end-of-options", seen, *(f"^{one}" for one in known))
    return any(email != EMAIL for email in listed.decode("utf-8", "replace").splitlines())


def _is_pushed(git: GitCommand, url: str, refspec: str, branch: str, seen: str) -> bool:
    """Push while the branch is what we saw; False when it no longer is."""
    lease = f"--force-with-lease=refs/heads/{branch}:{seen}"
    flags = ["--porcelain", "--no-verify", "--no-recurse-submodules", lease]
    code, output, words = git.answer("push", *flags, "--end-of-options", url, refspec)
    if code == 0:
        return True
    if any(sign in output for sign in _LOST_RACE):
        return False
    raise git.error("push", f"{output.decode('utf-8', 'replace')}\n{words}")
