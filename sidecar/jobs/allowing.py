"""A person takes a decline back: what was removed or declined may be proposed again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.domain import ProjectId, Tombstone
from sidecar.errors import AmbiguousError, NotFoundError
from sidecar.store import Store

_MOST_NAMED = 5
"""Rules that an error lists."""
_MOST_SHOWN = 60
"""Characters of a rule's words in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """A rule that people removed or declined."""

    tombstone: Tombstone
    is_held: bool
    """Whether it holds; False where people took it back before."""


def find_declined(store: Store, projects: Sequence[ProjectId], identity: str) -> Declined:
    """The one removed or declined rule whose id begins so.

    Raises:
        NotFoundError: none has such an id; the text says which there are.
        AmbiguousError: several do; the text names them.
    """
    wanted = identity.strip().lower()
    held = [one for project in projects for one in store.tombstones(project)]
    before = [one for project in projects for one in store.allowed_tombstones(project)]
    found = _named(held, wanted) or _named(before, wanted)
    if not found:
        raise NotFoundError(f"no rule that people removed or declined has the id {identity[:40]!r}; {_there(held)}")
    if len(found) > 1:
        named = ", ".join(f"{one.rule_id} in {one.project}" for one in found[:_MOST_NAMED])
        raise AmbiguousError(
            f"{len(found)} declined rules have an id that begins with {identity[:40]!r}: {named}; give more of it, "
            "or --project"
        )
    return Declined(tombstone=found[0], is_held=found[0].allowed_ns is None)


def _named(tombstones: Sequence[Tombstone], wanted: str) -> list[Tombstone]:
    found = [one for one in tombstones if wanted and one.rule_id.startswith(wanted)]
    return [one for one in found if one.rule_id == wanted] or found


def _there(held: Sequence[Tombstone]) -> str:
    if not held:
        return "nothing was removed or declined here, or it is in the repository's ledger only: delete its file there"
    named = "; ".join(f"{one.rule_id} {one.text[:_MOST_SHOWN]}" for one in held[:_MOST_NAMED])
    more = f" and {len(held) - _MOST_NAMED} more, which `sidecar rules list` shows" if len(held) > _MOST_NAMED else ""
    return f"there are: {named}{more}"
