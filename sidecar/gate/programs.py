"""The programs a rule may name in a command, and how each of them is called.

A closed list, for the reason that the vocabulary is one: of the programs there are, most can fetch, run, delete or send
something when they are called right, and nobody can list those. A program that is missing here is a refused rule and a
person's minute; a program too many is an attacker's way in.
"""

_CHECKERS = (
    "actionlint ansible-lint ava bandit basedpyright bats behave black brakeman buildifier busted"
    " checkstyle clang-format clang-tidy codespell commitlint cppcheck credo ctest cucumber detekt djlint"
    " eslint flake8 gofmt goimports gotestsum hadolint isort jasmine jest kubeconform"
    " ktlint luacheck markdownlint markdownlint-cli2 mocha mypy nose2 oxfmt oxlint pest phpcs phpunit"
    " prettier prove psalm py.test pycodestyle pydocstyle pylint pyright pytest revive rspec rubocop"
    " rustfmt selene shellcheck shfmt slither standard standardrb staticcheck stylelint stylua"
    " svelte-check swiftformat swiftlint tflint tsc tsd typos vale vitest vue-tsc vulture xo yamllint"
    " benchstat helm-docs mdformat refurb interrogate pyflakes erb_lint deptry docformatter knip lint-imports"
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
    "biome": "check ci format lint",
    "buck2": "build test",
    "buf": "build format generate lint",
    "bundle": "install",
    "cabal": "build test",
    "cargo": "bench build check clippy deny doc fmt llvm-cov machete nextest test",
    "cmake": "",
    "coverage": "combine html report xml",
    "crystal": "build spec",
    "cspell": "lint",
    "cypress": "run verify",
    "dart": "analyze format test",
    "django-admin": "check test",
    "dotnet": "build format restore test",
    "dprint": "check fmt",
    "dune": "build fmt runtest test",
    "earthly": "",
    "flutter": "analyze test",
    "forge": "build fmt test",
    "go": "build fmt generate mod test vet",
    "golangci-lint": "fmt run",
    "gradle": "",
    "hatch": "build fmt test",
    "helm": "lint template",
    "karma": "start",
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
    "nyc": "check-coverage report",
    "pants": "check fmt lint test",
    "pdm": "install lock",
    "php-cs-fixer": "check fix",
    "phpstan": "analyse analyze",
    "pipenv": "sync",
    "pixi": "install run",
    "playwright": "install test",
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
    "sqlfluff": "fix format lint",
    "stack": "build test",
    "swift": "build test",
    "taplo": "check fmt format lint",
    "terraform": "fmt validate",
    "turbo": "build lint run test",
    "ty": "check",
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

_FETCHED = (
    "ava biome commitlint cspell cypress dprint eslint jest karma knip lefthook markdownlint"
    " markdownlint-cli2 mocha next ng nx nyc oxfmt oxlint playwright prettier prisma publint pyright standard stylelint"
    " svelte-check textlint tsc tsd tsx ts-node turbo vite vitest vue-tsc webpack xo"
)
FETCHED = frozenset(_FETCHED.split())
"""What `npx` may run: it gets what is not installed by its name, and other names may be anyone's."""

_CHECKER_VERBS = {
    **dict.fromkeys(("ava", "gotestsum", "helm-docs", "jasmine", "ktlint", "mocha", "refurb", "selene", "vale"), ""),
    "swiftlint": "lint",
    "vitest": "bench dev related run watch",
}
CHECKER_VERBS = {program: frozenset(verbs.split()) for program, verbs in _CHECKER_VERBS.items()}
"""Of checkers that take subcommands as well as paths; another bare word would be one that checks nothing."""

_FURTHER = {"cargo": "advisories all bans check clippy::all licenses nextest report run sources warnings", "stack": ""}
FURTHER = {program: frozenset(words.split()) for program, words in _FURTHER.items()}
"""Words behind the verb where any other selects what may not be there, or is got from elsewhere."""

MANAGER_VERBS = frozenset(("build", "ci", "i", "install", "start", "t", "test"))
"""What package managers do besides running a script; to install takes no name of a package."""

_WRAPPERS = (
    "xvfb-run -a|xvfb-run|uv run|poetry run|pdm run|hatch run|rye run|pipenv run|bundle exec|pnpm exec"
    " |yarn exec|npx --no-install|npx|docker compose run --rm|docker compose exec"
    " -T|docker compose exec|dune exec|coverage run -m|nyc"
)
WRAPPERS = tuple(tuple(wrapper.split()) for wrapper in _WRAPPERS.split("|"))
"""What may stand before a command of the lists here, longest first; docker names a service in between."""

_OPTIONS = (
    "--all --all-extras --all-features --all-files --all-groups --all-packages --all-targets --bail --batch --bins"
    " --check --check-only --ci --color --cov --coverage --dev --diff --doc --fix --format --frozen --frozen-lockfile"
    " --headless --immutable --immutable-cache --lib --locked --lockfile-only --max-warnings"
    " --no-color --no-daemon --no-install --no-interaction --no-progress --no-restore --no-watch --noEmit"
    " --noinput --output-on-failure --parallel --quiet --recursive --release --reporter --runInBand"
    " --show-error-codes --silent --stacktrace --strict --tb --verbose --workspace --workspaces"
    " --write --no-update --stale --check-formatted --fail-fast --failfast --no-build"
    " --no-deps-check --show-diff --no-emit --strict-warnings -Werror --no-dev --no-header --no-cache"
    " --warnings-as-errors"
)
OPTIONS = frozenset(_OPTIONS.split())
"""Options that change neither what is run nor from where, for every program. One letter means something else to each of
them (`-v` its version, `-s` what is skipped), so those stand with their programs."""

_SHORT = {
    "-v -vv -vvv": (
        "bandit behave black cargo cmake composer dotnet flake8 forge go golangci-lint gotestsum hatch"
        " isort just mage manage.py mkdocs mypy ninja nose2 nox pdm poetry pre-commit prek prove py.test"
        " pylint pytest ruff sphinx swift task tox unittest uv"
    ),
    "-q -qq": (
        "ansible-lint bandit behave black brakeman bundle cargo codespell compileall composer coverage"
        " cucumber dart deptry docker dotnet erb_lint flake8 flutter forge gradle hatch interrogate isort"
        " lein luacheck mkdocs mvn mypy nox npm pdm phpcs phpunit pip pixi pnpm poetry pre-commit prek"
        " prove py.test pycodestyle pydocstyle pylint pytest refurb ruff sphinx sqlfluff stack swift tox"
        " typos unittest uv vulture yarn zizmor"
    ),
    "-s": "gmake gofmt gradle make npm nox phpcs py.test pytest rake task unittest yamllint yarn",
    "-w": "codespell gofmt goimports phpcs",
    "-B": "gmake make mvn",
    "-U": "mvn",
    "-cover -race -short": "go gotestsum",
    "--run": "npm pnpm vitest yarn",
    "--test": "bun node pint",
    "--tests": "cargo gradle",
}
_OWN_OPTIONS = {
    "": "-q -s -v -vv",
    "cargo": "-D -j --benches --examples --no-default-features",
    "cmake": "--build -j",
    "ctest": "-j",
    "docker": "-d --wait",
    "dotnet": "-warnaserror",
    "gofmt": "-l",
    "gradle": "--build-cache --console --info --no-build-cache --offline --rerun-tasks",
    "manage.py": "--keepdb",
    "make": "-j",
    "mvn": "-T -am -ntp -o --batch-mode --no-transfer-progress --offline",
    "ninja": "-j",
    "nox": "-r",
    "prove": "-j -l -r",
    "R": "--as-cran --no-manual",
    "phpunit": "--testdox",
    "pdm": "-d",
    "poetry": "--no-root --sync",
    "pytest": "-n -rA -ra -rs -x --create-db"
    " --doctest-modules --no-migrations --nomigrations --reuse-db --durations --ff --lf --strict-markers",
    "rubocop": "-a",
    "terraform": "-recursive",
    "tox": "-p -r",
    "tsc": "-b -p --build --pretty",
    "turbo": "--affected",
    "xcodebuild": "-destination -project -scheme -workspace",
    "uv": "--exact --isolated --no-sync",
}
_PROGRAMS = frozenset((*_OWN_OPTIONS, *" ".join(_SHORT.values()).split()))
OWN_OPTIONS = {
    program: frozenset(
        (
            *_OWN_OPTIONS.get(program, "").split(),
            *(
                option
                for options, programs in _SHORT.items()
                if program in programs.split()
                for option in options.split()
            ),
        )
    )
    for program in _PROGRAMS
}
"""Those that a program has besides."""
