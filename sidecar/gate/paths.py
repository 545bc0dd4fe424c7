"""Paths as slots: they exist in the repository, and they are none that no rule may speak of."""

import re
from functools import cache

_FORBIDDEN = re.compile(
    r"(?:^|/)(?:\.git|\.github|\.gitlab|\.circleci|\.buildkite|\.husky|\.githooks|\.claude|\.cline\w*|\.cursor\w*|\.codex"
    r"|\.gemini|\.sidecar|\.vscode|\.idea|\.ssh|\.aws|\.docker|\.kube)(?:/|$)"
    r"|(?:^|/)(?:\.env(?!\.example$|\.sample$|\.template$)[\w.]*|\.npmrc|\.pypirc|\.netrc|\.mcp\.json|mcp\.json|pip\.conf"
    r"|settings(?:\.local)?\.json|claude(?:\.local)?\.md|agents?\.md|gemini\.md|codeowners|jenkinsfile|\.gitlab-ci\.ya?ml"
    r"|\.pre-commit-config\.yaml|\.gitattributes|\.gitmodules|\.gitconfig|\.clinerules|\.windsurfrules|authorized_keys"
    r"|[\w.-]*(?:credential|secret|password|id_rsa|id_ed25519)s?(?:\.\w+)?|[\w.-]+\.(?:pem|key|p12|pfx|kdbx))$",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"(?:^|/)\.\.(?:/|$)|^[/~\\]|\\|%[0-9a-fA-F]{2}|^[a-zA-Z]:|\$|//")
_TEST = re.compile(
    r"(?:^|/)(?:tests?|__tests__|testing|e2e|cypress)(?:/|$)|(?:^|/)(?:test_[^/]*|[^/]*[_.-](?:test|spec)s?\.\w+|conftest\.py)$",
    re.IGNORECASE,
)


def is_existing_path(path: str, files: frozenset[str]) -> bool:
    """Whether `path` is a file of the repository, a folder with files, or a glob that some file matches."""
    name = path.removeprefix("./")
    if not name or _OUTSIDE.search(name):
        return False
    if name in files:
        return True
    folder = name.rstrip("/") + "/"
    if any(file.startswith(folder) for file in files):
        return True
    if not any(sign in name for sign in "*?["):
        return False
    pattern = _glob(name)
    return any(pattern.fullmatch(file) for file in files)


def is_forbidden_path(path: str) -> bool:
    """Whether no rule may speak of `path`: CI, hooks, agent settings, credentials, outside the repository."""
    return _FORBIDDEN.search(path) is not None or _OUTSIDE.search(path.removeprefix("./")) is not None


def is_test_path(path: str) -> bool:
    """Whether `path` holds tests."""
    return _TEST.search(path) is not None


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    """A glob as gitignore reads it: `*` stays in a folder, `**` does not; without a slash it holds in every folder."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]*\])", pattern if "/" in pattern else f"**/{pattern}")
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(signs.get(piece, piece if piece.startswith("[") else re.escape(piece)) for piece in pieces)
    )
