"""Which file an edit changes, and what that file holds then.

The files that hold our rules fall into groups: a target with the files for path scopes that are loaded beside it, and
every other file where rules of ours still stand. In a group a rule stands once: with its scope's paths where the group
has them, else in the target, in words that name the scope.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sidecar.domain import EditOperation, Rule, RuleEdit, RuleId
from sidecar.errors import RulesFileError
from sidecar.rules import (
    ROOT_BUDGET,
    SCOPED_BUDGET,
    RulesMatch,
    apply_edits,
    is_ledger_path,
    is_scoped_path,
    match_rules,
    parse_rules_file,
    scoped_path,
)
from sidecar.targets import CLAUDE_CODE, Target

_BARE_SCOPED = re.compile(rb"---\r?\npaths:\r?\n  - [^\r\n]*\r?\n---\s*")
"""One of our files for a scope without any rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Files of which a rule stands in one."""

    root: str | None
    """The target; None for a file that is no target and only loses rules."""
    paths: tuple[str, ...]
    """Those that exist, the root first."""
    is_scoped_apart: bool = False

    def home(self, rule: Rule) -> str | None:
        """The file that a new rule goes to."""
        return scoped_path(rule.scope) if self.is_scoped_apart and rule.scope is not None else self.root


def matched(path: str, content: bytes, rules: Sequence[Rule]) -> RulesMatch:
    """One file's block held against the known rules.

    Raises:
        RulesFileError: its markers are broken; names the file.
    """
    try:
        return match_rules(parse_rules_file(content, rules).rules, rules)
    except RulesFileError as exc:
        raise type(exc)(f"{path}: {exc}") from exc


def placed_edits(
    files: Mapping[str, bytes],
    edits: Sequence[RuleEdit],
    *,
    targets: Sequence[Target],
    active: Sequence[Rule],
    amended: Sequence[Rule],
    first_targets: Collection[str] = (),
) -> dict[str, bytes | None]:
    """Every rules file that the edits touch as it is once they stand; None for one that holds nothing then.

    Args:
        files: Rules files at the base, by path; ledger files are passed over.
        active: Rules as the ledger has them, without those that are buried.
        amended: Rules in the words of the people who changed them somewhere; those words go wherever the rule stands.
        first_targets: Targets that get the rules which stand elsewhere too, where these fit in.
    Raises:
        RulesFileError: a file's markers are broken, or the edits do not fit into it; names the file.
    """
    built: dict[str, bytes | None] = {}
    elsewhere = _standing(files, active, amended) if first_targets and edits else []
    for group in _groups(files, targets):
        matches = {path: matched(path, files.get(path, b""), active) for path in group.paths}
        own = [*_carried(matches, amended), *edits]
        if group.root in first_targets:
            with suppress(RulesFileError):  # rules that do not fit in hold up no new one
                built |= _built(files, _plan(group, matches, [*elsewhere, *own]), matches, active)
                continue
        built |= _built(files, _plan(group, matches, own), matches, active)
    return built


def _built(
    files: Mapping[str, bytes],
    plan: Mapping[str, list[RuleEdit]],
    matches: Mapping[str, RulesMatch],
    active: Sequence[Rule],
) -> dict[str, bytes | None]:
    built: dict[str, bytes | None] = {}
    for path, wanted in plan.items():
        named = [*matches[path].amended, *matches[path].reformatted] if path in matches else []
        built[path] = _edited(path, files.get(path), wanted, [*named, *active])
    return built


def _standing(files: Mapping[str, bytes], active: Sequence[Rule], amended: Sequence[Rule]) -> list[RuleEdit]:
    """The rules that stand in some file, in their present words, as if they were added."""
    paths = sorted(path for path in files if not is_ledger_path(path))
    found = {rule.rule_id: rule for path in paths for rule in matched(path, files[path], active).standing}
    found |= {rule.rule_id: rule for rule in amended}
    reason = "it stands in another file"
    return [RuleEdit(operation=EditOperation.ADD, rule=rule, reason=reason) for rule in found.values()]


def _groups(files: Mapping[str, bytes], targets: Sequence[Target]) -> list[_Group]:
    scoped = tuple(sorted(path for path in files if is_scoped_path(path)))
    groups = [
        _Group(
            root=target.path,
            paths=(target.path, *(scoped if CLAUDE_CODE in target.agents else ())),
            is_scoped_apart=target.is_scoped_apart,
        )
        for target in targets
    ]
    grouped = {path for group in groups for path in group.paths}
    others = sorted(path for path in files if path not in grouped and not is_ledger_path(path))
    return [*groups, *(_Group(root=None, paths=(path,)) for path in others)]


def _carried(matches: Mapping[str, RulesMatch], amended: Sequence[Rule]) -> list[RuleEdit]:
    """A person's words for rules that stand here as we wrote them."""
    theirs = {rule.rule_id for match in matches.values() for rule in match.amended}
    ours = {rule.rule_id for match in matches.values() for rule in match.standing} - theirs
    reason = "a person changed its words"
    return [RuleEdit(operation=EditOperation.AMEND, rule=one, reason=reason) for one in amended if one.rule_id in ours]


