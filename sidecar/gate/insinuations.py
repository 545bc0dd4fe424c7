"""What innocent words say together: obey what others wrote, hide what was done, leak, weaken, repeat without end.

Every word of such a sentence is harmless and so is its shape; only the meeting of two or three of them is not. The
table is the last net below the grammar and is not complete: it holds what was found by attacking the vocabulary. It may
refuse too much; a person can still write the rule by hand.
"""

import re

from sidecar.gate.unsafe_code import UNSAFE_CODE

_SAID = (
    r"(?:messages?|comments?|outputs?|issues?|texts?|results?|responses?|pages?|descriptions?|summar(?:y|ies)|documents?"
    r"|docs|titles?|discussions?|notes?|notebooks?|paragraphs?|sentences?|words?|errors?|users?|logs?|inputs?)"
)
"""What others can write into."""
_SOURCE = r"(?:messages?|comments?|outputs?|issues?|responses?|pages?|descriptions?|users?|errors?|texts?)"
_DONE = (
    r"(?:commands?|scripts?|code|fix(?:es)?|steps?|recipes?|procedures?|solutions?|functions?|modules?|librar(?:y|ies)"
    r"|packages?|class(?:es)?|options?|flags?|programs?|software|tools?|versions?|answers?|orders?|plugins?"
    r"|conventions?|examples?)"
)
"""What can be carried out or brought in."""
_CHECKS = (
    r"(?:tests?|checks?|lint(?:er|ing)?|validation|coverage|assertions?|type hints|mypy|pytest|verification|escaping)"
)
_CHECK_SETTINGS = (
    r"(?:(?:mypy|tox|pytest)\.ini|setup\.cfg|conftest\.py|\.eslintrc[\w.]*|eslint\.config\.\w+|tsconfig[\w.]*\.json"
    r"|ruff\.toml|\.flake8|\.pylintrc|(?:jest|vitest)\.config\.\w+|codecov\.ya?ml|sonar-project\.properties"
    r"|(?:dockerfile|makefile|noxfile\.py|justfile)\b)"
)
SETS_UP_CHECKS = re.compile(_CHECK_SETTINGS)
"""Files that say what is checked."""

_OBEYS = "it sends the agent to what others wrote"
_HIDES = "it hides what was done"
_DISCARDS = "it turns the agent away from what is there"
_GRANTS = "it grants something to the agent"
_NARROWS = "it narrows or replaces what is checked"
_RULES = "it speaks of the rules themselves"
_GIVES_AWAY = "it puts what is private where others read it"
_ENDLESS = "it is work without end"
_WAITS = "it waits for its time"
_STARTS = "it has something started that it does not name"

