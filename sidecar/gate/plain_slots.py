"""Slots of plain sentences: which unattested names may stand in one, and which commands may be advised against.

A name of code does nothing by itself. Where something is brought in, denied or written to, the grammar is narrower
about it than elsewhere; the classes here are what it chooses by.
"""

import re
from collections.abc import Sequence

from sidecar.gate.insinuations import SETS_UP_CHECKS
from sidecar.gate.names import Weight, is_code_shaped, is_guarding_name, turns_off, weight_of
from sidecar.gate.parts import Part
from sidecar.gate.paths import is_file_name, is_forbidden_path, is_foreign_path
from sidecar.gate.plain_risks import is_harmless_unknown
from sidecar.gate.programs import CHECKERS, INTERPRETERS, SCRIPTED, TARGETED, VERBS
from sidecar.gate.slots import Token
from sidecar.gate.target_names import DANGEROUS_PIECES, WORK
from sidecar.gate.topics import Topic, topics_of_name
from sidecar.gate.vocabulary import part_of_word

_NEVER = frozenset((Topic.CLOSED, Topic.CONFIDENTIAL, Topic.WEAKENING))
_NEVER_DENIED = frozenset((Topic.PROTECTING, Topic.CONFIDENTIAL))
_LONGEST_NAME = 40
_LONGEST_COMMAND = 48
_UNATTESTED = ("unattested literal", "unattested setting", "unattested command")
_NAMES = ("unattested name", "dangerous name")
"""What stands against a name that may at most be forbidden."""
_FILES = ("unattested path", "unattested literal")
_IDENTIFIER = re.compile(
    r"@?[A-Za-z_]\w*(?:(?:\.|::|->|-)\w+)*(?:\((?:\w+(?:, ?\w+)*)?\))?|\.[a-z]\w+|[A-Z]\d{3,4}"
    r"|[A-Za-z_][\w.]*\([\w.,'\" ()]*\)|[A-Z]\w*<\w+(?:, \w+)*>|\[[A-Z]\w+\]"
    r"|<(?!script|iframe|object|embed|meta|base)[a-z]\w{0,9}>"
)
_CODE_NAME = re.compile(r"[A-Z]|\w[_.:(]\w*|^_")
_CALL_OR_MEMBER = re.compile(r"\w[_.:(]\w*|^_")
_STAND_IN = re.compile(r"^(?:Fake|Mock|Stub|Dummy|InMemory)(?=[A-Z])|(?<![a-z])(?:fake|mock|stub|dummy|make|create)_")
"""What stands in for another thing in tests says nothing lenient."""
_SHOWN = re.compile(
    r"(?:^|/)(?:docs?|public|static|www|dist|assets|site|wiki|notes?|examples?|data|fixtures|samples?|shared)(?:/|$)"
    r"|(?:^|/)(?:readme|changelog|history|news|contributing)|\.(?:md|rst|txt|html|adoc|csv)$"
)
"""Paths where what is put is read by others."""
_COMMAND_WORD = re.compile(r"[a-z0-9]+")
_PROGRAMS = CHECKERS | TARGETED | SCRIPTED | INTERPRETERS | frozenset(VERBS) | frozenset(("pip", "docker", "git"))


def is_plain_name(token: Token, *, is_denied: bool = False) -> bool:
    """Whether what stands against a token is only that nobody attested a name, and the name is that of code.

    Args:
        is_denied: The clause forbids to use it; then its name may say what weakens, and not what protects.
    """
    reason = token.reason or ""
    if reason.startswith(_FILES) and is_file_name(token.text):
        is_kept = is_forbidden_path(token.text) or is_foreign_path(token.text)
        return not is_kept and SETS_UP_CHECKS.search(token.text.lower()) is None
    if is_denied and reason.startswith(_NAMES):
        return is_denied_name(token.text)
    is_named = reason.startswith(_UNATTESTED) and len(token.text) <= _LONGEST_NAME
    if not is_named or not _IDENTIFIER.fullmatch(token.text):
        return False
    return is_denied_name(token.text) if is_denied else not topics_of_name(token.text) & _NEVER


