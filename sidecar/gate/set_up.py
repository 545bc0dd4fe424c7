"""Commands that set a checkout up, each a form of its own: they install what the repository itself names.

None takes the name of a package or a place to get it from.
"""

import re
import shlex

from sidecar.gate.arguments import is_reviewed

_HERE = r"\.(?:\[[\w,-]+\])?"
_VENV = r"(?:\./)?\.?v?env"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?:python3?(?:\.\d+)? -m |{_VENV}/bin/(?:python3? -m )?|uv )?pip3? install(?: --upgrade| -U| -q| --quiet"
        rf"| --no-cache-dir| (?:-e|--editable) (?:{_HERE}|(?:\./)?\w[\w./-]*(?:\[[\w,-]+\])?)| {_HERE}"
        r"| (?:-r|--requirement|-c) [\w./-]+\.(?:txt|in)| --require-hashes)+",
        rf"(?:source|\.) {_VENV}/bin/activate",
        rf"python3?(?:\.\d+)? -m venv {_VENV}|uv venv(?: {_VENV})?",
        r"git submodule (?:init|update)(?: --init| --recursive| --depth 1)*",
        r"git lfs (?:fetch|pull)",
        r"(?:flutter|dart) pub get",
        r"pod install|corepack enable",
        r"mix deps\.get",
    )
)
_WORD = re.compile(r"(?:^| )(?:-e|--editable|-r|--requirement|-c) ([^ \[]+)")


def is_set_up(step: str) -> bool:
    """Whether one command of a line is of these forms and names nothing outside the repository."""
    text = " ".join(shlex.split(step))
    if not any(form.fullmatch(text) for form in _FORMS):
        return False
    return all(is_reviewed(path) for path in _WORD.findall(text))
