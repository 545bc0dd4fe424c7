"""What people did to our rules in one of several files, read from the clone as the last fetch left it."""

from collections.abc import Sequence
from contextlib import suppress

from sidecar.domain import Rule
from sidecar.errors import SidecarError
from sidecar.git import Clone
from sidecar.proposals import RuleDifference, rule_differences
from sidecar.rules import MARKER, is_ledger_path
from sidecar.targets import rules_paths


def file_differences(clone: Clone, commit: str, standing: Sequence[Rule]) -> list[RuleDifference]:
    """Of the base at a commit; none where the clone is not here, or its files cannot be read.

    Args:
        clone: Opened to be read only.
        standing: Rules of ours as they stood there.
    """
    with suppress(SidecarError):
        entries = {path: entry for path, entry in clone.entries(commit).items() if entry.is_file}
        read = {path: clone.read_blob(entries[path].sha) for path in rules_paths(entries)}
        files = {path: content for path, content in read.items() if content is not None}
        # the history of files that never held our block tells nothing of our rules
        ours = [path for path in files if is_ledger_path(path) or clone.was_there(commit, path, words=MARKER)]
        return rule_differences(
            {path: files[path] for path in ours},
            standing,
            was_there=lambda path, words: clone.was_there(commit, path, words=words),
        )
    return []
