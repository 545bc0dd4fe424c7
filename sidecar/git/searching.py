"""Which files of a commit hold given words: asked of the object store, never of a work tree."""

from collections.abc import Sequence

from sidecar.git.command import GitCommand

_FOUND = 0


def paths_holding(
    git: GitCommand, commit: str, words: Sequence[str], endings: Sequence[str], *, timeout_s: float
) -> frozenset[str]:
    """Paths that end in one of `endings` and hold each of `words` as a whole word; none when git was not in time."""
    if not words:
        return frozenset()
    flags = ["-I", "-l", "-z", "-w", "-F", "--full-name", "--all-match", "--no-color", "--no-recurse-submodules"]
    asked = [argument for word in words for argument in ("-e", word)]
    # a pattern of ours, not a path of anybody's: the endings are globs
    globs = [f":(glob)**/*{ending}" for ending in endings]
    code, output, _ = git.answer(
        "grep",
        *flags,
        *asked,
        commit,  # a hash that we resolved: `git grep` does not know --end-of-options before 2.43
        "--",
        *globs,
        environment={"GIT_LITERAL_PATHSPECS": "0"},
        timeout_s=timeout_s,
    )
    if code != _FOUND:
        return frozenset()
    paths = (record.removeprefix(f"{commit}:".encode()) for record in output.split(b"\0") if record)
    return frozenset(path.decode("utf-8", "surrogateescape") for path in paths)
