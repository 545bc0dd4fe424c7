"""Paths as slots: they exist in the repository, and they are none that no rule may speak of."""

import re
from fnmatch import fnmatchcase
from functools import lru_cache

_FORBIDDEN = re.compile(
    r"(?:^|/)(?:\.git|\.github|\.gitlab|\.gitea|\.forgejo|\.circleci|\.buildkite|\.woodpecker|\.teamcity|\.husky"
    r"|\.?git-?hooks|hooks/(?:pre|post|commit|prepare|update)[\w-]*|\.claude|\.cline\w*|\.cursor\w*|\.codex|\.gemini"
    r"|\.continue|\.roo\w*|\.windsurf|\.kiro|\.kilocode|\.amazonq|\.junie|\.openhands|\.opencode|\.agents?|\.aider[\w.]*"
    r"|\.augment\w*|\.trae|\.zed|\.qwen|\.goose\w*|\.copilot|\.ai|\.sidecar|\.vscode|\.idea|\.fleet|\.devcontainer"
    r"|\.ssh|\.aws|\.azure|\.gcloud|\.docker|\.kube|\.gnupg|\.m2|\.cargo|\.yarn|\.pip|\.config|\.local)(?:/|$)"
    r"|(?:^|/)(?:\.env(?!\.example$|\.sample$|\.template$)[\w.]*|\.npmrc|\.yarnrc[\w.]*|\.pypirc|\.netrc|\.gemrc|\.curlrc"
    r"|\.wgetrc|\.\w*(?:bash|zsh|profile|login|inputrc)\w*|\.mcp\.json|mcp[\w.-]*\.json|pip\.(?:conf|ini)|nuget\.config"
    r"|bunfig\.toml|opencode\.jsonc?|settings(?:\.local)?\.json|claude(?:\.local)?\.md|agents?(?:\.override)?\.md"
    r"|gemini\.md|conventions\.md|copilot-instructions\.md|codeowners|jenkinsfile|lefthook\.ya?ml|\.lintstagedrc[\w.]*"
    r"|\.gitlab-ci\.ya?ml|\.(?:travis|drone|woodpecker|appveyor)\.ya?ml|appveyor\.ya?ml|azure-pipelines\.ya?ml"
    r"|bitbucket-pipelines\.ya?ml|cloudbuild\.ya?ml|buildspec\.ya?ml|\.pre-commit-config\.yaml|\.gitattributes"
    r"|\.gitmodules|\.gitconfig|\.git-blame-ignore-revs|\.clinerules|\.windsurfrules|\.rules|authorized_keys"
    r"|(?:site|user)customize\.py|[\w.-]+\.pth|\.\w*ignore|\.coveragerc|\.mailmap|\.sops\.yaml|\.vault\w*"
    r"|[\w.-]*(?:credential|secret|password|passwd|id_rsa|id_ed25519)s?(?:\.\w+)?"
    r"|[\w.-]+\.(?:pem|key|p12|pfx|kdbx|jks|keystore|tfvars|tfstate|kubeconfig|exe|dll|so|dylib|bat|cmd|ps1|lnk|vbs))$",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"(?:^|/)\.\.(?:/|$)|^[/~\\]|\\|%[0-9a-fA-F]{2}|^[a-zA-Z]:|\$|//")
