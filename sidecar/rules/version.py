"""Which of our rules a session had, and the one hash that names that set."""

import hashlib
from collections.abc import Mapping, Sequence

from sidecar.domain import LoadedRules, Rule, RulesSource, RulesVersion
from sidecar.rules.block import listed_words, rule_words
from sidecar.rules.canonical import canonical, text_hash
from sidecar.rules.paths import is_target_path


def rules_version(rules: Sequence[Rule], source: RulesSource) -> RulesVersion:
    """The version of a set of rules: order and repetition do not matter, the empty set has one too."""
    named = sorted({f"{rule.rule_id} {text_hash(rule_words(rule.text, rule.scope))}" for rule in rules})
    return RulesVersion(value=hashlib.sha256("\n".join(named).encode()).hexdigest()[:16], source=source)


def active_rules(loaded: Sequence[LoadedRules], known: Sequence[Rule]) -> tuple[Rule, ...]:
    """Rules of ours in the texts a session was shown, in the order of `known`.

    A line counts when it says what a known rule says: Claude Code shows no marker lines. Files that no rule of ours may
    stand in (personal ones, imports) are passed over.
    """
    shown = {
        words
        for file in loaded
        if file.text is not None and is_target_path(file.path)
        for words in listed_words(canonical(file.text))
    }
    return tuple(rule for rule in known if rule_words(rule.text, rule.scope) in shown)


def loaded_rules(
    loaded: Sequence[LoadedRules], rules_by_sha: Mapping[str, Sequence[Rule]], known: Sequence[Rule]
) -> tuple[Rule, ...]:
    """Our rules in what a session loaded, as far as that is known; see rules_version_of for the arguments."""
    paths = sorted({file.path for file in loaded if is_target_path(file.path)})
    found = [_rules_of([file for file in loaded if file.path == path], rules_by_sha, known) for path in paths]
    return tuple({rule.rule_id: rule for rules in found if rules for rule in rules[0]}.values())


def rules_version_of(
    loaded: Sequence[LoadedRules], rules_by_sha: Mapping[str, Sequence[Rule]], known: Sequence[Rule]
) -> RulesVersion | None:
    """The rules version of one session.

    Args:
        loaded: Rules files active in the session, from any channel, any order.
        rules_by_sha: Our rules in every rules file seen, by git blob hash; empty for a file without our block.
        known: Every rule that ever stood in this project, in any wording.
    Returns:
        None when nothing is known of what was loaded, or a file is known by hash only and we never saw that hash.
    """
    if not loaded:
        return None
    targets = [file for file in loaded if is_target_path(file.path)]
    if not known:
        return rules_version((), _source(targets or list(loaded)))
    active: list[Rule] = []
    sources: set[RulesSource] = set()
    for path in sorted({file.path for file in targets}):
        found = _rules_of([file for file in targets if file.path == path], rules_by_sha, known)
        if found is None:
            return None
        active += found[0]
        sources.add(found[1])
    is_text = RulesSource.LOADED_TEXT in sources
    return rules_version(active, RulesSource.LOADED_TEXT if is_text else _source(targets or list(loaded)))


def _rules_of(
    copies: Sequence[LoadedRules], rules_by_sha: Mapping[str, Sequence[Rule]], known: Sequence[Rule]
) -> tuple[Sequence[Rule], RulesSource] | None:
    """Our rules in one file as the channels saw it: by its hash where we know that, else by its text."""
    for copy in copies:
        if copy.sha is not None and copy.sha in rules_by_sha:
            return rules_by_sha[copy.sha], RulesSource.EXACT
    texts = [copy for copy in copies if copy.text is not None]
    return (active_rules(texts, known), RulesSource.LOADED_TEXT) if texts else None


def _source(files: Sequence[LoadedRules]) -> RulesSource:
    is_exact = bool(files) and all(any(f.sha is not None for f in files if f.path == file.path) for file in files)
    return RulesSource.EXACT if is_exact else RulesSource.LOADED_TEXT
