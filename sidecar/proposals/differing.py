"""Where one rules file of the base says another thing of our rules than the others, because a person edited that one.

A rule stands as long as one file holds it, so an edit in one of several files is told beside the rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import Rule, RuleId
from sidecar.proposals.placing import matched
from sidecar.rules import decode_ledger, is_ledger_path, is_scoped_path, rule_words


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDifference:
    """What one file has of a rule that stands in another."""

    rule_id: RuleId
    path: str
    words: str | None
    """A person's words in this file; None where they took the rule out of it."""

    @property
    def sentence(self) -> str:
        """For a person."""
        if self.words is None:
            return f"not in {self.path}, where people took it out"
        return f"reworded in {self.path}: {self.words}"


def rule_differences(
    files: Mapping[str, bytes], standing: Sequence[Rule], *, was_there: Callable[[str, str], bool]
) -> list[RuleDifference]:
    """What people did to rules of ours in some of the files that hold them, sorted by rule and path.

    Args:
        files: Every rules file and ledger file of the base, by path.
        standing: Rules of ours as the base has them.
        was_there: Whether a file, by its path, once held these words.
    Raises:
        RulesFileError: broken markers.
        DecodeError: a ledger file is not one.
    """
    written = {entry.rule.rule_id: entry.rule for entry in decode_ledger(files).values()}
    known = [written.get(rule.rule_id, rule) for rule in standing]
    paths = sorted(path for path in files if not is_ledger_path(path))
    holding = {path: {rule.rule_id: rule for rule in matched(path, files[path], known).standing} for path in paths}
    found: list[RuleDifference] = []
    for rule in known:
        said = {path: _words(rules[rule.rule_id]) for path, rules in holding.items() if rule.rule_id in rules}
        if len(set(said.values())) > 1:
            found += [
                RuleDifference(rule_id=rule.rule_id, path=path, words=words)
                for path, words in said.items()
                if words != _words(rule)
            ]
        # a rule whose scope has a file of its own was moved there by us
        is_apart = any(map(is_scoped_path, said))
        missing = [path for path in paths if path not in said and not (is_apart and not is_scoped_path(path))]
        found += [
            RuleDifference(rule_id=rule.rule_id, path=path, words=None)
            for path in missing
            if said and was_there(path, rule.text)
        ]
    return sorted(found, key=lambda one: (one.rule_id, one.path))


def _words(rule: Rule) -> str:
    return rule_words(rule.text, rule.scope)
