"""Frames: whole sentences about paths and commands of the repository, in closed words of many languages.

`Do not edit P; run C instead` is the rule that is learned most, and it says the same in every language. What can be
chosen in it are slots, and those are attested: P exists, C was seen to succeed and is read word by word. Everything
else is a sentence of the `frames_…` tables, from end to end, so that no negation can hide and no word be added: a
command is only ever told to run, and of a path it is only said that it is left alone, or changed together with another.

A table says `when`, and `upon` which change of a path; what is told to `run`; what to `keep` as it is; what is changed
`also`; what is `made` by what; English has a `guard`, too. In a line `(a|b)` varies, `[c ]` may be missing, `..` goes
on with the line above; `<C>` are attested commands, `<P>` paths that exist, `<K>` those and vendored ones, `<N>` one to
three neutral words, `<M>` a number, F a command seen to fail. Before adding a line, read it as a sentence with the
worst of each: no command may be denied or made optional, no path be obeyed, removed or emptied.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from sidecar.gate.frames_asian import ASIAN
from sidecar.gate.frames_english import ENGLISH
from sidecar.gate.frames_germanic import GERMANIC
from sidecar.gate.frames_names import NAMES, NEEDED, SAID
from sidecar.gate.frames_romance import ROMANCE
from sidecar.gate.frames_slavic import SLAVIC
from sidecar.gate.insinuations import SETS_UP_CHECKS
from sidecar.gate.literals import is_safe_literal
from sidecar.gate.parts import Part
from sidecar.gate.plain_risks import RISKS_ABROAD
from sidecar.gate.plain_slots import is_code_name, is_denied_name
from sidecar.gate.slots import Token
from sidecar.gate.vocabulary import base_forms
from sidecar.gate.words import WORDS

_ENDS = re.compile(r"[;.:!。；：！–—]")
_SPOKEN = frozenset((".env", "HttpOnly", "SameSite", "Secure"))
"""Names that stand nowhere but in a sentence that is written with them."""
_SHOWS = re.compile(
    r"(?i)print|println|console\.|log(?:ger|ging)?(?:\.|$)|fmt\.|f-string|string$|str$|%|repr|__(?:repr|str)__|tostring"
    r"|echo|format|join|concat|write|export|emit|send|post|dump"
)
"""Names of what shows or sends what it is given, and of what puts text together."""
_SIGNS = {Part.COMMAND: "C", Part.FAILING_COMMAND: "F", Part.BROKEN_COMMAND: "F", Part.NUMBER: "M"}
_CONTINUED = re.compile(r"\n *\.\.")
_A_THING = rf"(?:(?!{RISKS_ABROAD})[^\W\d_]{{3,24}})"
"""One word of another language that is on no list of risks."""
_MANY = "(?:{0}(?:(?: (?:{1}))? {0}){{0,3}})"
"""A list of up to four slots, with or without `and`."""
_NAME = "~"
"""Stands behind a word that names a thing; frames of other languages than English do not ask for it."""
_NAMING = (Part.NEUTRAL, Part.ABOUT_TESTS)
_NAMES = f"(?:[^ ]+{_NAME}(?: [^ ]+{_NAME}){{0,2}})"
_WORD = re.compile(r"(?<![<\w])[a-z][a-z'-]*(?!\w*>)")
_READINGS = ("when", "upon", "run", "keep", "also", "made", "guard", "names")
_CODES = (
    *("de", "nl", "nordic"),
    *("fr", "es", "pt", "it"),
    *("pl", "cs", "ru", "uk"),
    *("tr", "vi", "id", "ja", "zh", "ko"),
)
"""The languages of the tables, in their order."""
_PATHS = {"upon": "[PQS]", "also": "[PQ]", "keep": "[PQS]", "guard": "[PQ]"}
"""The paths that a reading is open for: P, of tests (Q), and what sets up the checks (S), which nobody changes."""


def is_framed(tokens: Sequence[Token]) -> bool:
    """Whether every sentence of a text is a frame of one language, with attested slots."""
    sentences = [said.replace(_NAME, "") for said in _sentences(tokens)]
    return bool(sentences) and any(all(frame.fullmatch(said) for said in sentences) for frame in _frames())


def is_framed_clause(tokens: Sequence[Token]) -> bool:
    """Whether one English clause is a frame with attested slots."""
    sentences = _sentences(tokens)
    return len(sentences) == 1 and _english().fullmatch(sentences[0]) is not None


def _sentences(tokens: Sequence[Token]) -> list[str]:
    """Each sentence as words in lower case, a slot as one capital letter; nothing where a token is neither."""
    sentences: list[list[str]] = [[]]
    for token in tokens:
        if token.is_break and _ENDS.fullmatch(token.text):
            sentences.append([])
        elif token.part is not Part.COMMA:
            sign = _sign(token)
            if sign is None:
                return []
            sentences[-1].append(sign)
    return [" ".join(words) for words in sentences if words]


def _sign(token: Token) -> str | None:
    if token.part in (Part.PATH, Part.TEST_PATH):
        return _path_sign(token)
    if is_code_name(token):
        return _name_sign(token)
    if token.text in _SPOKEN:
        return f"'{token.text.lower()}'"
    if token.reason is not None or token.is_break:
        return None
    if token.part in _SIGNS:
        return _SIGNS[token.part]
    if token.is_quoted:
        return None
    word = unicodedata.normalize("NFC", token.text).lower().replace("\u2019", "'")
    is_name = token.part in _NAMING or not _things().isdisjoint(base_forms(word))
    return word + _NAME if is_name else word


def _path_sign(token: Token) -> str:
    if token.reason is not None:
        return "V"
    if SETS_UP_CHECKS.search(token.text.lower()):
        return "S"
    return "Q" if token.part is Part.TEST_PATH else "P"


def _name_sign(token: Token) -> str:
    """L for a name that may be denied, G for one that protects, O for one that shows or builds text."""
    if _SHOWS.match(token.text):
        return "O"
    is_guard = token.part is Part.SAFE_CALL and not is_safe_literal(token.text)
    return "G" if is_guard or not is_denied_name(token.text) else "L"


@cache
def _things() -> frozenset[str]:
    """Words that name a thing, those that can be verbs, too, among them."""
    return frozenset(word for part, words in WORDS if part in _NAMING for word in words.split())


@cache
def _frames() -> tuple[re.Pattern[str], ...]:
    """One pattern a language: up to three sentences of it, one after the other, each a frame from end to end."""
    tables = zip(_CODES, (*GERMANIC, *ROMANCE, *SLAVIC, *ASIAN), strict=True)
    return tuple(_frame(table | {"names": NAMES.get(code, "<never>")}) for code, table in tables)


@cache
def _english() -> re.Pattern[str]:
    marked = {name: _WORD.sub(rf"\g<0>{_NAME}?", lines) for name, lines in ENGLISH.items()}
    return _frame(marked, is_alone=True)


def _frame(language: dict[str, str], *, is_alone: bool = False) -> re.Pattern[str]:
    space = " ?" if language.get("spaces") == "no" else " "
    said = {name: _alternatives(language.get(name, "<never>"), _slots(language, name)) for name in _READINGS}
    when = f"(?:{said['when']}|{said['upon']})"
    run = f"(?:{when}{space})?{said['run']}(?:{space}{when})?"
    both = f"{said['upon']}{space}{said['also']}|{said['also']}{space}{said['upon']}"
    item = f"(?:{run}|{both}|{said['keep']}|{said['made']}|{said['guard']}|{said['names']})"
    # `never log secrets, run C`: English lists may carry a negation over a comma
    following = "" if is_alone else f"(?:{space}{item}){{0,2}}"
    return re.compile(item + following)


def _slots(language: dict[str, str], reading: str) -> dict[str, str]:
    slots = {"C": "C", "P": _PATHS.get(reading, "P"), "K": "[PQSV]"}
    names = {"L": "[LGO]", "D": "[LO]", "U": "[LG]", "O": "O"}
    return {"M": "M", "N": _NAMES, **names, "Q": "Q", "W": _A_THING, "E": NEEDED, "S": SAID} | {
        name: _MANY.format(slot, language["and"]) for name, slot in slots.items()
    }


def _alternatives(lines: str, slots: dict[str, str]) -> str:
    """A table's lines as one pattern; `<C>`, `<P>`, `<K>`, `<N>` are slots, `(a|b)` varies, `[c ]` may be missing."""
    patterns: list[str] = []
    for line in filter(None, map(str.strip, _CONTINUED.sub("", lines).splitlines())):
        pattern = line.replace("(", "(?:").replace("[", "(?:").replace("]", ")?")
        for name, slot in slots.items():
            pattern = pattern.replace(f"<{name}>", slot)
        patterns.append(pattern)
    return f"(?:{'|'.join(patterns)})"
