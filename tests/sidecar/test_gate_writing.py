"""Whatever a draft names, a commit of ours touches rules files and the ledger, and no settings of any agent."""

from pathlib import Path

import pytest

from sidecar.errors import GitError
from sidecar.git import Clone
from tests.sidecar.remotes import make_remote

SETTINGS = [
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".claude/hooks/pre.sh",
    ".claude/commands/deploy.md",
    ".claude/agents/helper.md",
    ".claude/rules/other.md",
    ".mcp.json",
    ".cline/mcp.json",
    ".codex/config.toml",
    ".gemini/settings.json",
    ".github/copilot-instructions.md",
    ".github/workflows/ci.yml",
    ".vscode/settings.json",
    ".cursor/rules/x.mdc",
    ".git/hooks/post-checkout",
    "CLAUDE.md/../.mcp.json",
    "claude.json",
    "opencode.json",
    "Makefile",
    "conftest.py",
    "/etc/passwd",
    "~/.bashrc",
    ".sidecar/rules/../../.mcp.json",
    ".sidecar/rules/x.json",
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    folder = tmp_path_factory.mktemp("writing")
    remote: Path = make_remote(folder, {"CLAUDE.md": "# Shop\n"})
    made = Clone.open(folder / "clone.git", str(remote))
    made.fetch()
    return made


@pytest.mark.parametrize("path", SETTINGS)
@pytest.mark.parametrize("content", [b"{}", None])
def test_settings_are_never_written_nor_removed(clone: Clone, path: str, content: bytes | None) -> None:
    with pytest.raises(GitError, match="is not written"):
        clone.commit_files(clone.base_head(), {"CLAUDE.md": b"# Ours\n", path: content}, "x", at_ns=1)


@pytest.mark.parametrize("path", ["CLAUDE.md", "AGENTS.md", "GEMINI.md", ".clinerules/learned.md"])
def test_rules_files_are_written(clone: Clone, path: str) -> None:
    commit = clone.commit_files(clone.base_head(), {path: b"# Ours\n"}, "x", at_ns=1)

    assert clone.read_file(commit, path) == b"# Ours\n"