def _plan(group: _Group, matches: Mapping[str, RulesMatch], edits: Sequence[RuleEdit]) -> dict[str, list[RuleEdit]]:
    """What is done in which file: a rule that stands is not added again, one that does not stand cannot be retired."""
    at: dict[RuleId, dict[str, Rule]] = {}
    for path, match in matches.items():
        for rule in match.standing:
            at.setdefault(rule.rule_id, {})[path] = rule
    has_ours = bool(at)
    plan: dict[str, list[RuleEdit]] = {}
    for edit in edits:
        rule = edit.rule
        if edit.operation is EditOperation.RETIRE:
            for path in at.pop(rule.rule_id, {}):
                plan.setdefault(path, []).append(edit)
            continue
        if edit.operation is EditOperation.ADD and rule.rule_id in at:
            continue
        replaced = {} if edit.operation is EditOperation.ADD else _taken(at, [rule.rule_id, *rule.supersedes])
        home = group.home(rule) or next(iter(replaced), None)
        # what people took out of one of their files, and kept in another, does not come back by a change of its words
        is_taken_out = has_ours and edit.operation is not EditOperation.ADD and not replaced
        if home is None or is_taken_out:
            continue
        for path, rules in replaced.items():
            gone = rules if path != home else []
            plan.setdefault(path, []).extend(_retired(one, edit.reason) for one in gone)
        plan.setdefault(home, []).append(edit)
        at[rule.rule_id] = {home: rule}
    return plan


def _taken(at: dict[RuleId, dict[str, Rule]], replaced: Sequence[RuleId]) -> dict[str, list[Rule]]:
    """Take rules out of where they stand: those that stood, by path."""
    taken: dict[str, list[Rule]] = {}
    for rule_id in replaced:
        for path, rule in at.pop(rule_id, {}).items():
            taken.setdefault(path, []).append(rule)
    return taken


def _retired(rule: Rule, reason: str) -> RuleEdit:
    return RuleEdit(operation=EditOperation.RETIRE, rule=rule, reason=reason)


def _edited(path: str, content: bytes | None, edits: Sequence[RuleEdit], named: Sequence[Rule]) -> bytes | None:
    """One file after its edits; None where nothing is left but what we began it with."""
    start = content if content is not None else _new_file(path, edits)
    budget = SCOPED_BUDGET if is_scoped_path(path) else ROOT_BUDGET
    try:
        edited = apply_edits(start, edits, ledger=named, budget=budget)
    except RulesFileError as exc:
        raise type(exc)(f"{path}: {exc}") from exc
    is_bare = not edited or (is_scoped_path(path) and _BARE_SCOPED.fullmatch(edited) is not None)
    return None if is_bare else edited


def _new_file(path: str, edits: Sequence[RuleEdit]) -> bytes:
    """What a file begins with before there is a rule in it: the paths, where it is loaded only with those."""
    scope = next((edit.rule.scope for edit in edits if edit.rule.scope is not None), None)
    if not is_scoped_path(path) or scope is None:
        return b""
    return f"---\npaths:\n  - {json.dumps(scope, ensure_ascii=False)}\n---\n".encode()
