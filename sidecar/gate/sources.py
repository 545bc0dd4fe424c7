"""Which files are source of the repository: what stands in them was written to run and read by who merged it."""

import re

from sidecar.gate.paths import is_forbidden_path, is_foreign_path

_ENDINGS = (
    "c cc cjs clj cpp cs cxx dart erl ex exs fs go groovy h hpp hs java jl js jsx kt kts lua m mjs ml nim php pl pm py"
    " pyi r rb rs scala sh sql svelte swift tf ts tsx vue zig proto graphql"
)
SOURCE_ENDINGS = tuple(f".{ending}" for ending in _ENDINGS.split())
"""How the names of source files end."""
_BUILT = re.compile(
    r"(?:^|/)(?:dist|out|target|obj|bin|bundles?|\.next|\.nuxt|coverage|snapshots?|__snapshots__)(?:/|$)"
    r"|[.-]min\.\w+$|\.bundle\.\w+$|[.-]lock\.\w+$|(?:^|/)(?:jquery|bootstrap|polyfills?)[\w.-]*\.js$",
    re.IGNORECASE,
)


def is_source(path: str) -> bool:
    """Whether a tracked file is source of the team's own: not vendored, locked, minified, built, or an agent's own."""
    is_left_out = is_foreign_path(path) or is_forbidden_path(path) or _BUILT.search(path) is not None
    return path.endswith(SOURCE_ENDINGS) and not is_left_out
