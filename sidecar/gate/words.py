"""The words themselves, by their part; see `vocabulary` for what being on a list means.

Each list is in alphabetical order. Before adding a word, think of the worst sentence that its list's shapes in
`grammar` would then let through.
"""

import re

from sidecar.gate.parts import Part

PHRASES: dict[str, Part] = {
    **dict.fromkeys(("do not", "don't", "must not", "mustn't", "should not", "shouldn't", "must never"), Part.NOT),
    **dict.fromkeys(("by hand", "manually", "directly", "in place"), Part.BY_HAND),
    **dict.fromkeys(
        ("does not work here", "do not work here", "does not work", "fails here", "is not available here"),
        Part.NOT_WORKING,
    ),
    **dict.fromkeys(
        (
            *("the check fails otherwise", "the checks fail otherwise", "the test fails otherwise"),
            *("the tests fail otherwise", "the build fails otherwise", "otherwise the check fails"),
            *("otherwise the checks fail", "otherwise the tests fail", "otherwise the build fails"),
        ),
        Part.ELSE_FAILS,
    ),
    **dict.fromkeys(
        ("is forbidden", "are forbidden", "is banned", "are banned", "is not allowed", "are not allowed"),
        Part.FORBIDDEN,
    ),
    **dict.fromkeys(("fix the code", "fix the cause", "fix the bug", "fix the root cause"), Part.ADDING),
    **dict.fromkeys(("type hints", "type annotations", "type hint", "error handling"), Part.SAFE),
    **dict.fromkeys(("parameterised sql", "parameterized sql", "bound parameters", "prepared statements"), Part.SAFE),
    **dict.fromkeys(("parameterised queries", "parameterized queries", "safe loader"), Part.SAFE),
    **dict.fromkeys(("f-strings in sql", "sql by string concatenation", "string concatenation in sql"), Part.BAD),
    **dict.fromkeys(("wildcard imports", "star imports", "bare except", "magic numbers", "raw sql"), Part.BAD),
    **dict.fromkeys(("api keys", "private keys", "real credentials", "user data", "personal data"), Part.CONFIDENTIAL),
    **dict.fromkeys(("lexer tokens", "lexer token", "parser tokens", "syntax tokens", "design tokens"), Part.NEUTRAL),
    **dict.fromkeys(("xxe test", "injection test", "security test", "test file", "test files"), Part.GOOD),
    **dict.fromkeys(("test data", "test output", "test fixtures", "test helpers", "test names"), Part.ABOUT_TESTS),
    **dict.fromkeys(("must stay", "must remain", "has to stay"), Part.ADDING),
    **dict.fromkeys(("the repository root", "the root", "the project root"), Part.ABOUT_TESTS),
    **dict.fromkeys(("with it", "together with"), Part.FUNCTION),
    **dict.fromkeys(("error message", "error messages"), Part.NEUTRAL),
    **dict.fromkeys(("download test data with", "download the test data with", "fetch test data with"), Part.VERB),
    **dict.fromkeys(("install the dependencies with", "install dependencies with"), Part.VERB),
    **dict.fromkeys(("pins a sha256 and checks it", "checks a sha256"), Part.ABOUT_TESTS),
    **dict.fromkeys(("network tests", "gpu tests", "flaky network tests"), Part.GOOD),
    **dict.fromkeys(("tokens in this codebase are lexer tokens", "tokens here are lexer tokens"), Part.NEUTRAL),
    **dict.fromkeys(("log message", "log messages", "log line", "log lines", "log level", "log levels"), Part.NEUTRAL),
    **dict.fromkeys(("dictionary keys", "json keys", "translation keys", "object keys", "primary keys"), Part.NEUTRAL),
    **dict.fromkeys(("foreign keys", "primary key", "foreign key", "pull request", "pull requests"), Part.NEUTRAL),
    **dict.fromkeys(("lower the coverage threshold", "lower coverage", "reduce coverage"), Part.BAD_VERB),
    **dict.fromkeys(("lint rule", "lint rules", "coverage threshold"), Part.GOOD),
    **dict.fromkeys(("check in", "checked in"), Part.EMITTING),
    **dict.fromkeys(("passwords are hashed with argon2", "passwords are hashed with bcrypt"), Part.SAFE),
    **dict.fromkeys(("interpolate values into sql", "build sql with f-strings", "concatenate sql"), Part.BAD),
    **dict.fromkeys(("dependency injection", "constructor injection"), Part.NEUTRAL),
    **dict.fromkeys(("secrets in code", "passwords in code", "credentials in code", "tokens in code"), Part.BAD),
    **dict.fromkeys(("more than", "less than", "fewer than", "longer than", "at most", "at least"), Part.FUNCTION),
    **dict.fromkeys(("user input", "user-provided input"), Part.SENSITIVE),
    **dict.fromkeys(("instead of", "rather than"), Part.CONTRAST),
    **dict.fromkeys(("tls verification", "certificate verification", "certificate checks"), Part.GOOD),
    **dict.fromkeys(("signature checks", "branch protection", "rate limits"), Part.GOOD),
    **dict.fromkeys(("before rendering", "before use", "before saving", "before storing"), Part.ABOUT_TESTS),
    **dict.fromkeys(("input validation",), Part.SAFE),
    **dict.fromkeys(("they test", "it tests", "they check", "they cover", "it covers"), Part.ABOUT_TESTS),
    **dict.fromkeys(("database access", "react hook", "react hooks"), Part.NEUTRAL),
    **dict.fromkeys(("session token", "session tokens", "csrf tokens"), Part.CONFIDENTIAL),
    **dict.fromkeys(("only permitted source", "only permitted way", "only allowed way"), Part.RESTRICTING),
    **dict.fromkeys(("why the test is wrong", "why a test is wrong"), Part.ABOUT_TESTS),
}