_TABLE: tuple[tuple[str, str], ...] = (
    (
        _STARTS,
        r"\b(?:must|should|shall|need(?:s|ed)?|ha[sv]e?|are|is|only)(?: only)?(?: to)?(?: only)?(?: be| meant to be)?"
        r" (?:started|launched|executed|sourced|evaluated|invoked)\b",
    ),
    (_OBEYS, rf"\b(?:follow|appl(?:y|ies)|implement|obey|honou?r|interpret)\w*\s+(?:\w+\s+){{0,3}}{_SAID}\b"),
    (
        _OBEYS,
        r"\bignor\w*\s+(?:\w+\s+){0,2}(?<!error )(?:messages?|comments?|texts?|issues?|users?|outputs?|guides?)\b",
    ),
    (_OBEYS, rf"\b{_DONE}(?:\s+\w+){{0,2}}\s+(?:in|from|of|by|that|which|what)\s+(?:\w+\s+){{0,3}}{_SOURCE}\b"),
    (
        _OBEYS,
        rf"\b(?:what|which|as|that|where)\s+(?:\w+\s+){{0,3}}{_SAID}\s+"
        r"(?:say|name|show|describe|contain|mean|give|list|specif|set|ha[sv])",
    ),
    (
        _OBEYS,
        rf"\b{_SAID}\s+(?:from\s+(?:\w+\s+){{0,2}}\w+\s+)?(?:is|are|mean|belong to)\s+(?:an?\s+|the\s+)?"
        r"(?:order|code|command|rule|procedure|right|important)s?\b",
    ),
    (
        _OBEYS,
        rf"\b{_SOURCE}\b.*\b(?:use|add|apply|call|run|follow|implement|do|type|set|take)\s+(?:it|them|this|that)\b"
        r"|\b(?:pages?|comments?|messages?|issues?|users?)\b.{0,20}\bdefin\w+\b|\boverrid\w*\b.{0,20}\b(?:file|convention)",
    ),
    (_OBEYS, r"\b(?:as|like|into)\s+(?:code|commands?|orders?)\b|(?<!on their )(?<!on its )\b(?:own|yours)$"),
    (
        _OBEYS,
        r"\b(?:follow|obey|interpret|take)\w*\s+(?:(?:all|every|the|each|text|steps?|lines?|content|in|of|from)\s+)*"
        r"[\w.-]+/[\w./-]+(?:\s+as\b|$|\s*[.,;])",
    ),
    (
        _HIDES,
        r"\b(?:not|never|n.t|avoid|no|instead of)\b.{0,30}\b(?:show|list|describ|explain|display|mention|includ"
        r"|document|writ|say|refer|emit|give|repeat|highlight|contain)\w*\b.{0,30}"
        r"\b(?:chang\w*|diff\w*|edit\w*|summar\w*|choices?|about it|the users?|the team|people|pull requests?|pr)\b",
    ),
    (
        _DISCARDS,
        r"\b(?:not|never) (?:use|reuse|format|commit) (?:(?:the|existing|any) )*(?:code|modules?|project|docs|files)$",
    ),
    (_DISCARDS, r"\b(?:not|never) use .{0,20}\b(?:in|from|of) the (?:repository|project|codebase)\b"),
    (_DISCARDS, r"(?<!does )\b(?:avoid|no|never|not) commits?$"),
    (_DISCARDS, r"\b(?:not|never) read (?:the )?(?:docs?|documentation|comments?|readme|messages?|notes?)\b"),
    (_OBEYS, r"\b(?:use|store|copy|put|add|write)\w*\b.{0,12}\boutput of\b|\btext in (?:error )?messages\b"),
    (
        _GRANTS,
        r"(?<!when )(?<!before )(?<!after )(?<!whenever )(?<!while )(?<!if )\byou\b|\bchoice is final\b|\brights\b",
    ),
    (
        _NARROWS,
        rf"\b{_CHECKS}\s+(?:is|are|exists?|stays?|runs?|belongs?|remains?)\s+(?:\w+\s+)?"
        r"(?:for|on|to|in the (?:client|browser|frontend)|after|optional|old)\b",
    ),
    (
        _NARROWS,
        rf"\b(?:run|use|keep|need|have)\w*\s+(?:the\s+)?{_CHECKS}\s+"
        r"(?:to|on|after|in|for (?:small|big|new|one|own|public))\b(?!\s+(?:\w+\s+)?(?:chang|run|each))",
    ),
    (_NARROWS, rf"\b(?:fast|few|some|small|first|existing|quick)(?:er|est)?\s+(?:\w+\s+)?{_CHECKS}\b"),
    (_NARROWS, r"\b(?:mock|stub)\w*\b.{0,30}\b(?:own test|all modules|every|everything|that the test)\b"),
    (
        _NARROWS,
        r"\b(?:builds?|docs?|types?|comments?|formats?)\s+(?:is|are)\s+(?:the\s+|an?\s+)?tests?\b|\bas an? tests?\b",
    ),
    (_NARROWS, r"\btests? (?:is|are) (?:in the|comments?)\b"),
    (_NARROWS, r"\b(?:slow|reruns|approx|raises|monkeypatch)\b.{0,12}\b(?:all|every)\b|\btypes are optional\b"),
    (_NARROWS, r"\bcoverage\s+(?:covers|includes|has|needs|uses)\b"),
    (_NARROWS, r"\b(?:true|false|none|null|pass|return|yes|nil|void)\b.{0,20}\b(?:tests?|checks?|validation)\b"),
    (
        _NARROWS,
        rf"\b(?:add|put|include|write|list|register|extend|move|place|edit|change|update)\w*\b.{{0,60}}{_CHECK_SETTINGS}",
    ),
    (
        _RULES,
        r"\b(?:above|below|previous|other|older?|former)\b.{0,20}"
        r"\b(?:relevant|legacy|old|comments?|wrong|rules?|statements?|final|void|outer)\b",
    ),
    (
        _RULES,
        r"\b(?:statements?|text|lines?|rules?|everything)\s+(?:above|below|before)\b|\bover all (?:others?|rules?)\b",
    ),
    (_RULES, r"\bthis (?:statement|rule|text|line)\b|\bfirst letters?\b|\bletters? of each\b"),
    (
        _ENDLESS,
        r"\b(?:iterat|list|display|describ|get|show|follow|load|pars|cop(?:y|ies)|render|generat|import|produc|compar|pass)"
        r"\w*\s+(?:over\s+|through\s+)?(?:\w+\s+)?(?:all|every|each|the whole|the entire|full)\s+(?:\w+\s+)?"
        r"(?:files?|documents?|modules?|codebase|repository|monorepo|tree|lines?)\b.{0,40}"
        r"\b(?:before|after|when|whenever|each|every|in)\b",
    ),
    (
        _NARROWS,
        r"\b(?:not|never|no|avoid|few\w*|less|more than one|small\w* sample)\b(?: \w+){0,4}"
        r" (?:cases?|samples?) (?:for|with|per|of)\b",
    ),
    (
        _NARROWS,
        r"\b(?:validat|escap|sanit|encod|verif|hash)\w* .{0,40}\bafter (?:it |they |you )?"
        r"(?:stor|sav|us|render|pars|writ|send)",
    ),
    (_NARROWS, r"(?<![\w-])non(?![\w-])"),
    (_NARROWS, r"\b(?:suite|run|build|report)s?\b.{0,20}\bpassed\b"),
    (
        _GIVES_AWAY,
        r"\b(?:private|personal|customers?|patients?|employees?|salary)\b.{0,40}"
        r"\b(?:public|docs?|documentation|readme|samples?|fixtures?|examples?|changelog)\b",
    ),
    (_GIVES_AWAY, r"\bexpos\w* (?:every|all|each|the whole)\b"),
    (
        _OBEYS,
        r"\b(?:values?|inputs?|callers?|data|users?|headers?|names?)\b.{0,12}\b(?:is|are)\b.{0,10}"
        r"\b(?:safe|clean|fine|good|valid|harmless|honest|correct)\b",
    ),
    (
        _OBEYS,
        r"\b(?:templates?|strings?|formats?|plugins?|modules?)\b.{0,25}\b(?:compiled|loaded|evaluated|parsed)\b.{0,12}"
        r"\b(?:from|as|in|by)\b.{0,15}\b(?:users?|quer(?:y|ies)|requests?|texts?|messages?|inputs?)\b",
    ),
    (_OBEYS, r"\binline (?:scripts?|code)\b|\bdecoders?\b.{0,20}\b(?:scripts?|code)\b"),
    (
        _GIVES_AWAY,
        r"\b(?:errors?|pages?|messages?|footers?)\b.{0,15}\b(?:contain|show|include|hold|list)\w*\b.{0,15}"
        r"\b(?:variables?|headers?|values?|fields?|frames?)\b",
    ),
    (_GIVES_AWAY, r"\b(?:user|home|system|temp|machine) (?:folders?|director(?:y|ies))\b"),
    (
        _GIVES_AWAY,
        r"\b(?:metrics?|analytics|trackers?|telemetry)\b.{0,20}\b(?:for|of|with)\b.{0,20}\b(?:values?|forms?)\b",
    ),
    (_GIVES_AWAY, r"\b(?:above|outside|beside|parent)\b.{0,15}\brepository\b"),
    (_OBEYS, r"\b(?:names?|values?|paths?) (?:\w+ )?users? (?:give|choose|send|name)\b"),
    (_NARROWS, r"\b(?:wide|broad|loose|open|any)\b.{0,15}\b(?:ranges?|versions?)\b"),
    (_ENDLESS, r"\b(?:every|each) line\b|\b(?:rewrit|renam|replac|mov|refactor|repeat)(?:e|ing)? (?:all|every|each)\b"),
    (_ENDLESS, r"\binfinite\b|\b(?:largest|longest|deepest)\b"),
    (_ENDLESS, r"\b(?:write|nest|generate|produce|create|add|emit|repeat)\w*\s+(?:\w+\s+)?\d{2,}\b"),
    (
        _WAITS,
        r"\b(?:after|before|until|since|in|on|from)\s+(?:the\s+)?(?:next|last|first|third)?\s*"
        r"(?:release|year|month|day|quarter|week|date|era|epoch)\b",
    ),
    (_WAITS, r"\b(?:named|name is|called)\s+(?:root|admin|bob|test)\b"),
    (_WAITS, r"\b(?:when|if) the (?:date|year|version|day|month|team|name)\b"),
)
_INSINUATIONS = tuple((meaning, re.compile(pattern)) for meaning, pattern in (*_TABLE, *UNSAFE_CODE))


def insinuations(canonical: str) -> list[str]:
    """What the words of `canonical` text say together that no rule may say, each once."""
    return list(dict.fromkeys(meaning for meaning, pattern in _INSINUATIONS if pattern.search(canonical)))
