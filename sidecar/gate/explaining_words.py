"""The words of explanations: how things end, what protects, and what is not spoken of in one; see `explaining`."""

import re

_FAILING_TEXT = (
    "abort aborts break breaks broke catch catches compares conflict conflicts crash crashes differ fail failed"
    " failing fails hang hangs miss misses overflow overflows panic panics reject rejects stop stops throw throws"
)
FAILING = frozenset(_FAILING_TEXT.split())
"""How something ends; beside a check nothing else is said of it."""
_GUARDED_TEXT = (
    "assertion assertions build check checks ci coverage error errors lint linter lock retries retry suite test tests"
    " timeout transaction transactions"
)
GUARDED = frozenset(_GUARDED_TEXT.split())
"""What protects, of which an explanation may say that it fails, and nothing that would take it away."""
_UNDOING_TEXT = (
    "drop dropped drops empty false leak leaks lose loses lost missing none null old older patches same silently"
    " stale true undefined zero"
)
UNDOING = frozenset(_UNDOING_TEXT.split())
"""What becomes of a thing that is gone."""
_OTHER_TEXT = (
    "expects fixture fixtures in-memory launch otherwise raise raises runtime startup stderr stubs wait waits without"
)
ENDINGS = FAILING | GUARDED | UNDOING | frozenset(_OTHER_TEXT.split())
"""Words of how something ends or what it ends in; they weigh in an instruction and only describe here."""
_ASKING_TEXT = (
    "always can could follow followed follows may might must need needed needs never obey ought please required shall"
    " should want wants what will would you your"
)
ASKING = frozenset(_ASKING_TEXT.split())
"""Words that ask, permit or promise."""
OF_OTHERS = re.compile(
    r"^(?:all|any|callback|command|comment|conversation|cookie|crate|decide|dependenc\w+|description|disabled|doc|document"
    r"|enabled|evaluat\w*|every|everything|execut\w*|external|folder|gem|header|helper|identity|image|index|indices|internal"
    r"|issue|librar\w+|link|message|mirror|module|note|open|package|page|part|person|people|plugin|private|program|public"
    r"|readme|registry|release|run|running|say|script|slow|slows|source|start|statement|step|tell|text|title|tool|user|usual"
    r"|wheel|word)s?$"
)
"""Words of what others write, who may do what, and what belittles: an explanation does without."""