WORDS: tuple[tuple[Part, str], ...] = (
    (
        Part.FUNCTION,
        "a about above across all along already also always among an any are as at be been being below between"
        " both by can do does each every first five for four from had has have her here his how in inside into is"
        " it its last less me more most must my next of on one ones onto our own per same should so still that the"
        " their them then there these they this those three through to too toward two under us was we were what"
        " where which who whose why will with within you your",
    ),
    (Part.OR, "nor or"),
    (Part.AND, "and plus"),
    (Part.CONDITION, "after before when whenever while"),
    (Part.RESTRICTING, "just once only solely"),
    (Part.NOT, "avoid never no"),
    (Part.CONTRAST, "not over"),
    (
        Part.NEUTRAL,
        "abbreviation absolute abstract abstraction accessibility accessor acronym adapter address adjective"
        " adverb age aggregate aggregation alert alias align alignment alphabetical alphabetically american amount"
        " analysis android api app application appointment approach architecture area argument aria array arrow"
        " ascii asset assignment async asynchronous attribute audio available avatar average aware axis backend"
        " background balance banner base basic basis basket batch binary binding blank block board body bond"
        " booking boolean borrow bottom boundary bounded brace bracket branch breakpoint brief british broad"
        " browser bucket bug builder bulk bullet button byte calendar callback camel camelcase camera canvas"
        " capital caption card carousel cart case catalog catalogue category cell cent center central centre"
        " changelog channel chapter char character chart choice chunk city class clause clear cli client clock"
        " close closure code codebase codec collection colon color colour column comma command command-line comment"
        " common compact comparator comparison compiler complex component composition compound concatenation"
        " concern concise concrete concurrency condition conditional consistency consistent const constant"
        " constructor contact container content context continuation controller convention conventional copy core"
        " corner coroutine cosmetic count counter country course cross-platform css csv currencies currency current"
        " currying custom customer cycle dao dark dart dash database dataclass dataset date datetime day debounce"
        " decimal declaration decoder decorator deep default definition delay delimiter dense description"
        " descriptive deserializer design desktop destructuring detail developer diagram dialect dialog dictionary"
        " difference dimension direct direction directory discount display distinct division doc docs docstring"
        " doctor document documentation domain dose double draft driver dto duration eager early edge editor effect"
        " efficient element elixir embed emoji empty encoder encoding endpoint engine english entire entity entry"
        " enum enumeration epoch equal equality error essential euro evaluation event exact example exception"
        " existing explicit expression extension external facade factor factory fallback falsy family feature field"
        " figure file filename filter filtering final fiscal flag flat flex flight float flow flutter fold folder"
        " font footer foreign form format formatter fraction frame framework french friendly front frontend frozen"
        " frozenset fully function functional future gallery game gender general generated generator generic german"
        " gerund getter glossary go golang google goroutine grade gradient grammar graph graphql grid gross group"
        " grouping grpc guard guide guideline half handler haskell header heading headline heap helper hero"
        " hexadecimal hierarchical higher hint hoisting horizontal hospital hotel hour hyphen icon id identical"
        " identifier idiom idiomatic idioms image immutable imperative implementation implicit import important"
        " indentation index individual infinite inheritance initial initialiser initializer inline inner instance"
        " integer interaction interface internal interpolation interval introduction inverse invoice ios iso issue"
        " item iteration iterator japanese java javascript join journal json kebab keyword knowledge kotlin label"
        " lambda language large late latest layer layout lazy leading leaf lean leap least ledger left legacy"
        " legend legible length lesson letter level lexer lexical library lifecycle lifetime light limit line"
        " linear list literal little local locale localised localized logic long loop lower lowercase"
        " machine-readable macro main major makefile map mapper mapping margin markdown marker markup match"
        " mathematical matrix maximum meaningful mechanism medium member memoisation memoization menu mesh message"
        " meter method metric migration milliseconds minimal minimum minor minute missing mixed mixin mobile modal"
        " mode model modern modifier modular module monad money monorepo month mood move multiple mutable naive"
        " name named namespace naming narrow narrowest native natural navbar navigation near necessary nested"
        " nesting net neutral new newline node nominal notation notebook noun null nullable nullish number numeric"
        " object observer octal offset old oldest operation operator optimiser optimizer option optional order"
        " ordering ordinary original outer outline output overall overload overview ownership package padding page"
        " pagination pair panel paragraph parallel parameter parcel parent parentheses parenthesis parser part"
        " partial particular party pascal pascalcase passenger past path patient pattern payroll people pep percent"
        " percentage period person phase phone php phrase piece pixel placeholder plain platform player plot plugin"
        " plural point pointer polymorphism popup portfolio position positional possible postcode practice precise"
        " precision predicate preferred prefix present preview price primary primitive principle private procedure"
        " product program programming projection promise proper property prose protobuf protocol prototype provider"
        " pure purpose python qualifier quantity quarter queue quick quote range rate ratio react reactive"
        " readability readable reader recipe record recursion recursive reducer redundant ref reference refund"
        " regex region regular related relation relational relationship relative release relevant rendering"
        " repository representation resolver resource responsibility responsive rest result return reusable rfc"
        " ride right root rounding route router ruby runtime rust saga salary salutation sass scala scalar scenario"
        " scene schema school scope score screen script scroll sealed seat second seconds section seed select"
        " selector semantic semantics semicolon semver sensor sentence sentinel separate separator sequence"
        " serialization serializer serif service set setter setting several shader shallow shape shared shell shim"
        " shipping shop short shorthand side side-effect sidebar sign signal signature similar simple single"
        " singleton singular size skeleton sku slice slot slug small snackbar snake snake_case software solution"
        " sorted sorting source space spacing spec special specific specification speed spelling spinner spread"
        " sprite stable stack stage standalone standard state stateless statement static status stdlib stem step"
        " stock storage store storybook strategy stream strict string struct structural structure stub student"
        " style stylesheet subclass subject submodule subset subtitle subtree subtype suffix sum summary superclass"
        " supplier svg swift switch symbol synchronous syntax tab table tabular tag tailwind target tax teacher"
        " team technical template tense tensor term ternary terse text textual texture theme thing third throttle"
        " thumbnail thunk ticketing tier tight timestamp timezone timezone-aware tiny title toast toggle toml tone"
        " toolbar tooltip top top-level topic track trailing trailing-comma trait transform transition translation"
        " transparent tree trim trip triple truthy tuple turn type type-only typed typescript typo typographic"
        " typography ui uk underscore unicode unified uniform union unique universal unnecessary unused upper"
        " uppercase usage useful utc utility value vanilla variable variadic variant variation vat vector vehicle"
        " vendor verb verbose version vertex vertical video view viewmodel viewport visibility visible visitor"
        " visual vocabulary void vue warehouse weather web week weekday weight whitespace whole wide widget width"
        " window word wording worker wrapper yaml year yml zero zone",
    ),
    (
        Part.ABOUT_TESTS,
        "argument behavior behaviour bug case checkout class clone committing component date directory edge"
        " editable endpoint fast feature field file fix fixture folder form function gpu integration layout method"
        " mirror model module name new number output package parameter parameterised parameterized parametrised"
        " parametrized pr private public pure regression repository result runner service slow small string suite"
        " table-driven template tree type unit user users value",
    ),
    (
        Part.SENSITIVE,
        "config configuration cookie html input queries query request response session sql xml",
    ),
    (
        Part.VERB,
        "abbreviate align apply arrange assign begin belong build built call capitalise capitalize catch chain"
        " choose clone commit compare compose compute concatenate contain convert create declare define delegate"
        " depend derive describe destructure display document emit emphasise end explain export expose extend fill"
        " filter finish flatten follow format generate get give group handle highlight hoist hold implement import"
        " indent inherit initialise initialize inject inline interpolate introduce iterate join list lower make map"
        " match mean measure memoise memoize mirror model nest normalise normalize number order organise organize"
        " overload override pad parse pass pipe prefer prefix produce punctuate quote raise refer reference"
        " register render represent return reuse round separate serialise serialize set show sort specify spell"
        " split start store structure subclass suffix take throw translate trim truncate type use wrap write",
    ),
    (Part.PLACING, "belong go group live name place put"),
    (
        Part.ADDING,
        "add cover explain extend have include keep need parse remain require run stay use write",
    ),
    (Part.TOUCHING, "adjust change edit modify regenerate touch update"),
    (Part.MOVING, "move refactor rename replace rewrite"),
    (
        Part.GOOD,
        "assertion assertions assertj bazel black build cargo check checks ci clippy cmake coverage cypress docker"
        " eslint flake8 gofmt gradle hypothesis isort jest junit lint linter make maven mvn mypy nox playwright"
        " pre-commit prettier pylint pyright pytest rspec rubocop ruff rustfmt storybook test testing tests tox tsc"
        " type-checker typecheck unittest verification vitest warning warnings",
    ),
    (
        Part.SAFE,
        "backup error-handling escape escaped escaping orm parameterise parameterize sanitise sanitised sanitize"
        " sanitized transaction transactions validate validated validation",
    ),
    (Part.SAFE_CALL, "defusedxml"),
    (
        Part.BAD_VERB,
        "bypass circumvent comment-out deactivate delete disable drop force-push hard-code hardcode ignore loosen"
        " mute remove silence skip suppress swallow weaken",
    ),
    (Part.EMITTING, "echo log paste print push send share upload"),
    (Part.SICK, "broken failing flaky red"),
    (
        Part.BAD,
        "backdoor binaries dump dumps eval exec global globals hard-coded hardcoded md5 monkeypatching pickle"
        " plaintext sha1 skips wildcard wildcards xfail",
    ),
    (Part.CONFIDENTIAL, "credential credentials password passwords pii secret secrets token tokens"),
)
IRREGULAR = {
    "written": "write",
    "kept": "keep",
    "held": "hold",
    "given": "give",
    "thrown": "throw",
    "made": "make",
    "chosen": "choose",
    "meant": "mean",
    "begun": "begin",
    "taken": "take",
    "lies": "live",
    "libraries": "library",
    "indices": "index",
    "children": "child",
}
STANDARD = re.compile(r"(?:rfc|iso|pep|utf|es|ecma)-?\d{1,5}")

TOOLS = (
    "aiohttp alembic angular anyhow arrow attrs axios beautifulsoup4 boto3 bun celery clap click date-fns"
    " dayjs django express factory_boy faker fastapi fastify flask freezegun git gunicorn hatch httpx jackson"
    " lodash logback loguru lombok luxon lxml mkdocs mock mockito moment npm numpy pandas pdm pendulum pip pnpm"
    " poetry polars pydantic rayon react redis redux requests rich rollup rxjs serde sidekiq slf4j sphinx"
    " sqlalchemy starlette structlog svelte tailwindcss thiserror tokio typer uv uvicorn vite vue webpack yarn"
    " zod zustand"
)
"""Well-known tools and libraries: a name on this list cannot be an invented or planted package."""
