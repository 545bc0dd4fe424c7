"""The action surface of a text: every command, path, literal, option, setting, URL and id in it, attested or not.

A text is cut into tokens that cover it from end to end, so that nothing between two slots goes unread. Each token has
a part for the grammar and, where it is no word, the reason that stands against it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sidecar.gate.characters import canonical_text
from sidecar.gate.commands import is_attested_command, is_part_of_attested, looks_like_command
from sidecar.gate.context import GateContext
from sidecar.gate.denials import denials
from sidecar.gate.invocations import command_fault
from sidecar.gate.literals import is_safe_call, is_safe_literal, is_test_literal, is_unsafe_literal
from sidecar.gate.names import Weight, is_attested_name, is_code_shaped, name_of, weight_of
from sidecar.gate.parts import Part
from sidecar.gate.paths import (
    is_existing_path,
    is_file_name,
    is_forbidden_path,
    is_foreign_path,
    is_test_path,
    names_in,
)
from sidecar.gate.tokens import TOKEN
from sidecar.gate.vocabulary import part_of_word

_MAX_BAD_LITERAL = 48
"""Characters; what is forbidden is named, not quoted at length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One piece of the text."""

    text: str
    part: Part
    is_break: bool = False
    """Ends a clause: `;`, `:`, a full stop, a bracket, `because`."""
    reason: str | None = None
    """What stands against it; None when it is accounted for. A bad thing's reason is lifted where it is forbidden."""
    is_quoted: bool = False
    is_named_here: bool = False
    """A word that names a file or folder of the repository, or a part of one."""


_PAIRS = ("and/or", "i/o", "input/output", "read/write", "client/server", "key/value", "tabs/spaces")
_BREAK_WORDS = frozenset({"because", "since"})
_MAX_NUMBER = 500
_NO_PLACE = "unattested URL: {!r}; a rule names no place outside the repository"
_REFUSED_SIGNS = {
    "url": _NO_PLACE,
    "email": _NO_PLACE,
    "date": "instance: {!r} is a date or time; a rule holds at any time",
    "id": "instance: {!r} names one issue, commit or ticket",
}
_OTHER_SIGN = "needs a human author: the sign {!r} is no part of a plain sentence"
_ISSUE_PLACEHOLDER = re.compile(r"(?:Refs|References|See|Part of|Relates to):? #(?:123|1234|N|n|<\w+>)")
_COMMIT_FORM = re.compile(
    r"(?:fix|feat|docs|chore|refactor|bugfix|feature|hotfix)/"
    r"|(?:fix|feat|docs|chore|refactor|type|build|perf|style)(?:\((?:scope|\w{1,12})\))?: ?(?:text|subject|summary|…)?"
)


def tokens_of(text: str, context: GateContext) -> list[Token]:
    """`text` as tokens in order, spaces left out; brackets around a single slot are left out, too."""
    tokens = list(_tokens(text, context))
    lone = {
        index
        for index in range(1, len(tokens) - 1)
        if tokens[index].is_quoted and tokens[index - 1].text in ("(", "（") and tokens[index + 1].text in (")", "）")
    }
    return [token for index, token in enumerate(tokens) if index + 1 not in lone and index - 1 not in lone]


def _tokens(text: str, context: GateContext) -> Iterator[Token]:
    position = 0
    commands = sorted((known for known in context.attested_commands if " " in known), key=len, reverse=True)
    while position < len(text):
        # an attested command may stand without backticks; what follows it is read like everything else
        bare = next((known for known in commands if _stands_at(text, position, known)), None)
        if bare is not None:
            yield _literal(bare, context)
            position += len(bare)
            continue
        match = TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            break
        position = match.end()
        if match.lastgroup != "space":
            yield _token(match.lastgroup, match.group(match.lastgroup), context)


def _stands_at(text: str, position: int, known: str) -> bool:
    if not text.startswith(known, position) or (position > 0 and not text[position - 1].isspace()):
        return False
    rest = text[position + len(known) :]
    return rest == "" or rest[0] in " ,;:)" or rest.startswith(". ") or rest == "."


def _token(group: str, text: str, context: GateContext) -> Token:
    match group:
        case "quoted":
            return _literal(text[1:-1], context)
        case "code" | "call" | "setting" | "decorator":
            return _held(_literal(text, context), context)
        case "option":
            return _literal(text, context)
        case "path":
            return _pair_or_path(text, context)
        case "comma":
            return Token(text=text, part=Part.COMMA)
        case "break" | "dash":
            return Token(text=text, part=Part.UNKNOWN, is_break=True)
        case "slash":
            return Token(text=text, part=Part.OR)
        case "standard":
            return Token(text=text, part=Part.NEUTRAL)
        case "number":
            return _number(text)
        case "word":
            is_named_here = text.lower() in names_in(context.repository_files)
            is_break = text.lower() in _BREAK_WORDS
            return Token(text=text, part=part_of_word(text), is_break=is_break, is_named_here=is_named_here)
        case _:
            return _refused(text, _REFUSED_SIGNS.get(group, _OTHER_SIGN).format(text))


