"""Commands that set a checkout up, each a form of its own: they install what the repository itself names.

None takes the name of a package or a place to get it from.
"""

import re
import shlex

from sidecar.gate.arguments import is_inside

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
_INSTALLING = re.compile(
    r"(?:npm|pnpm|yarn|bun)(?: (?:-C|--dir|--prefix|--cwd) \S+)? (?:ci|i|install)\b.*|yarn"
    r"|(?:uv (?:lock|sync|venv)|(?:poetry|pdm) (?:install|lock)|pipenv sync|bundle install|composer install|go mod \w+"
    r"|dotnet restore|pixi install|docker build|docker compose(?: -f \S+)? (?:build|start|up))\b.*"
)
_WORD = re.compile(r"(?:^| )(?:-e|--editable|-r|--requirement|-c) ([^ \[]+)")


def is_set_up(step: str) -> bool:
    """Whether one command of a line is of these forms and names nothing outside the repository."""
    text = " ".join(shlex.split(step))
    if not any(form.fullmatch(text) for form in _FORMS):
        return False
    return all(is_inside(path) for path in _WORD.findall(text))


def only_sets_up(command: str) -> bool:
    """Whether a command that was accounted for checks nothing in any of its steps, but brings in what checks need."""
    steps = [step.strip() for step in command.split("&&")]
    if steps[0].startswith("cd ") and len(steps) > 1:
        del steps[0]
    return all(is_set_up(step) or _INSTALLING.fullmatch(step) is not None for step in steps)
