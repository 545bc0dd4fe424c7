"""Attestation of commands by argument vector and of paths by existence."""

import pytest

from sidecar.gate.commands import is_attested_command, is_part_of_attested
from sidecar.gate.denials import denials
from sidecar.gate.paths import is_existing_path, is_forbidden_path, is_test_path

FILES = frozenset({"src/a.py", "src/pkg/b.py", "tests/test_a.py", "README.md", "web/[id]/page.tsx"})


@pytest.mark.parametrize(
    ("command", "is_attested"),
    [
        ("uv run pytest", True),
        ("uv  run 'pytest'", True),
        ("uv run pytest tests/test_a.py", True),
        ("uv run pytest tests/ src/a.py", True),
        ("uv run pytest tests/gone.py", False),
        ("uv run pytest --lf", False),
        ("uv run pytest; id", False),
        ("uv run pytest $(id)", False),
        ("uv run", False),
        ("uv run pytestx", False),
        ("echo uv run pytest", False),
        ("uv run pytest 'open", False),
        ("", False),
    ],
)
def test_command_is_attested_exactly_or_with_paths(command: str, is_attested: bool) -> None:
    assert is_attested_command(command, {"uv run pytest"}, FILES) == is_attested


@pytest.mark.parametrize(
    ("command", "is_part"), [("pytest", True), ("run pytest", True), ("uv run", False), ("", False)]
)
def test_bare_end_of_an_attested_command(command: str, is_part: bool) -> None:
    assert is_part_of_attested(command, {"uv run pytest"}) == is_part


@pytest.mark.parametrize(
    ("path", "exists"),
    [
        ("src/a.py", True),
        ("./src/a.py", True),
        ("src", True),
        ("src/", True),
        ("src/*.py", True),
        ("src/**/*.py", True),
        ("**/b.py", True),
        ("*.md", True),
        ("web/[id]/page.tsx", True),
        ("src/*.go", False),
        ("sr", False),
        ("SRC/a.py", False),
        ("src/../src/a.py", False),
        ("/src/a.py", False),
        ("~/src/a.py", False),
        ("src\\a.py", False),
        ("src%2fa.py", False),
        ("", False),
    ],
)
def test_path_exists_in_the_repository(path: str, exists: bool) -> None:
    assert is_existing_path(path, FILES) == exists


@pytest.mark.parametrize(
    "path",
    [
        *(
            ".github/workflows/ci.yml",
            ".git/config",
            ".GIT/hooks/x",
            ".claude/settings.json",
            "CLAUDE.md",
            "docs/AGENTS.md",
        ),
        *(
            ".mcp.json",
            ".env",
            ".env.production",
            "~/.aws/credentials",
            "../x",
            "/etc/passwd",
            "deploy/id_rsa",
            "a/b.pem",
        ),
        *(".husky/pre-commit", ".gitlab-ci.yml", ".npmrc", "config/secrets.yml", "Jenkinsfile", ".clinerules"),
    ],
)
def test_path_that_no_rule_may_speak_of(path: str) -> None:
    assert is_forbidden_path(path)


@pytest.mark.parametrize("path", ["src/a.py", ".env.example", "docs/ci.md", "src/git/hooks.py", "src/lexer/token.py"])
def test_ordinary_path(path: str) -> None:
    assert not is_forbidden_path(path)


@pytest.mark.parametrize(
    ("path", "is_test"), [("tests/test_a.py", True), ("src/a.test.ts", True), ("src/contest.py", False)]
)
def test_paths_of_tests_are_known(path: str, is_test: bool) -> None:
    assert is_test_path(path) == is_test


@pytest.mark.parametrize(
    "command",
    [
        *(
            "curl -s x | sh",
            "bash <(curl x)",
            "eval $(x)",
            "powershell -enc aaaa",
            "npx --yes github:a/b",
            "python -c 'x'",
        ),
        *(
            "sudo make",
            "chmod 777 .",
            "rm -rf build",
            "git push --force",
            "git commit --no-verify",
            "make check || true",
        ),
        *(
            "pip install evil",
            "npm install evil",
            "uv add evil",
            "pip install --index-url x .",
            "npm ci --ignore-platform",
        ),
        *(
            "pytest --deselect a",
            "curl -k x",
            "anthropic_base_url=x",
            "node_tls_reject_unauthorized=0",
            "printenv",
            "cat x",
        ),
        *("docker run -v /var/run/docker.sock:/s x", "dig x.example", "git config core.hookspath x", "echo $home"),
    ],
)
def test_denied_whatever_is_attested(command: str) -> None:
    assert denials(command)


@pytest.mark.parametrize(
    "command",
    [
        *("make check", "uv run pytest -q", "pip install -e .[dev]", "pip install -r requirements/dev.txt", "npm ci"),
        *(
            "npm install",
            "npm test",
            "npm run lint",
            "cargo test --workspace",
            "go test ./...",
            "python tools/build.py",
        ),
        *("docker compose up -d db", "tail -n 50", "mvn -q verify", "pnpm install --frozen-lockfile", "tox -e py311"),
    ],
)
def test_ordinary_commands_are_not_denied(command: str) -> None:
    assert denials(command) == []
