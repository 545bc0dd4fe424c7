"""The words that carry a plain sentence: what links, what edits, what is said of code; see `plain_grammar`.

A verb of these lists may stand where an agent is told something. Left out is what runs, sends, fetches, grants, trusts,
obeys, takes away or looks away; before adding a verb, read it with the worst object that its place allows.
"""

_DET = (
    "a an the this that these those each every any all both either neither its their our some several many one"
    " two three four five six seven eight nine ten another other"
)
_PREP = (
    "in of for from under within across between among inside around behind beside besides during per against over"
    " near below above beneath along on at by as like than after before"
)
_INTO = "to into onto at on"
_WITH = "with via through by using"
_ADV = (
    "again alphabetically already also always anyway automatically beforehand carefully clearly concisely"
    " consistently correctly currently deterministically directly dynamically eagerly elsewhere exactly explicitly"
    " first generally gracefully here immediately implicitly individually instead internally lazily locally"
    " manually natively now often once otherwise precisely properly recursively separately specifically statically"
    " still strictly then there therefore together too transparently typically up usually yet"
)
_PRONOUN = "it they them one ones this that these those yours itself themselves"
_WHEN = "when whenever if once while after before as where whereas"
_EDIT = (
    "abbreviate adjust align allocate alphabetize annotate arrange assign bind build bump capitalise capitalize"
    " cast catch choose classify collapse combine compose compute concatenate configure construct create declare"
    " decorate deduplicate define derive design destructure draw end expand extract factor fill filter fix flatten"
    " format freeze generate group handle implement improve indent initialise initialize inline insert instantiate"
    " introduce join label lay limit localise localize lowercase make map mark match measure memoise memoize mock"
    " model name nest normalise normalize number order organise organize pad paginate parametrise parametrize"
    " parse pass pin plan prefix preserve qualify raise re-export rebase rebuild redefine reduce refactor refer"
    " reference regenerate register render represent resolve return round scope separate serialise serialize set"
    " sort spell split squash structure style subclass suffix tag throw type unify update version wrap"
)
_TOUCH = (
    "adjust change convert edit flatten merge modify move refactor rename reorder replace rewrite simplify split"
    " translate update"
)
_PUT = (
    "add append comment describe document export express highlight include keep link list place put record save"
    " specify state store write"
)
_BRING = "use prefer choose call import require reuse extend inherit take"
_DENY = (
    "abbreviate add alias block bump cache call capitalise capitalize cast catch chain change combine compare compute"
    " concatenate construct convert copy create declare define depend derive destructure duplicate edit embed extend"
    " group guess hand-edit hand-write hard-code hardcode hold import indent inherit inline insert instantiate"
    " interpolate introduce invent join manipulate merge mix mock modify mount move mutate nest open optimise optimize"
    " overload override parse pass prefix put query raise re-export reach read redeclare redefine refactor reference"
    " reformat reimplement rely rename render renumber reorder repeat replace return reuse rewrite round set shadow"
    " share spell split start store style subclass suffix swallow throw touch translate use widen wrap write"
)
_SAYS = (
    "accept advance agree allocate appear apply begin belong break build cache call carry change clamp clear collide"
    " come commit compare compile conflict consist consume contain convert correspond cost count cover create cross"
    " debug declare default define depend derive describe differ display do document emit end exist expect explain"
    " express extend fail fill fit flush follow form format generate give go group hand handle happen have hold"
    " implement import include inherit iterate keep know lack last let limit lie list live load lock look lose make map"
    " match mean measure miss model mutate name need normalise normalize overflow own pair panic parse point produce"
    " provide raise read refer reference refuse register reject relate rely remain render repeat represent require"
    " resolve retry return round run scale see separate serialise serialize shape share show sit sort span stand start"
    " stay store strip support take throw translate trim type use vary visit wait win work wrap write yield"
)
_STRICT = "break catch check complain depend expect fail import know load need read refuse reject rely report require"
_DONE = (
    "added aligned annotated applied arranged asserted based bound built called capitalised capitalized changed"
    " committed compared compiled composed computed configured converted covered created declared defined derived"
    " described documented done edited emitted encoded expected exported exposed expressed extended formatted"
    " found frozen generated given grouped handled implemented imported included indented inferred inherited"
    " initialised initialized injected inlined interned joined kept known labelled limited linked listed loaded"
    " localised localized made managed mapped marked measured memoised memoized merged missing modelled mounted"
    " moved named needed nested normalised normalized numbered opened ordered organised organized owned parsed"
    " passed pinned placed prefixed produced provided quoted read registered released rendered repeated"
    " represented required resolved returned reused rounded saved scoped separated serialised serialized set"
    " shared shown sorted specified spelled split stated stored structured styled supported taken thrown"
    " translated typed updated used versioned wrapped written"
)
_MODAL = "must should can will"
_CHECKS = "test tests suite suites check checks linter lint ci build coverage spec specs assertion assertions checker"
_ADJ = (
    "absent alive available backwards-compatible blank case-insensitive case-sensitive compatible complete"
    " consistent dense deprecated deterministic different empty exhaustive expensive focused idempotent idiomatic"
    " immutable independent inclusive exclusive irreversible lazy long missing mutable nullable ordered"
    " order-dependent pure readable related reproducible reserved responsible reusable self-contained sensitive"
    " short similar slow sorted specific stable stateful stateless synchronous thread-safe typed unique unordered"
    " untyped up-to-date visible whole asynchronous shared new old current possible necessary needed present"
    " minimal small big large"
)
_NOUNS = (
    "abbreviation additional adr affected allocation allocations allocator ambiguous annotation appropriate arena"
    " arithmetic ascii associated attribute automated backend backport barrel barrels behaviour benchmark"
    " bidirectional bitwise bounded branch breaks buffer byte-order bytecode c cache cached cardinality cast cause"
    " causes checkbox chromium circular classification clause cleaner clock closure codegen collation colon"
    " combination commentary compilation composable concept concurrent constraint consumer contract convention crlf"
    " cross cross-platform cursor cycle dashboard data date-time dates debounce declaration dedicated delta"
    " dependencies dependency depth descriptor deserialisation designed dialect diff digit dimension direct domain"
    " durable dynamic eager eligible ellipsis embedded enabled engine enumeration epilogue error errors estimate"
    " eviction exception exceptions explicit extensibility external facing failure failures fallback finding fixture"
    " fold formula fragment frame framework-agnostic gap gateway generated generics glyph golden granular granularity"
    " graph grid hand-written handler harness heuristic hex hierarchical hierarchy hot idempotency idiom idle"
    " immediate implicit incremental infix infrastructure inheritance inner insertion integral intended intentional"
    " interaction intermediate internal interpreter interval invariant invocation iteration jargon job jobs kebab-case"
    " knob landmark language- latency layout leading legend lexer licence license linear link linkage links listener"
    " literal locale localisation lock locks logger lookup loop loop-variable loops lower-case mandatory manual marker"
    " matching memo memory merge metadata middleware migration minutes mixin moment monorepo multi-line mutation mutex"
    " mysql namespace nanoseconds neighbour nested neutral node nouns nullability numeral numeric object objects"
    " official offset opaque opcode operand ordering outcome outer outline overlay padding pagination parametric"
    " parsing partition pattern payment peer pending percentage pixel placeholder plural pool postgres pre-existing"
    " precondition predicate prefix present-tense preset primitive problem problems process projection prop props"
    " public pull quantity range raster reachable reason reasons recursion recursive redesign reducer redundant"
    " reference regression renderer repetition resolution retries retry reversible round-trip rounding routing row"
    " rows same sample saturation scheduler schema seconds selection separator sequential serialisation shape shard"
    " sibling sidebar significant singleton spacing spec speculative spherical splitter sqlite stack static stderr"
    " stdin stdio stdout style style-guide subsequent subsystem suffix surface swatch symlink system systems tables"
    " tabular tagline tail-recursive task teardown template tense thread threads throughput tick tight time timeline"
    " timeout timeouts timer times timestamp tokenizer toolset trailing trait transaction transactions transform"
    " transitive transport-agnostic traversal tree trigger truth tuple tween typing typo unit upper-case upstream"
    " usage user- utc variable variance verbose vertex viewport visitor vocabulary warmup waveform way ways well-"
    " widget wiring word worktree wrapper writer xml zero-based zone"
)
_PACKAGES = (
    "action api app binary bucket channel cli cloud client command commands container dependency dependencies"
    " endpoint extension fork framework gateway host image job jobs library libraries link links module modules"
    " package packages plugin plugins program provider registry repository script scripts sdk server service"
    " services site software source tool tools url utility workflow"
)

