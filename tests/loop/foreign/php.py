"""A PHP catalog: phpunit lies in vendor, which must be installed first."""

from tests.loop.foreign.acts import Ecosystem, edited, ran, session

_HEAD = "PHPUnit 11.1.3 by Sebastian Bergmann and contributors.\n\nRuntime:       PHP 8.3.4\n\n"
_OK = (
    f"{_HEAD}............                                        12 / 12 (100%)\n\n"
    "Time: 00:00.021, Memory: 8.00 MB\n\nOK (12 tests, 31 assertions)\n"
)
_MISSING = "bash: line 1: vendor/bin/phpunit: No such file or directory"
_INSTALLED = (
    "Installing dependencies from lock file (including require-dev)\nPackage operations: 28 installs, 0 updates\n"
    "Generating autoload files\n"
)


def _failed(said: str) -> str:
    return (
        f"{_HEAD}...........F                                        12 / 12 (100%)\n\nTime: 00:00.019\n\n"
        f"There was 1 failure:\n\n1) Acme\\Catalog\\PriceTest::testTax\n{said}\n\n"
        "/home/dev/catalog/tests/PriceTest.php:21\n\n"
        "FAILURES!\nTests: 12, Assertions: 31, Failures: 1.\n"
    )


PHP = Ecosystem(
    name="catalog",
    files=("composer.json", "composer.lock", "src/Price.php", "src/Tax.php", "tests/PriceTest.php", "phpunit.xml"),
    sessions=(
        session(
            "CAT-1: prices in cents.",
            "CAT-1-cents",
            edited("src/Price.php", "float", "int"),
            ran("phpunit", err="bash: line 1: phpunit: command not found", code=127),
            ran("vendor/bin/phpunit", _OK),
        ),
        session(
            "CAT-2: no negative prices.",
            "CAT-2-negative",
            edited("src/Price.php", "return $a", "return max(0, $a)"),
            ran("phpunit --testdox tests", err="sh: 1: phpunit: not found", code=127),
            ran("vendor/bin/phpunit --testdox tests 2>&1", _OK),
        ),
        session(
            "CAT-3: tax of books.",
            "CAT-3-books",
            edited("src/Tax.php", "19", "7"),
            ran("vendor/bin/phpunit", err=_MISSING, code=127),
            ran("composer install", err=_INSTALLED),
            ran("vendor/bin/phpunit", _OK),
        ),
        session(
            "CAT-4: tax of flowers.",
            "CAT-4-flowers",
            ran("ls", "composer.json\nsrc\ntests\n"),
            edited("src/Tax.php", "7", "7.0"),
            ran("./vendor/bin/phpunit", err="bash: line 1: ./vendor/bin/phpunit: No such file or directory", code=127),
            ran("composer install --no-interaction && ./vendor/bin/phpunit", _INSTALLED + _OK),
        ),
        session(
            "CAT-5: a fault of mine.",
            "CAT-5-fault",
            edited("src/Price.php", "1", "2"),
            ran("vendor/bin/phpunit", _failed("Failed asserting that 2 is identical to 1."), code=1),
            edited("src/Tax.php", "x = 1", "x = 2"),
            ran("vendor/bin/phpunit", _OK),
        ),
        session(
            "CAT-6: another fault of mine.",
            "CAT-6-fault",
            edited("src/Price.php", "3", "4"),
            ran("vendor/bin/phpunit", _failed("Failed asserting that 4 is identical to 3."), code=1),
            edited("src/Tax.php", "x = 3", "x = 4"),
            ran("vendor/bin/phpunit", _OK),
        ),
    ),
    rules=frozenset(
        {
            "Run the checks with `vendor/bin/phpunit`; `phpunit` does not work here (phpunit: command not found).",
            "Run `composer install` before `vendor/bin/phpunit`; the check fails otherwise.",
        }
    ),
)
