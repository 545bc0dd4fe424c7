"""Names that are known, as a part of a sentence for somebody who gave one that is not."""

from collections.abc import Iterable

_MOST = 5


def known_names(names: Iterable[str]) -> str:
    """The first names in order, the rest counted; `none yet` where there are none."""
    ordered = sorted(set(names))
    more = f" and {len(ordered) - _MOST} more" if len(ordered) > _MOST else ""
    return f"{', '.join(ordered[:_MOST])}{more}" or "none yet"
