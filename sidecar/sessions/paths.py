"""Paths as the repository knows them: relative, with forward slashes."""

import posixpath
import re

_DRIVE = re.compile(r"\A[A-Za-z]:/")


def relative_path(path: str, root: str | None) -> str:
    """A path relative to the session's first folder where it lies inside it; else as the agent named it."""
    named = path.replace("\\", "/") if "\\" in path and "/" not in path else path
    if not is_absolute(named):
        return posixpath.normpath(named)
    if root is None:
        return path
    clean, folder = posixpath.normpath(named), posixpath.normpath(root.replace("\\", "/"))
    return clean[len(folder) :].lstrip("/") if clean.startswith(folder.rstrip("/") + "/") else path


def is_absolute(path: str) -> bool:
    """Whether a path with forward slashes starts at the file system's root, a drive or a home folder."""
    return path.startswith(("/", "~")) or _DRIVE.match(path) is not None
