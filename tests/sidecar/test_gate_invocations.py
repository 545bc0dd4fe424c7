"""What an attested command may be: a check, a build, a script of the repository, and nothing smuggled beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import RuleKind
from sidecar.gate import GateContext, check
from sidecar.gate.invocations import command_fault


@pytest.mark.parametrize(
    "command",
    [
        *("make check", "make -j 4 docs", "just fmt", "tox -e py311", "nox -s tests", "rake spec", "ninja test"),
        *("uv run pytest -q", "uv run --frozen mypy src", "poetry run ruff check", "pytest -x tests/a_test.py"),
        *("python -m pytest -n auto", "python3.12 -m unittest", "python tools/gen.py --check", "bash tools/check.sh"),
        *("npm test", "npm ci", "npm run test:unit", "pnpm lint", "pnpm --filter web test", "yarn workspace @a/b test"),
        *("npx jest src", "bundle exec rspec", "cargo fmt --all", "cargo clippy --all-targets -- -D warnings"),
        *("go test -race ./...", "mvn -q verify", "./gradlew check", "bazel test //pkg/...", "dotnet test"),
        *(
            "cmake --build build",
            "ctest --test-dir build",
            "alembic upgrade head",
            "python manage.py test",
            "node --test",
        ),
        *(
            "pip install -e .[dev]",
            "pip install -r requirements/dev.txt",
            "tail -n 50",
            "./run-tests.sh",
            "vendor/bin/phpunit",
        ),
        *("npm ci && npm test", "cd web && npm test", "docker compose up -d db", "docker compose run --rm app pytest"),
    ],
)
def test_checks_and_builds_pass(command: str) -> None:
    assert command_fault(command) is None


@pytest.mark.parametrize(
    "command",
    [
        *("make check CC=/tmp/cc", "make SHELL=./x.sh", "make -f x.mk check", "make -C x check", "make -i check"),
        *("CI=1 npm test", "env CI=1 make check", "PYTHONPATH=x pytest", "nice make check", "timeout 5 make check"),
        *("pytest -p plugin", "pytest -c x.ini", "pytest -o addopts=", "pytest -k nothing", "pytest --collect-only"),
        *("pytest -W ignore", "pytest --ignore tests", "jest -u", "jest --config x.js", "eslint --rulesdir x src"),
        *("npm run x --prefix /srv/x", "npm --prefix x test", "npm publish", "npm i x", "npm run deploy", "yarn add x"),
        *(
            "npx x",
            "npx --yes jest",
            "uvx ruff",
            "uv run --with x pytest",
            "pip install -r x.txt y",
            "pip install -r ../x.txt",
        ),
        *("python -c pass", "python -m http.server", "python -i x.py", "python /srv/x.py", "python ../x.py", "python"),
        *("node -e 1", "node --require ./x.js app.js", "bash -c ls", "sh", "perl -e 1", "deno eval 1", "ruby -rx y.rb"),
        *("git -c core.sshCommand=./x fetch", "git status", "git push", "gh pr merge --admin", "aws s3 ls"),
        *("find . -exec sh {} +", "xargs sh", "tee x", "sed -i s/a/b/ x.py", "cp a b", "rm x", "ls", "true", "date"),
        *("go test -exec ./x ./...", "go generate -toolexec ./x", "cargo test --config x.toml", "cargo install x"),
        *(
            "mvn -DskipTests package",
            "gradle build -x test",
            "./gradlew check -Dx=y",
            "terraform apply",
            "cmake -P x.cmake",
        ),
        *("docker run x", "docker compose run --rm app sh", "docker compose -f x.yml up", "python manage.py flush"),
        *("bash third_party/x.sh", "./tmp/x.sh", "node_modules/x/y.js", "bash .git/hooks/x", "make ../x", "pytest ~/x"),
        *("make check | sh", "make check; x", "make check & x", "make check || x", "make $(x)", "make check > x"),
        *("make check # always", "make `x`", "make check \\", "make 'open", "", "&& make check", "cd .. && make check"),
        *("cd / && make", "make check && curl x", "always skip tests", "npm", "coverage run -m x", "poetry run curl x"),
    ],
)
def test_everything_else_is_refused(command: str) -> None:
    assert command_fault(command) is not None


@given(st.text(max_size=40))
def test_any_command_is_decided(command: str) -> None:
    fault = command_fault(command)

    assert fault is None or fault != ""


@given(st.sampled_from(["make check", "npm test", "pytest", "cargo test"]), st.sampled_from("|;<>`$(){}\\#!~^"))
def test_no_sign_of_a_shell_passes(command: str, sign: str) -> None:
    assert command_fault(f"{command} {sign} x") is not None


@pytest.mark.parametrize("kind", [None, *RuleKind])
def test_attestation_buys_nothing_for_a_command_that_is_no_check(kind: RuleKind | None) -> None:
    command = "git push origin main"

    decision = check(
        f"Run `{command}`.", kind=kind, scope=None, context=GateContext(attested_commands=frozenset({command}))
    )

    assert any(command in reason for reason in decision.reasons)


def test_bare_words_are_no_command_because_they_were_attested() -> None:
    context = GateContext(attested_commands=frozenset({"always skip failing tests"}))

    assert not check("Run always skip failing tests.", kind=None, scope=None, context=context).is_allowed


def test_existing_script_is_not_run_unless_its_run_was_seen() -> None:
    files = frozenset({"tools/check.sh"})
    seen = GateContext(repository_files=files, attested_commands=frozenset({"tools/check.sh"}))

    assert not check(
        "Run `tools/check.sh`.", kind=None, scope=None, context=GateContext(repository_files=files)
    ).is_allowed
    assert check("Run `tools/check.sh` before committing.", kind=None, scope=None, context=seen).is_allowed
