"""The programs a rule may name in a command, and how each of them is called.

A closed list, for the reason that the vocabulary is one: of the programs there are, most can fetch, run, delete or send
something when they are called right, and nobody can list those. A program that is missing here is a refused rule and a
person's minute; a program too many is an attacker's way in.
"""

_CHECKERS = (
    "actionlint ansible-lint ava bandit basedpyright bats behave biome black brakeman buildifier busted"
    " checkstyle clang-format clang-tidy codespell commitlint cppcheck credo ctest cucumber cypress detekt djlint"
    " dprint eslint flake8 gofmt goimports golangci-lint gotestsum hadolint isort jasmine jest karma kubeconform"
    " ktlint luacheck markdownlint markdownlint-cli2 mocha mypy nose2 nyc oxfmt oxlint pest phpcs phpstan phpunit"
    " playwright prettier prove psalm py.test pycodestyle pydocstyle pylint pyright pytest revive rspec rubocop"
    " rustfmt selene shellcheck shfmt slither sqlfluff standard standardrb staticcheck stylelint stylua"
    " svelte-check swiftformat swiftlint taplo tflint tsc tsd ty typos vale vitest vue-tsc vulture xo yamllint"
    " benchstat helm-docs mdformat refurb interrogate pyflakes erb_lint cspell deptry docformatter knip lint-imports"
    " pint publint textlint zizmor"
)
CHECKERS = frozenset(_CHECKERS.split())
"""Programs that read the repository and say what is wrong with it; what follows is paths."""

_TARGETED = "doit gmake grunt gulp inv invoke just mage make ninja nox poe rake task tox"
TARGETED = frozenset(_TARGETED.split())
"""Programs that run what the repository itself defines under a name."""

_SCRIPTED = "bun composer deno npm pnpm yarn"
SCRIPTED = frozenset(_SCRIPTED.split())
"""Package managers that also run what the repository defines under a name."""

_INTERPRETERS = "bash julia lua node perl php python Rscript ruby sh ts-node tsx zsh"
INTERPRETERS = frozenset(_INTERPRETERS.split())
"""Programs that may be named with a script of the repository, and with nothing else."""

_MODULES = (
    "bandit behave black build compileall coverage doctest flake8 isort mkdocs mypy nox pre_commit pycodestyle"
    " pydocstyle pyflakes pylint pyright pytest ruff sphinx tox unittest"
)
MODULES = frozenset(_MODULES.split())
"""Python modules that check or build."""

_VERBS = {
    "alembic": "upgrade check current heads history",
    "bazel": "build test",
    "bazelisk": "build test",
    "buck2": "build test",
    "buf": "build format generate lint",
    "bundle": "install",
    "cabal": "build test",
    "cargo": "bench build check clippy deny doc fmt llvm-cov machete nextest test",
    "cmake": "",
    "coverage": "html report xml",
    "crystal": "build spec",
    "dart": "analyze format test",
    "django-admin": "check test",
    "dotnet": "build format restore test",
    "dune": "build fmt runtest test",
    "earthly": "",
    "flutter": "analyze test",
    "forge": "build fmt test",
    "go": "build fmt generate mod test vet",
    "gradle": "",
    "hatch": "build fmt test",
    "helm": "lint template",
    "lein": "check test",
    "mdbook": "build test",
    "lefthook": "run",
    "meson": "compile setup test",
    "mill": "",
    "mise": "run",
    "mix": "compile credo dialyzer format test",
    "mkdocs": "build",
    "moon": "check ci run",
    "mvn": "",
    "next": "build lint",
    "ng": "build lint test",
    "nimble": "build test",
    "nx": "affected build lint run-many test",
    "pants": "check fmt lint test",
    "pdm": "install lock",
    "php-cs-fixer": "check fix",
    "pipenv": "sync",
    "pixi": "install run",
    "poetry": "build check install lock",
    "pre-commit": "run",
    "prek": "run",
    "prisma": "format generate validate",
    "R": "CMD",
    "rails": "db:migrate db:prepare db:test:prepare g generate test zeitwerk:check",
    "rebar3": "ct dialyzer eunit",
    "ruff": "check format",
    "rush": "build test",
    "sbt": "",
    "sqlc": "generate vet",
    "stack": "build test",
    "swift": "build test",
    "terraform": "fmt validate",
    "turbo": "build lint run test",
    "uv": "build lock sync",
    "vite": "build",
    "wasm-pack": "build test",
    "webpack": "",
    "xcodebuild": "build test",
    "ct": "lint",
    "zig": "build fmt test",
}
VERBS = {program: frozenset(verbs.split()) for program, verbs in _VERBS.items()}
"""Programs with subcommands; an empty set takes any name that `WORK` knows."""

