"""The words themselves, by their part; see `vocabulary` for what being on a list means.

Each list is in alphabetical order. Before adding a word, think of the worst sentence that its list's shapes in
`grammar` would then let through.
"""

import re

from sidecar.gate.parts import Part

WORDS: tuple[tuple[Part, str], ...] = (
    (
        Part.FUNCTION,
        "a about across all along alongside already also always among an any are as at be been being below between"
        " both by can do does each every five for four from had has have here how in inside instead into is it its"
        " more must of on onto our own per same should so still that the their them then there these they this those"
        " three through to together too toward two under us via was we were what where which who whose why with"
        " within you everywhere",
    ),
    (Part.MINIMUM, "above"),
    (Part.OR, "nor or"),
    (Part.AND, "and plus"),
    (Part.CONDITION, "after before if when whenever while"),
    (Part.RESTRICTING, "just once only solely"),
    (Part.NOT, "avoid never no"),
    (Part.CONTRAST, "not over"),
    (
        Part.NEUTRAL,
        "abbreviation absolute abstract abstraction accessibility accessor accurate acronym adapter address adjacent"
        " adjective adverb age aggregate aggregation alert alias align alignment alphabetical alphabetically alt"
        " american amount analysis android app application appointment approach architecture area argument aria array"
        " arrow ascii asset assignment async asynchronous attribute audio available avatar average aware axis"
        " background backtick balance banner base basic basis basket batch binary binding blank block board body bond"
        " booking boolean border borrow bottom bounded brace bracket breaking breakpoint brief british broad browser"
        " bucket bug builder bulk bullet business button byte calendar callback camel camelcase camera canvas capital"
        " capitalization caption card carousel cart case catalog catalogue category cell cent center central centre"
        " changelog channel chapter char character chart checkbox choice chunk city class clause clean clear cli"
        " client clock close closure codebase codec collection colon color colour column comma command command-line"
        " comment common compact comparator comparison compiler complex component composition compound comprehensive"
        " concatenation concern concise concrete concurrency condition conditional consistency consistent const"
        " constant construction constructor contact container content context continuation controller convention"
        " conventional conversion copy core corner coroutine corresponding cosmetic count counter country course"
        " crate creation cross-platform css csv currencies currency current currying custom customer cycle dao dark"
        " dash database dataclass dataset date datetime day dead debounce decimal declaration decoder decorator deep"
        " default definition delay delimiter dense description descriptive deserializer design desktop destructuring"
        " detail deterministic developer diagram dialect dialog dict dictionary difference dimension direct direction"
        " directory discount display distinct division doc docs docstring doctor document documentation domain dose"
        " double draft driver dropdown dto duration dynamic eager early edge editor effect efficient element embed"
        " emoji empty encoder encoding end endpoint engine english entire entity entry enum enumeration epoch equal"
        " equality equivalent error essential etc euro evaluation event exact example exception existing explicit"
        " expression extension external facade facing factor factory fallback falsy family feature field figure file"
        " filename filesystem filter filtering final first fiscal flag flat flex flight float flow flutter fold"
        " folder font footer foreign form format formatter fraction frame framework french friendly front frontmatter"
        " frozen frozenset fully function functional functionality future gallery game gender general generated"
        " generator generic german gerund getter glossary go google goroutine grade gradient grammar graph graphql"
        " grid gross group grouping grpc guide guideline half handler haskell header heading headline heap height"
        " helper hero hexadecimal hierarchical higher hint hoisting horizontal hospital hotel hour hyphen icon id"
        " identical identifier idiom idiomatic idioms image immutable imperative implementation implicit import"
        " important indentation index individual infinite inheritance initial initialiser initializer inline inner"
        " instance integer interaction interface internal interpolation interval introduction invalid inverse invoice"
        " ios iso issue item iteration iterator japanese java join journal jsdoc json kebab key-value keyword"
        " knowledge label lambda language large last late latest layer layout lazy leading leaf lean leap least"
        " ledger left legacy legend legible length less lesson letter level lexer lexical library lifecycle lifetime"
        " light limit line linear list literal little local locale localised localized located location logging logic"
        " long loop lower lowercase machine-readable macro major makefile management many map mapper mapping margin"
        " markdown marker markup match mathematical matrix maximum meaningful mechanism medium member memoisation"
        " memoization menu mesh message metadata meter method metric migration milliseconds minimal minimum minor"
        " minute missing mixed mixin mobile modal mode model modern modifier modular module monad money monorepo"
        " month mood most move multi multiline multiple mutable naive name named namespace naming narrow narrowest"
        " native natural navbar navigation near necessary nested nesting net neutral new newer newline next node"
        " nominal non notation notebook notification noun null nullable nullish number numeric object observer octal"
        " offset old oldest one ones operation operator optimiser optimizer option optional order ordering ordinary"
        " original outer outline output overall overload overview ownership package padding page pagination pair"
        " palette panel paragraph parallel parameter parcel parent parentheses parenthesis parser part partial"
        " particular party pascal pascalcase passenger past path patient pattern payroll people pep percent"
        " percentage performance period person phase phone php phrase piece pixel placeholder plain platform player"
        " plot plugin plural point pointer polymorphism popup portfolio position positional possible postcode"
        " practical practice precise precision predicate preferred prefix present preview price primary primitive"
        " principle private procedure product program programming projection promise proper property protobuf"
        " protocol prototype provider public pure purpose qualifier quantity quarter queue quick quote range rate"
        " ratio re reactive readability readable reader real recipe record recursion recursive reducer redundant ref"
        " reference refund regex region regular related relation relational relationship relative release relevant"
        " rendering repository representation resolver resource responsibility responsive rest result return reusable"
        " rfc ride right root rounding route router row runtime safe saga salary salutation sass scalar scenario"
        " scene school scope score screen screenshot script scroll sdk sealed seat second seconds section select"
        " selector semantic semantics semicolon semver sensor sentence sentinel separate separator sequence"
        " sequential serialization serializer serif service set setter setting several shader shallow shape shared"
        " shell shim shipping shop short shorthand side side-effect sidebar sign signal similar simple single"
        " singleton singular size skeleton sku slice slot slug small snackbar snake snake_case software solution"
        " sorted sorting source space spacing spec special specific specification speed spelling spinner spread"
        " sprite stable stage standalone standard state stateless statement static status stdlib stem step stock"
        " storage store story storybook strategy stream strict string struct structural structure structured stub"
        " student style stylesheet subclass subcommand subfolder subject submodule subset subtitle subtree subtype"
        " succinct suffix sum summary superclass supplier svg switch symbol synchronous syntax tab table tabular tag"
        " tailwind target tax teacher team technical template tense tensor term terminology ternary terse text"
        " textual texture theme thin thing third throttle thumbnail thunk ticketing tier tight timestamp timezone"
        " timezone-aware tiny title toast toggle toml tone toolbar toolkit tooltip top top-level topic track trailing"
        " trailing-comma trait transform transition translation transparent tree trim trip triple truthy tuple turn"
        " type type-only typed typo typographic typography ui uk underscore unicode unified uniform union unique"
        " universal unnecessary unused upper uppercase usage useful user utc utility value vanilla variable variadic"
        " variant variation vat vector vehicle verb verbose version vertex vertical very video view viewmodel"
        " viewport visibility visible visitor visual vocabulary voice void vs warehouse weather week weekday weight"
        " whitespace whole wide widget width window word wording worker workspace wrapper yaml year yml zero zone",
    ),
    (
        Part.ABOUT_TESTS,
        "api argument backend behavior behaviour boundary bug case checkout class clone code committing component"
        " dart date directory edge editable elixir end-to-end endpoint feature field file fix fixture folder form"
        " frontend function golang gpu integration javascript kotlin layout method mirror model module name new"
        " package parameter parameterised parameterized parametrised parametrized php pr project pure python react"
        " regression repository ruby rust scala schema service slow string suite swift table-driven template tree"
        " type typescript unit vue web",
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
        "add cover explain extend have include keep need parse remain require run stay use used using write",
    ),
    (Part.TOUCHING, "adjust change edit modify regenerate touch update"),
    (Part.MOVING, "move refactor rename replace rewrite"),
    (
        Part.GOOD,
        "assertion assertions assertj bazel black build cargo check checks ci clippy cmake coverage cypress docker"
        " eslint flake8 gofmt gradle hypothesis isort jest junit lint linter make maven mvn mypy nox playwright"
        " pre-commit prettier pylint pyright pytest rspec rubocop ruff rustfmt storybook test testing tests tox tsc"
        " type-checker typecheck unittest verification vitest ",
    ),
    (
        Part.SAFE,
        "backup error-handling escape escaped escaping orm parameterise parameterize sanitise sanitised sanitize"
        " sanitized transaction transactions validate validated validation",
    ),
    (Part.SAFE_CALL, "defusedxml pydantic zod"),
    (
        Part.BAD_VERB,
        "bypass circumvent comment-out deactivate delete disable drop force-push hard-code hardcode ignore loosen"
        " mute remove silence skip suppress swallow weaken",
    ),
    (Part.EMITTING, "echo log paste print push send share upload"),
    (Part.SICK, "broken failing flaky red warning warnings"),
    (
        Part.BAD,
        "backdoor binaries dump dumps eval exec global globals hard-coded hardcoded md5 monkeypatching pickle"
        " plaintext sha1 skips wildcard wildcards xfail",
    ),
    (Part.CONFIDENTIAL, "credential credentials password passwords pii secret secrets token tokens"),
)
IRREGULAR = {
    "written": "write",
    "built": "build",
    "shown": "show",
    "split": "split",
    "sent": "send",
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
    " poetry polars rayon react redis redux requests rich rollup rxjs serde sidekiq slf4j sphinx"
    " sqlalchemy starlette structlog svelte tailwindcss thiserror tokio typer uv uvicorn vite vue webpack yarn"
    " zustand"
)
"""Well-known tools and libraries: a name on this list cannot be an invented or planted package."""