CLASSES: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in (
        ("DET", _DET),
        ("PREP", _PREP),
        ("INTO", _INTO),
        ("WITH", _WITH),
        ("ADV", _ADV),
        ("TH", "class classes double doubles fixture fixtures folder folders helper helpers module modules"),
        ("PRON", _PRONOUN),
        ("WHEN", _WHEN),
        ("DONE", _DONE),
        ("VALUE", "none null nil undefined true false zero empty"),
        ("MODAL", _MODAL),
        ("K", _CHECKS),
        ("ADJ", _ADJ),
        ("BE", "is are be was were being been"),
        ("HAVE", "has have"),
        ("AND", "and or nor plus"),
        ("NEG", "not never dont doesnt isnt arent mustnt shouldnt cannot"),
    )
}
"""Words by class, as they are written."""
VERBS: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in (
        ("EDIT", _EDIT),
        ("TOUCH", _TOUCH),
        ("PUT", _PUT),
        ("BRING", _BRING),
        ("DENY", _DENY),
        ("SAYS", _SAYS),
        ("STRICT", _STRICT),
    )
}
"""Verbs by class, in their base form."""
_FORBIDDABLE = (
    "concatenation connection connections hook hooks html key keys queries query request requests response responses"
    " session sessions sql"
)
FORBIDDABLE = frozenset(_FORBIDDABLE.split())
"""What no plain sentence may ask for, and one may forbid."""
_LIGHT = (
    "argument callee caller collection collections component condition consumer consumers context contexts"
    " counter counters cover covers cycle cycles development discount dispatcher display distance distinct"
    " distribution draft dummy easy empty engine equal equality executor executors expected factory fast few"
    " fixture fixtures general golden grpc half http initial initialiser initializer input inputs large last layer"
    " layers legacy level levels logic logical lookup loop loops lower major matrix minor minute minutes misc"
    " mistake mode modes narrow nested normal observer optional original output outputs overload pair pairs"
    " parameter parameters past pin pins pipeline pipelines pixel previous process processes producer producers"
    " profile profiles promise promises quick range scope scopes screen second seconds signal signals simple"
    " simulation simulator single small status stub stubs system systems tcp thread threads time times total"
    " totals trailing tree trees typical undo union unit units universal unknown unsigned unused upper usual"
    " vector websocket websockets wide"
)
LIGHT = frozenset(_LIGHT.split())
"""Words that begin like weighty ones and say nothing where only a thing is named."""
NOUNS = frozenset(_NOUNS.split())
_WARES = (
    "archive binary crate distribution dist extension fork gem image jar libraries library mirror package"
    " packages plugin plugins registry release sdk tarball tool tools wheel wheels"
)
WARES = frozenset(_WARES.split())
"""What an unknown word must not stand before: it would be brought in from outside."""
PACKAGES = WARES | frozenset(_PACKAGES.split())
"""What an unknown word beside it would make the name of something to be brought in."""
