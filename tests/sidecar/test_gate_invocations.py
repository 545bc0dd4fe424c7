"""What an attested command may be: a check, a build, a script of the repository, and nothing smuggled beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import RuleKind
from sidecar.gate import GateContext, check
from sidecar.gate.invocations import command_fault
from sidecar.gate.programs import CHECKERS, FETCHED, INTERPRETERS, OPTIONS, SCRIPTED, TARGETED, VERBS, WRAPPERS
from sidecar.gate.valued import VALUED


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
        *("make check CC=/tmp/cc", "make SHELL=./x.sh", "make -f x.mk check", "make -i check"),
        *("env CI=1 make check", "nice make check", "timeout 5 make check"),
        *("pytest -p plugin", "pytest -c x.ini", "pytest -o addopts=", "pytest -k nothing", "pytest --collect-only"),
        *("pytest -W ignore", "pytest --ignore tests", "jest -u", "jest --config x.js", "eslint --rulesdir x src"),
        *("npm run x --prefix /srv/x", "npm publish", "npm i x", "npm run deploy", "yarn add x"),
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


@pytest.mark.parametrize(
    "command",
    [
        *("PYTHONPATH=src pytest", "PYTHONPATH=.:src python -m pytest tests", "CI=1 npm test", "TZ=UTC yarn test"),
        *(
            "RAILS_ENV=test bundle exec rspec",
            "DJANGO_SETTINGS_MODULE=shop.settings.test pytest",
            "LC_ALL=C make check",
        ),
        *("NO_COLOR=1 CI=true pnpm test", "QT_QPA_PLATFORM=offscreen pytest", "cd api && PYTHONPATH=. pytest"),
    ],
)
def test_harmless_settings_may_stand_before_a_command(command: str) -> None:
    assert command_fault(command) is None


@pytest.mark.parametrize(
    "command",
    [
        *(
            "PYTHONPATH=/tmp/x pytest",
            "PYTHONPATH=../x pytest",
            "PYTHONPATH=src:third_party/x pytest",
            "PATH=. make check",
        ),
        *("LD_PRELOAD=x.so pytest", "NODE_OPTIONS=--require=./x.js npm test", "PYTHONSTARTUP=x.py pytest", "CC=x make"),
        *(
            "RAILS_ENV=production rails db:migrate",
            "DJANGO_SETTINGS_MODULE=shop.settings.production pytest",
            "CI=x make",
        ),
        *(
            "CI=1",
            "CI=1 rm x",
            "PIP_INDEX_URL=x pip install -e .",
            "GIT_SSH_COMMAND=x git submodule update",
            "TZ=/x make",
        ),
        *("SKIP=mypy pre-commit run", "HUSKY=0 npm test", "PYTHONPATH= pytest", "MPLBACKEND=module://x pytest"),
    ],
)
def test_settings_that_decide_what_runs_are_refused(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *("python -m pip install -e .[dev]", "pip install -e '.[test]'", "uv pip install -r requirements-dev.txt"),
        *("pip install -e packages/core", "python3 -m venv .venv", "source .venv/bin/activate && pytest", "uv venv"),
        *(
            "git submodule update --init --recursive",
            "git lfs pull",
            "uv sync --extra dev --group docs",
            "corepack enable",
        ),
        *(
            "poetry install --with dev --no-root",
            "pdm install -dG test",
            "go mod download",
            "mix deps.get",
            "pixi install",
        ),
        *("docker compose -f deploy/docker-compose.yml up -d --wait", "npm --prefix web ci", "flutter pub get"),
        *(".venv/bin/python -m pytest", "./.venv/bin/ruff check", "venv/bin/pip install -e ."),
    ],
)
def test_set_up_of_what_the_repository_names_passes(command: str) -> None:
    assert command_fault(command) is None


@pytest.mark.parametrize(
    "command",
    [
        *("pip install x", "python -m pip install x", "uv pip install x", "pip install -e . x", "pip install -e ../x"),
        *(
            "pip install -r /x.txt",
            "pip install -r ~/x.txt",
            "pip install -e git+ssh://x",
            "pip install -e third_party/x",
        ),
        *("git submodule add x", "git submodule foreach make", "git submodule update --remote", "git lfs push origin"),
        *("source x.sh", ". ./x.sh", "source /x/.venv/bin/activate", "source .venv/bin/x", ".venv/bin/x", "uv venv /x"),
        *("uv sync --extra ../x", "uv sync --extra", "uv sync x", "pixi add x", "pixi install x", "corepack use x"),
        *("docker compose -f ../docker-compose.yml up", "docker compose -f /x/compose.yml up", "npm --prefix ../x ci"),
        *("go mod edit x", "poetry install x", "pdm install x", "R CMD INSTALL x", "flutter pub add x"),
    ],
)
def test_set_up_from_elsewhere_is_refused(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *(
            "uv run --group dev pytest",
            "uv run --extra test --frozen mypy src",
            "uv run -m pytest",
            "xvfb-run -a pytest",
        ),
        *("xvfb-run uv run pytest", "hatch run test", "pixi run test-unit", "mise run lint", "moon run web:build"),
        *(
            "make -C docs html",
            "pnpm -C packages/ui test",
            "npm test -w @acme/ui",
            "npm test --workspace=ui",
            "pnpm turbo lint",
        ),
        *(
            "cargo test -p core --features postgres",
            "cargo check --manifest-path desktop/Cargo.toml",
            "ninja -C build test",
        ),
        *(
            "go test -tags integration ./...",
            "go test -mod=vendor ./...",
            "mvn -q -pl core -am test",
            "gradle :app:check",
        ),
        *("cmake -S . -B build -DBUILD_TESTING=ON", "cmake --preset ci", "meson setup build", "dotnet test -c Release"),
        *("pytest -p no:cacheprovider --maxfail=1", "pytest -m 'not gpu'", "python -m pytest --import-mode=importlib"),
        *("python manage.py test --settings=shop.settings.test --keepdb", "php artisan test", "clojure -M:test"),
        *("julia --project=. test/runtests.jl", "R CMD check .", "eslint --ext .ts,.tsx src", "pnpm vitest run"),
        *(
            "phpunit --testsuite unit",
            "bazel test --config=ci //...",
            "prek run --all-files",
            "lefthook run pre-commit",
        ),
    ],
)
def test_options_that_choose_within_the_repository_pass(command: str) -> None:
    assert command_fault(command) is None


@pytest.mark.parametrize(
    "command",
    [
        *(
            "uv run --with x pytest",
            "uv run --index x pytest",
            "uv run --group",
            "uv run --group dev rm x",
            "uv run -m x",
        ),
        *(
            "xvfb-run rm x",
            "xvfb-run xvfb-run",
            "hatch run deploy",
            "hatch run x",
            "pixi run dropdb",
            "mise run release",
        ),
        *(
            "mise install x",
            "moon run :deploy",
            "lefthook install",
            "prek install",
            "make -C /x check",
            "make -C .. check",
        ),
        *("pnpm -C vendor/x test", "npm test -w ../x", "cargo test --manifest-path ../x/Cargo.toml", "cargo test -p"),
        *(
            "go test -mod=x ./...",
            "mvn -f ../pom.xml test",
            "gradle -p /x test",
            "gradle :app:publish",
            "gradle test -x check",
        ),
        *("cmake -S /x -B build", "cmake -DCMAKE_C_COMPILER=x -S .", "meson setup ../x", "dotnet test -c x"),
        *(
            "pytest -p x",
            "pytest -p no:cov",
            "pytest --maxfail=0",
            "pytest -m 'not security'",
            "pytest -m 'not gpu or x'",
        ),
        *(
            "python manage.py test --settings=x.production",
            "php artisan migrate:fresh",
            "clojure -M -e 1",
            "clojure -M:x",
        ),
        *(
            "julia --project=/x test.jl",
            "julia --project -e 1",
            "R -e 1",
            "eslint --ext x.js src",
            "pnpm x run",
            "clojure",
        ),
    ],
)
def test_options_that_lead_elsewhere_are_refused(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *(
            'cd ".." && make check',
            "cd '/srv/x' && make check",
            "cd - && make check",
            "cd -P && make check",
        ),
        *(
            "env/bin/easy_install x",
            "env/bin/pip3.11 install x",
            ".tox/py311/bin/pip3.11 install x",
            "virtualenv/bin/pip3.11 install x",
        ),
        *(
            "bash build/_deps/x-src/run.sh",
            "bash Pods/x/run.sh",
            ".build/checkouts/x/run.sh",
            "bash subprojects/x-1.0/run.sh",
        ),
        *(
            "python /srv/x/manage.py test",
            "python third_party/x/manage.py test",
            "python tmp/manage.py check",
            "pytest @tmp/x.txt",
        ),
        *(
            "mypy @x/y.txt",
            "buf generate buf.build/x/y",
            "buf generate example.com/x",
            "python tools/send.py Example.com:x/y",
        ),
        *(
            "bash public/uploads/x.sh",
            "python media/x.py",
            "ninja -C build install",
            "cmake --build build --target install",
        ),
        *(
            "docker compose run --rm --volume=/:/host make check",
            "docker compose exec -u0 make check",
        ),
    ],
)
def test_places_outside_the_repository_are_refused(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *(
            "python -mpip.__main__ install x",
            "python -mhttp.server",
            "ruby -ropen-uri.rb x.rb",
            "python setup.py easy_install x",
        ),
        *(
            "npm install --cwd x",
            "npm ci --filter x",
            "pnpm install -w x",
            "pnpm -w add x-test",
        ),
        *(
            "pnpm -w dlx x-test",
            "yarn --filter add x-test",
            "yarn -C dlx x-build",
            "deno run npm:x",
        ),
        *(
            "deno test npm:x",
            "bun run npx x",
            "bun run easy_install x",
            "yarn run npx x",
        ),
        *(
            "nyc npx x",
            "nyc npm x y",
            "npx nyc easy_install x",
            "dprint config add x/y",
        ),
        *(
            "npx ruff check",
            "npx lint-imports",
            "npx make check",
            "npx python x.py",
        ),
        *(
            "uv run -w pytest x",
            "uv sync -U",
            "uv lock -U",
            "stack build x",
        ),
        *(
            "mvn com.example:build-maven-plugin:1.0:check",
            "mvn -s build/settings.xml verify",
            "dotnet restore -s build/x",
            "go test -mod=mod example.com/x/y",
        ),
        *(
            "cargo nextest self update",
            "python -m pre_commit try-repo example.com:x/y",
            "python -m pre_commit autoupdate",
            "playwright install-deps",
        ),
    ],
)
def test_nothing_is_installed_by_name_however_it_is_called(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *(
            "python -m pre_commit uninstall",
            "python -m pre_commit install",
            "python -m ruff version",
            "python -m ruff clean",
        ),
        *(
            "python -m mkdocs serve",
            "ktlint installGitPreCommitHook",
            "playwright run-server",
            "playwright open example.com",
        ),
        *(
            "biome version",
            "biome init",
            "golangci-lint linters",
            "vitest list",
        ),
        *(
            "vitest init browser",
            "mix credo gen.config",
            "jasmine version",
            "cypress info",
        ),
        *(
            "phpstan list",
            "tox list",
            "tox config",
            "doit ignore check",
        ),
        *(
            "doit forget",
            "hatch run test:reboot",
            "python manage.py migrate shop zero",
            "rake db:truncate_all",
        ),
        *(
            "rails db:migrate db:truncate_all",
            "python setup.py saveopts",
            "cargo nextest list",
        ),
    ],
)
def test_subcommands_that_check_nothing_are_refused(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *(
            "make -v check",
            "make -q check",
            "mvn -v verify",
            "gradle check -v",
        ),
        *(
            "eslint -v src",
            "jest -v",
            "npm test -v",
            "prettier -v",
        ),
        *(
            "rspec -v",
            "rubocop -v",
            "terraform validate -v",
            "isort --check-only -s src .",
        ),
        *(
            "bandit -s B602,B603 src/app.py",
            "bandit --tests B101 src",
            "brakeman -s html",
            "brakeman -w 3",
        ),
        *(
            "brakeman --test CheckSQL",
            "rubocop -s x.rb",
            "rubocop --list",
            "markdownlint -s",
        ),
        *(
            "behave -w",
            "ansible-lint -w x",
            "tox -s",
            "pycodestyle --diff",
        ),
        *(
            "black --diff src",
            "ruff check --diff src",
            "npm run verify --if-present",
            "just --list",
        ),
        *(
            "playwright test --list",
            "cargo test -- --list",
            "cargo test x",
            "go test -count=0 ./...",
        ),
        *(
            "go test -count 0 ./...",
            "go test --run x ./...",
            "go test --list . ./...",
            "phpunit --testsuite x",
        ),
        *(
            "ctest --test-dir docs",
            "dotnet --info test",
            "jest --watchAll",
            "DJANGO_SETTINGS_MODULE=antigravity pytest",
        ),
    ],
)
def test_options_that_mean_something_else_there_are_refused(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *("pytest -s -vv tests", "make -s check", "cargo test -q", "gofmt -s -w .", "mvn -B -q verify", "bash x.sh -v"),
        *("npx nyc mocha", "nyc --reporter=lcov mocha", "golangci-lint run ./...", "playwright test", "biome check ."),
        *(
            "python -m pre_commit run --all-files",
            "python -m ruff check",
            "python -m coverage report",
            "vitest run src",
        ),
        *("deno task check", "deno run tools/gen.ts", "bun run test:unit", "yarn run build", "go test -count=1 ./..."),
        *("black --check --diff src", "tox run -e py311,lint", "cargo nextest run", "python setup.py build_ext"),
        *(
            "hatch run test:run",
            "hatch run lint:style",
            "nx build @acme/ui",
            "cd packages/ui && npm test",
            "npx vitest",
            "npm test -- --watchAll=false",
        ),
    ],
)
def test_usual_ways_to_call_them_pass(command: str) -> None:
    assert command_fault(command) is None


def test_npx_gets_only_known_programs() -> None:
    assert set() == FETCHED - CHECKERS - INTERPRETERS - VERBS.keys()


@given(st.text(max_size=40))
def test_any_command_is_decided(command: str) -> None:
    fault = command_fault(command)

    assert fault is None or fault != ""


PROGRAMS = sorted(
    {*CHECKERS, *TARGETED, *SCRIPTED, *INTERPRETERS, *VERBS, *(" ".join(one) for one in WRAPPERS), "docker", "clojure"}
)
WORDS = sorted(
    {*OPTIONS, *(option for valued in VALUED.values() for option in valued), "run", "test", "x", "-m", "=", "."}
)


@given(st.sampled_from(PROGRAMS), st.lists(st.sampled_from(WORDS), max_size=5))
def test_known_programs_are_decided_whatever_follows(program: str, words: list[str]) -> None:
    fault = command_fault(" ".join([program, *words]))

    assert fault is None or fault != ""


@given(st.sampled_from(PROGRAMS), st.lists(st.sampled_from(WORDS), max_size=4))
def test_no_place_outside_passes_behind_any_option(program: str, words: list[str]) -> None:
    for outside in ("../x", "/srv/x", "~/x", "third_party/x"):
        assert command_fault(" ".join([program, *words, outside])) is not None


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


@pytest.mark.parametrize(
    "command",
    [
        *("make -C web/public/uploads/x check", "cd web/uploads && make check", "PYTHONPATH=web/media/plugins pytest"),
        *("pip install -r .hidden/requirements.txt", "pip install -e web/uploads/kit", "npm --prefix web/uploads test"),
        *("cargo test --manifest-path web/downloads/x/Cargo.toml", "docker compose -f web/uploads/compose.yml up -d"),
    ],
)
def test_no_command_works_where_users_put_files(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *("python tools/sync.py evil.example.net", "bash tools/backup.sh 203.0.113.7", "./tools/copy.sh 10.0.0.9:22"),
        *(
            "python tools/report.py evil.example.net:8080",
            "make report-to evil.example.com",
            "ruby x.rb xn--evl-dma.com",
        ),
        *("npm run report -- evil.example.net", "eslint //server/x", "bash tools/sync.sh //server/share"),
    ],
)
def test_no_machine_is_named_behind_what_the_repository_defines(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *("pnpm install --frozen-lockfile=false", "yarn install --immutable=false", "tsc --noEmit --strict false"),
        *("prettier --check=false .", "jest --ci=False", "eslint --max-warnings=99999 src", "CI=false npm run build"),
        *("stylelint --max-warnings 100000 src", "eslint --max-warnings=-1 src", "black --line-length 99999 ."),
    ],
)
def test_no_option_is_turned_into_its_opposite(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *("pytest --ds=antigravity", "python manage.py test --settings=x.loader", "jest --environment x-env"),
        *(
            "vitest --pool ./x.js",
            "DJANGO_SETTINGS_MODULE=confetti.loader pytest",
            "pnpm setup",
            "cd сору && make check",
        ),
        *("docker compose -f deploy/docker-compose.prod.yml up -d", "npm --prefix сору test", "pytest тест"),
    ],
)
def test_no_option_loads_or_starts_what_the_repository_does_not_check_with(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *("bash scripts/deploy.sh", "python tools/publish.py", "./tools/send-logs.sh", "python scripts/drop_db.py"),
        *("make tunnel", "make creds", "make grant-all", "npm run unlock", "make mute-tests", "make noverify"),
    ],
)
def test_scripts_and_targets_named_after_harm_are_refused(command: str) -> None:
    assert command_fault(command) is not None


@pytest.mark.parametrize(
    "command",
    [
        *(
            "python tests/runner.py",
            "bash tools/run_tests.sh",
            "bash tools/shell_check.sh",
            "node scripts/build-token-table.js",
        ),
        *(
            "eslint --max-warnings 0 src",
            "pytest --tb=no --color=no",
            "python -m unittest shop.io",
            "pytest tests/test_trust.py",
        ),
        *(
            "vitest --environment jsdom --pool=forks",
            "python manage.py test --settings=config.settings.test",
            "CI=1 npm test",
        ),
        *(
            "bazel test //...",
            "bash tools/x.sh tests/a.py:12",
            "pytest --durations=0",
            "pnpm run setup",
            "pytest --ds=shop.test_settings",
        ),
    ],
)
def test_what_reads_like_those_passes(command: str) -> None:
    assert command_fault(command) is None
