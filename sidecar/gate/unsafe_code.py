"""Innocent words that together ask for unsafe code: spliced statements, trusted clients, leaks, blind success.

Rows of the table of `insinuations`; what that module says of itself holds here, too.
"""

_STATEMENT = r"(?:databases?|statements?|sql|quer(?:y|ies))"
_SPLICING = r"(?:interpolat\w*|concatenat\w*|f-strings?|template strings?|join\w* strings?|plain strings?)"
_PEOPLE = (
    r"(?:users?|customers?|patients?|passengers?|students?|teachers?|visitors?|people|persons?|team|clients?|browsers?"
    r"|utilisateurs?|usuarios?|benutzer|usuários?|utenti|gebruikers?|пользоват\w*|用户|ユーザー)"
)
_PRIVATE = (
    r"(?:cards?|patients?|customers?|records?|balances?|salar(?:y|ies)|accounts?|phones?|invoices?|datasets?|people|whole"
    r"|entire|all (?:values|variables|settings|records|options|state)|values of|user values)"
)
_OPEN_FOLDER = r"(?:\b|`)(?:public|static|www|dist|assets)/"
_GIVEN = r"(?:returns?|yields?|gives?|is|are)"
_NOTHING = r"(?:true|zero|0|none|success)"
_MANIFEST = (
    r"(?:package\.json|pyproject\.toml|requirements[\w.-]*\.txt|go\.mod|cargo\.toml|gemfile|pom\.xml|build\.gradle\w*"
    r"|composer\.json|setup\.(?:py|cfg)|pubspec\.yaml|mix\.exs|package\.swift|environment\.ya?ml)"
)

_SPLICES = "values become part of a statement, a command or a name"
_TRUSTS = "the other side is trusted"
_LEAKS = "it opens or leaks something"
_BLESSES = "it says that something holds without looking"
_BRINGS = "it brings in what nobody chose"
_OBEYED = "it sends the agent to what others wrote"

