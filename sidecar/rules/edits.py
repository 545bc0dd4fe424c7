"""RuleEdits: read from a JSON document, applied to a rules file by one renderer.

Applying renders and nothing else: whether a rule may stand is the gate's business, which files hold it is the targets'.
No sequence of edits leads over the budget; a block that people made larger can still be trimmed.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import cast

from sidecar.domain import EditOperation, Rule, RuleEdit, RuleKind, RulesFile
from sidecar.errors import DecodeError, OverBudgetError, RulesFileError
from sidecar.rules.block import (
    UNSTATED_KIND,
    BlockSize,
    block_size,
    line_tokens,
    parse_rules_file,
    render_rules_file,
    rule_words,
    split_words,
)
from sidecar.rules.canonical import canonical_rule, rule_id

ROOT_BUDGET = BlockSize(rules=20, lines=40, tokens=800)
"""Of the block that every session loads, marker lines included (design, section 8)."""
SCOPED_BUDGET = BlockSize(rules=10, lines=20, tokens=400)
"""Of a block that only sessions under its paths load: half, for it comes on top of the root block."""

_JOINERS = "\u200c\u200d"
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_OPERATIONS = {"add": EditOperation.ADD, "retire": EditOperation.RETIRE}
_KEYS = {"op", "kind", "text", "scope"}


def parse_edits(document: bytes) -> tuple[RuleEdit, ...]:
    """RuleEdits of `{"edits":[{"op":"add","kind":"command","text":"…","scope":"src/**"},{"op":"retire","text":"…"}]}`.

    Raises:
        DecodeError: with the number of the edit and what was expected.
    """
    try:
        decoded: object = json.loads(document)
    except (ValueError, RecursionError) as exc:
        raise DecodeError(f'the edits are not JSON ({exc}); expected {{"edits":[{{"op":"add","text":"…"}}]}}') from exc
    edits = _mapping(decoded).get("edits")
    if not isinstance(edits, list):
        raise DecodeError('the edits document has no list "edits"; expected {"edits":[{"op":"add","text":"…"}]}')
    return tuple(_edit(_mapping(edit), number) for number, edit in enumerate(cast("list[object]", edits), start=1))


def apply_edits(
    content: bytes, edits: Sequence[RuleEdit], *, ledger: Sequence[Rule] = (), budget: BlockSize = ROOT_BUDGET
) -> bytes:
    """The file after the edits; a rule added twice stands once.

    Args:
        content: The file as it is; empty for a new one.
        ledger: Rules known by id, so that an amended or merged one is found by its id.
        budget: What the block may come to. One that people made larger stays as it is, and may only shrink.
    Raises:
        RulesFileError: broken markers, an unfit text, a rule to retire that is not there, or the budget is exceeded.
    """
    file = parse_rules_file(content, ledger)
    edited = file
    for edit in edits:
        edited = replace(edited, rules=_applied(edited.rules, edit))
    rendered = render_rules_file(edited)
    if any(edit.operation is not EditOperation.RETIRE for edit in edits) and edited.rules != file.rules:
        _check_rendered(file, edited, rendered)
        _check_budget(block_size(content), block_size(rendered), budget)
    return rendered


def check_text(text: str, scope: str | None = None) -> None:
    """Refuse words that cannot stand on one list line between our markers.

    Raises:
        RulesFileError: with the character or the piece that is in the way.
    """
    if not canonical_rule(text):
        raise RulesFileError("a rule needs words; its text is empty")
    for character in text + (scope or ""):
        if unicodedata.category(character) in _UNPRINTABLE and character not in _JOINERS:
            name = unicodedata.name(character, "control character")
            raise RulesFileError(
                f"the rule {text[:60]!r} holds U+{ord(character):04X} ({name}); write it as one printable line"
            )
    if "<!--" in text or "-->" in text:
        raise RulesFileError(
            f"the rule {text[:60]!r} holds an HTML comment, which agents are not shown; write it without"
        )
    if scope is not None and (not scope.strip() or "`" in scope):
        raise RulesFileError(f"the scope {scope!r} is no path pattern; write it like src/** or leave it out")


def token_estimate(words: Sequence[str]) -> int:
    """Estimated tokens of rules as the file says them, list marks included."""
    return sum(line_tokens(f"- {line}") for line in words)


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise DecodeError(f"expected a JSON object, got {json.dumps(value)[:60]}")
    return cast("dict[str, object]", value)


def _edit(fields: dict[str, object], number: int) -> RuleEdit:
    unknown = sorted(set(fields) - _KEYS)
    if unknown:
        raise DecodeError(f"edit {number}: unknown key {unknown[0]!r}; there are: {', '.join(sorted(_KEYS))}")
    operation = _OPERATIONS.get(str(fields.get("op")))
    if operation is None:
        raise DecodeError(f'edit {number}: "op" is {fields.get("op")!r}; expected "add" or "retire"')
    text, scope = fields.get("text"), fields.get("scope")
    if not isinstance(text, str):
        raise DecodeError(f'edit {number}: "text" is {text!r}; expected the rule\'s words')
    if scope is not None and not isinstance(scope, str):
        raise DecodeError(f'edit {number}: "scope" is {scope!r}; expected a path pattern such as "src/**"')
    rule = _rule(text, scope, _kind(fields.get("kind"), number))
    return RuleEdit(operation=operation, rule=rule, reason="asked for by hand")


def _kind(kind: object, number: int) -> RuleKind:
    if kind is None:
        return UNSTATED_KIND
    try:
        return RuleKind(str(kind))
    except ValueError as exc:
        raise DecodeError(f'edit {number}: "kind" is {kind!r}; expected one of: {", ".join(RuleKind)}') from exc


def _rule(text: str, scope: str | None, kind: RuleKind) -> Rule:
    """The rule by its words, unchanged where the renderer must judge them."""
    if scope is None:
        # Words that begin as the file says a scope are that scope: they would be read back so.
        words, scope = split_words(text)
        text = words if scope is not None else text
    return Rule(rule_id=rule_id(text, scope), text=text, kind=kind, scope=scope)


def _applied(rules: tuple[Rule, ...], edit: RuleEdit) -> tuple[Rule, ...]:
    if edit.operation is EditOperation.RETIRE:
        gone = _standing(rules, edit.rule)
        return tuple(rule for rule in rules if rule not in gone)
    check_text(edit.rule.text, edit.rule.scope)
    written = replace(edit.rule, text=canonical_rule(edit.rule.text))
    replaced = {edit.rule.rule_id, *edit.rule.supersedes} if edit.operation is not EditOperation.ADD else set[str]()
    kept = tuple(rule for rule in rules if rule.rule_id not in replaced)
    if any(_words(rule) == _words(written) for rule in kept):
        return kept
    place = next((number for number, rule in enumerate(rules) if rule.rule_id in replaced), len(rules))
    return (*kept[:place], written, *kept[place:])


def _words(rule: Rule) -> str:
    return rule_words(rule.text, rule.scope)


def _standing(rules: Sequence[Rule], wanted: Rule) -> list[Rule]:
    """The rules of the file that a retirement means."""
    exact = [rule for rule in rules if _words(rule) == _words(wanted)]
    if exact:
        return exact
    same_text = [rule for rule in rules if canonical_rule(rule.text) == canonical_rule(wanted.text)]
    if wanted.scope is None and len({rule.scope for rule in same_text}) == 1:
        return same_text
    if wanted.scope is None and same_text:
        scopes = ", ".join(str(rule.scope) for rule in same_text)
        raise RulesFileError(f"{wanted.text!r} stands there for several scopes ({scopes}); name the one to retire")
    same_id = [rule for rule in rules if rule.rule_id == wanted.rule_id]
    if same_id:
        return same_id
    standing = [_words(rule) for rule in rules]
    near = get_close_matches(_words(wanted), standing, n=1, cutoff=0.0)
    hint = f"the nearest is {near[0]!r}" if near else "our block holds no rules"
    raise RulesFileError(f"cannot retire {_words(wanted)!r}: no such rule in our block; {hint}")


def _check_rendered(file: RulesFile, edited: RulesFile, rendered: bytes) -> None:
    """Refuse a result that does not read back as meant."""
    try:
        is_read_back = [_words(rule) for rule in parse_rules_file(rendered).rules] == [
            _words(rule) for rule in edited.rules
        ]
    except RulesFileError:
        is_read_back = False
    if not is_read_back and file.has_block:
        raise RulesFileError(
            "the block holds lines that new rules would run into; put only list lines between the markers"
        )
    if not is_read_back:
        raise RulesFileError(
            "the file ends inside a code block, an HTML tag or a comment that never closes, "
            "where rules would not be read; close it first"
        )


def _check_budget(before: BlockSize, after: BlockSize, budget: BlockSize) -> None:
    """Refuse a block that is over its budget in something that the edits made more of."""
    measured = (
        (before.rules, after.rules, budget.rules),
        (before.lines, after.lines, budget.lines),
        (before.tokens, after.tokens, budget.tokens),
    )
    if any(new > most and new > old for old, new, most in measured):
        raise OverBudgetError(
            f"the block would hold {after.rules} rules, {after.lines} lines and about {after.tokens} tokens; "
            f"it may hold {budget.rules}, {budget.lines} and {budget.tokens}: retire or merge rules first"
        )
