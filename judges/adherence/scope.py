"""Which rules a session had, and which of them speak of what it touched."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from judges.attempts import relative_path
from sidecar.domain import LoadedRules, Packet, Rule
from sidecar.rules import active_rules


def session_rules(
    loaded: Sequence[LoadedRules], rules_by_sha: Mapping[str, Sequence[Rule]], known: Sequence[Rule]
) -> tuple[Rule, ...]:
    """Our rules that were active in a session: by each file's hash where we know that, else by its text.

    Args:
        loaded: Rules files active in the session.
        rules_by_sha: Our rules in every rules file seen, by git blob hash.
        known: Every rule that ever stood in the session's projects, in any wording.
    """
    found: list[Rule] = []
    for file in loaded:
        if file.sha is not None and file.sha in rules_by_sha:
            found += rules_by_sha[file.sha]
        else:
            found += active_rules([file], known)
    return tuple({rule.rule_id: rule for rule in found}.values())


def rules_in_scope(packet: Packet, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Rules for the whole repository, and those whose paths the session read or changed; each once, by id."""
    paths = {relative_path(step.path, packet.cwd) for step in packet.steps if step.path}
    found = {rule.rule_id: rule for rule in rules if rule.scope is None or _is_touched(rule.scope, paths)}
    return tuple(found[rule_id] for rule_id in sorted(found))


def _is_touched(scope: str, paths: set[str]) -> bool:
    """Whether a path is the scope, lies in it as in a folder, or matches it as a glob."""
    scope = scope.removeprefix("./")
    folder = scope.rstrip("/") + "/"
    return any(path == scope or path.startswith(folder) or fnmatchcase(path, scope) for path in paths)