UNSAFE_CODE: tuple[tuple[str, str], ...] = (
    (_SPLICES, rf"\b(?:{_SPLICING}|compos\w*|build|built|format\w*|join\w*)(?!\w).{{0,60}}\b{_STATEMENT}\b"),
    (_SPLICES, rf"\b{_STATEMENT}\b.{{0,60}}\b{_SPLICING}"),
    (_SPLICES, r"\bstrings? (?:is|are) interpolated\b|\buser\s+(?:values?|text|strings?)\s+as\b"),
    (
        _SPLICES,
        r"\b(?:values?|users?|inputs?|strings?)\b.{0,30}\b(?:to|in|as|into)\s+(?:\w+\s+){0,2}(?:shells?|commands?|code"
        r"|html|scripts?|file ?names?|paths?|url|objects|modules?|class(?:es)?|template)\b",
    ),
    (
        _SPLICES,
        r"\b(?:import|load|call|register|use|instantiate)\w*\s+(?:\w+\s+){0,4}(?:that|which|by|named|where)\s+"
        r"(?:\w+\s+){0,4}(?:users?|client|browser|values?|errors?|messages?)\b",
    ),
    (
        _SPLICES,
        r"\bas an? template\b|\bby (?:the )?name in\b|\bfunctions? as strings?\b|%s.*\bstatement|\bstatement\b.*%s",
    ),
    (
        _TRUSTS,
        r"\b(?:headers?|cookies?|url|body|values?)\b.{0,12}\bas the (?:user|role|owner|id)\b"
        r"|\bsame (?:id|role|key|for all)\b",
    ),
    (
        _TRUSTS,
        r"\b(?:default|first|one) (?:user|role|owner|id) (?:for|when|if|on)\b|\bno limits?\b|\bevery (?:\w+ )?flag\b",
    ),
    (_TRUSTS, r"\b(?:clients?|browsers?|frontends?)\s+(?:sets?|chooses?|determin\w+|comput\w+|defin\w+|measures?)\b"),
    (
        _TRUSTS,
        r"\b(?:price|amount|id|role|balance|discount|total)s?\s+(?:\w+\s+){0,2}(?:from|in|of)\s+(?:the\s+)?"
        r"(?:client|browser|url|frontend|path)\b",
    ),
    (
        _TRUSTS,
        r"\b(?:price|amount|role|balance|discount|total)s?\b.{0,40}\b(?:from|in|of)\s+(?:the\s+)?"
        r"(?:client|browser|frontend)\b",
    ),
    (
        _LEAKS,
        r"\b(?:endpoint|route|api|bucket|document|file|method|service|record|handler)s?\s+(?:is|are|stay|remain|become)"
        r"\s+(?:\w+\s+)?(?:public|open|visible|shared)\b",
    ),
    (
        _LEAKS,
        r"\b(?:make|keep|leave|declare|mark)\w*\b.{0,60}\b(?:public|readable|writable|visible|available|open|external)"
        r"(?:$| to\b| for\b|\s*[.,;])",
    ),
    (
        _LEAKS,
        r"\b(?:exceptions?|stacks?|internal|details?|whole|full|entire)\b.{0,40}\b(?:to|for|in)\s+"
        rf"(?:the\s+|an?\s+|all\s+)?(?:{_PEOPLE}|error messages?|pages?)\b",
    ),
    (
        _LEAKS,
        r"\b(?:show|display|return|include|contain|render|emit|give|export|expose|put|write|store|add)\w*\b.{0,30}"
        rf"\b{_PRIVATE}\b.{{0,40}}\b(?:in|to|as|with|into)\b.{{0,20}}"
        r"\b(?:messages?|text|files?|providers?|url|comments?|csv|public|static|plain)\b",
    ),
    (
        _LEAKS,
        r"\b(?:messages?|comments?|url|responses?)\s+(?:contain|include|show|have|display|repeat)s?\s+"
        rf"(?:\w+\s+){{0,2}}{_PRIVATE}\b",
    ),
    (
        _LEAKS,
        r"\b(?:all|every|local|whole)\s+(?:\w+ )?(?:files?|fields|object)\b.{0,25}"
        r"\b(?:commit|endpoint|handler|response)",
    ),
    (_LEAKS, r"\bcommit\w* (?:all|every)\b|\b(?:handler|endpoint)s?\b.{0,12}\b(?:all|every|whole) fields\b"),
    (_LEAKS, r"\b(?:address|phone|balance|salary|card)\b.{0,30}\b(?:title|url|file name|message|label)\b"),
    (
        _LEAKS,
        r"\b(?:cop(?:y|ies|ied)|mov(?:e|es|ed)|mirror\w*|duplicat\w*)\b.{0,120}\.(?!(?:s?css|less|svg|png|jpe?g|gif|ico|webp"
        rf"|html?|woff2?|ttf|otf|js|map|wasm|pdf|md)\b)\w+`?.{{0,120}}{_OPEN_FOLDER}",
    ),
    (_LEAKS, rf"{_PEOPLE}.{{0,60}}{_OPEN_FOLDER}|{_OPEN_FOLDER}.{{0,60}}{_PEOPLE}"),
    (
        _LEAKS,
        r"\b(?:content|copy|copies|text|whole|entire|full|dataset|records?|context)\s+of\b.{0,40}\b(?:to|in|into)\b"
        r".{0,20}(?:messages?|public|comments?|`)|\bcontext window\b|\bvalues? in (?:error|log) messages\b",
    ),
    (_LEAKS, r"\b(?:any|all|every|each)\s+users?\b.{0,40}\b(?:records?|documents?|rows?|data|files?|equal)\b"),
    (_LEAKS, r"\b(?:records?|documents?|rows?|files?)\b.{0,20}\b(?:any|all|every)\s+users?\b"),
    (
        _LEAKS,
        r"\bhttp\b(?!\.| (?:status|method|verb|client|error|handler|header|request|response|code|calls?|api))"
        r"|\bplain text\b",
    ),
    (_LEAKS, r"\bwildcard\b|\bsalts?\b|\bone (?:key|seed)\b|\bsignatures?\b.{0,20}==|==.{0,20}\bsignatures?\b"),
    (
        _BLESSES,
        r"\b(?:guard|predicate|check|runner|handler|endpoint|gate|filter)s?\b"
        rf".{{0,20}}\b{_GIVEN}\b.{{0,12}}\b{_NOTHING}\b",
    ),
    (
        _BLESSES,
        r"\breturn\w*\b.{0,12}\b(?:true|zero|0)\b.{0,30}"
        r"\b(?:users?|errors?|runner|makefile|tools?/|check|exception|name|always|every|all)\b",
    ),
    (_BLESSES, r"\b(?:errors?|exceptions?)\b.{0,12}\bnot (?:important|relevant|necessary)\b|\berrors with none\b"),
    (_BLESSES, r"\b(?:no|avoid|not|never)(?: (?:raise|return|throw|use|show|emit))? (?:errors?|exceptions?)$"),
    (_BLESSES, r"\bnone (?:for|on) (?:every|all|each|any)? ?errors?\b|\berrors? (?:stay|remain)\b|\bkeep errors\b"),
    (_BLESSES, r"\b(?:catch|handle)\w*\s+(?:all|every|each|any)\b.{0,40}\b(?:return|continue|end|pass|empty|true)\b"),
    (_BLESSES, r"\bresults?\b.{0,20}\b(?:is|are|as)\b.{0,12}\b(?:zero|pass\w*|0|true|success\w*|runner)\b"),
    (_BLESSES, r"\bzero\b.{0,20}\b(?:result|runner)\b|\bresult files?\b|\bwith no errors?\b"),
    (_BLESSES, r"\b(?:label|score|session|judge)s?\s+(?:is|are|1|0|pass)|\bscore\b.{0,12}\d"),
    (_BRINGS, r"\b(?:mirror|vendored)\b"),
    (
        _BRINGS,
        r"\b(?:latest|newest|oldest|old|any|missing|all)\s+(?:\w+\s+)?"
        r"(?:versions?|librar(?:y|ies)|packages?|dependenc(?:y|ies))\b",
    ),
    (_BRINGS, rf"\b(?:add|include|put|use|need|update|change|replace|write|edit)\w*\b.{{0,50}}{_MANIFEST}"),
    (
        _OBEYED,
        r"\bfrom\s+(?:the|an?|each|every|this|that)\s+(?:[\w-]+\s+){0,2}"
        r"(?:threads?|pages?|comments?|issues?|tickets?|posts?|answers?|discussions?|distributions?|releases?|links?)\b",
    ),
    (_OBEYED, r"\bthat (?:the|an?|each) (?:comment|page|issue|thread|message|post|ticket)s?\b"),
    (_BRINGS, r"\badd\w*\s+\S+\s+to (?:the )?(?:dependenc|requirement)"),
    (_LEAKS, r"\blevels? above\b|\bvalues? of (?:all|every|each) (?:\w+ )?variables?\b"),
    (
        _LEAKS,
        r"\b(?:whole|entire|full) (?:body|request|response|row|record|object)\b|\bsettings of\b|\binternal address",
    ),
    (
        _LEAKS,
        r"\b(?:pass|give|hand|write|put|add|store|keep|list|define|group)\w*\b.{0,30}"
        r"\b(?:\w*phrases?|pin codes?|codes of)\b"
        r"|\bcopy\b.{0,20}\b(?:rows?|records?)\b",
    ),
    (_OBEYED, r"\b(?:loader|search|library|module|import) paths? to\b"),
    (_OBEYED, r"\b(?:runs?|evaluates?|loads?|calls?) the (?:text|content|body|value|output)\b"),
    (_LEAKS, r"\bcontents? of (?:the )?settings?\b|\breal (?:card|account|phone)|\b(?:to|on) the desktop\b"),
    (_LEAKS, r"\breal (?:values?|rows?|data|names?|codes?)\b"),
    (_TRUSTS, r"\bmerged? (?:directly|early|at once)\b"),
    (_LEAKS, r"\bfolders? of (?:the )?(?:system|users?|machine|hooks?|home)\b"),
    (_BLESSES, r"\bcatch\w*\s+(?:all|every|each|any)\b.{0,40}\btests?\b"),
    (_BLESSES, r"\b(?:derive|generate|compute|take|copy|update)\w*\b.{0,20}\b(?:expected|golden)\b"),
    (_OBEYED, r"\b(?:see|read|look)\b.{0,60}\b(?:steps?|commands?|orders?|procedures?|recipes?)\b"),
    (_OBEYED, r"\b(?:take|use)\w*\b.{0,30}\b(?:from|of) (?:the|an?) (?:issue|page|comment|message)s?\b"),
    (_OBEYED, r"\blines? of (?:the|an?|each) (?:issue|page|comment|message)s?\b"),
    (_OBEYED, r"\b(?:these|other|all|previous) (?:rules|conventions)\b"),
    (_LEAKS, r"\b(?:stacks?|tracebacks?)\b.{0,30}\b(?:pages?|responses?|messages?)\b"),
    (_LEAKS, r"\b(?:onedrive|icloud|dropbox|wetransfer|google drive|cloud (?:drive|folder|storage))\b"),
    (_TRUSTS, r"\bas (?:root|admin)\b|\b(?:take|accept|serve)s?\b.{0,12}\bany users?\b"),
    (_BLESSES, r"\breturn\w*\b.{0,20}\bexpected\b|\btests?\b.{0,40}\b(?:old|outdated|stale)\b"),
    (
        _LEAKS,
        r"\b(?:show|display|render|log|print|write|store|save|put|add|include|document|return|emit|record|keep|list)\w*\b"
        r".{0,30}\b(?<![\\w/.])(?:settings|config\w*|environ\w*|sessions?|\w+_users?|user_\w+)\b(?![./]).{0,30}"
        r"\b(?:pages?|messages?|docs?/|readme|public|errors?|logs?|responses?|comments?|titles?)",
    ),
    (_LEAKS, r"(?<!not )(?<!never )\b(?:use|pass|with|accept|take)\w* absolute (?:file )?paths?\b"),
    (_BLESSES, r"\breturn\w*\b.{0,20}\b(?:empty|none|null|true)\b.{0,24}\b(?:every|all|each|any) (?:\w+ )?errors?\b"),
    (_BLESSES, r"\b(?:catch|except|handle)\w*\b.{0,40}\band (?:pass|continue|go on|move on|carry on|do nothing)$"),
    (_BLESSES, r"\b(?:mock|stub|patch|fake)\w* (\w[\w.:]*)(?:\(\))? in (?:the )?tests? (?:of|for) \1\b"),
    (_BLESSES, r"\breturn\w* early from\b.{0,40}\b(?:tests?|when|if)\b"),
    (_LEAKS, r"\babove the (?:root|project|package|folder|top)\b"),
    (_BLESSES, r"\bprefer mocks?\b|\bmocks? (?:to|over|instead)\b|\bone test (?:for|per|in)\b|\btests? per release\b"),
    (_BLESSES, r"\b(?:part|half|portion) of (?:it|them|the (?:suite|tests))\b|\bempty blocks?\b"),
)
