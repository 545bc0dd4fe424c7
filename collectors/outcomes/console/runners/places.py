"""Where a failure points: the deepest frame that is the project's own."""

import re
from collections.abc import Iterable

_FOREIGN = re.compile(
    r"site-packages|dist-packages|/lib/python\d|node_modules|node:internal|/rustc/|\.cargo/registry|<"
)


def own_place(places: Iterable[tuple[str, int]]) -> tuple[str | None, int | None]:
    """Of frames, outermost first, the deepest one outside installed libraries; none if there is none."""
    own = [place for place in places if not _FOREIGN.search(place[0])]
    return own[-1] if own else (None, None)