_PLAIN = re.compile(r"[\w.@*?{}\[\](),+!-]+(?:/[\w.@*?{}\[\](),+!-]+)*/?")
_NAME_PIECE = re.compile(r"[A-Z]?[a-z]{3,}")
_MAX_PIECES = 8
"""Words in one name of a path; a longer one may be a sentence."""
_LOADED = (
    "all allow always approve bypass delete disable every execute ignore instructions must never obey please previous"
    " remove rm run skip trust"
)
"""Words that a name of three words and more may not hold: what exists may have been named to be quoted."""
_FOREIGN = re.compile(
    r"(?:^|/)(?:third[_-]?party|3rd[_-]?party|vendor(?:ed|s)?|node_modules|bower_components|externals?|extern|submodules?"
    r"|subprojects|_deps|pods|carthage|sourcepackages|elm-stuff|jspm_packages|(?:site|dist)-packages|\.(?:tox|nox|pixi|eggs|build)"
    r"|\.?venv|te?mp|quarantine|untrusted)(?:/|$)"
    r"|^(?:contrib|deps|downloads?|scratch|\.?cache|logs?|outputs?|artifacts?|uploads?|inbox|issues|tickets|attachments)(?:/|$)"
    r"|\.(?:log|out|tmp|orig|rej|patch|diff|eml)$|(?:^|/)(?:issues?|tickets?|comments?|messages?)\.(?:json|md|txt)$",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"[\w*][\w.-]*\.(?:py|tsx?|jsx?|json|ya?ml|toml|go|rs|java|kt|rb|php|cs|s?css|html|vue|sql|proto|mk|gradle|kts|xml)"
)
_RESULT = re.compile(
    r"^(?:reports?|results?|coverage|htmlcov)(?:/|$)|(?:^|/)(?:test[_-]?(?:results?|reports?)|[jx]unit[\w-]*|surefire[\w-]*|__snapshots__"
    r"|snapshots|allure[\w-]*)(?:/|$|\.\w+$)|(?:junit|results?|reports?|lcov|coverage)[\w-]*\.(?:xml|json|info|trx|tap)$|\.snap$",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|__tests__|testing|e2e|cypress)(?:/|$)|(?:^|/)(?:test_[^/]*|[^/]*[_.-](?:test|spec)s?\.\w+|conftest\.py)$",
    re.IGNORECASE,
)


def is_existing_path(path: str, files: frozenset[str]) -> bool:
    """Whether `path` is a file of the repository, a folder with files, or a glob that some file matches."""
    name = path.removeprefix("./")
    if not _PLAIN.fullmatch(name) or _OUTSIDE.search(name) or _is_sentence(name):
        return False
    if name in files:
        return True
    folder = name.rstrip("/") + "/"
    if any(file.startswith(folder) for file in files):
        return True
    if not any(sign in name for sign in "*?["):
        return False
    pattern = tuple(name.split("/")) if "/" in name else ("**", name)
    return any(_matches(pattern, tuple(file.split("/"))) for file in files)


@lru_cache(maxsize=8)
def names_in(files: frozenset[str]) -> frozenset[str]:
    """The words that the repository's own files and folders are named with, in lower case, foreign code left out."""
    named = {piece.lower() for file in files if not is_foreign_path(file) for piece in _NAME_PIECE.findall(file)}
    return frozenset(named | {f"{word}s" for word in named})


def is_forbidden_path(path: str) -> bool:
    """Whether no rule may speak of `path`: CI, hooks, agent settings, credentials, outside the repository."""
    return _FORBIDDEN.search(path) is not None or _OUTSIDE.search(path.removeprefix("./")) is not None


def is_file_name(name: str) -> bool:
    """Whether `name` looks like a file of no folder."""
    return _FILE.fullmatch(name) is not None


def is_test_path(path: str) -> bool:
    """Whether `path` holds tests."""
    return _TEST.search(path) is not None


def is_foreign_path(path: str) -> bool:
    """Whether others than the team may write what lies at `path`: vendored code, logs, downloads, results of runs."""
    return _FOREIGN.search(path) is not None or is_result_path(path)


def is_result_path(path: str) -> bool:
    """Whether `path` holds what a run of checks says or compares with."""
    return _RESULT.search(path) is not None


def _is_sentence(name: str) -> bool:
    """Whether a name on the way is made of so many words, or of such words, that it could say something."""
    return any(_says_something(re.findall(r"[^\W\d_]+", piece.lower())) for piece in name.split("/"))


def _says_something(words: list[str]) -> bool:
    return len(words) > _MAX_PIECES or (len(words) > 2 and any(word in _LOADED.split() for word in words))


@lru_cache(maxsize=4096)
def _matches(pattern: tuple[str, ...], file: tuple[str, ...]) -> bool:
    """A glob as gitignore reads it: `*` stays in a folder, `**` does not."""
    # the places reached so far, not backtracking: a glob of a hundred stars must not take forever
    reached = {0}
    for piece in pattern:
        if piece == "**":
            reached = set(range(min(reached), len(file) + 1)) if reached else set[int]()
        else:
            reached = {at + 1 for at in reached if at < len(file) and fnmatchcase(file[at], piece)}
    return len(file) in reached