def is_denied_name(text: str) -> bool:
    """Whether to forbid the use of a name takes no protection away."""
    return turns_off(text) or (not topics_of_name(text) & _NEVER_DENIED and not is_guarding_name(text))


def is_shown_path(path: str) -> bool:
    """Whether what lies at `path` is text or data for others to read, not code."""
    return _SHOWN.search(path.lower()) is not None


def is_code_name(token: Token) -> bool:
    """Whether a slot is a well-known name or an identifier of code that touches no topic."""
    if token.reason is None and token.part is not Part.NAME:
        return token.is_quoted and token.part in (Part.LITERAL, Part.SAFE_CALL)
    return "I" in slot_classes(token)


def is_forbiddable(token: Token, told: Sequence[str]) -> bool:
    """Whether a command may be advised against: another one is told that checks as much, or it leaves the repository.

    `Use uv run pytest, not pytest` takes no check away; `run make docs instead of make check` does.
    """
    if token.part is not Part.UNKNOWN or not (token.reason or "").startswith(_UNATTESTED):
        return False
    words = _COMMAND_WORD.findall(token.text.lower())
    if not words or words[0] not in _PROGRAMS or len(token.text) > _LONGEST_COMMAND:
        return False
    checked = {word for word in words if word in WORK or word in CHECKERS}
    if not checked and not DANGEROUS_PIECES.isdisjoint(words):
        return True
    covered = {word for command in told for word in _COMMAND_WORD.findall(command.lower())}
    return bool(told) and checked <= covered


def slot_classes(token: Token) -> frozenset[str]:
    """The classes that the grammar reads a slot in; none where it may stand in no plain sentence."""
    if token.reason is not None:
        return frozenset(_unattested_class(token))
    if token.part in (Part.PATH, Part.TEST_PATH):
        is_test = token.part is Part.TEST_PATH
        return frozenset("PQ" if is_test else "P" if is_shown_path(token.text) else "PR")
    if token.part is Part.ABOUT_TESTS:
        return frozenset(("L", "TL"))
    if token.part is Part.NAME:
        return frozenset(_name_class(token.text))
    return _CLASSES.get(token.part, frozenset[str]())


_CLASSES = {
    Part.COMMAND: frozenset("C"),
    Part.FAILING_COMMAND: frozenset("O"),
    Part.LITERAL: frozenset("L"),
    Part.TOOL: frozenset("L"),
    Part.SAFE_CALL: frozenset("L"),
}


def _name_class(text: str) -> str:
    """The classes of a name that the source holds; see `plain_grammar`."""
    match weight_of(text):
        case Weight.GUARDING:
            return "U"
        case Weight.LIGHT if is_code_shaped(text):
            return "IVA"
        case Weight.LIGHT:
            return "SI" if text[0].isupper() else "S"
        case Weight.WEIGHTY:
            is_kept = not is_denied_name(text)
            return "H" if is_kept else "HJ"
        case _:
            return ""


def _unattested_class(token: Token) -> str:
    if not is_plain_name(token):
        return "J" if is_plain_name(token, is_denied=True) else ""
    if is_file_name(token.text):
        return "IF"
    if token.text.startswith("<"):
        return "I"
    # a name in small letters may be a package; where it is brought in, only code will do
    if _CODE_NAME.search(token.text):
        topics = topics_of_name(_STAND_IN.sub("", token.text))
        kind = "E" if Topic.PROTECTING in topics else "J" if Topic.LENIENT in topics else "I"
        return kind + "V" if kind == "I" and _CALL_OR_MEMBER.search(token.text) else kind
    is_name = part_of_word(token.text) is Part.UNKNOWN and is_harmless_unknown(token.text)
    return "X" if is_name else ""