MANAGER_VERBS = frozenset(("build", "ci", "i", "install", "start", "t", "test"))
"""What package managers do besides running a script; to install takes no name of a package."""

_WRAPPERS = (
    "xvfb-run -a|xvfb-run|uv run|poetry run|pdm run|hatch run|rye run|pipenv run|bundle exec|pnpm exec"
    " |yarn exec|npx --no-install|npx|docker compose run --rm|docker compose exec"
    " -T|docker compose exec|dune exec|coverage run -m"
)
WRAPPERS = tuple(tuple(wrapper.split()) for wrapper in _WRAPPERS.split("|"))
"""What may stand before a command of the lists here, longest first; docker names a service in between."""

_WORK = (
    "all analyze api assemble bench benchmark bootstrap build builds check checks ci client clippy codegen"
    " compile cov coverage css data dev develop doc docs e2e fixtures fmt format gen generate hooks html i18n"
    " integration lint lints locales mypy package prepare pretty prettier proto quality routes schema schemas"
    " setup smoke spec specs start style styles test tests translations tsc type typecheck types unit validate"
    " verify vet web"
)
WORK = frozenset(_WORK.split())
"""Pieces of names that say what is built or checked."""

_DANGEROUS = (
    "accept admin apply approve bypass console dangerous delete deploy deployment destroy disable down drop erase"
    " eval exec fetch flush force kill login logout nuke nothing only prod production promote prune publish pull"
    " purge push rebase release remote reset rm rollback root runner send sh shell ship shutdown skip ssh staging"
    " sudo token unsafe updatesnapshot upload wipe yolo"
)
DANGEROUS_PIECES = frozenset(_DANGEROUS.split())
"""Pieces of names that a repository gives to what leaves it or cannot be undone."""

_OPTIONS = (
    "-B -U -cover -count -p0 -q -qq -race -s -short -timeout -v -vv -w --all --all-extras --all-features"
    " --all-files --all-groups --all-packages --all-targets --bail --batch --bins --cached --check --check-only"
    " --ci --color --cov --coverage --dev --diff --doc --extra --fix --format --frozen --frozen-lockfile --group"
    " --headless --if-present --immutable --immutable-cache --lib --locked --lockfile-only --max-warnings"
    " --no-color --no-daemon --no-install --no-interaction --no-progress --no-restore --no-watch --noEmit"
    " --noinput --output-on-failure --parallel --quiet --recursive --release --reporter --run --runInBand"
    " --show-error-codes --silent --stacktrace --strict --tb --test --tests --verbose --workspace --workspaces"
    " --write --no-update --stale --check-formatted -recursive -warnaserror --fail-fast --failfast --no-build"
    " --no-deps-check --show-diff --list --no-emit --strict-warnings -Werror -vvv --no-dev --no-header --no-cache"
    " --warnings-as-errors --info"
)
OPTIONS = frozenset(_OPTIONS.split())
"""Options that change neither what is run nor from where, for every program."""

_OWN_OPTIONS = {
    "cargo": "-D -j --benches --examples --no-default-features",
    "cmake": "--build -j",
    "ctest": "-j --test-dir",
    "docker": "-d --wait",
    "gofmt": "-l",
    "gradle": "--build-cache --console --no-build-cache --offline --rerun-tasks",
    "jest": "--watchAll",
    "manage.py": "--keepdb",
    "make": "-j",
    "mvn": "-T -am -ntp -o --batch-mode --no-transfer-progress --offline",
    "ninja": "-j",
    "nox": "-r -s",
    "npm": "--watchAll",
    "prove": "-j -l -r",
    "R": "--as-cran --no-manual",
    "phpunit": "--testdox",
    "pdm": "-d",
    "poetry": "--no-root --sync",
    "pytest": "-n -rA -ra -rs -x --create-db"
    " --doctest-modules --no-migrations --nomigrations --reuse-db --durations --ff --lf --strict-markers",
    "rubocop": "-a",
    "tox": "-e -p -r",
    "tsc": "-b -p --build --pretty",
    "turbo": "--affected",
    "xcodebuild": "-destination -project -scheme -workspace",
    "unittest": "-s",
    "uv": "--exact --isolated --no-sync",
}
OWN_OPTIONS = {program: frozenset(options.split()) for program, options in _OWN_OPTIONS.items()}