def _held(token: Token, context: GateContext) -> Token:
    """A token that nothing attests as it is, held against the names that the source at the base holds."""
    if context.identifiers is None or not (token.reason or "").startswith("unattested ") or name_of(token.text) is None:
        return token
    if is_file_name(token.text):
        return token
    if is_attested_name(token.text, context.identifiers):
        is_word = token.text.islower() and not is_code_shaped(token.text)
        if is_word and weight_of(token.text) not in (Weight.LIGHT, Weight.GUARDING):
            return token  # a word that weighs is read as what it is, a word
        if weight_of(token.text) is Weight.DANGEROUS:
            return _refused(token.text, f"dangerous name: {token.text!r}; a rule may only forbid to use it")
        return Token(text=token.text, part=Part.NAME, is_quoted=True)
    if not is_code_shaped(token.text):
        return token
    return _refused(token.text, f"unattested name: {token.text!r} stands in no source file of the repository")


def _refused(text: str, reason: str) -> Token:
    return Token(text=text, part=Part.UNKNOWN, reason=reason)


def _number(text: str) -> Token:
    if text.replace(".", "", 1).isdigit() and float(text) > _MAX_NUMBER:
        return _refused(text, f"needs a human author: the number {text} is larger than conventions need")
    return Token(text=text, part=Part.NUMBER)


def _pair_or_path(text: str, context: GateContext) -> Token:
    if text.lower() in _PAIRS:
        return Token(text=text, part=Part.NEUTRAL)
    return _literal(text, context)


def _literal(text: str, context: GateContext) -> Token:
    if "://" in text or "www." in text:
        return _refused(text, _NO_PLACE.format(text))
    denied = [] if is_safe_call(text) or is_safe_literal(text) else denials(canonical_text(text))
    if is_forbidden_path(text) and not looks_like_command(text) and not is_safe_call(text):
        denied = [*denied, "a file no rule may speak of"]
    if denied or is_unsafe_literal(text):
        return _bad(text, denied or ["insecure code"])
    known = _well_known(text)
    # `true` is a value in a sentence and a command that checks nothing once it was run
    if known is not None and not (text.isalpha() and text in context.attested_commands):
        return known
    if is_attested_command(text, context.attested_commands, context.repository_files):
        return _attested(text)
    if is_existing_path(text, context.repository_files) or _is_glob_of_folder(text, context):
        return _path(text)
    if text in context.failing_commands or is_part_of_attested(text, context.attested_commands):
        part = Part.BROKEN_COMMAND if command_fault(text) else Part.FAILING_COMMAND
        return Token(text=text, part=part, is_quoted=True)
    part = part_of_word(text)
    if part in (Part.TOOL, Part.NEUTRAL, Part.ABOUT_TESTS):
        return Token(text=text, part=Part.LITERAL if part is Part.NEUTRAL else part, is_quoted=True)
    return _refused(text, _unattested(text))


def _is_glob_of_folder(text: str, context: GateContext) -> bool:
    """`tests/cases/*.txt`, where the folder is there and no file of that name yet."""
    folder, _, name = text.rpartition("/")
    is_glob = re.fullmatch(r"\*\.[a-z]{1,6}", name) is not None
    return is_glob and folder != "" and is_existing_path(folder, context.repository_files)


def _well_known(text: str) -> Token | None:
    if is_test_literal(text):
        return Token(text=text, part=Part.ABOUT_TESTS, is_quoted=True)
    if is_safe_call(text):
        return Token(text=text, part=Part.SAFE_CALL, is_quoted=True)
    if is_safe_literal(text) or _ISSUE_PLACEHOLDER.fullmatch(text) or _COMMIT_FORM.fullmatch(text):
        return Token(text=text, part=Part.LITERAL, is_quoted=True)
    return None


def _attested(command: str) -> Token:
    fault = command_fault(command)
    if fault is not None:
        return _refused(command, f"needs a human author: the command {command!r} worked, but {fault}")
    return Token(text=command, part=Part.COMMAND, is_quoted=True)


def _path(path: str) -> Token:
    reason = f"denied: others may write what lies at {path!r}" if is_foreign_path(path) else None
    part = Part.TEST_PATH if is_test_path(path) else Part.PATH
    return Token(text=path, part=part, reason=reason, is_quoted=True)


def _bad(text: str, categories: list[str]) -> Token:
    reason = f"denied: {', '.join(categories)} ({text!r})"
    if len(text) > _MAX_BAD_LITERAL:
        return _refused(text, reason)
    return Token(text=text, part=Part.BAD, reason=reason, is_quoted=True)


def _unattested(text: str) -> str:
    if looks_like_command(text):
        return f"unattested command: {text!r} was not seen to succeed in this repository"
    if "/" in text or re.fullmatch(r"[\w.-]+\.\w{1,5}", text):
        return f"unattested path: {text!r} matches no file of the repository"
    if text.startswith("-") or "=" in text or re.fullmatch(r"[A-Z0-9_]+", text):
        return f"unattested setting: {text!r}"
    return f"unattested literal: {text!r} is no command, path or well-known name"
